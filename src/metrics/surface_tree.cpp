#include "metrics/surface_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

using cloud::Box;
using cloud::Point;

constexpr std::uint32_t kLeafTriangles = 4;

double squaredDistance(const Point& point, const Box& box) {
  double sum = 0;
  for (int axis = 0; axis < 3; ++axis) {
    const double outside = std::max(std::max(box.low[axis] - point[axis], point[axis] - box.high[axis]), 0.0);
    sum += outside * outside;
  }
  return sum;
}

}  // namespace

Point nearestOfTriangle(const Point& point, const Point& a, const Point& b, const Point& c) {
  using cloud::dot;
  const Point ab = b - a, ac = c - a, ap = point - a;
  const double d1 = dot(ab, ap), d2 = dot(ac, ap);
  if (d1 <= 0 && d2 <= 0) return a;
  const Point bp = point - b;
  const double d3 = dot(ab, bp), d4 = dot(ac, bp);
  if (d3 >= 0 && d4 <= d3) return b;
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + (d1 / (d1 - d3)) * ab;
  const Point cp = point - c;
  const double d5 = dot(ab, cp), d6 = dot(ac, cp);
  if (d6 >= 0 && d5 <= d6) return c;
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + (d2 / (d2 - d6)) * ac;
  const double va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) return b + ((d4 - d3) / ((d4 - d3) + (d5 - d6))) * (c - b);
  const double scale = 1 / (va + vb + vc);
  return a + (vb * scale) * ab + (vc * scale) * ac;
}

SurfaceTree::SurfaceTree(const cloud::Mesh& mesh) : mesh_(mesh) {
  const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
  if (count == 0) throw Error(ErrorCode::input, "ValueError", "a mesh without triangles has no surface to measure to");
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), 0);
  std::vector<Point> centers;
  centers.reserve(count);
  for (const cloud::Triangle& t : mesh.triangles) {
    centers.push_back(mesh.vertices[t[0]] + mesh.vertices[t[1]] + mesh.vertices[t[2]]);
  }
  nodes_.reserve(count);
  nodes_.emplace_back();
  build(0, 0, count, centers);
}

void SurfaceTree::build(std::uint32_t node, std::uint32_t begin, std::uint32_t end, const std::vector<Point>& centers) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Box box{{kInfinity, kInfinity, kInfinity}, {-kInfinity, -kInfinity, -kInfinity}};
  Box middle = box;
  for (std::uint32_t i = begin; i < end; ++i) {
    for (int axis = 0; axis < 3; ++axis) {
      for (const std::uint32_t corner : mesh_.triangles[order_[i]]) {
        box.low[axis] = std::min(box.low[axis], mesh_.vertices[corner][axis]);
        box.high[axis] = std::max(box.high[axis], mesh_.vertices[corner][axis]);
      }
      middle.low[axis] = std::min(middle.low[axis], centers[order_[i]][axis]);
      middle.high[axis] = std::max(middle.high[axis], centers[order_[i]][axis]);
    }
  }
  nodes_[node] = {box, begin, end - begin};
  if (end - begin <= kLeafTriangles) return;
  int axis = 0;
  for (int other = 1; other < 3; ++other) {
    if (middle.high[other] - middle.low[other] > middle.high[axis] - middle.low[axis]) axis = other;
  }
  const std::uint32_t half = begin + (end - begin) / 2;
  std::nth_element(order_.begin() + begin, order_.begin() + half, order_.begin() + end,
                   [&](std::uint32_t a, std::uint32_t b) {
                     return std::pair(centers[a][axis], a) < std::pair(centers[b][axis], b);
                   });
  const auto children = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  nodes_.emplace_back();
  nodes_[node].first = children;
  nodes_[node].count = 0;
  build(children, begin, half, centers);
  build(children + 1, half, end, centers);
}

SurfaceTree::Hit SurfaceTree::nearest(const Point& query, std::uint32_t near) const {
  Hit best{{}, 0, 0};
  double bestSquare = std::numeric_limits<double>::infinity();
  auto look = [&](std::uint32_t triangle) {
    const cloud::Triangle& t = mesh_.triangles[triangle];
    const Point place = nearestOfTriangle(query, mesh_.vertices[t[0]], mesh_.vertices[t[1]], mesh_.vertices[t[2]]);
    const Point way = query - place;
    const double square = cloud::dot(way, way);
    if (square < bestSquare) {
      bestSquare = square;
      best.position = place;
      best.triangle = triangle;
    }
  };
  if (near != kNone) look(near);
  std::array<std::pair<double, std::uint32_t>, 64> stack;  // halving keeps the tree less than 33 levels deep
  std::size_t depth = 0;
  stack[depth++] = {squaredDistance(query, nodes_[0].box), 0};
  while (depth > 0) {
    const auto [square, index] = stack[--depth];
    if (square >= bestSquare) continue;
    const Node& node = nodes_[index];
    if (node.count == 0) {
      std::pair<double, std::uint32_t> nearer{squaredDistance(query, nodes_[node.first].box), node.first};
      std::pair<double, std::uint32_t> farther{squaredDistance(query, nodes_[node.first + 1].box), node.first + 1};
      if (farther.first < nearer.first) std::swap(nearer, farther);
      if (farther.first < bestSquare) stack[depth++] = farther;
      if (nearer.first < bestSquare) stack[depth++] = nearer;
      continue;
    }
    for (std::uint32_t i = node.first; i < node.first + node.count; ++i) look(order_[i]);
  }
  best.distance = std::sqrt(bestSquare);
  return best;
}

Point SurfaceTree::normal(std::uint32_t triangle) const {
  const Point vector = cloud::doubleAreaVector(mesh_, mesh_.triangles[triangle]);
  const double size = cloud::length(vector);
  return size > 0 ? 1 / size * vector : Point{};
}

}  // namespace cadrecode::metrics
