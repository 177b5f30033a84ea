#include <fmt/format.h>
#include <poll.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/item_files.hpp"
#include "search/reconstruct.hpp"

namespace cadrecode::cli {
namespace {

std::vector<std::string> readCandidates(const std::vector<std::string>& arguments) {
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

}  // namespace

void addReconstruct(CLI::App& program, int& exitCode) {
  struct Options {
    std::string input, folder = ".";
    std::vector<std::string> candidates;
    bool noProposals = false, json = false;
    search::ReconstructOptions search;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("reconstruct", "From a mesh, a cloud or a STEP file to a CadQuery program and its solid");
  command->add_option("input", options->input, "File: .stl .obj .ply .off .pcd .xyz .npy .step .brep, or a script .py")
      ->required()
      ->option_text(" ");
  command->add_option("-o,--output", options->folder, "Folder for part.py, part.step, part.stl and part.json")
      ->option_text("DIR (.)");
  command
      ->add_option(
          "--candidates", options->candidates,
          "Scripts to begin with, in the frame of the models (centred, longest side 200): .py, folders, .jsonl")
      ->option_text("FILE");
  command->add_flag("--no-proposals", options->noProposals, "Use the candidates alone, no guesses from cross-sections");
  command->add_option("--seed", options->search.seed, "Seed of the search")->option_text("N (0)");
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
      "  cadrecode reconstruct scan.ply -o part --seed 7\n"
      "  cadrecode reconstruct part.stl -o part --candidates predictions.jsonl\n"
      "\n"
      "The program is in the input's own units and place. Without candidates of a model the search begins with\n"
      "cross-sections of the input, so parts of extruded kind come out best.");
  command->callback([options, &exitCode] {
    const auto start = std::chrono::steady_clock::now();
    options->search.candidates = readCandidates(options->candidates);
    options->search.proposals = !options->noProposals;
    sandbox::PoolOptions poolOptions;
    poolOptions.workers = 1;
    sandbox::ScriptPool pool(poolOptions, {.everything = true, .step = true});
    const sandbox::Part part =
        sandbox::readPart(pool, options->input, {.brep = false, .step = false, .mesh = true, .tolerance = 0.01});
    const std::string name = std::filesystem::path(options->input).filename().string();
    const search::Reconstruction result = search::reconstruct(part, name, pool, options->search);
    const std::string report = search::reportJson(result, name, options->search);
    makeFolder(options->folder);
    const auto path = [&](const char* file) { return (std::filesystem::path(options->folder) / file).string(); };
    writeFileAtomically(path("part.py"), result.script);
    writeFileAtomically(path("part.step"), result.step);
    writeFileAtomically(path("part.stl"), result.stl);
    writeFileAtomically(path("part.json"), report);
    for (const std::string& note : result.notes) fmt::print(stderr, "note: {}\n", note);
    if (options->json) {
      fmt::print("{}", report);
    } else {
      fmt::print("{}: {} {:.3f}, deviation mean {:.4g}, largest {:.4g}; {} bodies, volume {:.6g}\n", path("part.py"),
                 result.closedInput ? "IoU" : "surface agreement", result.fit, result.meanDeviation,
                 result.largestDeviation, result.program.bodies.size(), result.volume);
    }
    fmt::print(stderr, "{:.1f} s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
