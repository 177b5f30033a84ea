// Outlines of sections: traced along the sides of cells, and fitted by lines and arcs. Stateless, any thread.
#pragma once

#include <vector>

#include "search/cross_section.hpp"

namespace cadrecode::search {

// A corner of cells: (u, v) is the lower left one of cell (u, v).
struct Corner {
  int u, v;
  bool operator==(const Corner&) const = default;
};

// Along the sides of cells, what is inside on the left: counter-clockwise around areas, clockwise in holes.
std::vector<std::vector<Corner>> traceOutlines(const Section& section);

// In cells; below zero for a hole.
double areaOf(const std::vector<Corner>& outline);

// Lines, and arcs where one stands for two lines or more, on whole numbers. No corner of the outline lies farther than
// about `tolerance` cells from it, before rounding.
Loop fitLoop(const std::vector<Corner>& outline, const Grid& grid, double tolerance);

}  // namespace cadrecode::search
