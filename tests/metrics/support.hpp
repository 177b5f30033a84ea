// Shapes that the tests of metrics share, and the pairs with known answers beside the checkout.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "cloud/geometry.hpp"
#include "cloud/read.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::metrics {

// Points are arrays: their functions are not found by themselves.
using cloud::cross;
using cloud::dot;
using cloud::length;
using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

}  // namespace cadrecode::metrics

namespace cadrecode::metrics::testing {

using cloud::Mesh;
using cloud::Point;

inline std::string goldens() { return CADRECODE_SOURCE_DIR "/../shared/goldens/metrics"; }
inline bool haveGoldens() { return std::filesystem::exists(goldens() + "/pairs.json"); }

// p04_box_thicker, 'a': the reference, 'b': the prediction.
inline Mesh goldenMesh(const std::string& pair, char side) {
  return std::get<Mesh>(cloud::readInputFile(goldens() + "/" + pair + "_" + side + ".stl").geometry);
}

inline void append(Mesh& mesh, const Mesh& more, bool insideOut = false) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), more.vertices.begin(), more.vertices.end());
  for (cloud::Triangle t : more.triangles) {
    if (insideOut) std::swap(t[0], t[1]);
    mesh.triangles.push_back({t[0] + first, t[1] + first, t[2] + first});
  }
}

inline Mesh box(const Point& low, const Point& high) {
  Mesh mesh;
  for (int corner = 0; corner < 8; ++corner) {
    mesh.vertices.push_back(
        {corner & 1 ? high[0] : low[0], corner & 2 ? high[1] : low[1], corner & 4 ? high[2] : low[2]});
  }
  mesh.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                    {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return mesh;
}

// A sphere of rings and sectors; its own volume is below the ball's.
inline Mesh sphere(double radius, int rings, const Point& center = {}) {
  Mesh mesh;
  const int sectors = 2 * rings;
  auto at = [&](int ring, int sector) {
    const double theta = std::numbers::pi * ring / rings, phi = std::numbers::pi * sector / rings;
    return center + radius * Point{std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi), std::cos(theta)};
  };
  mesh.vertices.push_back(at(0, 0));
  for (int ring = 1; ring < rings; ++ring) {
    for (int sector = 0; sector < sectors; ++sector) mesh.vertices.push_back(at(ring, sector));
  }
  mesh.vertices.push_back(at(rings, 0));
  auto index = [&](int ring, int sector) {
    if (ring == 0) return std::uint32_t{0};
    if (ring == rings) return static_cast<std::uint32_t>(mesh.vertices.size() - 1);
    return static_cast<std::uint32_t>(1 + (ring - 1) * sectors + sector % sectors);
  };
  for (int ring = 0; ring < rings; ++ring) {
    for (int sector = 0; sector < sectors; ++sector) {
      const std::uint32_t a = index(ring, sector), b = index(ring + 1, sector), c = index(ring + 1, sector + 1),
                          d = index(ring, sector + 1);
      if (ring + 1 < rings) mesh.triangles.push_back({a, b, c});
      if (ring > 0) mesh.triangles.push_back({a, c, d});
    }
  }
  return mesh;
}

inline double volumeOf(const Mesh& mesh) {
  double volume = 0;
  for (const cloud::Triangle& t : mesh.triangles) {
    volume += cloud::dot(mesh.vertices[t[0]], cloud::cross(mesh.vertices[t[1]], mesh.vertices[t[2]])) / 6;
  }
  return volume;
}

inline std::vector<Point> randomPoints(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) points.push_back({random.uniform(), random.uniform(), random.uniform()});
  return points;
}

// A turn by Euler's angles, in radians.
inline Point turned(const Point& p, double a, double b) {
  const Point q{std::cos(a) * p[0] - std::sin(a) * p[1], std::sin(a) * p[0] + std::cos(a) * p[1], p[2]};
  return {q[0], std::cos(b) * q[1] - std::sin(b) * q[2], std::sin(b) * q[1] + std::cos(b) * q[2]};
}

inline Mesh turned(Mesh mesh, double a, double b) {
  for (Point& vertex : mesh.vertices) vertex = turned(vertex, a, b);
  return mesh;
}

}  // namespace cadrecode::metrics::testing
