// Noise on clouds, for training that should stand up to real scans. Stateless, any thread; seeded through Random.
#pragma once

#include <vector>

#include "cloud/farthest_points.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {

struct Noise {
  double deviation = 0.01;  // of each coordinate, normal; in the cloud's units
  double probability = 1;   // that a cloud gets any noise at all
  double outliers = 0;      // share of points that are moved to anywhere in the cloud's box, enlarged by a tenth
};

// Changes the points in place; their number and order stay.
void addNoise(std::vector<PointF>& points, const Noise& noise, Random random);

}  // namespace cadrecode::cloud
