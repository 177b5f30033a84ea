#include "train/trainer.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "model/adapter/merge.hpp"
#include "model/network/process_memory.hpp"
#include "train/checkpoint.hpp"
#include "train/run_setup.hpp"
#include "train/training_log.hpp"

namespace cadrecode::train {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string durationText(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const auto whole = static_cast<std::int64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

AdamWOptions optimizerOptions(const TrainingConfig& config) {
  AdamWOptions options;
  options.beta1 = config.adamBeta1;
  options.beta2 = config.adamBeta2;
  options.epsilon = config.adamEpsilon;
  options.weightDecay = config.weightDecay;
  options.decayGroups = config.decayGroups;
  return options;
}

BatchOptions batchOptions(const TrainingConfig& config) {
  BatchOptions options;
  options.batchSize = static_cast<std::size_t>(config.batchSize);
  options.points = static_cast<std::size_t>(config.points);
  options.seed = config.seed;
  options.noiseProbability = config.noiseProbability;
  options.noiseDeviation = config.noiseDeviation;
  options.byLength = config.groupByLength;
  return options;
}

// What happened since the last line of the log.
struct Window {
  double loss = 0, norm = 0, flops = 0;
  std::int64_t updates = 0, samples = 0, tokens = 0;
  Clock::time_point start = Clock::now();
};

class Trainer {
 public:
  Trainer(const TrainingConfig& config, const RunOptions& options)
      : config_(config),
        options_(options),
        tokenizer_(text::Tokenizer::load(tokenizerFolder(config))),
        companions_(companionFiles(config, tokenizer_)),
        network_(initialNetwork(config, tokenizer_), optimizerOptions(config), config.bfloat16,
                 config.gradientCheckpointing),
        rate_{config.schedule, config.learningRate, config.warmupSteps, config.maxSteps} {}

  RunResult run() {
    makeFolder(config_.modelSavePath);
    beginOrResume();
    train_ = readSamples(config_, config_.trainData, 0, tokenizer_);
    tellSamples("training", config_.trainData, *train_);
    if (!config_.valData.empty()) {
      validation_ = readSamples(config_, config_.valData, static_cast<std::size_t>(config_.evalSamples), tokenizer_);
      tellSamples("validation", config_.valData, *validation_);
    }
    writeFileAtomically(config_.modelSavePath + "/train_config.yaml", toYaml(config_));
    log_ = std::make_unique<TrainingLog>(config_.modelSavePath, state_.step);
    BatchStream stream(*train_, batchOptions(config_), state_.batches,
                       static_cast<std::size_t>(std::max<std::int64_t>(1, config_.workers)));
    loop(stream);
    finish();
    return result_;
  }

 private:
  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }

  void tellSamples(const char* what, const std::string& folder, const TrainingSet& set) const {
    say(fmt::format("{} samples: {} of {}", what, set.samples().size(), folder));
    const auto skipped = set.skipped();
    if (skipped.empty()) return;
    say(fmt::format("  {} skipped, {} of them too long; the first: {}: {}", skipped.size(), set.tooLong(),
                    skipped.front().id, skipped.front().reason));
  }

  void beginOrResume() {
    const auto newest = newestCheckpoint(config_.modelSavePath);
    std::string from = options_.resumeFrom;
    if (options_.resume && from.empty()) from = newest.value_or("");
    if (!options_.resume && newest) {
      throw Error(ErrorCode::usage, "UsageError",
                  fmt::format("{} holds {} of an earlier run: --resume continues it; or choose another model_save_path",
                              config_.modelSavePath, fs::path(*newest).filename().string()));
    }
    if (!from.empty()) {
      state_ = loadCheckpoint(from, network_);
      result_.checkpoint = from;
      say(fmt::format("resuming from {} (update {})", from, state_.step));
    } else if (options_.resume) {
      say("no checkpoint to resume from: beginning anew");
    }
    state_.maxSteps = config_.maxSteps;
    result_.bestLoss = state_.bestLoss;
    std::int64_t parameters = 0;
    for (const auto& [name, tensor] : network_.parameters()) parameters += tensor.numel();
    say(fmt::format("{} trained parameters, {}, {} threads, updates {} to {} of {} samples each", parameters,
                    config_.bfloat16 ? "bfloat16 passes over float32 weights" : "float32", at::get_num_threads(),
                    state_.step + 1, config_.maxSteps, config_.batchSize * config_.accumulation));
  }

  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  void loop(BatchStream& stream) {
    window_ = Window();
    runStart_ = Clock::now();
    firstStep_ = state_.step;
    while (state_.step < config_.maxSteps) {
      try {
        if (!step(stream)) break;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::resources) throw;
        throw Error(error.code(), error.type(),
                    fmt::format("update {}: {}; {}", state_.step, error.what(), lastGood()));
      }
    }
    result_.step = state_.step;
  }

