// The nearest place of a mesh's surface, by a tree of boxes over its triangles. Refers to the mesh, which must outlive
// it; searching is const and safe in any thread. Lengths in the mesh's units.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

// The place of a triangle nearest to a point (after Ericson, Real-Time Collision Detection, 5.1.5).
cloud::Point nearestOfTriangle(const cloud::Point& point, const cloud::Point& a, const cloud::Point& b,
                               const cloud::Point& c);

class SurfaceTree {
 public:
  struct Hit {
    cloud::Point position;
    double distance;
    std::uint32_t triangle;
  };

  // Error(input) for a mesh without triangles.
  explicit SurfaceTree(const cloud::Mesh& mesh);

  // `near`, a triangle that is thought to be about there, is looked at first: the nearer, the quicker. It changes the
  // answer only between places that are equally near.
  Hit nearest(const cloud::Point& query, std::uint32_t near = kNone) const;
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  // The unit normal of a triangle by the order of its corners; zero for one without area.
  cloud::Point normal(std::uint32_t triangle) const;

 private:
  struct Node {
    cloud::Box box;
    std::uint32_t first;  // of its triangles in order_, or of its two children in nodes_
    std::uint32_t count;  // of its triangles; 0 for a node with children
  };
  void build(std::uint32_t node, std::uint32_t begin, std::uint32_t end, const std::vector<cloud::Point>& centers);

  const cloud::Mesh& mesh_;
  std::vector<std::uint32_t> order_;
  std::vector<Node> nodes_;
};

}  // namespace cadrecode::metrics
