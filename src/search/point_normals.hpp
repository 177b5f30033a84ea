// Normals of a cloud that has none: the plane of each point's neighbours, turned so that neighbours agree (after Hoppe
// and others, Surface Reconstruction from Unorganized Points, 1992). Stateless, any thread; deterministic.
#pragma once

#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::search {

// One of length 1 a point, outwards; `neighbours` decide. Each connected part begins at its point farthest from the
// middle of all, where outwards is known. Empty for fewer points than neighbours.
std::vector<cloud::Point> outwardNormals(const std::vector<cloud::Point>& points, std::size_t neighbours = 16);

}  // namespace cadrecode::search
