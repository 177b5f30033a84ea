#include "cli/reconstruct_command.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "cloud/read.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/item_files.hpp"
#include "search/part_page.hpp"
#include "search/part_picture.hpp"
#include "search/reconstruction_report.hpp"

namespace cadrecode::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> readPrograms(const std::vector<std::string>& arguments) {
  std::vector<std::string> scripts;
  if (arguments.empty()) return scripts;
  sandbox::FileSource source(sandbox::listInputs(arguments, {".py"}), {});
  source.readsLines();
  for (sandbox::Item item;;) {
    const auto next = source.next(item);
    if (next == sandbox::ItemSource::Next::end) return scripts;
    if (next == sandbox::ItemSource::Next::wait) {
      pollfd waiting{source.descriptor(), POLLIN, 0};
      ::poll(&waiting, 1, -1);
      continue;
    }
    if (item.known) throw Error(ErrorCode::input, item.known->run.error->type, item.known->run.error->message);
    scripts.push_back(item.task.text);
  }
}

struct Options {
  std::string input, folder = ".";
  std::vector<std::string> programs;
  ModelChoice model;
  bool noModel = false, noProposals = false, json = false;
  search::ReconstructOptions search;
};

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// The scripts of files and of the model; what has become of the model goes to `notes`.
std::vector<search::GivenProgram> candidatesOf(const Options& options, const sandbox::Part& part,
                                               const CandidateDecoder& decode, std::vector<std::string>& notes) {
  std::vector<search::GivenProgram> given;
  for (std::string& script : readPrograms(options.programs)) {
    given.push_back({fmt::format("program {}", given.size() + 1), std::move(script)});
  }
  if (options.noModel || options.model.count == 0) return given;
  ModelChoice model = options.model;
  model.seed = options.search.seed;
  const bool asked = !model.folder.empty();
  if (!asked) model.folder = findCompactModel();
  if (asked && !decode) throw Error(ErrorCode::failure, "RuntimeError", "--model: this build is without libtorch");
  if (model.folder.empty() || !decode) {
    notes.push_back(decode ? "no model was found: guesses from cross-sections alone; --model names one"
                           : "without a model: guesses from cross-sections alone");
    return given;
  }
  try {
    std::size_t number = 0;
    for (std::string& script : decode(part, model)) {
      given.push_back({fmt::format("model {}", ++number), std::move(script)});
    }
  } catch (const Error& error) {
    if (asked) throw;
    notes.push_back(fmt::format("the model was not used: {}", error.what()));
  }
  return given;
}

int reconstruct(Options& options, const CandidateDecoder& decode) {
  Stopwatch all, watch;
  sandbox::PoolOptions poolOptions;
  poolOptions.workers = 1;
  sandbox::ScriptPool pool(poolOptions, {.everything = true, .step = true});
  const sandbox::Part part =
      sandbox::readPart(pool, options.input, {.brep = false, .step = false, .mesh = true, .tolerance = 0.01});
  const double reading = watch.lap();
  std::vector<std::string> notes;
  options.search.programs = candidatesOf(options, part, decode, notes);
  options.search.proposals = !options.noProposals;
  const double decoding = watch.lap();
  const std::string name = fs::path(options.input).filename().string();
  search::Reconstruction result = search::reconstruct(part, name, pool, options.search);
  result.notes.insert(result.notes.begin(), notes.begin(), notes.end());
  result.seconds.insert(result.seconds.begin(), {{"read", reading}, {"decode", decoding}});
  watch.lap();
  const std::string report = search::reportJson(result, name, options.search);
  makeFolder(options.folder);
  const auto path = [&](const char* file) { return (fs::path(options.folder) / file).string(); };
  writeFileAtomically(path("part.py"), result.script);
  writeFileAtomically(path("part.step"), result.step);
  writeFileAtomically(path("part.stl"), result.stl);
  writeFileAtomically(path("part.json"), report);
  const cloud::Mesh solid = std::get<cloud::Mesh>(cloud::readInput(result.stl, "part.stl").geometry);
  const search::DeviationMap map = search::mapDeviation(solid, part);
  writeFileAtomically(path("part.html"), search::partPage(result, name, part, map));
  writeFileAtomically(path("part.png"), picture::encodePng(search::partPicture(name, part, solid, map)));
  result.seconds.emplace_back("pictures", watch.lap());
  result.seconds.emplace_back("all", all.lap());
  writeFileAtomically(path("timings.json"), search::timingsJson(result));
  for (const std::string& note : result.notes) fmt::print(stderr, "note: {}\n", note);
  if (options.json) {
    fmt::print("{}", report);
  } else {
    fmt::print("{}: {} {:.3f}, deviation mean {:.4g}, largest {:.4g}; {}, volume {:.6g}\n", path("part.py"),
               result.closedInput ? "IoU" : "surface agreement", result.fit, result.meanDeviation,
               result.largestDeviation,
               result.program.bodies.empty() ? std::string("a given script")
                                             : fmt::format("{} bodies", result.program.bodies.size()),
               result.volume);
  }
  fmt::print(stderr, "{:.1f} s\n", result.seconds.back().second);
  return 0;
}

}  // namespace

