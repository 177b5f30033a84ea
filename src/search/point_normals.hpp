// Normals of a cloud that has none: the plane of each point's neighbours, turned so that neighbours agree (after Hoppe
// and others, Surface Reconstruction from Unorganized Points, 1992). Stateless, any thread; deterministic.
#pragma once

#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::search {

// One of length 1 a point, outwards; `neighbours` decide. Faces in which neighbours' normals differ by at most `smooth`
// (one less the cosine) are turned to the side from which one sees out of the cloud; where both sides are alike, as
// the faces beside them are. Empty for fewer points than neighbours.
std::vector<cloud::Point> outwardNormals(const std::vector<cloud::Point>& points, std::size_t neighbours = 24,
                                         double smooth = 0.03);

}  // namespace cadrecode::search
