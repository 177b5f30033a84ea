#include "picture/smooth_patches.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace cadrecode::picture {
namespace {

using cloud::operator*;
using cloud::operator+;
using cloud::Point;

struct Side {
  std::uint64_t edge;  // both vertices, the smaller one first
  std::uint32_t triangle;
};

std::vector<Side> sidesOf(const cloud::Mesh& mesh) {
  std::vector<Side> sides;
  sides.reserve(3 * mesh.triangles.size());
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint64_t a = mesh.triangles[t][i], b = mesh.triangles[t][(i + 1) % 3];
      sides.push_back({std::min(a, b) << 32 | std::max(a, b), static_cast<std::uint32_t>(t)});
    }
  }
  std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) { return a.edge < b.edge; });
  return sides;
}

std::uint32_t rootOf(std::vector<std::uint32_t>& parents, std::uint32_t index) {
  while (parents[index] != index) index = parents[index] = parents[parents[index]];
  return index;
}

Point unitOrZero(const Point& p) {
  const double length = cloud::length(p);
  return length > 0 ? (1 / length) * p : Point{};
}

}  // namespace

SmoothPatches smoothPatches(const cloud::Mesh& mesh, double angle) {
  const std::size_t triangles = mesh.triangles.size();
  std::vector<Point> areas(triangles);
  for (std::size_t t = 0; t < triangles; ++t) areas[t] = cloud::doubleAreaVector(mesh, mesh.triangles[t]);

  std::vector<std::uint32_t> parents(triangles);
  std::iota(parents.begin(), parents.end(), 0U);
  const std::vector<Side> sides = sidesOf(mesh);
  for (std::size_t first = 0; first < sides.size();) {
    std::size_t end = first + 1;
    while (end < sides.size() && sides[end].edge == sides[first].edge) ++end;
    if (end == first + 2) {
      const std::uint32_t a = sides[first].triangle, b = sides[first + 1].triangle;
      if (cloud::dot(areas[a], areas[b]) >= std::cos(angle) * cloud::length(areas[a]) * cloud::length(areas[b])) {
        parents[rootOf(parents, a)] = rootOf(parents, b);
      }
    }
    first = end;
  }

  SmoothPatches result;
  result.patch.resize(triangles);
  std::vector<std::uint32_t> numbers(triangles, UINT32_MAX);
  for (std::uint32_t t = 0; t < triangles; ++t) {
    std::uint32_t& number = numbers[rootOf(parents, t)];
    if (number == UINT32_MAX) number = static_cast<std::uint32_t>(result.count++);
    result.patch[t] = number;
  }

  // Weighted by area, so that a large flat face stays flat beside the small ones of a fillet.
  std::unordered_map<std::uint64_t, Point> sums;  // by vertex and patch
  auto key = [&](std::size_t t, std::size_t corner) {
    return static_cast<std::uint64_t>(mesh.triangles[t][corner]) << 32 | result.patch[t];
  };
  for (std::size_t t = 0; t < triangles; ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      Point& sum = sums[key(t, i)];
      sum = sum + areas[t];
    }
  }
  result.normals.resize(triangles);
  for (std::size_t t = 0; t < triangles; ++t) {
    for (std::size_t i = 0; i < 3; ++i) result.normals[t][i] = unitOrZero(sums.at(key(t, i)));
  }
  return result;
}

}  // namespace cadrecode::picture
