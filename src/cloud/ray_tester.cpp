#include "cloud/ray_tester.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cadrecode::cloud {
namespace {

constexpr std::uint32_t leafSize = 4;

// The ray against the box, a little enlarged, so that rounding never hides what lies in it.
bool meetsBox(const Box& box, const Point& origin, const Point& inverse) {
  double enter = 0;
  double leave = std::numeric_limits<double>::infinity();
  for (int axis = 0; axis < 3; ++axis) {
    if (std::isinf(inverse[axis])) {  // the ray keeps its distance from these two sides
      if (origin[axis] < box.low[axis] || origin[axis] > box.high[axis]) return false;
      continue;
    }
    double a = (box.low[axis] - origin[axis]) * inverse[axis];
    double b = (box.high[axis] - origin[axis]) * inverse[axis];
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  return enter <= leave * (1 + 1e-12);
}

}  // namespace

RayTester::RayTester(const Mesh& mesh) : mesh_(mesh), order_(mesh.triangles.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
  std::vector<Point> centers;
  centers.reserve(order_.size());
  for (const Triangle& triangle : mesh.triangles) {
    centers.push_back(mesh.vertices[triangle[0]] + mesh.vertices[triangle[1]] + mesh.vertices[triangle[2]]);
  }
  nodes_.resize(1);
  build(0, 0, static_cast<std::uint32_t>(order_.size()), centers);
}

void RayTester::build(std::uint32_t node, std::uint32_t begin, std::uint32_t end, const std::vector<Point>& centers) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Box box{{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}};
  Box middle = box;
  for (std::uint32_t i = begin; i < end; ++i) {
    for (int axis = 0; axis < 3; ++axis) {
      for (std::uint32_t corner : mesh_.triangles[order_[i]]) {
        box.low[axis] = std::min(box.low[axis], mesh_.vertices[corner][axis]);
        box.high[axis] = std::max(box.high[axis], mesh_.vertices[corner][axis]);
      }
      middle.low[axis] = std::min(middle.low[axis], centers[order_[i]][axis]);
      middle.high[axis] = std::max(middle.high[axis], centers[order_[i]][axis]);
    }
  }
  if (end - begin <= leafSize) {
    nodes_[node] = {box, begin, end - begin};
    return;
  }
  Point extent = middle.high - middle.low;
  auto axis = static_cast<std::size_t>(std::max_element(extent.begin(), extent.end()) - extent.begin());
  std::uint32_t half = begin + (end - begin) / 2;
  std::nth_element(order_.begin() + begin, order_.begin() + half, order_.begin() + end,
                   [&](std::uint32_t a, std::uint32_t b) { return centers[a][axis] < centers[b][axis]; });
  auto children = static_cast<std::uint32_t>(nodes_.size());
  nodes_[node] = {box, children, 0};
  nodes_.resize(nodes_.size() + 2);
  build(children, begin, half, centers);
  build(children + 1, half, end, centers);
}

// Möller and Trumbore's test.
bool RayTester::meetsTriangle(const Point& origin, const Point& direction, std::uint32_t triangle,
                              double nearest) const {
  const Triangle& corners = mesh_.triangles[triangle];
  const Point& corner = mesh_.vertices[corners[0]];
  Point along = mesh_.vertices[corners[1]] - corner;
  Point across = mesh_.vertices[corners[2]] - corner;
  Point normal = cross(direction, across);
  double determinant = dot(along, normal);
  if (determinant == 0) return false;
  Point offset = origin - corner;
  double u = dot(offset, normal) / determinant;
  if (u < 0 || u > 1) return false;
  Point other = cross(offset, along);
  double v = dot(direction, other) / determinant;
  if (v < 0 || u + v > 1) return false;
  return dot(across, other) / determinant > nearest;
}

bool RayTester::meets(const Point& origin, const Point& direction, std::uint32_t except, double nearest) const {
  Point inverse{1 / direction[0], 1 / direction[1], 1 / direction[2]};
  // Halving keeps the tree below 33 levels, and each level leaves at most one node waiting.
  std::uint32_t waiting[64];
  int count = 0;
  waiting[count++] = 0;
  while (count > 0) {
    const Node& node = nodes_[waiting[--count]];
    if (!meetsBox(node.box, origin, inverse)) continue;
    if (node.count == 0) {
      waiting[count++] = node.first;
      waiting[count++] = node.first + 1;
      continue;
    }
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
      if (order_[i] != except && meetsTriangle(origin, direction, order_[i], nearest)) return true;
    }
  }
  return false;
}

}  // namespace cadrecode::cloud
