// Products with a packed matrix against the product with the same matrix in bfloat16, as ratios: both sides take turns,
// and the least time of each counts.
//   build/release/bench/packed_product [--rows 8960] [--columns 1536] [--rounds 30] [--threads 1]
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <functional>

#include "core/random.hpp"
#include "model/network/layer_functions.hpp"
#include "model/network/packed_linear.hpp"
#include "model/network/weights.hpp"

namespace {

using namespace cadrecode::model;
using network::PackedPointer;
using quantization::PackedType;

at::Tensor randomTensor(std::vector<std::int64_t> sizes, std::uint64_t seed) {
  at::Tensor tensor = at::empty(sizes, at::kFloat);
  cadrecode::Random random(seed);
  for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(random.normal());
  return tensor.to(at::kBFloat16);
}

double secondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The least seconds of each piece of work, all taking turns.
std::vector<double> leastSeconds(const std::vector<std::function<void()>>& work, int rounds) {
  std::vector<double> least(work.size(), 1e9);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < work.size(); ++i) least[i] = std::min(least[i], secondsOf(work[i]));
  }
  return least;
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t rows = 8960;
  std::int64_t columns = 1536;
  int rounds = 30;
  int threads = 1;
  CLI::App program("Packed products against bfloat16");
  program.add_option("--rows", rows, "Outputs");
  program.add_option("--columns", columns, "Inputs");
  program.add_option("--rounds", rounds, "Turns of every side");
  program.add_option("--threads", threads, "Threads");
  CLI11_PARSE(program, argc, argv);
  at::set_num_threads(threads);

  const at::Tensor matrix = randomTensor({rows, columns}, 1);
  const auto views = network::viewsOf({{"matrix", matrix}});
  fmt::print("{} x {}, {} threads; times as multiples of the bfloat16 product\n", rows, columns, threads);
  for (const PackedType type : {PackedType::nf4, PackedType::fp4, PackedType::int8}) {
    const auto packed = std::make_shared<const quantization::PackedWeight>(quantization::pack(views[0], {type, true}));
    for (const std::int64_t m : {1, 16, 256}) {
      const at::Tensor x = randomTensor({m, 1, columns}, 2);
      at::Tensor input = randomTensor({1, m, columns}, 3).requires_grad_();
      at::Tensor same = input.detach().clone().requires_grad_();
      const at::Tensor g = randomTensor({1, m, rows}, 4);
      const auto seconds = leastSeconds({[&] {
                                           const at::NoGradGuard noGradients;
                                           network::project(x, matrix, {});
                                         },
                                         [&] {
                                           const at::NoGradGuard noGradients;
                                           network::projectPacked(x, packed, {});
                                         },
                                         [&] { network::project(same, matrix, {}).backward(g); },
                                         [&] { network::projectPacked(input, packed, {}).backward(g); }},
                                        rounds);
      fmt::print("{:4} m={:3}  decoding {:.2f} ({:.2f} ms)  forward and gradient {:.2f} ({:.2f} ms)\n", nameOf(type), m,
                 seconds[1] / seconds[0], seconds[1] * 1e3, seconds[3] / seconds[2], seconds[3] * 1e3);
    }
  }
  return 0;
}
