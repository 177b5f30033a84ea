#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "benchmark/bench_run.hpp"
#include "benchmark/input_clouds.hpp"
#include "benchmark/model_kind.hpp"
#include "cli/commands.hpp"
#include "cli/network_commands.hpp"
#include "cli/process.hpp"
#include "cli/program.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"

namespace cadrecode::cli {
namespace {

struct BenchSettings {
  benchmark::BenchOptions run;
  std::vector<std::string> predictions, models;
  std::vector<std::string> inferOptions;  // as infer takes them
  std::string official, recipe = "v1.5";
  std::string profile = "opencadrecode", align;
  bool noStl = false, noStep = false, noCode = false, noTimes = false;
};

// Has `cadrecode infer` write a model's programs into the tree; one model at a time holds memory. Runs again, it does
// what is left. False when it was interrupted.
bool infer(const BenchSettings& settings, const benchmark::Model& model, const benchmark::InputClouds& clouds,
           const std::string& output) {
  std::vector<std::string> line = {"cadrecode", "infer", "--model", model.path, "--data", clouds.folder, "-o", output};
  line.insert(line.end(), {"--no-stl", "--no-step", "--recipe", settings.recipe});
  line.insert(line.end(), {"--seed", std::to_string(settings.run.score.compare.seed)});
  line.insert(line.end(), {"--timeout", fmt::format("{}", settings.run.score.limits.wallSeconds)});
  line.insert(line.end(), {"--jobs", std::to_string(settings.run.jobs)});
  line.insert(line.end(), settings.inferOptions.begin(), settings.inferOptions.end());
  if (settings.run.overwrite) line.push_back("--overwrite");
  const int code = runNetworkProgram(line);
  if (code == static_cast<int>(ErrorCode::interrupted)) return false;
  if (code != 0 && code != static_cast<int>(ErrorCode::items)) {
    throw Error(static_cast<ErrorCode>(code), "RuntimeError",
                fmt::format("{}: inference ended with exit code {}", model.path, code));
  }
  return true;
}

std::vector<benchmark::Model> modelsOf(const BenchSettings& settings) {
  std::vector<benchmark::Model> models;
  for (const std::string& path : settings.models) {
    if (path == "official" && settings.official.empty()) {
      throw Error(ErrorCode::usage, "UsageError",
                  "--models official needs the folder of the published checkpoint: --official-model DIR");
    }
    benchmark::Model model;
    model.path = path == "official" ? settings.official : path;
    model.kind = benchmark::nameOf(benchmark::kindOfModel(model.path));
    models.push_back(std::move(model));
  }
  for (const std::string& path : settings.predictions) {
    for (benchmark::Model& model : benchmark::readPredictions(path)) models.push_back(std::move(model));
  }
  benchmark::nameModels(models);
  return models;
}

// Fills in what the models of checkpoints predict. False when it was interrupted.
bool predict(const BenchSettings& settings, const benchmark::References& references,
             std::vector<benchmark::Model>& models, const std::atomic<bool>& stop) {
  const benchmark::ScoreOptions& score = settings.run.score;
  Progress progress("input clouds", references.parts.size());
  const benchmark::InputClouds clouds = benchmark::writeInputClouds(
      references, score.folder, cloud::Recipe::named(settings.recipe), score.compare.seed, score.limits,
      [&] { progress.advance(); }, stop);
  progress.clear();
  for (std::size_t i = 0; i < settings.models.size(); ++i) {
    benchmark::Model& model = models[i];
    const std::string output = score.folder + "/results/" + model.name;
    if (stop || !infer(settings, model, clouds, output) || stop) return false;
    benchmark::Model read = std::move(benchmark::readPredictions(output).front());
    model.predictions = std::move(read.predictions);
    model.reasons = std::move(read.reasons);
    model.frames = clouds.frames;
  }
  return true;
}

int tellInterrupted() {
  fmt::print(stderr, "interrupted; the same command goes on from here\n");
  return static_cast<int>(ErrorCode::interrupted);
}

int bench(BenchSettings& settings) {
  benchmark::BenchOptions& run = settings.run;
  benchmark::ScoreOptions& score = run.score;
  score.compare.profile = metrics::profileOf(settings.profile);
  score.compare.alignment = metrics::alignmentOf(settings.align);
  score.stl = !settings.noStl;
  score.step = !settings.noStep;
  score.code = !settings.noCode;
  score.times = !settings.noTimes;
  run.data.seed = score.compare.seed;

  const benchmark::References references = benchmark::readReferences(run.data);
  std::vector<benchmark::Model> models = modelsOf(settings);
  const std::atomic<bool>& stop = stopOnSignals();
  const bool predicted = settings.models.empty() || predict(settings, references, models, stop);
  if (!predicted) return tellInterrupted();
  Progress progress("predictions", references.parts.size() * models.size());
  const benchmark::BenchOutcome outcome = benchmark::runBench(
      run, references, models, [&] { progress.advance(); }, stop);
  progress.clear();
  fmt::print(stderr, "{} predictions scored ({} of them before), {} failed\n", outcome.rows, outcome.known,
             outcome.failed);
  if (outcome.interrupted) return tellInterrupted();
  fmt::print("{}/benchmark_report.md\n", score.folder);
  return outcome.failed == 0 ? 0 : static_cast<int>(ErrorCode::items);
}

}  // namespace

void addBench(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<BenchSettings>();
  benchmark::BenchOptions& run = settings->run;
  CLI::App* command = program.add_subcommand("bench", "Score what models made of a data set, and report");
  command
      ->add_option(
          "--data-path,--data_path", run.data.path,
          "References: a folder of programs, STEP files or meshes; a data set's root; lines {\"id\", \"script\"}")
      ->required()
      ->option_text("PATH");
  command
      ->add_option("--predictions", settings->predictions,
                   "Folders of programs, STEP files or meshes named as the references, or that infer wrote; .jsonl "
                   "files, where \"model\" or \"role\" tells several models apart")
      ->option_text("PATH...");
  command
      ->add_option(
          "--models", settings->models,
          "Checkpoints in Hugging Face's layout and adapters; what kind each is, its files tell; official: the "
          "one --official-model names")
      ->option_text("DIR...");
  command->add_option("--official-model,--official_model", settings->official, "Folder of the published checkpoint")
      ->option_text("DIR");
  for (const auto& [names, help, text] :
       {std::tuple{"--batch-size,--batch_size", "Programs decoded at once", "N (16)"},
        {"--max-new-tokens,--max_new_tokens", "Most tokens a program may take", "N (768)"},
        {"--device", "Where the network runs", "NAME (cpu)"},
        {"--dtype", "Type of the network: auto, float32, bfloat16", "TYPE (auto)"}}) {
    const std::string option = std::string(names).substr(0, std::string(names).find(','));
    command
        ->add_option_function<std::string>(
            names,
            [settings, option](const std::string& value) {
              settings->inferOptions.insert(settings->inferOptions.end(), {option, value});
            },
            std::string("Of --models: ") + help)
        ->option_text(text);
  }
  command->add_option("--recipe", settings->recipe, "Of --models: how parts become clouds, as in infer")
      ->option_text("NAME (v1.5)");
  command->add_option("-o,--output-dir,--output_dir", run.score.folder, "Folder of results and reports")
      ->required()
      ->option_text("DIR");
  command->add_flag("--overwrite", run.overwrite, "Forget what an earlier run left in that folder");
  command
      ->add_option("--dataset-type,--dataset_type", run.data.type,
                   "auto; legacy: programs of a split; fusion360: STEP files of a split; files: all below a folder")
      ->check(CLI::IsMember({"auto", "legacy", "fusion360", "files"}))
      ->option_text("TYPE (auto)");
  command->add_option("--split", run.data.split, "Of the data set: val of legacy, test of fusion360")
      ->option_text("NAME");
  command->add_option("--train-test-json,--train_test_json", run.data.splitFile, "The splits of fusion360")
      ->option_text("FILE");
  command->add_option("--num-samples,--num_samples", run.data.count, "So many references, drawn with the seed; 0: all")
      ->option_text("N (0)");
  command
      ->add_option("--profile", settings->profile,
                   "Definitions of the figures, as in compare: opencadrecode, cad-recode, absolute")
      ->option_text("NAME (opencadrecode)");
  command
      ->add_option("--metric-points,--metric_points", run.score.compare.points,
                   "Samples of each side; 0: the profile's number")
      ->option_text("N (0)");
  command->add_option("--align", settings->align, "none, icp, ransac or cube instead of the profile's, as in compare")
      ->option_text("HOW");
  command
      ->add_option("--emd-points", run.score.compare.earthMoverPoints,
                   "The earth mover's distance is taken of at most so many samples a side")
      ->check(CLI::Range(1, 1 << 20))
      ->option_text("N (4096)");
  command->add_option("--seed", run.score.compare.seed, "Of samples, of the choice of references, of the bootstrap")
      ->option_text("N (0)");
  command->add_option("--timeout", run.score.limits.wallSeconds, "Seconds for a program, a STEP file, a boolean")
      ->check(CLI::PositiveNumber)
      ->option_text("SECONDS (30)");
  command->add_option("-j,--jobs", run.jobs, "Parts worked on beside each other")
      ->check(CLI::Range(1, 1024))
      ->option_text("N (1)");
  command->add_flag("--no-stl,--no_stl", settings->noStl, "Write no meshes");
  command->add_flag("--no-step,--no_step", settings->noStep, "Write no STEP files; figures do not need them");
  command->add_flag("--no-code,--no_code", settings->noCode, "Write no programs");
  command->add_flag("--no-times,--no_times", settings->noTimes, "Leave out what differs between two runs");
  command->add_option("--gallery", run.page.pictures, "Samples of the HTML page with pictures, the worst and some best")
      ->option_text("N (120)");
  command->add_option("--viewer", run.page.meshes, "Of them so many that can be turned in 3-D")->option_text("N (40)");
  command->footer(
      "Examples:\n"
      "  cadrecode bench --data-path data --split val --predictions out_a out_b -o bench\n"
      "  cadrecode bench --data-path truth.jsonl --predictions answers.jsonl --profile cad-recode -o bench\n"
      "  cadrecode bench --data-path data --split val --models models/a models/b --num-samples 100 -o bench\n"
      "\n"
      "Writes DIR/benchmark_report.md and .json, report.html, rows.csv, results/MODEL/ with programs and solids,\n"
      "gt_step_files and gt_stl_files. Run again, it does what is left. The exit code is 4 when some predictions "
      "failed.");
  command->callback([settings, &exitCode] {
    if (settings->predictions.empty() && settings->models.empty()) {
      throw Error(ErrorCode::usage, "UsageError", "there is nothing to score: --models or --predictions");
    }
    settings->run.command = commandLine();
    exitCode = bench(*settings);
  });
}

}  // namespace cadrecode::cli
