#include "search/deviation_colors.hpp"

#include <algorithm>
#include <cmath>

namespace cadrecode::search {

std::array<std::uint8_t, 3> deviationColor(double share) {
  // From dark blue over white-green to dark red, as evenly bright on both sides as RGB allows.
  static constexpr std::array<std::array<double, 3>, 7> kStops{
      {{24, 50, 130}, {52, 120, 200}, {140, 196, 226}, {226, 232, 216}, {250, 186, 120}, {222, 94, 60}, {130, 14, 32}}};
  const double place = std::clamp((share + 1) / 2, 0.0, 1.0) * (kStops.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), kStops.size() - 2);
  const double between = place - static_cast<double>(low);
  std::array<std::uint8_t, 3> color{};
  for (std::size_t i = 0; i < 3; ++i) {
    color[i] = static_cast<std::uint8_t>(std::round(kStops[low][i] + between * (kStops[low + 1][i] - kStops[low][i])));
  }
  return color;
}

std::vector<std::array<std::uint8_t, 3>> deviationPalette(std::size_t colors, bool isSigned) {
  std::vector<std::array<std::uint8_t, 3>> palette;
  for (std::size_t i = 0; i < colors; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(colors - 1);
    palette.push_back(deviationColor(isSigned ? 2 * place - 1 : place));
  }
  return palette;
}

}  // namespace cadrecode::search
