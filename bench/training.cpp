// Speed of training: an update (forward, backward, clipping, AdamW) of the small configurations on random samples.
// Prints a JSON line a configuration and type; bench/training_torch.py does the same in PyTorch, and
// bench/compare_with_torch.sh runs both in turns.
//
//   training [--updates N] [--batch N] [--text N] [--threads N] [--recompute]
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <vector>

#include "core/random.hpp"
#include "model/network/process_memory.hpp"
#include "train/training_network.hpp"

namespace {

using namespace cadrecode;

struct Size {
  const char* name;
  std::int64_t hidden, layers, heads, inner;
};
constexpr Size sizes[] = {{"d256 L6", 256, 6, 4, 704}, {"d320 L8", 320, 8, 5, 896}};
constexpr std::int64_t vocabulary = 1224, points = 256;

train::Batch randomBatch(std::int64_t samples, std::int64_t text) {
  Random random(1);
  train::Batch batch;
  batch.samples = samples;
  batch.points = at::empty({samples, points, 3});
  batch.tokens = at::empty({samples, text}, at::kLong);
  auto* coordinates = batch.points.data_ptr<float>();
  for (std::int64_t i = 0; i < batch.points.numel(); ++i) coordinates[i] = static_cast<float>(random.uniform(-1, 1));
  auto* tokens = batch.tokens.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < batch.tokens.numel(); ++i)
    tokens[i] = static_cast<std::int64_t>(random.below(vocabulary));
  batch.labels = batch.tokens.clone();
  batch.labels.narrow(1, 0, 1).fill_(-100);
  return batch;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t updates = 5, samples = 16, text = 128;
  int threads = at::get_num_threads();
  bool recompute = false;
  CLI::App program("Speed of training");
  program.add_option("--updates", updates)->check(CLI::PositiveNumber);
  program.add_option("--batch", samples)->check(CLI::PositiveNumber);
  program.add_option("--text", text)->check(CLI::Range(2, 10000));
  program.add_option("--threads", threads);
  program.add_flag("--recompute", recompute);
  CLI11_PARSE(program, argc, argv);
  at::set_num_threads(threads);
  model::network::keepFreedMemory();
  const train::Batch batch = randomBatch(samples, text);
  for (const Size& size : sizes) {
    model::ModelConfig config;
    config.vocabularySize = vocabulary;
    config.hiddenSize = size.hidden;
    config.intermediateSize = size.inner;
    config.layers = size.layers;
    config.heads = config.keyValueHeads = size.heads;
    config.headSize = size.hidden / size.heads;
    config.tiedEmbeddings = true;
    for (const bool bfloat16 : {false, true}) {
      train::TrainingNetwork network({config, model::network::randomWeights(config, 1)}, {}, bfloat16, recompute);
      std::vector<double> clock, processor;
      for (std::int64_t i = 0; i <= updates; ++i) {
        const double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
        network.accumulate(batch);
        network.update(1e-4, 1, 1.0);
        if (i == 0) continue;  // memory is taken for the first time
        clock.push_back(seconds(CLOCK_MONOTONIC) - start);
        processor.push_back(seconds(CLOCK_PROCESS_CPUTIME_ID) - used);
      }
      const auto count = static_cast<double>(samples);
      fmt::print(R"({{"case": "samples, {}, {}, {} threads", "side": "cadrecode", "per_second": {:.3f}, )"
                 R"("per_processor_second": {:.3f}}})"
                 "\n",
                 size.name, bfloat16 ? "bfloat16" : "float32", threads, count / median(clock),
                 count / median(processor));
      std::fflush(stdout);
    }
  }
  return 0;
}
