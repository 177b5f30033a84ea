// Differentiable layer functions in few passes over memory, for the CPU; layer_functions.hpp takes them where a
// gradient is wanted. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

namespace cadrecode::model::network {

// Whether all tensors are what these functions take: contiguous, on the CPU, of one type, float32 or bfloat16, while
// gradients are recorded.
bool canTrain(std::initializer_list<at::Tensor> tensors);

at::Tensor trainingNorm(const at::Tensor& x, const at::Tensor& weight, double epsilon);
at::Tensor trainingGate(const at::Tensor& gate, const at::Tensor& up);
// x: batch x positions x heads x size; cosine, sine: 1 x positions x 1 x size.
at::Tensor trainingRotation(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine);
// scores: ... x (any multiple of positions) x positions, overwritten; returns the attention's weights.
at::Tensor trainingSoftmax(const at::Tensor& scores, double scale);

}  // namespace cadrecode::model::network
