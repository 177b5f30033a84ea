#include "picture/render.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "picture/smooth_patches.hpp"

namespace cadrecode::picture {
namespace {

using cloud::operator*;
using cloud::operator+;
using cloud::Point;

constexpr std::size_t kFiner = 3;               // a pixel is the mean of so many times so many samples
constexpr double kBend = std::numbers::pi / 6;  // a line is drawn where triangles meet at more
constexpr Color kColor{158, 182, 208};
constexpr std::array<double, 3> kLine{34, 42, 54};
constexpr std::uint32_t kNothing = UINT32_MAX;

Point unit(const Point& p) { return (1 / cloud::length(p)) * p; }

// The way from a shape's coordinates to samples: right, down, and towards the eye.
struct View {
  Point eye = unit({1, -1.25, 0.95}), right = unit(cloud::cross({0, 0, 1}, eye)), up = cloud::cross(eye, right);
  double scale = 1, shiftX = 0, shiftY = 0;

  View(const std::vector<Point>& points, std::size_t samples) {
    std::vector<Point> seen;
    seen.reserve(points.size());
    for (const Point& p : points) seen.push_back({cloud::dot(p, right), cloud::dot(p, up), 0});
    const cloud::Box box = cloud::boxOf(seen);
    const double half = static_cast<double>(samples) / 2, extent = box.longestSide();
    scale = extent > 0 ? 0.9 * static_cast<double>(samples) / extent : 1;
    shiftX = half - box.center()[0] * scale;
    shiftY = half + box.center()[1] * scale;
  }
  Point at(const Point& p) const {
    return {shiftX + cloud::dot(p, right) * scale, shiftY - cloud::dot(p, up) * scale, cloud::dot(p, eye) * scale};
  }
};

struct Sample {
  double depth = -1e300;
  Point normal{};  // towards the eye
  std::uint32_t patch = kNothing;
  Color color{};
};

struct Samples {
  explicit Samples(std::size_t samples) : side(samples), all(samples * samples) {}
  std::size_t side;
  std::vector<Sample> all;
  Sample& at(std::size_t x, std::size_t y) { return all[y * side + x]; }
  const Sample& at(std::size_t x, std::size_t y) const { return all[y * side + x]; }
};

std::pair<std::size_t, std::size_t> range(double low, double high, std::size_t side) {
  const auto most = static_cast<double>(side);
  return {static_cast<std::size_t>(std::clamp(std::floor(low), 0.0, most)),
          static_cast<std::size_t>(std::clamp(std::ceil(high), 0.0, most))};
}

void draw(Samples& samples, const std::array<Point, 3>& p, const std::array<Point, 3>& normals,
          const std::array<Color, 3>& colors, std::uint32_t patch, const Point& eye) {
  const double whole = (p[1][0] - p[0][0]) * (p[2][1] - p[0][1]) - (p[1][1] - p[0][1]) * (p[2][0] - p[0][0]);
  if (std::abs(whole) < 1e-12) return;
  const auto [left, right] = std::minmax({p[0][0], p[1][0], p[2][0]});
  const auto [top, bottom] = std::minmax({p[0][1], p[1][1], p[2][1]});
  const auto [xBegin, xEnd] = range(left, right, samples.side);
  const auto [yBegin, yEnd] = range(top, bottom, samples.side);
  for (std::size_t y = yBegin; y < yEnd; ++y) {
    for (std::size_t x = xBegin; x < xEnd; ++x) {
      const double px = static_cast<double>(x) + 0.5, py = static_cast<double>(y) + 0.5;
      std::array<double, 3> weight{};
      for (std::size_t i = 0; i < 3; ++i) {
        const Point &a = p[(i + 1) % 3], &b = p[(i + 2) % 3];
        weight[i] = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / whole;
      }
      if (weight[0] < 0 || weight[1] < 0 || weight[2] < 0) continue;
      const double depth = weight[0] * p[0][2] + weight[1] * p[1][2] + weight[2] * p[2][2];
      Sample& sample = samples.at(x, y);
      if (depth <= sample.depth) continue;
      Point normal = weight[0] * normals[0] + weight[1] * normals[1] + weight[2] * normals[2];
      if (cloud::dot(normal, eye) < 0) normal = -1 * normal;
      Color color{};
      for (std::size_t c = 0; c < 3; ++c) {
        color[c] = static_cast<std::uint8_t>(
            std::lround(weight[0] * colors[0][c] + weight[1] * colors[1][c] + weight[2] * colors[2][c]));
      }
      sample = {depth, normal, patch, color};
    }
  }
}

// Where another surface begins beside or below a sample, of another patch (`edges`) or far behind.
std::vector<bool> linesOf(const Samples& samples, const Point& eye, bool edges) {
  std::vector<bool> lines(samples.all.size());
  auto differ = [&](const Sample& a, const Sample& b) {
    if (a.patch == b.patch && a.patch == kNothing) return false;
    if (a.patch == kNothing || b.patch == kNothing || (edges && a.patch != b.patch)) return true;
    const double facing = std::clamp(cloud::dot(a.normal, eye), 0.1, 1.0);
    return std::abs(a.depth - b.depth) > 4 + 2 * std::sqrt(1 - facing * facing) / facing;
  };
  for (std::size_t y = 0; y + 1 < samples.side; ++y) {
    for (std::size_t x = 0; x + 1 < samples.side; ++x) {
      const Sample& here = samples.at(x, y);
      lines[y * samples.side + x] = differ(here, samples.at(x + 1, y)) || differ(here, samples.at(x, y + 1));
    }
  }
  return lines;
}

// One sample further on every side.
std::vector<bool> widened(const std::vector<bool>& lines, std::size_t side) {
  std::vector<bool> wide(lines.size());
  for (std::size_t y = 1; y + 1 < side; ++y) {
    for (std::size_t x = 1; x + 1 < side; ++x) {
      if (!lines[y * side + x]) continue;
      for (std::size_t at : {y * side + x, y * side + x - 1, y * side + x + 1, (y - 1) * side + x, (y + 1) * side + x})
        wide[at] = true;
    }
  }
  return wide;
}

// Means of samples. `colorOf(x, y)` is a sample's.
template <class ColorOf>
Image reduced(std::size_t side, const ColorOf& colorOf) {
  Image image(side, side);
  for (std::size_t y = 0; y < side; ++y) {
    for (std::size_t x = 0; x < side; ++x) {
      std::array<double, 3> sum{};
      for (std::size_t i = 0; i < kFiner * kFiner; ++i) {
        const std::array<double, 3> color = colorOf(x * kFiner + i % kFiner, y * kFiner + i / kFiner);
        for (std::size_t c = 0; c < 3; ++c) sum[c] += color[c];
      }
      for (std::size_t c = 0; c < 3; ++c) {
        // In steps that no eye sees: pictures of parts stay small files.
        const double value = sum[c] / (kFiner * kFiner);
        image.at(x, y)[c] = static_cast<std::uint8_t>(std::min(255.0, std::round(value / 5) * 5));
      }
    }
  }
  return image;
}

}  // namespace

Image render(const cloud::Mesh& mesh, std::size_t side) { return render(mesh, {}, side); }

Image render(const cloud::Mesh& mesh, const std::vector<Color>& colors, std::size_t side) {
  if (mesh.triangles.empty()) return Image(side, side);
  Samples samples(side * kFiner);
  std::vector<Point> used;
  for (const cloud::Triangle& triangle : mesh.triangles) {
    for (std::uint32_t vertex : triangle) used.push_back(mesh.vertices[vertex]);
  }
  const View view(used, samples.side);
  const SmoothPatches patches = smoothPatches(mesh, kBend);
  for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
    std::array<Point, 3> p;
    std::array<Color, 3> corners{kColor, kColor, kColor};
    for (std::size_t i = 0; i < 3; ++i) {
      p[i] = view.at(used[3 * t + i]);
      if (!colors.empty()) corners[i] = colors[mesh.triangles[t][i]];
    }
    draw(samples, p, patches.normals[t], corners, patches.patch[t], view.eye);
  }
  // A rough scan has more patches than edges worth a line.
  const bool edges = colors.empty() && patches.count < 200 + mesh.triangles.size() / 8;
  const std::vector<bool> lines = widened(linesOf(samples, view.eye, edges), samples.side);
  const Point key = unit(0.6 * view.eye + 0.45 * view.up + -0.75 * view.right);
  return reduced(side, [&](std::size_t x, std::size_t y) -> std::array<double, 3> {
    if (lines[y * samples.side + x]) return kLine;
    const Sample& sample = samples.at(x, y);
    if (sample.patch == kNothing) return {255, 255, 255};
    const double above = 0.5 + 0.5 * sample.normal[2], lit = std::max(0.0, cloud::dot(sample.normal, key));
    const double bright = 0.42 + 0.3 * above + 0.46 * lit;
    std::array<double, 3> color{};
    for (std::size_t c = 0; c < 3; ++c) color[c] = std::min(255.0, sample.color[c] * bright);
    return color;
  });
}

