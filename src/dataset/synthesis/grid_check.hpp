// Whether a sketch that was put on the grid is still one that a kernel extrudes to sound solids. Plain values.
#pragma once

#include <vector>

#include "dataset/synthesis/program.hpp"

namespace cadrecode::synthesis {

// Loops run counter-clockwise without meeting themselves or coming to a cusp; walls, gaps and bridges are nearly a unit
// thick; holes lie inside the additive region before them, and regions keep apart.
bool isSound(const std::vector<Region>& regions);

}  // namespace cadrecode::synthesis
