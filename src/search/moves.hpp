// The ways in which one body can be changed a little: each is a set of numbers that go up or down together. The places
// point into the program; they are good until its bodies, regions or edges are added or taken away.
#pragma once

#include <utility>
#include <vector>

#include "search/dialect_program.hpp"

namespace cadrecode::search {

struct Move {
  std::vector<std::pair<double*, double>> parts;  // a number, and how much of the step it takes
  void apply(double step) const {
    for (const auto& [number, share] : parts) *number += share * step;
  }
};

// Whole body along each axis, its two ends, sides of boxes and rects, regions, points that share a coordinate, every
// number alone. The body must have a plane of its own (givePlanesOfTheirOwn).
std::vector<Move> movesOf(Program& program, std::size_t body);

// Gives every body a plane no other body uses.
void givePlanesOfTheirOwn(Program& program);
// Lets bodies share equal planes again, and numbers planes in the order of their use.
void sharePlanes(Program& program);

}  // namespace cadrecode::search
