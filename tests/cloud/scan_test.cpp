#include "cloud/scan.hpp"

#include <gtest/gtest.h>

#include "cloud/ray_tester.hpp"
#include "cloud/support.hpp"

namespace cadrecode::cloud {
namespace {

using testing::boxMesh;

ScanOptions clean() {
  ScanOptions options;
  options.points = 2000;
  options.noise = 0;
  options.outliers = 0;
  options.unevenness = 0;
  options.holes = 0;
  return options;
}

// A box around the origin and a smaller one inside, which no view can see.
Mesh boxWithHiddenBox() {
  Mesh mesh = boxMesh({-1, -1, -1}, {1, 1, 1});
  Mesh inner = boxMesh({-0.5, -0.5, -0.5}, {0.5, 0.5, 0.5});
  for (const Point& vertex : inner.vertices) mesh.vertices.push_back(vertex);
  for (Triangle triangle : inner.triangles)
    mesh.triangles.push_back({triangle[0] + 8, triangle[1] + 8, triangle[2] + 8});
  return mesh;
}

double largestCoordinateOf(const Point& point) {
  return std::max({std::abs(point[0]), std::abs(point[1]), std::abs(point[2])});
}

TEST(RayTester, AgreesWithEveryTriangleTestedAlone) {
  Random random(8);
  Mesh soup;
  for (std::uint32_t i = 0; i < 300; ++i) {
    Point center{random.uniform(-5, 5), random.uniform(-5, 5), random.uniform(-5, 5)};
    for (int corner = 0; corner < 3; ++corner) {
      soup.vertices.push_back(center + Point{random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)});
    }
    soup.triangles.push_back({3 * i, 3 * i + 1, 3 * i + 2});
  }
  RayTester tester(soup);
  std::size_t met = 0;
  for (int ray = 0; ray < 2000; ++ray) {
    Point origin{random.uniform(-7, 7), random.uniform(-7, 7), random.uniform(-7, 7)};
    Point direction{random.uniform(-1, 1), random.uniform(-1, 1), ray % 3 == 0 ? 0 : random.uniform(-1, 1)};
    bool expected = false;
    for (const Triangle& triangle : soup.triangles) {
      Mesh single;
      for (std::uint32_t corner : triangle) single.vertices.push_back(soup.vertices[corner]);
      single.triangles = {{0, 1, 2}};
      expected = expected || RayTester(single).meets(origin, direction, 1, 0);
    }
    EXPECT_EQ(tester.meets(origin, direction, 300, 0), expected);
    met += expected ? 1 : 0;
  }
  EXPECT_GT(met, 200U);
  EXPECT_LT(met, 1800U);
}

TEST(RayTester, KnowsABoxFromInsideOutsideAndAlongItsSides) {
  Mesh box = boxMesh({0, 0, 0}, {1, 1, 1});
  RayTester tester(box);
  EXPECT_TRUE(tester.meets({0.3, 0.4, 0.5}, {0, 0, 1}, 12, 0));
  EXPECT_TRUE(tester.meets({0.3, 0.4, -5}, {0, 0, 1}, 12, 0));
  EXPECT_FALSE(tester.meets({0.3, 0.4, -5}, {0, 0, -1}, 12, 0));
  EXPECT_FALSE(tester.meets({0.3, 0.4, -5}, {0, 0, 1}, 12, 7));
  EXPECT_FALSE(tester.meets({1.5, 0.4, -5}, {0, 0, 1}, 12, 0));
  EXPECT_TRUE(tester.meets({0, 0.4, 0.3}, {1, 0, -0.0}, 12, 0.5));
}

TEST(Scan, SeesTheOutsideOnly) {
  Scan scan = simulateScan(boxWithHiddenBox(), clean(), Random(1));
  ASSERT_EQ(scan.cloud.points.size(), 2000U);
  ASSERT_EQ(scan.cloud.normals.size(), 2000U);
  for (const Point& point : scan.cloud.points) EXPECT_NEAR(largestCoordinateOf(point), 1, 1e-12);
}

TEST(Scan, SeesOnlyWhatFacesAView) {
  ScanOptions options = clean();
  options.views = 2;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Scan scan = simulateScan(boxMesh({-1, -1, -1}, {1, 1, 1}), options, Random(seed));
    ASSERT_EQ(scan.views.size(), 2U);
    for (const Point& normal : scan.cloud.normals) {
      double best = std::max(dot(normal, scan.views[0]), dot(normal, scan.views[1]));
      EXPECT_GE(best, options.grazing);
    }
  }
}

