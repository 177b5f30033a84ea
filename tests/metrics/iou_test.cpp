#include <nlohmann/json.hpp>

#include "core/files.hpp"
#include "metrics/closed_mesh.hpp"
#include "metrics/mesh_iou.hpp"
#include "metrics/support.hpp"
#include "metrics/voxel_iou.hpp"

namespace cadrecode::metrics {
namespace {

using testing::append;
using testing::box;
using testing::sphere;

double overlap(double a, double b, double both) { return both / (a + b - both); }

TEST(MeshIou, OfBoxesIsExact) {
  const cloud::Mesh a = box({0, 0, 0}, {100, 60, 40}), b = box({10, -5, 3}, {90, 70, 50});
  const MeshIou result = meshIou(a, b);
  EXPECT_NEAR(result.volumeA, 240000, 1e-6);
  EXPECT_NEAR(result.volumeB, 80 * 75 * 47, 1e-6);
  EXPECT_NEAR(result.volumeBoth, 80 * 60 * 37, 1e-6);
  EXPECT_NEAR(*result.iou, overlap(240000, 80 * 75 * 47, 80 * 60 * 37), 1e-12);
}

TEST(MeshIou, OfTheSameMeshIsOne) {
  const cloud::Mesh mesh = testing::turned(sphere(3, 20), 0.4, 0.7);
  EXPECT_NEAR(*meshIou(mesh, mesh).iou, 1, 1e-9);
  EXPECT_NEAR(meshIou(mesh, mesh).volumeA, testing::volumeOf(mesh), 1e-3 * testing::volumeOf(mesh));
}

TEST(MeshIou, OfTurnedBoxesIsTheClosedForm) {
  // A square and the same turned by 45 degrees share a regular octagon: 2 (sqrt 2 - 1) of the square's area.
  const cloud::Mesh a = box({-1, -1, -1}, {1, 1, 1}), b = testing::turned(a, std::numbers::pi / 4, 0);
  const double both = 8 * 2 * (std::numbers::sqrt2 - 1);
  EXPECT_NEAR(*meshIou(a, b).iou, overlap(8, 8, both), 1e-9);
  // Turned about all axes: the IoU of a pair does not depend on the frame.
  EXPECT_NEAR(*meshIou(testing::turned(a, 0.3, 0.5), testing::turned(b, 0.3, 0.5)).iou, overlap(8, 8, both), 3e-5);
}

TEST(MeshIou, KnowsVoidsAndBodiesThatOverlap) {
  cloud::Mesh hollow = box({0, 0, 0}, {100, 100, 100});
  append(hollow, box({20, 20, 20}, {80, 80, 80}), true);
  EXPECT_NEAR(*meshIou(box({0, 0, 0}, {100, 100, 100}), hollow).iou, 0.784, 1e-12);
  cloud::Mesh cross = box({0, 0, 0}, {3, 1, 1});
  append(cross, box({1, -1, 0}, {2, 2, 1}));
  EXPECT_NEAR(meshIou(cross, cross).volumeA, 5, 1e-9);  // not 6
}

TEST(MeshIou, OfDisjointMeshesIsZeroAndOfFlatOnesNothing) {
  const MeshIou apart = meshIou(box({0, 0, 0}, {1, 1, 1}), box({5, 5, 5}, {6, 6, 6}));
  ASSERT_TRUE(apart.iou);
  EXPECT_EQ(*apart.iou, 0);
  cloud::Mesh flat;
  flat.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  flat.triangles = {{0, 1, 2}, {0, 2, 1}};
  EXPECT_FALSE(meshIou(flat, flat).iou);
}

TEST(MeshIou, OfSpheresApproachesTheClosedForm) {
  // Two unit balls at distance 1 share a lens of 5 pi / 12.
  const double ball = 4 * std::numbers::pi / 3, lens = 5 * std::numbers::pi / 12;
  EXPECT_NEAR(*meshIou(sphere(1, 60), sphere(1, 60, {1, 0, 0})).iou, overlap(ball, ball, lens), 1e-3);
}

// By counting random points: winding numbers along a ray, written another way.
TEST(MeshIou, AgreesWithRandomPoints) {
  const cloud::Mesh a = testing::turned(box({-1, -0.5, -0.7}, {1, 0.5, 0.7}), 0.3, 0.9),
                    b = sphere(0.8, 9, {0.3, 0.1, -0.2});
  auto inside = [](const cloud::Mesh& mesh, const cloud::Point& p) {
    double angle = 0;  // of the surface as seen from p (Van Oosterom and Strackee 1983)
    for (const cloud::Triangle& t : mesh.triangles) {
      const cloud::Point u = mesh.vertices[t[0]] - p, v = mesh.vertices[t[1]] - p, w = mesh.vertices[t[2]] - p;
      const double lu = length(u), lv = length(v), lw = length(w);
      angle += 2 * std::atan2(dot(u, cross(v, w)), lu * lv * lw + dot(u, v) * lw + dot(v, w) * lu + dot(w, u) * lv);
    }
    return angle > 2 * std::numbers::pi;
  };
  const std::size_t count = 20000;
  std::size_t both = 0, either = 0;
  for (cloud::Point p : testing::randomPoints(count, 7)) {
    p = 3.0 * (p - cloud::Point{0.5, 0.5, 0.5});
    const bool inA = inside(a, p), inB = inside(b, p);
    both += inA && inB;
    either += inA || inB;
  }
  const double counted = static_cast<double>(both) / static_cast<double>(either);
  const double deviation = std::sqrt(counted * (1 - counted) / static_cast<double>(either));
  EXPECT_NEAR(*meshIou(a, b).iou, counted, 5 * deviation);
  EXPECT_NEAR(*voxelIou(a, b, 128).iou, counted, 5 * deviation + 2e-3);
}

TEST(VoxelIou, IsExactForFacesBetweenCells) {
  // The grid's own box is cut in whole cells, and every face lies between cells.
  const VoxelIou result = voxelIou(box({0, 0, 0}, {8, 8, 8}), box({0, 0, 0}, {8, 8, 6}), 64);
  EXPECT_EQ(result.cellsA, 64u * 64 * 64);
  EXPECT_EQ(result.cellsB, 64u * 64 * 48);
  EXPECT_EQ(*result.iou, 0.75);
}

TEST(VoxelIou, CountsFacesInPlanesOfCentresOnce) {
  // 1.5 cells: faces run through centres. What the two halves share is nothing, together they are all.
  const cloud::Mesh whole = box({0, 0, 0}, {4, 4, 4}), low = box({0, 0, 0}, {4, 4, 1.5}),
                    high = box({0, 0, 1.5}, {4, 4, 4});
  const VoxelIou halves = voxelIou(low, high, 4);
  EXPECT_EQ(*halves.iou, 0);
  EXPECT_EQ(halves.cellsA + halves.cellsB, 64u);
  EXPECT_EQ(*voxelIou(whole, whole, 4).iou, 1);
}

TEST(VoxelIou, HasNoGapsBetweenTriangles) {
  for (double angle = 0; angle < 1.5; angle += 0.11) {
    const cloud::Mesh mesh = testing::turned(sphere(1, 12), angle, angle * 1.7);
    const VoxelIou result = voxelIou(mesh, mesh, 50);
    EXPECT_EQ(*result.iou, 1);
    const double volume = static_cast<double>(result.cellsA) * result.cell[0] * result.cell[1] * result.cell[2];
    EXPECT_NEAR(volume, testing::volumeOf(mesh), 0.01 * volume);
  }
}

TEST(VoxelIou, KeepsItsBound) {
  for (int seed = 0; seed < 30; ++seed) {
    const std::vector<cloud::Point> p = testing::randomPoints(4, static_cast<std::uint64_t>(seed));
    const cloud::Mesh a = testing::turned(box({0, 0, 0}, p[0] + cloud::Point{0.2, 0.2, 0.2}), p[1][0], p[1][1]);
    const cloud::Mesh b = sphere(0.2 + p[2][0], 10, p[3]);
    const VoxelIou voxels = voxelIou(a, b, 32);
    EXPECT_LE(std::abs(*voxels.iou - *meshIou(a, b).iou), voxels.bound) << "seed " << seed;
    EXPECT_NEAR(*voxelIou(b, a, 32).iou, *voxels.iou, 1e-12);
  }
}

// The pairs beside the checkout: as they are placed, and each scaled to the unit cube alone.
class GoldenPairs : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::haveGoldens()) GTEST_SKIP() << "no ../shared/goldens/metrics";
    pairs = nlohmann::json::parse(readFile(testing::goldens() + "/pairs.json"));
  }
  static cloud::Mesh unit(cloud::Mesh mesh) {
    const cloud::Box bounds = boxOf(mesh);
    for (cloud::Point& vertex : mesh.vertices) vertex = 1 / bounds.longestSide() * (vertex - bounds.center());
    return mesh;
  }
  nlohmann::json pairs;
};

