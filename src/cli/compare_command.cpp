#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "metrics/pair_files.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

struct Settings {
  std::string reference, prediction, profile = "opencadrecode", align;
  metrics::CompareOptions options;
  sandbox::Limits limits{.wallSeconds = 30};
  bool icp = false, noIcp = false, json = false, jsonl = false;
};

metrics::CompareOptions optionsOf(const Settings& settings) {
  metrics::CompareOptions options = settings.options;
  options.profile = metrics::profileOf(settings.profile);
  options.alignment = metrics::alignmentOf(!settings.align.empty() ? settings.align
                                           : settings.noIcp        ? "none"
                                           : settings.icp          ? "icp"
                                                                   : "");
  return options;
}

int compareOne(metrics::PairRunner& runner, const Settings& settings) {
  const sandbox::Part reference = sandbox::readPart(runner.pool(), settings.reference, {.brep = true});
  const sandbox::Part prediction = sandbox::readPart(runner.pool(), settings.prediction, {.brep = true});
  const metrics::Comparison comparison = runner.run(reference, prediction);
  if (settings.json || settings.jsonl) {
    nlohmann::ordered_json json{{"reference", settings.reference}, {"prediction", settings.prediction}};
    json.update(metrics::toJson(comparison));
    fmt::print("{}\n", sandbox::dumpJson(json));
  } else {
    fmt::print("{}", metrics::toText(comparison));
  }
  return 0;
}

int compareMany(metrics::PairRunner& runner, const Settings& settings, const std::vector<metrics::PairFiles>& pairs) {
  std::vector<nlohmann::ordered_json> rows;
  Progress progress("compare", pairs.size());
  for (const metrics::PairFiles& pair : pairs) {
    rows.push_back(metrics::rowOf(pair, runner.run(pair)));
    progress.advance();
    if (settings.jsonl) {
      fmt::print("{}\n", sandbox::dumpJson(rows.back()));
      std::fflush(stdout);
    }
  }
  progress.clear();
  const nlohmann::ordered_json summary = metrics::summaryOf(rows);
  if (settings.json) {
    fmt::print("{}\n", sandbox::dumpJson({{"summary", summary}, {"rows", rows}}));
  } else {
    fmt::print(settings.jsonl ? stderr : stdout, "{}", metrics::summaryText(summary));
  }
  return summary["failed"] == 0 ? 0 : static_cast<int>(ErrorCode::items);
}

}  // namespace

void addCompare(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<Settings>();
  CLI::App* command = program.add_subcommand("compare", "Measure how far a prediction is from its reference");
  command
      ->add_option("reference", settings->reference,
                   "A program, STEP, BREP, mesh or cloud; or a folder of them; or a .csv or .jsonl file of pairs")
      ->required()
      ->option_text(" ");
  command->add_option("prediction", settings->prediction, "The same; for a file of pairs none")->option_text(" ");
  command
      ->add_option("--profile", settings->profile,
                   "opencadrecode: each shape scaled to the unit cube alone, 2000 points, aligned; cad-recode: both in "
                   "the reference's unit cube, 8192 points; absolute: as placed, in the parts' units")
      ->option_text("NAME (opencadrecode)");
  command->add_option("--points", settings->options.points, "Samples of each side; 0: the profile's number")
      ->option_text("N (0)");
  command->add_option("--seed", settings->options.seed, "Of the sampling")->option_text("N (0)");
  command->add_flag("--icp,!--no-icp", settings->icp,
                    "Move the prediction onto the reference where that brings it "
                    "closer; the default of opencadrecode");
  command
      ->add_option("--align", settings->align,
                   "none; icp: any motion, from the shapes' axes; ransac: any motion, from features of the points "
                   "(FPFH), by the seed; cube: only the 24 turns of a cube about the box's centre")
      ->option_text("HOW");
  command->add_option("--voxels", settings->options.voxels, "Cells along the longest side for the IoU of voxels")
      ->check(CLI::Range(1, 1024))
      ->option_text("N (128)");
  command
      ->add_option("--emd-points", settings->options.earthMoverPoints,
                   "The earth mover's distance is taken of at most so many samples a side")
      ->check(CLI::Range(1, 1 << 20))
      ->option_text("N (4096)");
  command->add_option("--timeout", settings->limits.wallSeconds, "Seconds for reading a part, and for a boolean")
      ->check(CLI::PositiveNumber)
      ->option_text("SECONDS (30)");
  command->add_flag("--json", settings->json, "One JSON object");
  command->add_flag("--jsonl", settings->jsonl, "Of many pairs one JSON object a line, as they are done");
  command->footer(
      "Examples:\n"
      "  cadrecode compare part.step prediction.py\n"
      "  cadrecode compare scan.ply prediction.step --profile absolute --json\n"
      "  cadrecode compare references predictions --profile cad-recode --jsonl > rows.jsonl\n"
      "  cadrecode compare pairs.csv                      # columns reference,prediction and, if wanted, id\n"
      "\n"
      "Files of two folders belong together when their names are the same but for the ending. A figure that cannot be\n"
      "had is null, its reason under \"missing\". The exit code is 4 when some pairs failed.");
  command->callback([settings, command, &exitCode] {
    settings->noIcp = command->get_option("--icp")->count() > 0 && !settings->icp;
    const bool folder = std::filesystem::is_directory(settings->reference);
    if (settings->prediction.empty() && folder) {
      throw Error(ErrorCode::usage, "UsageError", "a folder of references needs one of predictions");
    }
    metrics::PairRunner runner(optionsOf(*settings), settings->limits);
    if (settings->prediction.empty()) {
      exitCode = compareMany(runner, *settings, metrics::readPairsFile(settings->reference));
    } else if (folder) {
      exitCode = compareMany(runner, *settings, metrics::pairsOfFolders(settings->reference, settings->prediction));
    } else {
      exitCode = compareOne(runner, *settings);
    }
  });
}

}  // namespace cadrecode::cli