Image render(const cloud::Cloud& cloud, std::size_t side) {
  if (cloud.points.empty()) return Image(side, side);
  Samples samples(side * kFiner);
  const View view(cloud.points, samples.side);
  const double many = static_cast<double>(cloud.points.size());
  const double radius = std::clamp(0.35 * static_cast<double>(samples.side) / std::sqrt(many), 1.0,
                                   0.012 * static_cast<double>(samples.side));
  double near = -1e300, far = 1e300;
  for (const Point& point : cloud.points) {
    const Point p = view.at(point);
    near = std::max(near, p[2]);
    far = std::min(far, p[2]);
    const auto [xBegin, xEnd] = range(p[0] - radius, p[0] + radius, samples.side);
    const auto [yBegin, yEnd] = range(p[1] - radius, p[1] + radius, samples.side);
    for (std::size_t y = yBegin; y < yEnd; ++y) {
      for (std::size_t x = xBegin; x < xEnd; ++x) {
        const double dx = static_cast<double>(x) + 0.5 - p[0], dy = static_cast<double>(y) + 0.5 - p[1];
        Sample& sample = samples.at(x, y);
        if (dx * dx + dy * dy <= radius * radius && p[2] > sample.depth) sample = {p[2], {}, 0, kColor};
      }
    }
  }
  return reduced(side, [&](std::size_t x, std::size_t y) -> std::array<double, 3> {
    const Sample& sample = samples.at(x, y);
    if (sample.patch == kNothing) return {255, 255, 255};
    const double light = near > far ? 1.1 - 0.8 * (sample.depth - far) / (near - far) : 0.5;
    return {kColor[0] * light, kColor[1] * light, kColor[2] * light};
  });
}

}  // namespace cadrecode::picture