TEST_F(GoldenPairs, MeshAndVoxelIouAreTrue) {
  std::size_t compared = 0;
  for (const auto& pair : pairs) {
    const std::string name = pair["name"];
    const ClosedMesh a = closeMesh(testing::goldenMesh(name, 'a')), b = closeMesh(testing::goldenMesh(name, 'b'));
    EXPECT_EQ(b.watertight, name != "p14_open_box") << name;
    for (const char* key : {"true_iou", "norm_iou"}) {
      if (pair[key].is_null()) continue;
      const bool placed = std::string(key) == "true_iou";
      const cloud::Mesh first = placed ? a.mesh : unit(a.mesh), second = placed ? b.mesh : unit(b.mesh);
      const double iou = pair[key];
      // The true value is of the solids; round ones lie outside their meshes.
      EXPECT_NEAR(*meshIou(first, second).iou, iou, 1.6e-3) << name << ' ' << key;
      const VoxelIou voxels = voxelIou(first, second);
      EXPECT_NEAR(*voxels.iou, iou, voxels.bound) << name << ' ' << key;
      EXPECT_NEAR(*voxels.iou, *meshIou(first, second).iou, 0.015) << name << ' ' << key;
      ++compared;
    }
    EXPECT_NEAR(a.signedVolume, pair["vol_a"], 4e-3 * pair["vol_a"].get<double>()) << name;
  }
  EXPECT_GT(compared, 20u);
}

