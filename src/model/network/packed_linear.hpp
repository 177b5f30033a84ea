// Products with a matrix that stays packed in 4 or 8 bits: it is unpacked stretch by stretch, in the forward pass and
// for the gradient to the input; the matrix itself gets none. Any thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "model/quantization/packed_weight.hpp"

namespace cadrecode::model::network {

using PackedPointer = std::shared_ptr<const quantization::PackedWeight>;

// x: ... x columns, float32 or bfloat16, which is also the type the matrix is unpacked to; the result: ... x rows.
// `bias` may be undefined.
at::Tensor projectPacked(const at::Tensor& x, const PackedPointer& weight, const at::Tensor& bias);

// The whole matrix.
at::Tensor unpackedTensor(const quantization::PackedWeight& weight, at::ScalarType type);

}  // namespace cadrecode::model::network
