// First guesses without a model: a filled volume is cut into slabs of equal cross-section along an axis, and every slab
// becomes an extruded sketch of outlines on whole numbers, circles and rectangles. Stateless, any thread;
// deterministic.
#pragma once

#include <vector>

#include "search/bit_volume.hpp"

namespace cadrecode::search {

struct ProposeOptions {
  std::size_t maxSlabs = 8;  // along one axis
};

// One or more programs for each axis that has any; all are sound.
std::vector<Program> propose(const BitVolume& volume, const ProposeOptions& options = {});

}  // namespace cadrecode::search