// What an exact boolean of the same meshes gave, each scaled to the unit cube; p10's fault (1.216) left out.
TEST_F(GoldenPairs, MeshIouIsThatOfAnExactBoolean) {
  const std::map<std::string, double> booleans{
      {"p01_identical_box", 1},      {"p02_cube_1_vs_1.1", 1},         {"p03_translated_box", 1},
      {"p04_box_thicker", 0.8},      {"p05_cylinder_vs_cube", 0.7851}, {"p06_sphere_vs_cube", 0.5221},
      {"p07_plate_holes", 0.9477},   {"p08_L_rotated", 0.0541},        {"p09_L_rotated90", 0.1573},
      {"p11_two_bodies", 0.6667},    {"p12_torus_vs_disc", 0.5014},    {"p13_fillet", 0.9752},
      {"p15_sphere_vs_rod", 0.0054}, {"p16_many_holes", 0.9936}};
  for (const auto& [name, iou] : booleans) {
    const cloud::Mesh a = unit(closeMesh(testing::goldenMesh(name, 'a')).mesh),
                      b = unit(closeMesh(testing::goldenMesh(name, 'b')).mesh);
    EXPECT_NEAR(*meshIou(a, b).iou, iou, 1e-4) << name;
  }
}

TEST_F(GoldenPairs, AnOpenBoxIsTheBox) {
  const ClosedMesh a = closeMesh(testing::goldenMesh("p14_open_box", 'a')),
                   b = closeMesh(testing::goldenMesh("p14_open_box", 'b'));
  EXPECT_NEAR(*meshIou(a.mesh, b.mesh).iou, 1, 1e-9);
  EXPECT_EQ(*voxelIou(a.mesh, b.mesh).iou, 1);
}

}  // namespace
}  // namespace cadrecode::metrics
