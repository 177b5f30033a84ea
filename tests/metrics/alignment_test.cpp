#include "metrics/alignment.hpp"

#include "metrics/closed_mesh.hpp"
#include "metrics/distances.hpp"
#include "metrics/feature_match.hpp"
#include "metrics/mesh_iou.hpp"
#include "metrics/support.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::Point;

// Three blocks of different lengths on a plate: no turn but none brings it onto itself.
cloud::Mesh bracket() {
  cloud::Mesh mesh = testing::box({0, 0, 0}, {10, 6, 1});
  testing::append(mesh, testing::box({0, 0, 1}, {2, 6, 5}));
  testing::append(mesh, testing::box({7, 4, 1}, {10, 6, 3}));
  return mesh;
}

struct Shape {
  cloud::Mesh mesh;
  cloud::Cloud points;
  Shape(cloud::Mesh given, std::uint64_t seed) : mesh(std::move(given)), points(sampleSurface(mesh, 800, seed)) {}
  Sampled sampled() const { return {points, &mesh}; }
};

cloud::Mesh moved(cloud::Mesh mesh, std::uint64_t seed) {
  Random random(seed);
  mesh = testing::turned(std::move(mesh), random.uniform(0, 6), random.uniform(0, 6));
  const Point shift{random.uniform(-30, 30), 4, -5};
  for (Point& vertex : mesh.vertices) vertex = vertex + shift;
  return mesh;
}

TEST(Alignment, BringsATurnedPartBackFromEveryStart) {
  const Shape reference(bracket(), 1);
  for (const Search search : {Search::icp, Search::ransac}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      Shape turned(moved(bracket(), seed), 10 + seed);
      const Alignment found = align(reference.sampled(), turned.sampled(), search, seed);
      EXPECT_TRUE(found.taken);
      EXPECT_LT(found.after, 0.02) << found.method << " " << seed;  // of a part 10 long
      apply(found.motion, turned.mesh);
      EXPECT_GT(*meshIou(reference.mesh, turned.mesh).iou, 0.99) << found.method << " " << seed;
    }
  }
}

TEST(Alignment, OfFeaturesIsTheSameForTheSameSeed) {
  const Shape reference(bracket(), 1), turned(moved(bracket(), 4), 2);
  auto rows = [&](std::uint64_t seed) {
    return align(reference.sampled(), turned.sampled(), Search::ransac, seed).motion.rows;
  };
  EXPECT_EQ(rows(1), rows(1));
  const auto motions = [&](std::uint64_t seed) {
    return motionsByFeatures(reference.points, turned.points, seed).at(0).rows;
  };
  EXPECT_NE(motions(1), motions(2));
}

// The original takes what its search finds even when it is worse: a sphere and a rod, a sphere and a cube.
TEST(Alignment, NeverTakesWhatLiesFartherAway) {
  const Shape shapes[] = {{testing::sphere(5, 12), 1}, {testing::box({-1, -1, -9}, {1, 1, 9}), 2}, {bracket(), 3}};
  for (const Shape& reference : shapes) {
    for (const Shape& prediction : shapes) {
      for (const Search search : {Search::cube, Search::icp, Search::ransac}) {
        const Alignment found = align(reference.sampled(), prediction.sampled(), search, 7);
        EXPECT_LE(found.after, found.before);
        if (&reference == &prediction) {
          EXPECT_FALSE(found.taken);
        }
      }
    }
  }
}

TEST(Features, StayTheSameWhenACloudIsTurned) {
  const Shape shape(bracket(), 1);
  cloud::Cloud some = shape.points;
  some.points.resize(200);
  some.normals.resize(200);
  Motion motion;
  motion.rows = {{{0, -1, 0}, {0, 0, -1}, {1, 0, 0}}};  // exact in floating point
  cloud::Cloud turned = some;
  apply(motion, turned);
  const std::vector<Feature> a = featuresOf(some, 3), b = featuresOf(turned, 3);
  double difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t angle = 0; angle < 3; ++angle) {
      float sum = 0;
      for (std::size_t bin = 11 * angle; bin < 11 * (angle + 1); ++bin) {
        sum += a[i][bin];
        difference += std::abs(static_cast<double>(a[i][bin] - b[i][bin])) / static_cast<double>(a.size());
      }
      EXPECT_NEAR(sum, 1, 1e-5);
    }
  }
  // Of 3 in all: angles that lie on the bound of two bins may fall into either.
  EXPECT_LT(difference, 0.3);
}

TEST(Features, ACloudWithoutNormalsHasNone) {
  const cloud::Cloud bare{testing::randomPoints(100, 1), {}};
  EXPECT_TRUE(motionsByFeatures(bare, bare, 1).empty());
}

}  // namespace
}  // namespace cadrecode::metrics
