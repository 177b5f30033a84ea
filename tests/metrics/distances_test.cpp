#include "metrics/distances.hpp"

#include "metrics/point_tree.hpp"
#include "metrics/support.hpp"
#include "metrics/surface_tree.hpp"

namespace cadrecode::metrics {
namespace {

using testing::box;
using testing::randomPoints;

TEST(PointTree, FindsWhatTryingAllFinds) {
  const std::vector<cloud::Point> points = randomPoints(700, 1);
  const PointTree tree(points);
  for (const cloud::Point& query : randomPoints(200, 2)) {
    double least = 1e300;
    for (const cloud::Point& p : points) least = std::min(least, length(p - query));
    EXPECT_DOUBLE_EQ(tree.nearest(query).distance, least);
    const std::vector<Nearest> five = tree.nearest(query, 5);
    ASSERT_EQ(five.size(), 5u);
    EXPECT_DOUBLE_EQ(five.front().distance, least);
    EXPECT_GE(tree.within(query, five.back().distance + 1e-12).size(), 5u);
  }
}

TEST(SurfaceTree, FindsWhatTryingAllFinds) {
  const cloud::Mesh mesh = testing::turned(testing::sphere(1, 9), 0.4, 0.2);
  const SurfaceTree tree(mesh);
  for (cloud::Point query : randomPoints(300, 3)) {
    query = 4.0 * (query - cloud::Point{0.5, 0.5, 0.5});
    double least = 1e300;
    for (const cloud::Triangle& t : mesh.triangles) {
      const cloud::Point place =
          nearestOfTriangle(query, mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
      least = std::min(least, length(place - query));
    }
    const SurfaceTree::Hit hit = tree.nearest(query);
    EXPECT_DOUBLE_EQ(hit.distance, least);
    EXPECT_NEAR(length(hit.position - query), least, 1e-12);
  }
}

TEST(SurfaceTree, NearestOfATriangleIsNoFartherThanAnyOfItsPoints) {
  const std::vector<cloud::Point> p = randomPoints(400, 4);
  for (std::size_t i = 0; i + 3 < p.size(); i += 4) {
    const double least = length(nearestOfTriangle(p[i], p[i + 1], p[i + 2], p[i + 3]) - p[i]);
    double tried = 1e300;
    for (double u = 0; u <= 1; u += 0.02) {
      for (double v = 0; u + v <= 1; v += 0.02) {
        const cloud::Point at = p[i + 1] + (u * (p[i + 2] - p[i + 1]) + v * (p[i + 3] - p[i + 1]));
        tried = std::min(tried, length(at - p[i]));
      }
    }
    EXPECT_LE(least, tried + 1e-12);
    EXPECT_NEAR(least, tried, 0.04);
  }
}

TEST(Distances, AreWhatTryingAllPairsGives) {
  cloud::Cloud a{randomPoints(150, 5), {}}, b{randomPoints(90, 6), {}};
  for (const auto& p : randomPoints(150, 7)) a.normals.push_back(1 / length(p) * p);
  for (const auto& p : randomPoints(90, 8)) b.normals.push_back(-1 / length(p) * p);
  const Distances d = pointDistances(a, b, 0.1);
  auto oneWay = [](const cloud::Cloud& from, const cloud::Cloud& to, const OneWay& way) {
    double sum = 0, squares = 0, largest = 0, within = 0, cosines = 0;
    for (std::size_t i = 0; i < from.points.size(); ++i) {
      double least = 1e300;
      std::size_t at = 0;
      for (std::size_t j = 0; j < to.points.size(); ++j) {
        const double distance = length(from.points[i] - to.points[j]);
        if (distance < least) {
          least = distance;
          at = j;
        }
      }
      sum += least;
      squares += least * least;
      largest = std::max(largest, least);
      within += least <= 0.1;
      cosines += dot(from.normals[i], to.normals[at]);
    }
    const auto count = static_cast<double>(from.points.size());
    EXPECT_NEAR(way.mean, sum / count, 1e-12);
    EXPECT_NEAR(way.meanSquare, squares / count, 1e-12);
    EXPECT_NEAR(way.largest, largest, 1e-12);
    EXPECT_NEAR(way.withinThreshold, within / count, 1e-12);
    EXPECT_NEAR(*way.normalAgreement, cosines / count, 1e-12);
    EXPECT_NEAR(*way.normalAlignment, -cosines / count, 1e-12);  // all of them point away from each other
  };
  oneWay(a, b, d.forward);
  oneWay(b, a, d.backward);
  EXPECT_NEAR(d.chamfer(), (d.forward.mean + d.backward.mean) / 2, 1e-15);
  EXPECT_NEAR(pointDistances(b, a, 0.1).chamfer(), d.chamfer(), 1e-15);
}

TEST(Distances, OfOneSurfaceAreTheNoiseFloorBetweenSamplesAndNothingToTheSurface) {
  const cloud::Mesh mesh = box({0, 0, 0}, {1, 0.6, 0.4});
  const double area = cloud::area(mesh), threshold = 0.02 * std::sqrt(1 + 0.36 + 0.16);
  EXPECT_NEAR(area, 2.48, 1e-12);
  const NoiseFloor floor = noiseFloor(area, 2000, threshold);
  EXPECT_NEAR(floor.chamfer, 0.0176, 5e-5);
  EXPECT_NEAR(floor.rms, 0.0199, 5e-5);
  EXPECT_NEAR(floor.withinThreshold, 0.786, 1e-3);
  double chamfer = 0, rms = 0, within = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const cloud::Cloud a = sampleSurface(mesh, 2000, 2 * seed), b = sampleSurface(mesh, 2000, 2 * seed + 1);
    const Distances d = pointDistances(a, b, threshold);
    chamfer += d.chamfer() / 10;
    rms += d.rms() / 10;
    within += d.forward.withinThreshold / 10;
    const Distances surface = surfaceDistances(mesh, mesh, a, b, threshold);
    EXPECT_LT(surface.hausdorff(), 1e-12);
    EXPECT_EQ(surface.forward.withinThreshold, 1);
    EXPECT_NEAR(*surface.forward.normalAgreement, 1, 1e-12);
  }
  EXPECT_NEAR(chamfer, floor.chamfer, 0.02 * floor.chamfer);
  EXPECT_NEAR(rms, floor.rms, 0.02 * floor.rms);
  EXPECT_NEAR(within, floor.withinThreshold, 0.01);
}

TEST(Distances, ToTheSurfaceSeeFlippedNormals) {
  const cloud::Mesh mesh = box({0, 0, 0}, {1, 2, 3});
  cloud::Mesh flipped;
  testing::append(flipped, mesh, true);
  const cloud::Cloud a = sampleSurface(mesh, 500, 1), b = sampleSurface(flipped, 500, 1);
  const Distances d = surfaceDistances(mesh, flipped, a, b, 0.1);
  EXPECT_NEAR(*d.forward.normalAgreement, -1, 1e-12);
  EXPECT_NEAR(*d.forward.normalAlignment, 1, 1e-12);
}

TEST(Distances, OfATranslatedPlaneAreItsShift) {
  const cloud::Mesh a = box({0, 0, 0}, {1, 1, 1}), b = box({0, 0, 0.25}, {1, 1, 1.25});
  const Distances d = surfaceDistances(a, b, sampleSurface(a, 4000, 1), sampleSurface(b, 4000, 2), 0.01);
  EXPECT_NEAR(d.hausdorff(), 0.25, 1e-12);
}

TEST(Distances, RefuseAnEmptyCloud) { EXPECT_THROW(pointDistances({}, {{{0, 0, 0}}, {}}, 1), Error); }

}  // namespace
}  // namespace cadrecode::metrics
