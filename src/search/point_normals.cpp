#include "search/point_normals.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

#include "metrics/point_tree.hpp"
#include "metrics/symmetric_eigen.hpp"

namespace cadrecode::search {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

std::vector<cloud::Point> outwardNormals(const std::vector<cloud::Point>& points, std::size_t neighbours) {
  if (points.size() <= neighbours) return {};
  const metrics::PointTree tree(points);
  std::vector<cloud::Point> normals(points.size());
  std::vector<std::vector<std::uint32_t>> near(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    cloud::Point mean{};
    for (const metrics::Nearest& n : tree.nearest(points[i], neighbours)) {
      near[i].push_back(n.index);
      mean = mean + points[n.index];
    }
    mean = 1 / static_cast<double>(near[i].size()) * mean;
    std::array<std::array<double, 3>, 3> spread{};
    for (const std::uint32_t k : near[i]) {
      const cloud::Point d = points[k] - mean;
      for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t b = 0; b < 3; ++b) spread[a][b] += d[a] * d[b];
      }
    }
    normals[i] = metrics::symmetricEigen<3>(spread).vectors[2];
  }
  // The graph of neighbours goes both ways.
  std::vector<std::vector<std::uint32_t>> beside = near;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const std::uint32_t k : near[i]) beside[k].push_back(static_cast<std::uint32_t>(i));
  }
  const cloud::Point center = cloud::boxOf(points).center();
  std::vector<std::uint32_t> outermost(points.size());
  std::vector<double> distance(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    outermost[i] = static_cast<std::uint32_t>(i);
    distance[i] = cloud::length(points[i] - center);
  }
  std::stable_sort(outermost.begin(), outermost.end(), [&](auto a, auto b) { return distance[a] > distance[b]; });
  std::vector<std::uint8_t> turned(points.size());
  using Step = std::tuple<double, std::uint32_t, std::uint32_t>;  // how much they differ, to, from
  std::priority_queue<Step, std::vector<Step>, std::greater<>> open;
  const auto spread = [&](std::uint32_t from) {
    turned[from] = 1;
    for (const std::uint32_t to : beside[from]) {
      if (turned[to] == 0) open.emplace(1 - std::abs(cloud::dot(normals[from], normals[to])), to, from);
    }
  };
  for (const std::uint32_t start : outermost) {
    if (turned[start] != 0) continue;
    if (cloud::dot(normals[start], points[start] - center) < 0) normals[start] = -1.0 * normals[start];
    spread(start);
    while (!open.empty()) {
      const auto [difference, to, from] = open.top();
      open.pop();
      if (turned[to] != 0) continue;
      if (cloud::dot(normals[from], normals[to]) < 0) normals[to] = -1.0 * normals[to];
      spread(to);
    }
  }
  return normals;
}

}  // namespace cadrecode::search
