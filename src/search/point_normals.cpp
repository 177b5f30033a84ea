#include "search/point_normals.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <tuple>

#include "metrics/point_tree.hpp"
#include "metrics/symmetric_eigen.hpp"

namespace cadrecode::search {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

constexpr int kCells = 32;  // of the surroundings, along the longest side
constexpr double kOneSided = 0.15;

// Where points are, in cells large enough that surfaces have no holes.
class Surroundings {
 public:
  Surroundings(const std::vector<cloud::Point>& points, const cloud::Box& box)
      : low_(box.low), cell_(box.longestSide() / kCells), taken_(static_cast<std::size_t>(kCells * kCells * kCells)) {
    for (const cloud::Point& p : points) taken_[placeOf(p)] = 1;
  }

  // Of the directions on either side of a plane through a point, the share from which one sees out of the cloud: that
  // on the normal's side less that on the other.
  double openness(const cloud::Point& point, const cloud::Point& normal) const {
    std::array<double, 2> open{}, all{};
    for (int x = -2; x <= 2; ++x) {
      for (int y = -2; y <= 2; ++y) {
        for (int z = -2; z <= 2; ++z) {
          if (std::max({std::abs(x), std::abs(y), std::abs(z)}) < 2) continue;
          const cloud::Point step = 0.5 * cloud::Point{x * 1.0, y * 1.0, z * 1.0};
          const double along = cloud::dot(step, normal) / cloud::length(step);
          if (std::abs(along) < 0.3) continue;
          const std::size_t side = along > 0 ? 0 : 1;
          all[side] += std::abs(along);
          if (leaves(point, cell_ * step)) open[side] += std::abs(along);
        }
      }
    }
    return open[0] / std::max(all[0], 1e-9) - open[1] / std::max(all[1], 1e-9);
  }

 private:
  std::size_t placeOf(const cloud::Point& p) const {
    std::size_t place = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      place = place * kCells +
              static_cast<std::size_t>(std::clamp(static_cast<int>((p[i] - low_[i]) / cell_), 0, kCells - 1));
    }
    return place;
  }
  bool leaves(cloud::Point p, const cloud::Point& step) const {
    p = p + 1.5 * step;  // off the point's own surface
    for (;; p = p + step) {
      for (std::size_t i = 0; i < 3; ++i) {
        if (p[i] < low_[i] || p[i] >= low_[i] + kCells * cell_) return true;
      }
      if (taken_[placeOf(p)] != 0) return false;
    }
  }

  cloud::Point low_;
  double cell_;
  std::vector<std::uint8_t> taken_;
};

}  // namespace

std::vector<cloud::Point> outwardNormals(const std::vector<cloud::Point>& points, std::size_t neighbours,
                                         double smooth) {
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
  const cloud::Box box = cloud::boxOf(points);
  const cloud::Point center = box.center();
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
  const auto spread = [&](std::uint32_t from, double most) {
    turned[from] = 1;
    for (const std::uint32_t to : beside[from]) {
      const double difference = 1 - std::abs(cloud::dot(normals[from], normals[to]));
      if (turned[to] == 0 && difference <= most) open.emplace(difference, to, from);
    }
  };
  // Turns all that can be reached as their neighbours are, where they differ by at most so much; gives them.
  const auto grow = [&](double most) {
    std::vector<std::uint32_t> reached;
    while (!open.empty()) {
      const auto [difference, to, from] = open.top();
      open.pop();
      if (turned[to] != 0) continue;
      if (cloud::dot(normals[from], normals[to]) < 0) normals[to] = -1.0 * normals[to];
      reached.push_back(to);
      spread(to, most);
    }
    return reached;
  };
  // Smooth faces first, each turned to the side from which one sees out of the cloud.
  const Surroundings surroundings(points, box);
  std::vector<std::uint32_t> known;
  for (const std::uint32_t start : outermost) {
    if (turned[start] != 0) continue;
    spread(start, smooth);
    std::vector<std::uint32_t> face = grow(smooth);
    face.push_back(start);
    double view = 0;
    for (const std::uint32_t i : face) view += surroundings.openness(points[i], normals[i]);
    if (std::abs(view) < kOneSided * static_cast<double>(face.size())) continue;
    for (const std::uint32_t i : face) {
      if (view < 0) normals[i] = -1.0 * normals[i];
    }
    known.insert(known.end(), face.begin(), face.end());
  }
  // From there to the others.
  std::fill(turned.begin(), turned.end(), std::uint8_t{0});
  for (const std::uint32_t i : known) turned[i] = 1;
  for (const std::uint32_t i : known) spread(i, 2);
  grow(2);
  for (const std::uint32_t start : outermost) {
    if (turned[start] != 0) continue;
    if (cloud::dot(normals[start], points[start] - center) < 0) normals[start] = -1.0 * normals[start];
    spread(start, 2);
    grow(2);
  }
  return normals;
}

}  // namespace cadrecode::search