  // An update and what is due after it; false when the run was stopped.
  bool step(BatchStream& stream) {
    oneUpdate(stream);
    const bool last = state_.step == config_.maxSteps;
    auto due = [&](std::int64_t every) { return every > 0 && state_.step % every == 0; };
    if (due(config_.loggingSteps) || last) logWindow();
    const bool saving = due(config_.saveSteps) || last || stopped();
    if (validation_ && (due(config_.evalSteps) || (saving && !stopped()))) evaluate();
    if (saving) save();
    result_.interrupted = stopped() && !last;
    return !result_.interrupted;
  }

  void oneUpdate(BatchStream& stream) {
    double loss = 0;
    std::int64_t used = 0;
    for (std::int64_t i = 0; i < config_.accumulation; ++i) {
      const Batch batch = stream.next();
      if (batch.samples == 0) continue;
      loss += network_.accumulate(batch, dropoutSeed(stream.position()));
      ++used;
      window_.samples += batch.samples;
      window_.tokens += batch.realTokens;
      window_.flops += modelFlops(network_.network().config(),
                                  static_cast<double>(batch.realTokens) / static_cast<double>(batch.samples)) *
                       static_cast<double>(batch.samples);
    }
    if (used == 0 && ++emptyUpdates_ > 100) {
      throw Error(ErrorCode::input, "ValueError",
                  "no cloud could be read in 100 updates: " + train_->skipped().back().reason);
    }
    if (used > 0) {
      emptyUpdates_ = 0;
      loss /= static_cast<double>(used);
      const double rate = rate_.at(state_.step);
      const double norm = network_.update(rate, used, config_.maxGradientNorm);
      if (!std::isfinite(loss) || !std::isfinite(norm)) failLoss(loss, norm);
      window_.loss += loss;
      window_.norm = norm;
      window_.updates += 1;
    }
    ++state_.step;
    state_.batches = stream.position();
    state_.epoch = static_cast<double>(stream.position()) / static_cast<double>(stream.batchesPerEpoch());
  }

  // Of a batch's dropped inputs, so that a resumed run drops the same.
  std::optional<std::uint64_t> dropoutSeed(std::uint64_t batch) const {
    if (!network_.adapts() || config_.lora.dropout == 0) return {};
    return Random(config_.seed).split("dropout").split(batch).bits();
  }

  [[noreturn]] void failLoss(double loss, double norm) const {
    throw Error("FloatingPointError",
                fmt::format("update {}: the loss is {} and the gradient's norm {}; {}. A smaller learning_rate or "
                            "mixed_precision: no may help",
                            state_.step + 1, loss, norm, lastGood()));
  }

  std::string lastGood() const {
    return result_.checkpoint.empty() ? "no checkpoint was saved before"
                                      : "the last good checkpoint is " + result_.checkpoint;
  }

  void logWindow() {
    const double seconds = secondsSince(window_.start);
    const double perUpdate = secondsSince(runStart_) / static_cast<double>(state_.step - firstStep_);
    const double left = perUpdate * static_cast<double>(config_.maxSteps - state_.step);
    const double loss = window_.loss / static_cast<double>(std::max<std::int64_t>(1, window_.updates));
    const double rate = rate_.at(state_.step - 1);
    const double samples = static_cast<double>(window_.samples) / seconds;
    const double tokens = static_cast<double>(window_.tokens) / seconds;
    log_->add({state_.step,
               {{"epoch", state_.epoch},
                {"loss", loss},
                {"learning_rate", rate},
                {"grad_norm", window_.norm},
                {"samples_per_second", samples},
                {"tokens_per_second", tokens},
                {"model_gigaflops_per_second", window_.flops / seconds / 1e9},
                {"seconds_left", left}}});
    say(
        fmt::format("update {}/{}  epoch {:.2f}  loss {:.4f}  rate {:.3g}  norm {:.3g}  {:.1f} samples/s  {:.0f} "
                    "tokens/s  {:.0f} GFLOP/s  left {}",
                    state_.step, config_.maxSteps, state_.epoch, loss, rate, window_.norm, samples, tokens,
                    window_.flops / seconds / 1e9, durationText(left)));
    window_ = Window();
  }

  void evaluate() {
    const Clock::time_point start = Clock::now();
    BatchOptions options = batchOptions(config_);
    options.noiseProbability = 0;
    double sum = 0;
    std::int64_t tokens = 0;
    const std::size_t count = validation_->samples().size();
    for (std::size_t first = 0; first < count && !stopped(); first += options.batchSize) {
      std::vector<std::uint32_t> indices;
      for (std::size_t i = first; i < std::min(first + options.batchSize, count); ++i) {
        indices.push_back(static_cast<std::uint32_t>(i));
      }
      const Batch batch = makeBatch(*validation_, indices, options, 0);
      if (batch.samples == 0) continue;
      const auto loss = network_.evaluate(batch);
      sum += loss.sum;
      tokens += loss.tokens;
    }
    if (tokens == 0 || stopped()) return;
    result_.evaluationLoss = sum / static_cast<double>(tokens);
    evaluatedStep_ = state_.step;
    log_->add({state_.step, {{"eval_loss", *result_.evaluationLoss}, {"eval_seconds", secondsSince(start)}}});
    say(fmt::format("update {}/{}  evaluation loss {:.4f} over {} samples", state_.step, config_.maxSteps,
                    *result_.evaluationLoss, count));
    // Neither the rates nor the time left count evaluations.
    window_.start += Clock::now() - start;
  }

