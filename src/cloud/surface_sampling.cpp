#include "cloud/surface_sampling.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace cadrecode::cloud {

SurfaceSampler::SurfaceSampler(const Mesh& mesh) : mesh_(mesh) {
  cumulativeAreas_.reserve(mesh.triangles.size());
  double sum = 0;
  for (const Triangle& triangle : mesh.triangles) {
    sum += length(doubleAreaVector(mesh, triangle)) / 2;
    cumulativeAreas_.push_back(sum);
  }
  if (!(sum > 0)) throw Error(ErrorCode::input, "ValueError", "a mesh without area cannot be sampled");
  std::size_t shares = cumulativeAreas_.size();
  guide_.reserve(shares);
  std::uint32_t triangle = 0;
  for (std::size_t share = 0; share < shares; ++share) {
    double areaBefore = sum * (static_cast<double>(share) / static_cast<double>(shares));
    while (cumulativeAreas_[triangle] <= areaBefore) ++triangle;
    guide_.push_back(triangle);
  }
}

// The triangle in which the surface's running area passes `areaBefore`; one without area is never met.
std::size_t SurfaceSampler::triangleAt(double areaBefore) const {
  double share = areaBefore / area() * static_cast<double>(guide_.size());
  std::size_t triangle = guide_[std::min(static_cast<std::size_t>(share), guide_.size() - 1)];
  // Rounding may put the guide one step too far.
  while (triangle > 0 && cumulativeAreas_[triangle - 1] > areaBefore) --triangle;
  while (cumulativeAreas_[triangle] <= areaBefore && triangle + 1 < cumulativeAreas_.size()) ++triangle;
  return triangle;
}

SurfacePoint SurfaceSampler::sampleOne(Random& random) const {
  std::size_t index = triangleAt(random.uniform() * area());
  double u = random.uniform();
  double v = random.uniform();
  if (u + v > 1) {  // the other half of the parallelogram, folded back
    u = 1 - u;
    v = 1 - v;
  }
  const Triangle& triangle = mesh_.triangles[index];
  const Point& corner = mesh_.vertices[triangle[0]];
  Point along = mesh_.vertices[triangle[1]] - corner;
  Point across = mesh_.vertices[triangle[2]] - corner;
  return {corner + (u * along + v * across), static_cast<std::uint32_t>(index)};
}

std::vector<SurfacePoint> SurfaceSampler::sample(std::size_t count, Random& random) const {
  std::vector<SurfacePoint> points;
  points.reserve(count);
  for (std::size_t i = 0; i < count; ++i) points.push_back(sampleOne(random));
  return points;
}

Point SurfaceSampler::normal(std::uint32_t triangle) const {
  Point vector = doubleAreaVector(mesh_, mesh_.triangles[triangle]);
  double size = length(vector);
  return size > 0 ? 1 / size * vector : Point{};
}

}  // namespace cadrecode::cloud
