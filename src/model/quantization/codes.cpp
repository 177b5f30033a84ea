#include "model/quantization/codes.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::model::quantization {

namespace {

constexpr std::array<std::pair<PackedType, std::string_view>, 3> names{
    {{PackedType::nf4, "nf4"}, {PackedType::fp4, "fp4"}, {PackedType::int8, "int8"}}};

constexpr std::array<float, 16> nf4Codes = {-1.0F,
                                            -0.6961928009986877F,
                                            -0.5250730514526367F,
                                            -0.39491748809814453F,
                                            -0.28444138169288635F,
                                            -0.18477343022823334F,
                                            -0.09105003625154495F,
                                            0.0F,
                                            0.07958029955625534F,
                                            0.16093020141124725F,
                                            0.24611230194568634F,
                                            0.33791524171829224F,
                                            0.44070982933044434F,
                                            0.5626170039176941F,
                                            0.7229568362236023F,
                                            1.0F};

// Magnitudes in units of 1/12, in the order of the three lower bits.
constexpr std::array<float, 8> fp4Units = {0.0F, 0.0625F, 8.0F, 12.0F, 4.0F, 6.0F, 2.0F, 3.0F};

std::array<float, 16> makeFp4Codes() {
  std::array<float, 16> codes{};
  for (std::size_t i = 0; i < 8; ++i) {
    codes[i] = fp4Units[i] / 12.0F;
    codes[i + 8] = -codes[i];
  }
  return codes;
}

// `count` numbers from 0.1 to 1 as torch's loop over vectors of 8 spaces them: files carry these very bits.
float spaced(int index, int count) {
  constexpr int lanes = 8;
  const float step = (1.0F - 0.1F) / static_cast<float>(count - 1);
  const bool vector = index < count - count % (2 * lanes);
  const int first = vector ? index - index % lanes : index;
  const float start = first < count / 2 ? std::fma(step, static_cast<float>(first), 0.1F)
                                        : std::fma(-step, static_cast<float>(count - 1 - first), 1.0F);
  return vector ? start + static_cast<float>(index - first) * step : start;
}

std::array<float, 256> makeDynamicMap() {
  std::array<float, 256> map{};
  std::size_t used = 0;
  constexpr int exponents = 7;
  for (int i = 0; i < exponents; ++i) {
    const int bounds = (1 << i) + 1;
    const auto power = static_cast<float>(std::pow(10.0, i - (exponents - 1)));
    for (int j = 0; j + 1 < bounds; ++j) {
      const float value = power * ((spaced(j, bounds) + spaced(j + 1, bounds)) / 2.0F);
      map[used++] = value;
      map[used++] = -value;
    }
  }
  map[used++] = 0.0F;
  map[used++] = 1.0F;
  std::sort(map.begin(), map.end());
  return map;
}

}  // namespace

std::string_view nameOf(PackedType type) {
  return std::find_if(names.begin(), names.end(), [&](const auto& item) { return item.first == type; })->second;
}

std::optional<PackedType> packedTypeNamed(std::string_view name) {
  for (const auto& [type, known] : names) {
    if (known == name) return type;
  }
  return std::nullopt;
}

const std::array<float, 16>& codesOf(PackedType type) {
  static const std::array<float, 16> fp4Codes = makeFp4Codes();
  if (type == PackedType::int8) throwValueError("8-bit codes are whole numbers and have no table");
  return type == PackedType::nf4 ? nf4Codes : fp4Codes;
}

const std::array<float, 256>& dynamicMap() {
  static const std::array<float, 256> map = makeDynamicMap();
  return map;
}

}  // namespace cadrecode::model::quantization
