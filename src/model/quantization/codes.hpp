// The numbers that 4 and 8 bits stand for in bitsandbytes' formats. Constants and pure functions, any thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace cadrecode::model::quantization {

enum class PackedType {
  nf4,  // quantiles of a normal distribution (QLoRA: Dettmers et al. 2023)
  fp4,  // sign, two bits of exponent, one of mantissa
  int8  // a whole number times a row's scale
};

// "nf4", "fp4", "int8"
std::string_view nameOf(PackedType type);
std::optional<PackedType> packedTypeNamed(std::string_view name);

// What the 16 codes of a 4-bit type stand for, in [-1, 1].
const std::array<float, 16>& codesOf(PackedType type);

// What the 256 codes of a block's scale stand for: bitsandbytes' signed dynamic map, ascending, from a rule in its
// paper (Dettmers 2015): a sign, a leading run of zeros as a decimal exponent, and a linear fraction.
const std::array<float, 256>& dynamicMap();

}  // namespace cadrecode::model::quantization
