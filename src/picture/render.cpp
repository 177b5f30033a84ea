#include "picture/render.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace cadrecode::picture {
namespace {

using cloud::operator*;
using cloud::operator+;
using cloud::Point;

constexpr std::size_t kFiner = 2;  // pixels are averaged from so many times so many
constexpr double kBend = 0.87;     // cosine of the angle between neighbours from which on a line is drawn
constexpr std::array<double, 3> kColor{150, 178, 206};
constexpr Color kLine{38, 48, 60};

Point unit(const Point& p) { return (1 / cloud::length(p)) * p; }

struct Hit {
  double depth = -1e300;  // towards the eye
  Point normal{};
  bool set = false;
};

}  // namespace

Image render(const cloud::Mesh& mesh, std::size_t side) {
  Image image(side, side);
  if (mesh.triangles.empty()) return image;
  const Point eye = unit({1, -1.25, 0.9}), right = unit(cloud::cross({0, 0, 1}, eye)), up = cloud::cross(eye, right);
  const Point light = unit(eye + 0.35 * right + 0.8 * up);
  std::vector<Point> seen;  // right, up, depth
  for (const Point& p : mesh.vertices) seen.push_back({cloud::dot(p, right), cloud::dot(p, up), cloud::dot(p, eye)});
  cloud::Mesh turned{seen, mesh.triangles, {}};
  const cloud::Box box = cloud::boxOf(turned);
  const Point middle = box.center();
  const double extent = std::max({box.high[0] - box.low[0], box.high[1] - box.low[1], 1e-300});
  const std::size_t fine = side * kFiner;
  const double scale = 0.9 * static_cast<double>(fine) / extent, half = static_cast<double>(fine) / 2;
  std::vector<Hit> hits(fine * fine);
  for (const cloud::Triangle& triangle : mesh.triangles) {
    const Point area = cloud::doubleAreaVector(mesh, triangle);
    if (cloud::length(area) <= 0) continue;
    const Point normal = unit(area);
    std::array<Point, 3> p;
    for (std::size_t i = 0; i < 3; ++i) {
      const Point& q = seen[triangle[i]];
      p[i] = {half + (q[0] - middle[0]) * scale, half - (q[1] - middle[1]) * scale, q[2] * scale};
    }
    const double whole = (p[1][0] - p[0][0]) * (p[2][1] - p[0][1]) - (p[1][1] - p[0][1]) * (p[2][0] - p[0][0]);
    if (std::abs(whole) < 1e-12) continue;
    auto range = [&](std::size_t axis) {
      const auto [low, high] = std::minmax({p[0][axis], p[1][axis], p[2][axis]});
      return std::pair(static_cast<std::size_t>(std::max(0.0, std::floor(low))),
                       static_cast<std::size_t>(std::clamp(std::ceil(high), 0.0, static_cast<double>(fine))));
    };
    const auto [left, rightmost] = range(0);
    const auto [top, bottom] = range(1);
    for (std::size_t y = top; y < bottom; ++y) {
      for (std::size_t x = left; x < rightmost; ++x) {
        const double px = static_cast<double>(x) + 0.5, py = static_cast<double>(y) + 0.5;
        std::array<double, 3> weight{};
        for (std::size_t i = 0; i < 3; ++i) {
          const Point &a = p[(i + 1) % 3], &b = p[(i + 2) % 3];
          weight[i] = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / whole;
        }
        if (weight[0] < 0 || weight[1] < 0 || weight[2] < 0) continue;
        const double depth = weight[0] * p[0][2] + weight[1] * p[1][2] + weight[2] * p[2][2];
        Hit& hit = hits[y * fine + x];
        if (depth > hit.depth) hit = {depth, normal, true};
      }
    }
  }
  // A pixel is on a line when the one beside or below it shows another surface.
  auto isLine = [&](std::size_t x, std::size_t y) {
    const Hit& here = hits[y * fine + x];
    for (auto [dx, dy] : {std::pair<std::size_t, std::size_t>{1, 0}, {0, 1}}) {
      if (x + dx >= fine || y + dy >= fine) continue;
      const Hit& there = hits[(y + dy) * fine + x + dx];
      if (here.set != there.set) return true;
      if (!here.set) continue;
      if (cloud::dot(here.normal, there.normal) < kBend) return true;
      const double slope = std::max(0.15, std::abs(cloud::dot(here.normal, eye)));
      if (std::abs(here.depth - there.depth) > 2.0 + 1.5 / slope) return true;
    }
    return false;
  };
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      std::array<double, 3> sum{};
      for (std::size_t i = 0; i < kFiner * kFiner; ++i) {
        const std::size_t fx = x * kFiner + i % kFiner, fy = y * kFiner + i / kFiner;
        const Hit& hit = hits[fy * fine + fx];
        const bool line = isLine(fx, fy);
        const double bright = hit.set ? 0.45 + 0.65 * std::max(0.0, cloud::dot(hit.normal, light)) : 0;
        for (std::size_t c = 0; c < 3; ++c) {
          sum[c] += line ? kLine[c] : hit.set ? std::min(255.0, kColor[c] * bright) : 255.0;
        }
      }
      for (std::size_t c = 0; c < 3; ++c) {
        // Sixteen levels: pictures of parts stay small files.
        const double value = sum[c] / (kFiner * kFiner);
        image.at(x, y)[c] = static_cast<std::uint8_t>(std::min(255.0, std::round(value / 17) * 17));
      }
    }
  }
  return image;
}

}  // namespace cadrecode::picture
