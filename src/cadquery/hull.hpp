// The convex hull of straight segments and circular arcs in the XY plane (cadquery.hull, after Yue et al. 1999).
// Stateless. Lengths in script units.
#pragma once

#include <vector>

#include "cadquery/shape.hpp"

namespace cadrecode::cadquery {

// The hull's outline, counter-clockwise from the lowest entity. ValueError for edges that are neither lines nor
// circles, and for none at all.
Wire findHull(const std::vector<Shape>& edges);

}  // namespace cadrecode::cadquery
