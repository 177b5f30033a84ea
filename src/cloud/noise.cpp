#include "cloud/noise.hpp"

#include <algorithm>

namespace cadrecode::cloud {

void addNoise(std::vector<PointF>& points, const Noise& noise, Random random) {
  if (points.empty() || !random.chance(noise.probability)) return;
  PointF low = points.front();
  PointF high = points.front();
  for (const PointF& point : points) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
    }
  }
  for (PointF& point : points) {
    bool isOutlier = random.chance(noise.outliers);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double margin = (double{high[axis]} - low[axis]) / 20;
      double value = isOutlier ? random.uniform(low[axis] - margin, high[axis] + margin)
                               : point[axis] + noise.deviation * random.normal();
      point[axis] = static_cast<float>(value);
    }
  }
}

}  // namespace cadrecode::cloud
