// A matrix in 4 or 8 bits a number, as bitsandbytes packs it. Packing takes it from any float type; unpacking gives any
// stretch of it, so that nobody needs the whole. Owns its numbers or shares a mapped file; const methods, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "model/quantization/codes.hpp"
#include "model/tensor_view.hpp"

namespace cadrecode::model::quantization {

struct PackingOptions {
  PackedType type = PackedType::nf4;
  bool doubleQuantization = true;  // of the blocks' scales, 4-bit types only
};

inline constexpr std::size_t blockSize = 64;         // numbers that share a scale, over the flattened matrix
inline constexpr std::size_t nestedBlockSize = 256;  // scales that share a scale

struct PackedWeight {
  PackedType type = PackedType::nf4;
  Shape shape;                                 // rows x columns
  ElementType storedType = ElementType::bf16;  // of the matrix before it was packed
  std::size_t block = blockSize;
  std::span<const std::uint8_t> codes;  // 4-bit: two a byte, the first in the upper half; int8: one a byte
  // 4-bit: the greatest magnitude of a block; int8: of a row. Empty where scales are packed themselves.
  std::span<const float> scales;
  // Packed scales: dynamicMap()[code] * nestedScales[i / nestedBlock] + offset.
  std::span<const std::uint8_t> scaleCodes;
  std::span<const float> nestedScales;
  std::size_t nestedBlock = nestedBlockSize;
  float offset = 0;
  std::vector<float> map, nestedMap;  // as a file has them; empty: codesOf(type), dynamicMap()
  std::shared_ptr<const void> owner;  // of the spans' memory

  std::size_t size() const { return static_cast<std::size_t>(shape[0] * shape[1]); }
  std::size_t byteSize() const;
  // Of block or row i.
  float scale(std::size_t i) const;
  // Numbers [first, first + count) of the flattened matrix; `first` is even.
  void unpack(std::size_t first, std::size_t count, float* out) const;
  void unpack(std::size_t first, std::size_t count, std::uint16_t* bfloat16) const;
};

// Packs a matrix of f32, f16 or bf16 with an even number of elements. Error(input) naming one that is not, or that
// holds a NaN or an infinity.
PackedWeight pack(const TensorView& matrix, const PackingOptions& options);

}  // namespace cadrecode::model::quantization