TEST(Scan, MissesTheHiddenSide) {
  ScanOptions options = clean();
  options.views = 6;
  options.hiddenSide = Point{0, 0, -1};
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Scan scan = simulateScan(boxMesh({-1, -1, -1}, {1, 1, 1}), options, Random(seed));
    for (const Point& view : scan.views) EXPECT_GE(view[2], 0);
    for (const Point& normal : scan.cloud.normals) EXPECT_GT(normal[2], -0.5);
  }
}

TEST(Scan, PutsNoiseAlongTheView) {
  ScanOptions options = clean();
  options.views = 1;
  options.noise = 0.01;
  Scan scan = simulateScan(boxMesh({-1, -1, -1}, {1, 1, 1}), options, Random(3));
  const Point& view = scan.views[0];
  double squares = 0;
  for (std::size_t i = 0; i < scan.cloud.points.size(); ++i) {
    const Point& normal = scan.cloud.normals[i];
    // Off the face by the noise times the cosine of face and view.
    double noise = (dot(scan.cloud.points[i], normal) - 1) / dot(view, normal);
    squares += noise * noise;
  }
  EXPECT_NEAR(std::sqrt(squares / 2000), 0.02, 0.001);  // 1 % of a side of 2
}

TEST(Scan, HasTheShareOfOutliersAndMarksThem) {
  ScanOptions options = clean();
  options.points = 5000;
  options.outliers = 0.1;
  Scan scan = simulateScan(boxMesh({-1, -1, -1}, {1, 1, 1}), options, Random(4));
  std::size_t outliers = 0;
  for (std::size_t i = 0; i < scan.cloud.points.size(); ++i) {
    outliers += scan.isOutlier[i] ? 1 : 0;
    if (!scan.isOutlier[i]) {
      EXPECT_NEAR(largestCoordinateOf(scan.cloud.points[i]), 1, 1e-12);
    }
    EXPECT_LE(largestCoordinateOf(scan.cloud.points[i]), 1.2 + 1e-12);
  }
  EXPECT_NEAR(static_cast<double>(outliers), 500, 100);
}

// How unlike the counts in the cells of one face are: their variance over their mean, 1 for even chance.
double dispersion(const Scan& scan) {
  std::vector<double> cells(64);
  double total = 0;
  for (const Point& point : scan.cloud.points) {
    auto cell = [](double value) { return std::min<std::size_t>(7, static_cast<std::size_t>((value + 1) * 4)); };
    cells[cell(point[0]) * 8 + cell(point[1])] += 1;
    total += 1;
  }
  double mean = total / 64;
  double sum = 0;
  for (double count : cells) sum += (count - mean) * (count - mean);
  return sum / 63 / mean;
}

TEST(Scan, IsUnevenAndHasHolesWhenAsked) {
  Mesh plate;
  plate.vertices = {{-1, -1, 0}, {1, -1, 0}, {1, 1, 0}, {-1, 1, 0}};
  plate.triangles = {{0, 1, 2}, {0, 2, 3}};
  ScanOptions options = clean();
  options.points = 6400;
  double even = dispersion(simulateScan(plate, options, Random(5)));
  EXPECT_LT(even, 2);
  options.unevenness = 1;
  EXPECT_GT(dispersion(simulateScan(plate, options, Random(5))), 4);
  options.unevenness = 0;
  options.holes = 2;
  options.holeRadius = 0.15;
  EXPECT_GT(dispersion(simulateScan(plate, options, Random(5))), 5);
}

TEST(Scan, DependsOnTheSeedAlone) {
  Mesh mesh = boxMesh({0, 0, 0}, {1, 2, 3});
  EXPECT_EQ(simulateScan(mesh, {}, Random(1)).cloud.points, simulateScan(mesh, {}, Random(1)).cloud.points);
  EXPECT_NE(simulateScan(mesh, {}, Random(1)).cloud.points, simulateScan(mesh, {}, Random(2)).cloud.points);
}

TEST(Scan, EndsWhenNothingIsSeen) {
  ScanOptions options = clean();
  options.points = 50;
  options.holes = 1;
  options.holeRadius = 1.9;  // all of it
  EXPECT_THROW(simulateScan(boxMesh({0, 0, 0}, {1, 1, 1}), options, Random(1)), Error);
  options.views = 0;
  testing::expectRefusal([&] { simulateScan(boxMesh({0, 0, 0}, {1, 1, 1}), options, Random(1)); }, {"'views'"});
}

}  // namespace
}  // namespace cadrecode::cloud
