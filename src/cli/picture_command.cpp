#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "picture/render.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::cli {
namespace {

struct PictureOptions {
  std::vector<std::string> inputs;
  std::string output;
  std::size_t size = 0, columns = 0, random = 0;
  std::uint64_t seed = 0;
  double timeout = 60;
};

// Something to draw: a file, or a program of a JSONL line.
struct Subject {
  std::string name;
  std::optional<std::string> program;
};

std::vector<Subject> listSubjects(const std::vector<std::string>& arguments) {
  std::vector<Subject> subjects;
  for (const sandbox::Input& input : sandbox::listInputs(
           arguments,
           {".py", ".step", ".stp", ".p21", ".brep", ".brp", ".stl", ".obj", ".ply", ".off", ".pcd", ".xyz", ".npy"})) {
    if (input.kind == sandbox::Input::Kind::file) {
      subjects.push_back({input.path, std::nullopt});
      continue;
    }
    if (input.kind == sandbox::Input::Kind::stream) {
      throw Error(ErrorCode::usage, "UsageError", "pictures are made of files, not of standard input");
    }
    sandbox::FileSource lines({input}, {});
    for (sandbox::Item item; lines.next(item) == sandbox::ItemSource::Next::item;) {
      if (item.known) throw Error(ErrorCode::input, item.known->run.error->type, item.known->run.error->message);
      subjects.push_back({item.id, std::move(item.task.text)});
    }
  }
  return subjects;
}

int runPicture(const PictureOptions& options) {
  std::vector<Subject> subjects = listSubjects(options.inputs);
  if (options.random > 0) {
    Random(options.seed).split("picture").shuffle(subjects);
    subjects.resize(std::min(subjects.size(), options.random));
  }
  const std::size_t size = options.size > 0 ? options.size : subjects.size() == 1 ? 512 : 200;
  sandbox::PoolOptions pool;
  pool.limits.wallSeconds = options.timeout;
  sandbox::ScriptPool workers(pool, {.everything = true, .step = true});
  std::vector<picture::Image> pictures;
  bool failed = false;
  Progress progress("pictures", subjects.size());
  for (const Subject& subject : subjects) {
    try {
      const sandbox::Part part = subject.program
                                     ? sandbox::readPartBytes(workers, *subject.program, subject.name + ".py")
                                     : sandbox::readPart(workers, subject.name);
      pictures.push_back(std::visit([&](const auto& shape) { return picture::render(shape, size); }, part.geometry));
    } catch (const Error& error) {
      if (subjects.size() == 1) throw;
      progress.clear();
      fmt::print(stderr, "cadrecode: {}\n", error.what());
      pictures.emplace_back(size, size);
      failed = true;
    }
    progress.advance();
  }
  progress.clear();
  writeFileAtomically(options.output, picture::encodePng(picture::sheet(pictures, options.columns)));
  for (const Subject& subject : subjects) fmt::print("{}\n", subject.name);
  return failed ? static_cast<int>(ErrorCode::items) : 0;
}

}  // namespace

void addPicture(CLI::App& program, int& exitCode) {
  auto options = std::make_shared<PictureOptions>();
  CLI::App* command = program.add_subcommand("picture", "Draw parts: a PNG of one, or a sheet of many");
  command
      ->add_option("input", options->inputs,
                   "Programs, shapes, meshes and clouds as for `cadrecode cloud`; folders of them; .jsonl files with "
                   "{\"id\", \"script\"} a line")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options->output, "The PNG file")->required()->option_text("FILE");
  command->add_option("--size", options->size, "Pixels of a part's side; 512 of one part, 200 of one among many")
      ->check(CLI::Range(8, 8192))
      ->option_text("N");
  command->add_option("--columns", options->columns, "Parts in a row; 0: about as many as rows")->option_text("N (0)");
  command->add_option("--random", options->random, "Only so many of them, drawn at random")->option_text("N");
  command->add_option("--seed", options->seed, "Seed of that")->option_text("N (0)");
  command->add_option("--timeout", options->timeout, "Time a program or shape may take")->option_text("SECONDS (60)");
  command->footer(
      "Examples:\n"
      "  cadrecode picture bracket.step -o bracket.png\n"
      "  cadrecode picture data/train --random 48 --columns 8 -o sheet.png\n"
      "\n"
      "Prints what it drew, in order: row by row. What cannot be read leaves its place empty, with the reason on\n"
      "standard error.");
  command->callback([options, &exitCode] { exitCode = runPicture(*options); });
}

}  // namespace cadrecode::cli
