// Says whether a ray meets a mesh, by a tree of boxes over its triangles. Refers to the mesh, which must outlive it;
// testing is const and safe in any thread. Lengths in the mesh's units.
#pragma once

#include <cstdint>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

class RayTester {
 public:
  explicit RayTester(const Mesh& mesh);

  // True when the ray meets a triangle other than `except`, from either side and farther away than `nearest`.
  // `direction` need not be of length 1; `nearest` is measured in its length.
  bool meets(const Point& origin, const Point& direction, std::uint32_t except, double nearest) const;

 private:
  struct Node {
    Box box;
    std::uint32_t first;  // of its triangles in order_, or of its two children in nodes_
    std::uint32_t count;  // of its triangles; 0 for a node with children
  };
  void build(std::uint32_t node, std::uint32_t begin, std::uint32_t end, const std::vector<Point>& centers);
  bool meetsTriangle(const Point& origin, const Point& direction, std::uint32_t triangle, double nearest) const;

  const Mesh& mesh_;
  std::vector<std::uint32_t> order_;
  std::vector<Node> nodes_;
};

}  // namespace cadrecode::cloud
