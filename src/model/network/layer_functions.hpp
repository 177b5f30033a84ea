// The few functions a decoder layer is made of, each one definition for training and decoding. Differentiable; where no
// gradient is wanted and every sequence has one new position on the CPU, kernels of row_kernels.hpp compute them
// instead, which makes a sequence's result independent of the batch. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/network/kv_cache.hpp"

namespace cadrecode::model::network {

// x: batch x positions x input; weight: output x input; `bias` may be undefined.
at::Tensor project(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

// As project without bias, but in float32 whatever the weights' type, for logits.
at::Tensor projectToFloat(const at::Tensor& x, const at::Tensor& weight);

// Root-mean-square normalisation over the last dimension, computed in float32, rounded to x's type before the weight.
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon);

// silu(gate) * up
at::Tensor gated(const at::Tensor& gate, const at::Tensor& up);

// Cosines and sines of rotary positions, (batch or 1) x positions x 1 x head size, in the type of the layer.
struct Rotation {
  at::Tensor cosine, sine;
};
// `starts`: the first position of every sequence (one for all when there is one).
Rotation rotationFor(const std::vector<std::int64_t>& starts, std::int64_t positions, std::int64_t headSize,
                     double theta, const at::TensorOptions& options);
// Turns the halves of every head. x: batch x positions x heads x head size.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);

// Causal attention of a whole sequence. q: batch x positions x heads x head size; k, v: the same with as many heads as
// there are keys. Returns batch x positions x (heads * head size). Softmax in float32.
at::Tensor causalAttention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

// Attention of one new position a sequence to all of its cached positions, the new one included.
at::Tensor cachedAttention(const at::Tensor& q, const KvCache& cache, std::size_t layer,
                           const std::vector<std::int64_t>& slots);

}  // namespace cadrecode::model::network
