#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/network/commands.hpp"
#include "cli/process.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "inference/inference_run.hpp"

namespace cadrecode::cli {
namespace {

struct InferSettings {
  inference::InferenceOptions run;
  std::vector<std::string> data;
  std::optional<double> temperature, topP;
  std::optional<std::int64_t> topK;
  std::string recipe = "v1.5", device = "cpu", type = "auto", baseModel;
  int jobs = 0, threads = 0;
  bool noStl = false, noStep = false, verify = false;
};

at::Device deviceOf(const std::string& name) {
  try {
    return at::Device(name);
  } catch (const std::exception&) {
    throw Error(ErrorCode::usage, "UsageError", fmt::format("'{}' is no device: cpu, cuda, cuda:1", name));
  }
}

int infer(InferSettings settings) {
  inference::InferenceOptions& run = settings.run;
  run.recipe = cloud::Recipe::named(settings.recipe);
  if (run.recipe.normals)
    throw Error(ErrorCode::usage, "UsageError", "models with normals are not supported: --recipe");
  run.sampling.sample = settings.temperature || settings.topK || settings.topP || run.samples > 1;
  run.sampling.temperature = settings.temperature.value_or(1.0);
  run.sampling.topK = settings.topK.value_or(0);
  run.sampling.topP = settings.topP.value_or(1.0);
  run.stl = !settings.noStl;
  run.step = !settings.noStep;
  run.pool.workers = settings.jobs > 0 ? settings.jobs : cores();
  model::network::LoadOptions loading;
  loading.device = deviceOf(settings.device);
  loading.verifySums = settings.verify;
  loading.baseModel = settings.baseModel;
  if (settings.type != "auto") loading.type = settings.type == "float32" ? at::kFloat : at::kBFloat16;

  const auto files = inference::listInputFiles(settings.data);
  at::set_num_threads(settings.threads > 0 ? settings.threads : cores());
  const auto& interrupted = stopOnSignals();
  Progress progress("programs", files.size() * static_cast<std::uint64_t>(run.samples));
  const auto summary = inference::runInference(
      files, run, [&] { return inference::CadModel::load(run.model, loading); },
      [&](const std::string&) { progress.advance(); }, interrupted);
  progress.clear();
  std::string list;
  std::uint64_t all = 0;
  for (const auto& [status, count] : summary.byStatus) {
    list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, status);
    all += count;
  }
  fmt::print(stderr, "{} programs decoded in {:.1f} s ({:.0f} tokens/s), model loaded in {:.1f} s\n", summary.decoded,
             summary.seconds,
             summary.decodeSeconds > 0 ? static_cast<double>(summary.tokens) / summary.decodeSeconds : 0.0,
             summary.loadSeconds);
  fmt::print(stderr, "{} programs in {}: {}\n", all, run.outputFolder, list.empty() ? "none" : list);
  if (summary.interrupted) {
    fmt::print(stderr, "interrupted; the same command goes on from here\n");
    return static_cast<int>(ErrorCode::interrupted);
  }
  const bool allOk = summary.byStatus.size() == 1 && summary.byStatus.contains("ok");
  return allOk ? 0 : static_cast<int>(ErrorCode::items);
}

}  // namespace

void addInfer(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<InferSettings>();
  inference::InferenceOptions& run = settings->run;
  CLI::App* command = program.add_subcommand("infer", "Write CAD programs for scans, meshes and STEP files");
  command->add_option("--model", run.model, "Folder of a model in Hugging Face's layout, or of a LoRA adapter")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR");
  command->add_option("--base-model", settings->baseModel, "Base of an adapter, which is merged into it at load")
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR (the adapter's merged_model, or the base it names)");
  command->add_option("--data", settings->data, "Clouds, meshes, STEP files; folders of them")
      ->required()
      ->option_text("PATH...");
  command->add_option("-o,--output-dir", run.outputFolder, "Folder for programs, solids and results")
      ->required()
      ->option_text("DIR");
  command->add_flag("--overwrite", run.overwrite, "Forget what an earlier run recorded in that folder");
  command->add_option("-n,--num-samples", run.samples, "Programs a part; more than one are drawn at random")
      ->check(CLI::Range(1, 100'000))
      ->option_text("N (1)");
  command->add_option("--batch-size", run.batch, "Programs decoded at once")
      ->check(CLI::Range(1, 4096))
      ->option_text("N (16)");
  command->add_option("--max-new-tokens", run.maxNewTokens, "Most tokens a program may take")
      ->check(CLI::Range(1, 1'000'000))
      ->option_text("N (768)");
  command->add_option("--temperature", settings->temperature, "Draw instead of taking the likeliest token")
      ->check(CLI::PositiveNumber)
      ->option_text("T (1)");
  command->add_option("--top-k", settings->topK, "Draw from the K likeliest tokens; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->option_text("K (0)");
  command->add_option("--top-p", settings->topP, "Draw from the likeliest tokens that together have this probability")
      ->check(CLI::Range(0.0, 1.0))
      ->option_text("P (1)");
  command->add_option("--seed", run.seed, "Of the clouds' points and of the draws")->option_text("N (0)");
  command->add_flag("--constrain", run.constrain, "Allow only tokens that lead to a complete program of the dialect");
  command->add_option("--recipe", settings->recipe, "How parts become clouds: v1.5, opencadrecode")
      ->option_text("NAME (v1.5)");
  command->add_option("--device", settings->device, "Where the network runs")->option_text("NAME (cpu)");
  command->add_option("--dtype", settings->type, "Type of the network: auto (the files' own), float32, bfloat16")
      ->check(CLI::IsMember({"auto", "float32", "bfloat16"}))
      ->option_text("TYPE (auto)");
  command->add_flag("--verify", settings->verify, "Compare the model's files with its SHA256SUMS first");
  command->add_flag("--no-stl", settings->noStl, "Write no meshes");
  command->add_flag("--no-step", settings->noStep, "Write no STEP files");
  command->add_option("-j,--jobs", settings->jobs, "Worker processes that run programs; 0: one a core")
      ->check(CLI::Range(0, 1024))
      ->option_text("N (0)");
  command->add_option("--threads", settings->threads, "Threads of the network; 0: one a core")
      ->check(CLI::Range(0, 1024))
      ->option_text("N (0)");
  command->add_option("--timeout", run.pool.limits.wallSeconds, "Time one program may run")
      ->check(CLI::Range(0.01, 1e6))
      ->option_text("SECONDS (30)");
  command->add_option("--memory", run.pool.limits.memoryBytes, "Memory one worker may take, as 512M or 2G")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{64} << 20, std::uint64_t{1} << 50))
      ->option_text("SIZE (2G)");
  command->footer(
      "Examples:\n"
      "  cadrecode infer --model models/cad-recode-v1.5 --data scan.ply -o out\n"
      "  cadrecode infer --model models/cad-recode-v1.5 --data parts/ -o out --num-samples 10 --temperature 0.8\n"
      "\n"
      "Writes DIR/generated_code/NAME.py, generated_stl/NAME.stl, generated_step/NAME.step, and in DIR/results\n"
      "inference_results.json and statistics.json. Sample 3 of a part of several is NAME@3. Run again, it does what "
      "is\n"
      "left. A .npy file that holds just the points the model takes, within [-1, 1], is not prepared again.");
  command->callback([settings, &exitCode] { exitCode = infer(*settings); });
}

}  // namespace cadrecode::cli
