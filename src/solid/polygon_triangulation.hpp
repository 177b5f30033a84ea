// Triangulation of plane polygons with holes: ear clipping, then edge flips towards Delaunay. No point is added and
// none is left out, so n points and h holes give n + 2h - 2 triangles. Plain values, no state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "solid/planar_curves.hpp"

namespace cadrecode::solid {

using Triangle = std::array<std::uint32_t, 3>;

// Points of all loops one after another; loopStarts holds the index of each loop's first point.
// The outer loop runs counter-clockwise, holes clockwise; no point is repeated at a loop's end.
struct Polygon {
  std::vector<Point2> points;
  std::vector<std::uint32_t> loopStarts;
};

double signedArea(const Polygon& polygon, std::size_t loop);

// True where two sides that share no point cross, touch or come closer than about 1e-9 of the polygon's size.
bool sidesMeet(const Polygon& polygon);

// Triangles counter-clockwise, every one with a positive area; none when the loops are not as required (several outer
// loops, crossing sides, a hole outside). Sides must not meet. delaunay: flip to constrained Delaunay triangles.
std::optional<std::vector<Triangle>> triangulate(const Polygon& polygon, bool delaunay);

}  // namespace cadrecode::solid
