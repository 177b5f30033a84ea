#include "model/network/linear.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "core/random.hpp"
#include "model/network/layer_functions.hpp"

namespace cadrecode::model::network {

namespace {

// 0 with the given probability, else 1 / (1 - probability), in x's shape and type. The numbers depend on the seed and
// the place only, not on threads.
at::Tensor dropoutMask(const at::Tensor& x, double probability, std::uint64_t seed) {
  const at::Tensor mask = at::empty(x.sizes(), at::TensorOptions().dtype(at::kFloat));
  auto* data = static_cast<float*>(mask.data_ptr());
  const auto keep = static_cast<float>(1 / (1 - probability));
  constexpr std::int64_t block = 4096;
  const std::int64_t blocks = (mask.numel() + block - 1) / block;
  const auto threshold = static_cast<std::uint32_t>(probability * 0x1.0p16 + 0.5);
  at::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      Random random = Random(seed).split(static_cast<std::uint64_t>(b));
      const std::int64_t last = std::min((b + 1) * block, mask.numel());
      std::uint64_t bits = 0;
      for (std::int64_t i = b * block; i < last; ++i) {
        if (i % 4 == 0) bits = random.bits();
        data[i] = (bits & 0xFFFF) < threshold ? 0.0F : keep;
        bits >>= 16;
      }
    }
  });
  return mask.to(x.device(), x.scalar_type());
}

}  // namespace

at::Tensor apply(const Linear& linear, const at::Tensor& x, std::uint64_t seed) {
  const at::Tensor result =
      linear.packed ? projectPacked(x, linear.packed, linear.bias) : project(x, linear.weight, linear.bias);
  const LowRank& adapter = linear.adapter;
  if (!adapter.down.defined()) return result;
  const bool drops = seed != noDropout && adapter.dropout > 0;
  const at::Tensor input = drops ? x * dropoutMask(x, adapter.dropout, seed) : x;
  return result + project(project(input, adapter.down, {}) * adapter.scale, adapter.up, {});
}

}  // namespace cadrecode::model::network
