#include "cloud/recipe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>
#include <tuple>

#include "cloud/noise.hpp"
#include "cloud/support.hpp"
#include "cloud/tensors.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {
namespace {

using testing::boxMesh;
using testing::expectRefusal;

// An L bracket far from the origin: its box is 40 x 20 x 30 around (120, -40, 15).
Mesh bracket() {
  Mesh mesh = boxMesh({100, -50, 0}, {140, -30, 5});
  Mesh wall = boxMesh({100, -50, 5}, {105, -30, 30});
  auto offset = static_cast<std::uint32_t>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), wall.vertices.begin(), wall.vertices.end());
  for (Triangle triangle : wall.triangles) {
    for (std::uint32_t& corner : triangle) corner += offset;
    mesh.triangles.push_back(triangle);
  }
  return mesh;
}

Cloud randomCloud(std::size_t count) {
  Random random(9);
  Cloud cloud;
  for (std::size_t i = 0; i < count; ++i) {
    cloud.points.push_back({random.uniform(10, 14), random.uniform(0, 2), random.uniform(-1, 0)});
  }
  return cloud;
}

TEST(Recipe, NamesTheModelsOfCadRecode) {
  Recipe recipe = Recipe::named("v1.5");
  EXPECT_EQ(recipe.points, 256U);
  EXPECT_EQ(recipe.candidates, 8192U);
  EXPECT_TRUE(recipe.farthest);
  EXPECT_FALSE(recipe.sorted);
  EXPECT_FALSE(recipe.normals);
  EXPECT_EQ(recipe.programHalf, 100);
  Recipe old = Recipe::named("v1");
  EXPECT_FALSE(old.farthest);
  EXPECT_TRUE(old.sorted);
  EXPECT_TRUE(old.normals);
  EXPECT_EQ(old.programHalf, 50);
  EXPECT_EQ(Recipe::named("opencadrecode").normalization, Normalization::mean);
  EXPECT_THROW(Recipe::named("v2"), Error);
}

TEST(Recipe, CentresTheMeshesBoxNotTheSamples) {
  ModelCloud cloud = makeCloud(bracket(), Recipe::v1_5(), 0);
  ASSERT_EQ(cloud.points.size(), 256U);
  PointF low = cloud.points[0];
  PointF high = cloud.points[0];
  for (const PointF& point : cloud.points) {
    for (int axis = 0; axis < 3; ++axis) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
    }
  }
  // The box is 2 x 1 x 1.5 in the cloud; samples come near to its sides from within.
  const PointF half{1, 0.5F, 0.75F};
  for (int axis = 0; axis < 3; ++axis) {
    EXPECT_GE(low[axis], -half[axis]);
    EXPECT_LE(high[axis], half[axis]);
    EXPECT_NEAR(low[axis], -half[axis], 0.03);
    EXPECT_NEAR(high[axis], half[axis], 0.03);
  }
  EXPECT_EQ(cloud.cloudFrame.origin, (Point{120, -40, 15}));
  EXPECT_EQ(cloud.cloudFrame.unit, 20);
  EXPECT_EQ(cloud.programFrame.origin, (Point{120, -40, 15}));
  EXPECT_EQ(cloud.programFrame.unit, 0.2);
  EXPECT_TRUE(cloud.normals.empty());
}

TEST(Recipe, LeadsBackToThePart) {
  Mesh mesh = bracket();
  ModelCloud cloud = makeCloud(mesh, Recipe::v1(), 5);
  Cloud part = toPart(cloud);
  ASSERT_EQ(part.points.size(), 256U);
  for (const Point& point : part.points) {
    // On the bracket: within the plate's or the wall's box, to float32's precision.
    bool inPlate = point[0] > 99.999 && point[0] < 140.001 && point[2] < 5.001;
    bool inWall = point[0] > 99.999 && point[0] < 105.001 && point[2] < 30.001;
    EXPECT_TRUE(inPlate || inWall) << point[0] << ' ' << point[1] << ' ' << point[2];
    EXPECT_GT(point[1], -50.001);
    EXPECT_LT(point[1], -29.999);
  }
  Point corner{140, -30, 30};
  Point local = cloud.programFrame.toLocal(corner);
  EXPECT_NEAR(local[0], 50, 1e-12);
  EXPECT_NEAR(local[1], 25, 1e-12);
  Point back = cloud.programFrame.toPart(local);
  for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(back[axis], corner[axis], 1e-12);
}

