// Points spread evenly over a mesh: each triangle is chosen with a probability in proportion to its area, the place in
// it is uniform. The sampler refers to its mesh, which must outlive it; sampling is const and safe in any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cloud/geometry.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {

struct SurfacePoint {
  Point position;
  std::uint32_t triangle;
};

class SurfaceSampler {
 public:
  // Error(input) for a mesh without area.
  explicit SurfaceSampler(const Mesh& mesh);

  double area() const { return cumulativeAreas_.back(); }
  std::vector<SurfacePoint> sample(std::size_t count, Random& random) const;
  SurfacePoint sampleOne(Random& random) const;
  // The unit normal of a triangle by the order of its corners; zero for one without area.
  Point normal(std::uint32_t triangle) const;

 private:
  std::size_t triangleAt(double areaBefore) const;

  const Mesh& mesh_;
  std::vector<double> cumulativeAreas_;
  std::vector<std::uint32_t> guide_;  // where the search for an area begins: one entry for each equal share of it
};

}  // namespace cadrecode::cloud
