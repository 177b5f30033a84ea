#include <fmt/format.h>
#include <poll.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "dataset/program_statistics.hpp"
#include "dataset/samples.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/result_json.hpp"
#include "text/tokenizer.hpp"

namespace cadrecode::cli {
namespace {

struct StatsOptions {
  std::vector<std::string> inputs;
  std::string split, tokenizer;
  bool json = false;
};

// The programs of files, folders, JSONL and streams.
void addItems(const std::vector<std::string>& arguments, dataset::ProgramStatistics& statistics) {
  sandbox::FileSource source(sandbox::listInputs(arguments, {".py"}), {});
  source.readsLines();
  for (sandbox::Item item;;) {
    const sandbox::ItemSource::Next next = source.next(item);
    if (next == sandbox::ItemSource::Next::end) return;
    if (next == sandbox::ItemSource::Next::wait) {
      pollfd waiting{source.descriptor(), POLLIN, 0};
      ::poll(&waiting, 1, -1);
      continue;
    }
    if (item.known) throw Error(ErrorCode::input, item.known->run.error->type, item.known->run.error->message);
    statistics.add(item.task.text, item.id);
  }
}

void runStats(const StatsOptions& options) {
  dataset::TokenCount tokenCount;
  if (!options.tokenizer.empty()) {
    tokenCount = [tokenizer = text::Tokenizer::load(options.tokenizer)](std::string_view script) {
      return tokenizer.encode(script).size();
    };
  }
  dataset::ProgramStatistics statistics(std::move(tokenCount));
  sandbox::Json clouds;
  if (options.split.empty()) {
    addItems(options.inputs, statistics);
  } else {
    if (options.inputs.size() != 1) throw Error(ErrorCode::usage, "UsageError", "--split needs one data root");
    const dataset::SampleList list = dataset::readSamples(options.inputs[0], options.split);
    auto without = sandbox::Json::array();
    for (const dataset::Sample& sample : list.samples) {
      if (!sample.cloud.exists) without.push_back(sample.id);
      if (std::filesystem::path(sample.scriptPath).extension() == ".py") {
        statistics.add(readFile(sample.scriptPath), sample.id);
      }
    }
    clouds = {{"samples", list.samples.size()},   {"clouds", list.samples.size() - without.size()},
              {"clouds_missing", without.size()}, {"files_missing", list.missing.size()},
              {"excluded", list.excluded.size()}, {"samples_without_cloud", std::move(without)}};
  }
  if (options.json) {
    sandbox::Json object = statistics.json();
    if (!clouds.is_null()) object["split"] = clouds;
    fmt::print("{}\n", sandbox::dumpJson(object));
    return;
  }
  fmt::print("{}", statistics.text());
  if (!clouds.is_null()) {
    fmt::print("{:<22}{} samples, {} without a cloud, {} files missing, {} left out as errors\n", "split",
               clouds["samples"].get<std::size_t>(), clouds["clouds_missing"].get<std::size_t>(),
               clouds["files_missing"].get<std::size_t>(), clouds["excluded"].get<std::size_t>());
  }
}

}  // namespace

void addStats(CLI::App& program, int& exitCode) {
  auto options = std::make_shared<StatsOptions>();
  CLI::App* command = program.add_subcommand("stats", "Count what a set of programs is made of");
  command
      ->add_option("programs", options->inputs,
                   "Scripts; folders (every .py below them); .jsonl files with {\"id\", \"script\"} a line; -; or a "
                   "data root with --split")
      ->required()
      ->option_text(" ");
  command->add_option("--split", options->split, "The samples of this split, with their clouds")->option_text("NAME");
  command->add_option("--tokenizer", options->tokenizer, "Lengths in tokens too: a folder with a tokenizer.json")
      ->option_text("DIR");
  command->add_flag("--json", options->json,
                    "Print one JSON object with the counts, the duplicates and what has no cloud");
  command->footer(
      "Examples:\n"
      "  cadrecode stats data/train\n"
      "  cadrecode stats programs.jsonl --json --tokenizer models/compact\n"
      "  cadrecode stats data --split train");
  command->callback([options, &exitCode] {
    runStats(*options);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
