// The 16-bit floating-point types of weight files as numbers one can compute with. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/tensor_view.hpp"

namespace cadrecode::model {

// bfloat16: the upper half of a float's bits. To the nearest, ties to even; a NaN stays one.
float fromBFloat16(std::uint16_t bits);
std::uint16_t toBFloat16(float value);

// IEEE half precision, rounded the same way.
float fromFloat16(std::uint16_t bits);
std::uint16_t toFloat16(float value);

// Elements [first, first + to.size()) of an array of f32, f16 or bf16. Error(input) naming an array of another type.
void readFloats(const TensorView& from, std::size_t first, std::span<float> to);

// The reverse, into memory of the given type. ValueError for other types.
void writeFloats(std::span<const float> from, ElementType type, std::byte* to);

}  // namespace cadrecode::model