  void save() {
    TrainingState saved = state_;
    const bool best = evaluatedStep_ == state_.step && result_.evaluationLoss &&
                      (!state_.bestLoss || *result_.evaluationLoss < *state_.bestLoss);
    if (best) {
      saved.bestLoss = result_.evaluationLoss;
      saved.bestCheckpoint = fmt::format("checkpoint-{}", state_.step);
    }
    const Clock::time_point start = Clock::now();
    result_.checkpoint = saveCheckpoint(config_.modelSavePath, network_, saved, rate_.at(state_.step), companions_,
                                        [&](const std::string& folder) { mergeWithin(folder); });
    state_ = saved;
    result_.bestLoss = state_.bestLoss;
    writeSkipped();
    if (network_.adapts() && !config_.lora.keepInCheckpoints) dropOldAdapters(config_.modelSavePath);
    deleteOldCheckpoints(config_.modelSavePath, config_.saveTotalLimit, state_.bestCheckpoint);
    say(fmt::format("saved {}{}", result_.checkpoint, best ? " (the best so far)" : ""));
    window_.start += Clock::now() - start;
  }

  // The base's files and the adapter's become a model of their own; the network in training is not touched.
  void mergeWithin(const std::string& checkpoint) const {
    const LoraSettings& lora = config_.lora;
    const bool last = state_.step == config_.maxSteps;
    if (!network_.adapts() || !lora.mergeCheckpoints || (lora.mergeFinalOnly && !last)) return;
    model::adapter::writeMergedModel(config_.baseModel, checkpoint, checkpoint + "/" + model::adapter::mergedName);
  }

  void saveFinal() const {
    const std::string& folder = config_.modelSavePath;
    if (!network_.adapts() || config_.lora.keepFinal) network_.save(folder, companions_);
    if (network_.adapts() && config_.lora.mergeFinal) {
      model::adapter::writeMergedModel(config_.baseModel, result_.checkpoint,
                                       folder + "/" + model::adapter::mergedName);
    }
  }

  void writeSkipped() {
    std::string lines;
    result_.skippedSamples = 0;
    auto add = [&](const char* split, const TrainingSet& set) {
      std::vector<SkippedSample> skipped = set.skipped();
      result_.skippedSamples += skipped.size();
      std::sort(skipped.begin(), skipped.end(),
                [](const SkippedSample& a, const SkippedSample& b) { return a.id < b.id; });
      for (const SkippedSample& sample : skipped) {
        const nlohmann::ordered_json json = {{"split", split}, {"id", sample.id}, {"reason", sample.reason}};
        lines += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
      }
    };
    add("train", *train_);
    if (validation_) add("val", *validation_);
    writeFileAtomically(config_.modelSavePath + "/skipped_samples.jsonl", lines);
  }

  void finish() {
    log_->writeCurve();
    if (result_.interrupted) return;
    saveFinal();
    say(fmt::format("the model after {} updates is in {}{}", state_.step, config_.modelSavePath,
                    state_.bestLoss ? fmt::format("; the best evaluation loss, {:.4f}, has {}", *state_.bestLoss,
                                                  state_.bestCheckpoint)
                                    : ""));
    if (result_.skippedSamples > 0) {
      say(fmt::format("{} samples were skipped: {}/skipped_samples.jsonl", result_.skippedSamples,
                      config_.modelSavePath));
    }
  }

  const TrainingConfig& config_;
  const RunOptions& options_;
  text::Tokenizer tokenizer_;
  std::map<std::string, std::string> companions_;
  TrainingNetwork network_;
  LearningRate rate_;
  std::unique_ptr<TrainingSet> train_, validation_;
  std::unique_ptr<TrainingLog> log_;
  TrainingState state_;
  RunResult result_;
  Window window_;
  Clock::time_point runStart_;
  std::int64_t firstStep_ = 0;
  std::int64_t evaluatedStep_ = -1;
  int emptyUpdates_ = 0;
};

}  // namespace

RunResult runTraining(const TrainingConfig& config, const RunOptions& options) {
  model::network::keepFreedMemory();
  const auto cores = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(static_cast<int>(config.threads > 0 ? config.threads : cores));
  return Trainer(config, options).run();
}

}  // namespace cadrecode::train
