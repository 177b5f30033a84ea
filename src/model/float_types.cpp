#include "model/float_types.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/error.hpp"

namespace cadrecode::model {

float fromBFloat16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

std::uint16_t toBFloat16(float value) {
  if (std::isnan(value)) return 0x7FC0;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

float fromFloat16(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
  const std::uint32_t magnitude = bits & 0x7FFFU;
  if (magnitude >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000U | (magnitude & 0x3FFU) << 13);
  if (magnitude < 0x400) {  // zero and subnormal numbers: multiples of 2^-24
    const float value = static_cast<float>(magnitude) * 0x1.0p-24F;
    return sign == 0 ? value : -value;
  }
  return std::bit_cast<float>(sign | ((magnitude << 13) + (112U << 23)));
}

std::uint16_t toFloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  std::uint32_t half = 0;
  if (magnitude > 0x7F800000U) {
    half = 0x7E00;
  } else if (magnitude >= 0x477FF000U) {  // 65520 and more round to infinity
    half = 0x7C00;
  } else if (magnitude < 0x38800000U) {  // below 2^-14: multiples of 2^-24
    half = static_cast<std::uint32_t>(std::nearbyint(std::bit_cast<float>(magnitude) * 0x1.0p24F));
  } else {
    half = (magnitude - (112U << 23) + 0xFFF + ((magnitude >> 13) & 1)) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

void readFloats(const TensorView& from, std::size_t first, std::span<float> to) {
  const std::byte* data = from.bytes.data() + first * sizeOf(from.type);
  auto half = [&](std::size_t i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, data + 2 * i, 2);
    return bits;
  };
  switch (from.type) {
    case ElementType::f32:
      std::memcpy(to.data(), data, to.size_bytes());
      return;
    case ElementType::bf16:
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = fromBFloat16(half(i));
      return;
    case ElementType::f16:
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = fromFloat16(half(i));
      return;
    default:
      throw Error(ErrorCode::input, "ValueError",
                  "tensor " + from.name + " has type " + std::string(nameOf(from.type)) + ", not F32, F16 or BF16");
  }
}

void writeFloats(std::span<const float> from, ElementType type, std::byte* to) {
  auto halves = [&](std::uint16_t (*convert)(float)) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::uint16_t bits = convert(from[i]);
      std::memcpy(to + 2 * i, &bits, 2);
    }
  };
  switch (type) {
    case ElementType::f32:
      std::memcpy(to, from.data(), from.size_bytes());
      return;
    case ElementType::bf16:
      return halves(toBFloat16);
    case ElementType::f16:
      return halves(toFloat16);
    default:
      throwValueError("weights are not kept as " + std::string(nameOf(type)));
  }
}

}  // namespace cadrecode::model
