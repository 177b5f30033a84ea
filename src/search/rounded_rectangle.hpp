// Outlines that are rectangles with round corners: five numbers that must change together. Values; any thread.
#pragma once

#include <optional>

#include "search/dialect_program.hpp"

namespace cadrecode::search {

struct RoundedRectangle {
  Vector2 low, high;
  double radius = 0;
};

// Four sides and four arcs, counter-clockwise from the lower left.
Loop outlineOf(const RoundedRectangle& rectangle);
// Of an outline made in that way, to 1e-5.
std::optional<RoundedRectangle> roundedRectangleOf(const Loop& loop);

}  // namespace cadrecode::search
