// What the kernels share: elements as float32 and back, and sums in a fixed order over the lanes of a loop. Inlined
// into each clone of a kernel.
#pragma once

#include <bit>
#include <cstdint>

#include "model/network/row_kernels.hpp"

namespace cadrecode::model::network {

#define CADRECODE_INLINE inline __attribute__((always_inline))

constexpr std::int64_t lanes = 16;

CADRECODE_INLINE float toFloat(float value) { return value; }
CADRECODE_INLINE float toFloat(BFloat16 value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

template <typename Element>
Element fromFloat(float value);
template <>
CADRECODE_INLINE float fromFloat<float>(float value) {
  return value;
}
// To the nearest, ties to even; a NaN stays one.
template <>
CADRECODE_INLINE BFloat16 fromFloat<BFloat16>(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto rounded = static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
  return {value != value ? std::uint16_t{0x7FC0} : rounded};
}

CADRECODE_INLINE float sumOf(const float (&sums)[lanes]) {
  float pairs[lanes / 2];
  for (std::int64_t i = 0; i < lanes / 2; ++i) pairs[i] = sums[i] + sums[i + lanes / 2];
  return ((pairs[0] + pairs[4]) + (pairs[2] + pairs[6])) + ((pairs[1] + pairs[5]) + (pairs[3] + pairs[7]));
}

}  // namespace cadrecode::model::network
