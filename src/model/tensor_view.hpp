// A named array in memory as weight files describe it: element type, shape and bytes (little endian, row-major).
// Views own nothing: whoever made them keeps the bytes alive. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::model {

enum class ElementType { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64 };

// "F32", "BF16", ... as safetensors spells them.
std::string_view nameOf(ElementType type);
std::optional<ElementType> elementTypeNamed(std::string_view name);
std::size_t sizeOf(ElementType type);

using Shape = std::vector<std::int64_t>;

// "[2, 3]"
std::string toString(const Shape& shape);

// Bytes of a whole array; nothing when that overflows or a dimension is negative.
std::optional<std::size_t> byteCount(ElementType type, const Shape& shape);

struct TensorView {
  std::string name;
  ElementType type = ElementType::f32;
  Shape shape;
  std::span<std::byte> bytes;
};

// Whether every element of a floating-point array is finite; integers always are.
bool isFinite(const TensorView& tensor);

}  // namespace cadrecode::model
