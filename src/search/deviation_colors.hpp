// The colours of deviations: blue inside of the input, pale where they agree, red outside. Stateless, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace cadrecode::search {

// `share` from -1 to 1: of the scale.
std::array<std::uint8_t, 3> deviationColor(double share);

// Evenly from -1 (from 0 without sign) to 1.
std::vector<std::array<std::uint8_t, 3>> deviationPalette(std::size_t colors, bool isSigned);

}  // namespace cadrecode::search
