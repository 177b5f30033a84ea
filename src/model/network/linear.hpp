// A linear layer of the decoder: its weight and, beside it, the low-rank matrices of an adapter that is being trained.
// Copies share memory, as libtorch's tensors do. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <limits>

#include "model/network/packed_linear.hpp"

namespace cadrecode::model::network {

// Adds scale * up(down(x)) to a layer (LoRA: Hu et al. 2021); undefined where there is none.
struct LowRank {
  at::Tensor down;  // rank x input
  at::Tensor up;    // output x rank
  double scale = 1;
  double dropout = 0;  // share of the inputs that training drops
};

struct Linear {
  std::int64_t outputs() const { return packed ? packed->shape[0] : weight.size(0); }
  std::int64_t inputs() const { return packed ? packed->shape[1] : weight.size(1); }

  at::Tensor weight;  // output x input, as Hugging Face stores it; undefined where it is packed
  PackedPointer packed;
  at::Tensor bias;  // may be undefined
  LowRank adapter;
};

inline constexpr std::uint64_t noDropout = std::numeric_limits<std::uint64_t>::max();

// x: batch x positions x input. `seed`: which inputs of the adapter are dropped.
at::Tensor apply(const Linear& linear, const at::Tensor& x, std::uint64_t seed = noDropout);

}  // namespace cadrecode::model::network
