#include "cloud/geometry.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Box emptyBox() { return {{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}}; }

void extend(Box& box, const Point& point) {
  for (int axis = 0; axis < 3; ++axis) {
    box.low[axis] = std::min(box.low[axis], point[axis]);
    box.high[axis] = std::max(box.high[axis], point[axis]);
  }
}

}  // namespace

Box boxOf(const Mesh& mesh) {
  if (mesh.triangles.empty()) throw Error(ErrorCode::input, "ValueError", "a mesh without triangles has no box");
  Box box = emptyBox();
  for (const Triangle& triangle : mesh.triangles) {
    for (std::uint32_t corner : triangle) extend(box, mesh.vertices[corner]);
  }
  return box;
}

Box boxOf(const std::vector<Point>& points) {
  if (points.empty()) throw Error(ErrorCode::input, "ValueError", "a cloud without points has no box");
  Box box = emptyBox();
  for (const Point& point : points) extend(box, point);
  return box;
}

Point doubleAreaVector(const Mesh& mesh, const Triangle& triangle) {
  const Point& corner = mesh.vertices[triangle[0]];
  return cross(mesh.vertices[triangle[1]] - corner, mesh.vertices[triangle[2]] - corner);
}

double area(const Mesh& mesh) {
  double sum = 0;
  for (const Triangle& triangle : mesh.triangles) sum += length(doubleAreaVector(mesh, triangle));
  return sum / 2;
}

}  // namespace cadrecode::cloud
