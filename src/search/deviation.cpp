#include "search/deviation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "metrics/point_tree.hpp"
#include "metrics/surface_tree.hpp"

namespace cadrecode::search {
namespace {

using cloud::operator-;

// Halves the longest sides until none is longer than `limit`; triangles beside each other share their new corners.
cloud::Mesh cut(const cloud::Mesh& mesh, double limit) {
  cloud::Mesh result{mesh.vertices, {}, {}};
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> middles;
  std::vector<cloud::Triangle> open(mesh.triangles.rbegin(), mesh.triangles.rend());
  while (!open.empty()) {
    const cloud::Triangle triangle = open.back();
    open.pop_back();
    std::size_t longest = 0;
    double length = -1;
    for (std::size_t i = 0; i < 3; ++i) {
      const double side = cloud::length(result.vertices[triangle[(i + 1) % 3]] - result.vertices[triangle[i]]);
      if (side > length) {
        length = side;
        longest = i;
      }
    }
    if (length <= limit) {
      result.triangles.push_back(triangle);
      continue;
    }
    const std::uint32_t a = triangle[longest], b = triangle[(longest + 1) % 3], c = triangle[(longest + 2) % 3];
    const auto [place, isNew] =
        middles.try_emplace(std::minmax(a, b), static_cast<std::uint32_t>(result.vertices.size()));
    const std::uint32_t middle = place->second;
    if (isNew) {
      const cloud::Point &p = result.vertices[a], &q = result.vertices[b];
      result.vertices.push_back({(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2});
    }
    open.push_back({middle, b, c});
    open.push_back({a, middle, c});
  }
  return result;
}

double roundScale(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (value <= step * power * (1 + 1e-9)) return step * power;
  }
  return 10 * power;
}

}  // namespace

DeviationMap mapDeviation(const cloud::Mesh& solid, const sandbox::Part& input, std::size_t triangles) {
  DeviationMap map;
  map.mesh = cut(solid, std::sqrt(cloud::area(solid) / (0.3 * static_cast<double>(triangles))));
  map.deviation.reserve(map.mesh.vertices.size());
  if (input.isMesh()) {
    const metrics::SurfaceTree tree(input.mesh());
    for (const cloud::Point& p : map.mesh.vertices) {
      const auto hit = tree.nearest(p);
      const bool inside = cloud::dot(p - hit.position, tree.normal(hit.triangle)) < 0;
      map.deviation.push_back(inside ? -hit.distance : hit.distance);
    }
  } else {
    const metrics::PointTree tree(input.cloud().points);
    for (const cloud::Point& p : map.mesh.vertices) map.deviation.push_back(tree.nearest(p).distance);
  }
  std::vector<double> sizes;
  for (const double value : map.deviation) sizes.push_back(std::abs(value));
  const std::size_t nearlyAll = sizes.size() * 98 / 100;
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(nearlyAll), sizes.end());
  map.scale = roundScale(std::max(sizes[nearlyAll], 0.002 * cloud::boxOf(solid).longestSide()));
  return map;
}

}  // namespace cadrecode::search
