#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "dataset/index_files.hpp"

namespace cadrecode::cli {

void addIndex(CLI::App& program, int& exitCode) {
  struct Options {
    std::string root = "data";
    std::vector<std::string> splits = {"train", "val"};
    bool overwrite = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("index", "Write the index files of a data set");
  command->add_option("--data-root", options->root, "Folder with a folder a split")->option_text("DIR (data)");
  command->add_option("--splits", options->splits, "Splits to list")->option_text("NAME... (train val)");
  command->add_flag("--overwrite", options->overwrite, "Replace index files that are there");
  command->footer(
      "Example:\n"
      "  cadrecode index --data-root data --splits train val test\n"
      "\n"
      "Writes data/<split>_index.json and the merged data/index.json. Samples of an error_samples.json are left out.");
  command->callback([options, &exitCode] {
    const dataset::IndexReport report = dataset::writeIndexFiles(options->root, options->splits, options->overwrite);
    for (const dataset::SplitIndex& split : report.splits) {
      fmt::print("{}: {} samples, {} left out by error_samples.json, {} missing\n", split.split, split.samples,
                 split.excluded.size(), split.missing.size());
      for (const std::string& id : split.missing) fmt::print(stderr, "missing: {}\n", id);
    }
    for (const std::string& split : report.absent) fmt::print(stderr, "no folder of the split {}\n", split);
    for (const std::string& path : report.written) fmt::print("wrote {}\n", path);
    for (const std::string& path : report.kept) fmt::print(stderr, "kept {} (--overwrite replaces it)\n", path);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
