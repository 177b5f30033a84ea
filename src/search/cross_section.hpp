// One cross-section of a volume, cell by cell, and its outlines. Values; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "search/dialect_program.hpp"
#include "search/grid.hpp"

namespace cadrecode::search {

// Cell (u, v) along a plane's local x and y.
struct Section {
  int cells = 0;
  std::vector<std::uint8_t> inside;  // u + v * cells
  bool at(int u, int v) const {
    return u >= 0 && v >= 0 && u < cells && v < cells && inside[static_cast<std::size_t>(u + v * cells)] != 0;
  }
  std::size_t area() const;
};

// The regions whose union and difference is the section: circles and rectangles where they fit, else outlines, largest
// first; what is smaller than `smallest` cells is left out. Empty when nothing remains.
std::vector<Region> regionsOf(const Section& section, const Grid& grid, double smallest);

// A sketch of one circle or rectangle becomes a cylinder or box.
void makePrimitive(Body& body);

}  // namespace cadrecode::search