TEST(Recipe, TakesTheFarthestOfTheCandidates) {
  ModelCloud cloud = makeCloud(bracket(), Recipe::v1_5(), 3);
  Recipe all = Recipe::v1_5();
  all.points = all.candidates;
  all.farthest = false;
  ModelCloud candidates = makeCloud(bracket(), all, 3);
  ASSERT_EQ(candidates.points.size(), 8192U);
  std::vector<std::uint32_t> indices = farthestPoints(candidates.points, 256);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(cloud.points[i], candidates.points[indices[i]]);
}

TEST(Recipe, CentresTheSamplesAsTheBenchmarkDid) {
  ModelCloud cloud = makeCloud(bracket(), Recipe::benchmark(), 3);
  Point mean{};
  float largest = 0;
  for (const PointF& point : cloud.points) {
    for (int axis = 0; axis < 3; ++axis) {
      mean[axis] += point[axis] / 256.0;
      largest = std::max(largest, std::abs(point[axis]));
    }
  }
  for (double value : mean) EXPECT_NEAR(value, 0, 1e-6);
  EXPECT_EQ(largest, 1);
  EXPECT_NE(cloud.cloudFrame.origin, (Point{120, -40, 15}));
  // The same places on the part as without that normalisation.
  Cloud part = toPart(cloud);
  Cloud other = toPart(makeCloud(bracket(), Recipe::v1_5(), 3));
  for (std::size_t i = 0; i < 256; ++i) {
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(part.points[i][axis], other.points[i][axis], 1e-4);
  }
}

TEST(Recipe, EqualsTheBenchmarksNormalisation) {
  std::string path = CADRECODE_SOURCE_DIR "/../shared/goldens/points/fps.safetensors";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the goldens are not here: " << path;
  testing::Tensors tensors(path);
  std::vector<double> numbers = tensors.get<double>("box2000.points");
  std::vector<float> expected = tensors.get<float>("box2000.original_benchmark_normalised");
  Cloud cloud;
  for (std::size_t i = 0; i < numbers.size(); i += 3) {
    cloud.points.push_back({numbers[i], numbers[i + 1], numbers[i + 2]});
  }
  ModelCloud result = makeCloud(cloud, Recipe::benchmark(), 0);
  ASSERT_EQ(expected.size(), 256U * 3);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(result.points[i / 3][i % 3], expected[i], 3e-7) << i;
}

TEST(Recipe, SortsTheOldModelsCloudByHeightAndGivesNormals) {
  ModelCloud cloud = makeCloud(bracket(), Recipe::v1(), 1);
  ASSERT_EQ(cloud.points.size(), 256U);
  ASSERT_EQ(cloud.normals.size(), 256U);
  EXPECT_TRUE(std::is_sorted(cloud.points.begin(), cloud.points.end(), [](const PointF& a, const PointF& b) {
    return std::tie(a[2], a[1], a[0]) < std::tie(b[2], b[1], b[0]);
  }));
  // The lowest points lie on the plate's underside and know it.
  EXPECT_EQ(cloud.points.front()[2], -0.75F);
  EXPECT_EQ(cloud.normals.front(), (PointF{0, 0, -1}));
}

TEST(Recipe, DependsOnTheSeedAlone) {
  for (const Recipe& recipe : {Recipe::v1_5(), Recipe::v1()}) {
    EXPECT_EQ(makeCloud(bracket(), recipe, 7).points, makeCloud(bracket(), recipe, 7).points);
    EXPECT_NE(makeCloud(bracket(), recipe, 7).points, makeCloud(bracket(), recipe, 8).points);
  }
}

