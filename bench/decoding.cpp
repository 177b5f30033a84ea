// Speed of decoding beside what the machine's memory allows: a network of Qwen2-1.5B's shape with random weights, its
// tokens a second at several batch sizes, and the time in which its weights can be read once. Prints a JSON line a
// measurement; bench/decoding_torch.py does the same in PyTorch, and bench/compare_with_torch.sh runs both in turns.
//
//   decoding [--layers N] [--tokens N] [--batch N ...] [--threads N] [--float32] [--save DIR | --load DIR]
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/random.hpp"
#include "generate/program_decoder.hpp"
#include "model/network/cad_network.hpp"
#include "model/network/process_memory.hpp"

namespace {

using namespace cadrecode;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

model::ModelConfig qwen2Config(std::int64_t layers) {
  model::ModelConfig config;
  config.vocabularySize = 151936;
  config.hiddenSize = 1536;
  config.intermediateSize = 8960;
  config.layers = layers;
  config.heads = 12;
  config.keyValueHeads = 2;
  config.headSize = 128;
  config.ropeTheta = 1e6;
  config.tiedEmbeddings = true;
  return config;
}

// Bytes a second that all threads together read from memory; the best of some tries.
double readBandwidth(int threads) {
  const std::size_t words = std::size_t{64} << 20;  // 512 MB
  const std::vector<std::uint64_t> data(words, 1);
  double best = 0;
  std::uint64_t sink = 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto start = Clock::now();
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
    std::vector<std::thread> readers;
    for (std::size_t t = 0; t < sums.size(); ++t) {
      readers.emplace_back([&, t] {
        std::uint64_t sum[8] = {};
        const std::size_t part = words / sums.size() / 8 * 8;
        for (std::size_t i = t * part; i < (t + 1) * part; i += 8) {
          for (std::size_t lane = 0; lane < 8; ++lane) sum[lane] += data[i + lane];
        }
        for (const std::uint64_t lane : sum) sums[t] += lane;
      });
    }
    for (std::thread& reader : readers) reader.join();
    best = std::max(best, static_cast<double>(words * 8) / since(start));
    for (const std::uint64_t sum : sums) sink += sum;
  }
  return sink == 0 ? 0 : best;
}

// Greatest resident memory of this process, and of it what is not a mapped file, in bytes.
double statusBytes(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) * 1024;
  }
  return 0;
}

double processorSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Seconds of a step in which every program of a full batch gets a token: of the clock and of the processors, medians.
struct StepSeconds {
  double clock, processor;
};

double medianDifference(const std::vector<double>& times) {
  std::vector<double> differences;
  for (std::size_t i = 2; i < times.size(); ++i) differences.push_back(times[i] - times[i - 1]);
  std::nth_element(differences.begin(), differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2),
                   differences.end());
  return differences[differences.size() / 2];
}

StepSeconds measureSteps(const model::network::CadNetwork& network, std::int64_t batch, std::int64_t tokens) {
  const auto start = Clock::now();
  std::vector<double> clock(static_cast<std::size_t>(tokens)), processor(clock.size());  // when token i was chosen
  generate::DecodingOptions options;
  options.startToken = 1;
  options.maxNewTokens = tokens;
  options.batch = batch;
  options.adjust = [&](const generate::DecodedProgram& program, std::span<float>) {
    clock[program.tokens.size()] = since(start);
    processor[program.tokens.size()] = processorSeconds();
  };
  generate::ProgramDecoder decoder(network, options);
  Random random(1);
  std::vector<generate::DecodeRequest> requests(1);
  for (int i = 0; i < 3 * 256; ++i) requests[0].points.push_back(static_cast<float>(random.uniform(-1, 1)));
  requests[0].samples = batch;
  decoder.decodeAll(requests);
  return {medianDifference(clock), medianDifference(processor)};
}

}  // namespace

int main(int argc, char** argv) {
  int threads = at::get_num_threads();
  std::int64_t layers = 28, tokens = 34;
  std::vector<std::int64_t> batches = {1, 16};
  bool float32 = false;
  std::string save, load;
  CLI::App program("Speed of decoding");
  program.add_option("--layers", layers);
  program.add_option("--tokens", tokens)->check(CLI::Range(3, 10000));
  program.add_option("--batch", batches);
  program.add_option("--threads", threads);
  program.add_flag("--float32", float32);
  program.add_option("--save", save);
  program.add_option("--load", load);
  CLI11_PARSE(program, argc, argv);
  at::set_num_threads(threads);
  model::network::keepFreedMemory();

  const at::ScalarType type = float32 ? at::kFloat : at::kBFloat16;
  const auto config = qwen2Config(layers);
  const double before = statusBytes("VmHWM");
  const auto start = Clock::now();
  const model::network::CadNetwork network =
      load.empty() ? model::network::CadNetwork(config, model::network::randomWeights(config, 1, type))
                   : model::network::CadNetwork::load(load);
  double bytes = 0;
  for (const auto& [name, tensor] : namedTensors(network.weights(), config))
    bytes += static_cast<double>(tensor.nbytes());
  fmt::print(
      R"({{"case": "{}", "seconds": {:.3f}, "weight_bytes": {:.0f}, "peak_bytes": {:.0f}, "private_bytes": {:.0f}}})"
      "\n",
      load.empty() ? "made" : "loaded", since(start), bytes, statusBytes("VmHWM") - before, statusBytes("RssAnon"));
  if (!save.empty()) {
    network.save(save);
    return 0;
  }
  for (const std::int64_t batch : batches) {
    const double bandwidth = readBandwidth(threads);
    const StepSeconds step = measureSteps(network, batch, tokens);
    const auto programs = static_cast<double>(batch);
    const double floor = bytes / bandwidth;
    fmt::print(R"({{"case": "tokens, batch {}, {}, {} threads", "side": "cadrecode", "per_second": {:.2f}, )"
               R"("per_processor_second": {:.2f}, "bandwidth_gb": {:.2f}, "per_second_of_bandwidth": {:.2f}, )"
               R"("share": {:.3f}, "peak_bytes": {:.0f}, "private_bytes": {:.0f}}})"
               "\n",
               batch, float32 ? "float32" : "bfloat16", threads, programs / step.clock, programs / step.processor,
               bandwidth / 1e9, programs / floor, floor / step.clock, statusBytes("VmHWM"), statusBytes("RssAnon"));
    std::fflush(stdout);
  }
  return 0;
}
