// Random sketches, regions with holes and beside each other, about the origin; and how they are put on the grid.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "dataset/synthesis/program.hpp"

namespace cadrecode::synthesis {

// A region with real numbers.
struct Shape {
  Region::Kind kind = Region::Kind::loop;
  bool cut = false;
  PlanarLoop loop;               // of a loop
  Point2 center{0, 0};           // of a rect or circle
  double width = 0, height = 0;  // of a rect
  double radius = 0;             // of a circle
};

using Shapes = std::vector<Shape>;

PlanarLoop outline(const Shape& shape);
Shape moved(const Shape& shape, double scale, Point2 move);
solid::PlanarBox extentOf(const Shapes& shapes);

Shape makeRect(Random& random);
Shape makeCircle();
// What a sketch is to consist of: regions in letters, + or - and l (loop), r (rect) or c (circle), and the edges of
// each loop. Drawn apart from the geometry, so that kinds that are hard to place are not rarer for it.
struct SketchWish {
  std::string pattern;
  std::vector<int> edges;
};

SketchWish drawSketchWish(Random& random);

// Its longest side is 2, its box centred. Nothing where no room for a hole was found.
std::optional<Shapes> makeSketch(Random& random, const SketchWish& wish);

// The region on the grid: `low` becomes the origin, and `scale` units a step. Not yet canonical.
Region onGrid(const Shape& shape, double scale, const Point2& low);
// Additive regions from left to right, each followed by its holes from left to right.
void sortRegions(std::vector<Region>& regions);

}  // namespace cadrecode::synthesis
