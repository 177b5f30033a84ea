// Programs of a wider language than CAD-Recode's, for later models: besides extruded sketches and their union also cut,
// intersect and revolve, holes alone and in patterns, fillets, chamfers and shells. In the same spelling, on the same
// grid, centred, the longest side 200.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/random.hpp"

namespace cadrecode::synthesis {

struct PlannedPart {
  std::string text;
  // What its execution must show: the box, and a volume between these two.
  std::array<double, 6> bounds{};
  double leastVolume = 0, mostVolume = 0;
};

// Nothing where the grid or a lack of room spoiled the try.
std::optional<PlannedPart> makeExtendedPart(Random& random);

}  // namespace cadrecode::synthesis
