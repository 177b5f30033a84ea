// Farthest point sampling (Eldar et al. 1997) with the conventions of pytorch3d's sample_farthest_points: it begins at
// index 0, measures squared distances in float32, and takes the lowest index among equals. Stateless, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cadrecode::cloud {

using PointF = std::array<float, 3>;

// Indices of `count` points, each as far as possible from those before it; all points' indices in order of choice, when
// there are fewer than `count`. Once only copies of chosen points are left, index 0 is repeated. The result is the same
// on every processor: sums are rounded step by step, in the order x, y, z. Coordinates are finite; start <
// points.size().
std::vector<std::uint32_t> farthestPoints(const std::vector<PointF>& points, std::size_t count, std::size_t start = 0);

// What the processor can do; all give the same indices. For tests and benchmarks.
enum class VectorWidth { automatic, four, eight, sixteen };
bool isSupported(VectorWidth width);
std::vector<std::uint32_t> farthestPoints(const std::vector<PointF>& points, std::size_t count, std::size_t start,
                                          VectorWidth width);

}  // namespace cadrecode::cloud
