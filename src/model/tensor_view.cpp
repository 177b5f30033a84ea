#include "model/tensor_view.hpp"

#include <array>
#include <cstring>
#include <limits>

namespace cadrecode::model {

namespace {

struct TypeFacts {
  ElementType type;
  std::string_view name;
  std::size_t size;
};

constexpr std::array<TypeFacts, 13> types = {{{ElementType::boolean, "BOOL", 1},
                                              {ElementType::u8, "U8", 1},
                                              {ElementType::i8, "I8", 1},
                                              {ElementType::u16, "U16", 2},
                                              {ElementType::i16, "I16", 2},
                                              {ElementType::u32, "U32", 4},
                                              {ElementType::i32, "I32", 4},
                                              {ElementType::u64, "U64", 8},
                                              {ElementType::i64, "I64", 8},
                                              {ElementType::f16, "F16", 2},
                                              {ElementType::bf16, "BF16", 2},
                                              {ElementType::f32, "F32", 4},
                                              {ElementType::f64, "F64", 8}}};

const TypeFacts& factsOf(ElementType type) { return types[static_cast<std::size_t>(type)]; }

// A floating-point number is not finite when all bits of its exponent are set.
template <typename Word>
bool exponentsAreFinite(std::span<const std::byte> bytes, Word exponentMask) {
  for (std::size_t i = 0; i + sizeof(Word) <= bytes.size(); i += sizeof(Word)) {
    Word word;
    std::memcpy(&word, bytes.data() + i, sizeof(Word));
    if ((word & exponentMask) == exponentMask) return false;
  }
  return true;
}

}  // namespace

std::string_view nameOf(ElementType type) { return factsOf(type).name; }

std::optional<ElementType> elementTypeNamed(std::string_view name) {
  for (const TypeFacts& facts : types) {
    if (facts.name == name) return facts.type;
  }
  return std::nullopt;
}

std::size_t sizeOf(ElementType type) { return factsOf(type).size; }

std::string toString(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::optional<std::size_t> byteCount(ElementType type, const Shape& shape) {
  std::size_t count = sizeOf(type);
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) return std::nullopt;
    if (__builtin_mul_overflow(count, static_cast<std::size_t>(dimension), &count)) return std::nullopt;
  }
  return count;
}

bool isFinite(const TensorView& tensor) {
  switch (tensor.type) {
    case ElementType::f16:
      return exponentsAreFinite<std::uint16_t>(tensor.bytes, 0x7C00);
    case ElementType::bf16:
      return exponentsAreFinite<std::uint16_t>(tensor.bytes, 0x7F80);
    case ElementType::f32:
      return exponentsAreFinite<std::uint32_t>(tensor.bytes, 0x7F800000);
    case ElementType::f64:
      return exponentsAreFinite<std::uint64_t>(tensor.bytes, 0x7FF0000000000000);
    default:
      return true;
  }
}

}  // namespace cadrecode::model