TEST(Recipe, IsTheSameForAPartMovedAndScaledByPowersOfTwo) {
  Mesh moved = bracket();
  for (Point& vertex : moved.vertices) vertex = 4.0 * (vertex + Point{64, -128, 32});
  ModelCloud first = makeCloud(bracket(), Recipe::v1_5(), 2);
  ModelCloud second = makeCloud(moved, Recipe::v1_5(), 2);
  for (std::size_t i = 0; i < first.points.size(); ++i) {
    for (int axis = 0; axis < 3; ++axis) ASSERT_NEAR(first.points[i][axis], second.points[i][axis], 1e-6) << i;
  }
}

// Any machine must give these: they were recorded once.
TEST(Recipe, GivesTheRecordedCloud) {
  ModelCloud cloud = makeCloud(boxMesh({0, 0, 0}, {1, 2, 4}), Recipe::v1_5(), 42);
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const PointF& point : cloud.points) {
    for (char byte : std::string(reinterpret_cast<const char*>(point.data()), sizeof(point))) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
    }
  }
  EXPECT_EQ(hash, 3461337831006881182U);
}

TEST(Recipe, TakesDifferentPointsOfAScan) {
  Cloud scan = randomCloud(20000);
  Recipe random = Recipe::v1_5();
  random.farthest = false;
  random.points = 8192;
  ModelCloud cloud = makeCloud(scan, random, 1);
  std::set<PointF> different(cloud.points.begin(), cloud.points.end());
  EXPECT_EQ(different.size(), 8192U);
  EXPECT_NEAR(cloud.cloudFrame.unit, 2, 1e-3);
  EXPECT_EQ(makeCloud(scan, Recipe::v1_5(), 1).points.size(), 256U);
  // All of a small scan are candidates, in their own order, as the farthest points begin with the first.
  Cloud small = randomCloud(300);
  ModelCloud few = makeCloud(small, Recipe::v1_5(), 1);
  Point first = few.cloudFrame.toPart({few.points[0][0], few.points[0][1], few.points[0][2]});
  EXPECT_NEAR(first[0], small.points[0][0], 1e-5);
}

TEST(Recipe, RefusesWhatItCannotServe) {
  expectRefusal([] { makeCloud(randomCloud(255), Recipe::v1_5(), 0); }, {"255 points; 256 are needed"});
  expectRefusal([] { makeCloud(randomCloud(300), Recipe::v1(), 0); }, {"needs normals"});
  Cloud flat;
  flat.points.assign(300, Point{1, 2, 3});
  expectRefusal([&] { makeCloud(flat, Recipe::v1_5(), 0); }, {"no extent"});
  expectRefusal([] { makeCloud(Mesh{}, Recipe::v1_5(), 0); }, {"without triangles"});
}

TEST(Noise, HasTheDeviationItIsGiven) {
  std::vector<PointF> points(20000, PointF{1, 2, 3});
  addNoise(points, {0.01, 1, 0}, Random(5));
  double sum = 0;
  double squares = 0;
  for (const PointF& point : points) {
    for (int axis = 0; axis < 3; ++axis) {
      double offset = point[axis] - static_cast<double>(axis + 1);
      sum += offset;
      squares += offset * offset;
    }
  }
  EXPECT_NEAR(sum / 60000, 0, 0.01 * 5 / std::sqrt(60000.0));
  EXPECT_NEAR(std::sqrt(squares / 60000), 0.01, 0.0002);
}

TEST(Noise, MovesTheShareOfOutliersAndRespectsItsProbability) {
  std::vector<PointF> points;
  for (int i = 0; i < 10000; ++i) points.push_back({i % 2 ? 1.0F : -1.0F, 0.5F, 0.5F});
  std::vector<PointF> before = points;
  addNoise(points, {0, 1, 0.1}, Random(6));
  std::size_t moved = 0;
  for (std::size_t i = 0; i < points.size(); ++i) moved += points[i] != before[i] ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(moved), 1000, 150);
  std::size_t noisy = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    std::vector<PointF> one{{0, 0, 0}};
    addNoise(one, {1, 0.3, 0}, Random(seed));
    noisy += one[0] != PointF{0, 0, 0} ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(noisy), 300, 75);
}

}  // namespace
}  // namespace cadrecode::cloud
