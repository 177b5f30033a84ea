// Cuts a plane polygon in space into triangles. Stateless, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

// The largest polygon with a re-entrant corner that is cut; the work grows with the cube of its corners at worst.
inline constexpr std::size_t largestConcavePolygon = 1024;

// Appends corners.size() - 2 triangles with the polygon's orientation. Convex polygons are cut as a fan from the first
// corner, others by ears; one that crosses itself gives triangles as well, of no defined area. False, and nothing is
// appended, when a concave polygon is larger than the limit. Corners are indices into `vertices`, at least three.
bool triangulatePolygon(const std::vector<Point>& vertices, std::span<const std::uint32_t> corners,
                        std::vector<Triangle>& triangles);

}  // namespace cadrecode::cloud
