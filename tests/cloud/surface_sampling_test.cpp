#include "cloud/surface_sampling.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "cloud/support.hpp"

namespace cadrecode::cloud {
namespace {

using testing::boxMesh;
using testing::expectRefusal;

// Pearson's statistic lies above this with a probability far below 1e-4.
double chiSquareLimit(double freedom) { return freedom + 5 * std::sqrt(2 * freedom) + 5; }

double chiSquare(const std::vector<double>& expected, const std::vector<std::size_t>& counted) {
  double sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    double difference = static_cast<double>(counted[i]) - expected[i];
    sum += difference * difference / expected[i];
  }
  return sum;
}

// A sphere of radius 1 from an octahedron whose faces were cut in four again and again.
Mesh sphereMesh(int cuts) {
  Mesh mesh;
  mesh.vertices = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  mesh.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  for (int cut = 0; cut < cuts; ++cut) {
    std::vector<Triangle> triangles;
    for (const Triangle& t : mesh.triangles) {
      auto first = static_cast<std::uint32_t>(mesh.vertices.size());
      for (int side = 0; side < 3; ++side) {
        Point middle = mesh.vertices[t[side]] + mesh.vertices[t[(side + 1) % 3]];
        mesh.vertices.push_back(1 / length(middle) * middle);
      }
      triangles.push_back({t[0], first, first + 2});
      triangles.push_back({first, t[1], first + 1});
      triangles.push_back({first + 2, first + 1, t[2]});
      triangles.push_back({first, first + 1, first + 2});
    }
    mesh.triangles = std::move(triangles);
  }
  return mesh;
}

TEST(SurfaceSampling, ChoosesTrianglesByTheirArea) {
  // A fan of triangles whose areas go over four orders of magnitude, one without area among them.
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}};
  for (int i = 0; i <= 40; ++i) mesh.vertices.push_back({std::pow(1.3, i), 1, 0});
  for (std::uint32_t i = 1; i <= 40; ++i) mesh.triangles.push_back({0, i, i + 1});
  mesh.triangles.insert(mesh.triangles.begin() + 20, Triangle{0, 1, 1});
  SurfaceSampler sampler(mesh);
  Random random(3);
  constexpr std::size_t total = 2'000'000;
  std::vector<std::size_t> counted(mesh.triangles.size());
  for (const SurfacePoint& point : sampler.sample(total, random)) ++counted[point.triangle];
  EXPECT_EQ(counted[20], 0U);
  std::vector<double> expected;
  for (const Triangle& triangle : mesh.triangles) {
    expected.push_back(length(doubleAreaVector(mesh, triangle)) / 2 / area(mesh) * total);
  }
  expected.erase(expected.begin() + 20);
  counted.erase(counted.begin() + 20);
  EXPECT_GT(expected.front(), 10);
  EXPECT_LT(chiSquare(expected, counted), chiSquareLimit(39));
}

TEST(SurfaceSampling, IsUniformWithinATriangle) {
  Mesh mesh;
  mesh.vertices = {{0, 0, 5}, {1, 0, 5}, {0, 1, 5}};
  mesh.triangles = {{0, 1, 2}};
  SurfaceSampler sampler(mesh);
  Random random(4);
  constexpr std::size_t total = 400'000;
  constexpr int parts = 8;  // the triangle falls into parts * parts congruent small ones
  std::vector<std::size_t> counted(parts * parts * 2);
  for (const SurfacePoint& point : sampler.sample(total, random)) {
    ASSERT_GE(point.position[0], 0);
    ASSERT_GE(point.position[1], 0);
    ASSERT_LE(point.position[0] + point.position[1], 1 + 1e-15);
    ASSERT_EQ(point.position[2], 5);
    double x = point.position[0] * parts;
    double y = point.position[1] * parts;
    auto column = static_cast<std::size_t>(x);
    auto row = static_cast<std::size_t>(y);
    bool upper = x - static_cast<double>(column) + y - static_cast<double>(row) > 1;
    ++counted[(row * parts + column) * 2 + (upper ? 1 : 0)];
  }
  std::vector<std::size_t> filled;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    std::size_t diagonal = i / 2 % parts + i / 2 / parts;
    if (diagonal < parts - 1 || (diagonal == parts - 1 && i % 2 == 0)) filled.push_back(counted[i]);
  }
  ASSERT_EQ(filled.size(), 64U);
  EXPECT_LT(chiSquare(std::vector<double>(64, total / 64.0), filled), chiSquareLimit(63));
}

TEST(SurfaceSampling, GivesTheSamePointsForTheSameSeed) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 2, 3});
  SurfaceSampler sampler(mesh);
  auto draw = [&](std::uint64_t seed) {
    Random random(seed);
    std::vector<Point> positions;
    for (const SurfacePoint& point : sampler.sample(100, random)) positions.push_back(point.position);
    return positions;
  };
  EXPECT_EQ(draw(1), draw(1));
  EXPECT_NE(draw(1), draw(2));
}

TEST(SurfaceSampling, KnowsAreasAndNormals) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 2, 3});
  SurfaceSampler sampler(mesh);
  EXPECT_DOUBLE_EQ(sampler.area(), 22);
  EXPECT_EQ(sampler.normal(0), (Point{0, 0, -1}));
  EXPECT_EQ(sampler.normal(11), (Point{1, 0, 0}));
  Random random(1);
  Point center{0.5, 1, 1.5};
  for (const SurfacePoint& point : sampler.sample(1000, random)) {
    EXPECT_GT(dot(point.position - center, sampler.normal(point.triangle)), 0.4);
  }
}

TEST(SurfaceSampling, RefusesAMeshWithoutArea) {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}};
  mesh.triangles = {{0, 1, 2}};
  expectRefusal([&] { SurfaceSampler sampler(mesh); }, {"without area"});
}

// Mean distance from each point to the nearest of the other set.
double meanNearest(const std::vector<SurfacePoint>& from, const std::vector<SurfacePoint>& to) {
  double sum = 0;
  for (const SurfacePoint& a : from) {
    double best = std::numeric_limits<double>::infinity();
    for (const SurfacePoint& b : to) {
      Point offset = a.position - b.position;
      best = std::min(best, dot(offset, offset));
    }
    sum += std::sqrt(best);
  }
  return sum / static_cast<double>(from.size());
}

// Two random samplings of one surface are as far apart as chance puts them: half the root of the area for a point.
TEST(SurfaceSampling, HasTheNoiseFloorOfChance) {
  constexpr std::size_t count = 8192;
  std::vector<Mesh> meshes{boxMesh({-1, -1, -1}, {1, 1, 1}), sphereMesh(5), boxMesh({0, 0, 0}, {20, 10, 5})};
  for (std::size_t i = 0; i < meshes.size(); ++i) {
    SurfaceSampler sampler(meshes[i]);
    Random random(50 + i);
    std::vector<SurfacePoint> first = sampler.sample(count, random);
    std::vector<SurfacePoint> second = sampler.sample(count, random);
    double chamfer = (meanNearest(first, second) + meanNearest(second, first)) / 2;
    double expected = std::sqrt(sampler.area() / static_cast<double>(count)) / 2;
    EXPECT_NEAR(chamfer / expected, 1, 0.03) << i;
  }
}

}  // namespace
}  // namespace cadrecode::cloud