std::string findCompactModel() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  // Beside the program; build/release/src/cli of a source tree; bin of an installation.
  for (const fs::path& folder : {program / "models" / "compact", program / "../../../../models/compact",
                                 program / "../share/cadrecode/models/compact"}) {
    if (fs::exists(folder / "config.json", error)) return folder.lexically_normal().string();
  }
  return {};
}

bool wantsModel(int argc, char** argv) {
  const auto has = [&](std::string_view option) {
    return std::any_of(argv, argv + argc, [&](const char* argument) {
      return argument == option || std::string_view(argument).starts_with(std::string(option) + "=");
    });
  };
  return !has("--no-model") && (has("--model") || !findCompactModel().empty());
}

void addReconstruct(CLI::App& program, int& exitCode, const CandidateDecoder& decode) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("reconstruct", "From a mesh, a cloud or a STEP file to a CadQuery program and its solid");
  command->add_option("input", options->input, "File: .stl .obj .ply .off .pcd .xyz .npy .step .brep, or a script .py")
      ->required()
      ->option_text(" ");
  command
      ->add_option("-o,--output", options->folder,
                   "Folder for part.py, .step, .stl, .json, .html, .png and timings.json")
      ->option_text("DIR (.)");
  command->add_option("--model", options->model.folder, "Folder of a model in Hugging Face's layout")
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR (the compact one)");
  command->add_flag("--no-model", options->noModel, "Guesses from cross-sections alone");
  command->add_option("--candidates", options->model.count, "Programs the model writes for the part")
      ->check(CLI::Range(0, 4096))
      ->option_text("N (16)");
  command->add_option("--clouds", options->model.clouds, "Samplings of the part that the model is shown")
      ->check(CLI::Range(1, 4096))
      ->option_text("N (4)");
  command
      ->add_option("--temperature", options->model.temperature,
                   "Of all programs but the first of each cloud, which takes the likeliest tokens")
      ->check(CLI::PositiveNumber)
      ->option_text("T (0.8)");
  command
      ->add_option("--programs", options->programs,
                   "Scripts to begin with, in the frame of the models (centred, longest side 200): .py, folders, "
                   ".jsonl; any CadQuery, but only the dialect is refined")
      ->option_text("FILE");
  command->add_flag("--no-proposals", options->noProposals, "No guesses from cross-sections");
  command->add_option("--seed", options->search.seed, "Seed of clouds, draws and search")->option_text("N (0)");
  command
      ->add_option("--evaluations", options->search.maxEvaluations,
                   "Comparisons with the input that refining one candidate may take; 0: no refining")
      ->option_text("N (20000)");
  command->add_option("--refine", options->search.refined, "How many of the best candidates are refined")
      ->option_text("N (3)");
  command->add_flag("--json", options->json, "Print the report as JSON");
  command->footer(
      "Examples:\n"
      "  cadrecode reconstruct bracket.stl -o bracket\n"
      "  cadrecode reconstruct scan.ply -o part --seed 7 --candidates 64\n"
      "  cadrecode reconstruct part.stl -o part --programs predictions.jsonl --no-model\n"
      "\n"
      "The program is in the input's own units and place. What a model writes and what cross-sections of the input\n"
      "suggest is compared with the input; the best are refined, and the best that the kernel builds is taken.");
  command->callback([options, decode, &exitCode] { exitCode = reconstruct(*options, decode); });
}

}  // namespace cadrecode::cli
