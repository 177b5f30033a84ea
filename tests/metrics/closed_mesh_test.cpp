#include "metrics/closed_mesh.hpp"

#include "metrics/mesh_iou.hpp"
#include "metrics/support.hpp"

namespace cadrecode::metrics {
namespace {

using testing::box;

TEST(ClosedMesh, LeavesAClosedOneAlone) {
  const ClosedMesh closed = closeMesh(box({0, 0, 0}, {1, 2, 3}));
  EXPECT_TRUE(closed.watertight);
  EXPECT_EQ(closed.openEdges, 0u);
  EXPECT_EQ(closed.mesh.triangles.size(), 12u);
  EXPECT_NEAR(closed.signedVolume, 6, 1e-12);
}

TEST(ClosedMesh, ClosesAFlatHoleExactly) {
  cloud::Mesh mesh = box({0, 0, 0}, {1, 2, 3});
  mesh.triangles.resize(10);  // one side of the box is gone
  const ClosedMesh closed = closeMesh(mesh);
  EXPECT_FALSE(closed.watertight);
  EXPECT_EQ(closed.openEdges, 4u);
  EXPECT_EQ(closed.holes, 1u);
  EXPECT_NEAR(closed.signedVolume, 6, 1e-12);
}

// The original closes holes of three or four edges only: a cylinder without its lid stays open there and its IoU is 0.
TEST(ClosedMesh, ClosesTheLidOfACylinder) {
  cloud::Mesh mesh;
  const int sides = 40;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2 * std::numbers::pi * i / sides;
    mesh.vertices.push_back({std::cos(angle), std::sin(angle), 0});
    mesh.vertices.push_back({std::cos(angle), std::sin(angle), 2});
  }
  mesh.vertices.push_back({0, 0, 0});
  for (std::uint32_t i = 0; i < sides; ++i) {
    const std::uint32_t a = 2 * i, b = 2 * ((i + 1) % sides);
    mesh.triangles.push_back({a, b, b + 1});
    mesh.triangles.push_back({a, b + 1, a + 1});
    mesh.triangles.push_back({b, a, 2 * sides});
  }
  const ClosedMesh closed = closeMesh(mesh);
  EXPECT_FALSE(closed.watertight);
  EXPECT_EQ(closed.openEdges, static_cast<std::size_t>(sides));
  EXPECT_NEAR(closed.signedVolume, 2 * sides * std::sin(2 * std::numbers::pi / sides) / 2, 1e-12);
  EXPECT_NEAR(*meshIou(closed.mesh, closeMesh(closed.mesh).mesh).iou, 1, 1e-12);
}

TEST(ClosedMesh, SeesWhenAMeshIsInsideOut) {
  cloud::Mesh mesh;
  testing::append(mesh, box({0, 0, 0}, {1, 2, 3}), true);
  EXPECT_NEAR(closeMesh(mesh).signedVolume, -6, 1e-12);
}

TEST(ClosedMesh, WeldsEdgesThatWereComputedTwice) {
  cloud::Mesh mesh = box({0, 0, 0}, {1, 2, 3});
  for (std::size_t i = 0; i < 12; ++i) {  // each triangle its own corners, each a little off
    for (std::uint32_t& corner : mesh.triangles[i]) {
      cloud::Point vertex = mesh.vertices[corner];
      vertex[i % 3] += 1e-9 * static_cast<double>(i);
      corner = static_cast<std::uint32_t>(mesh.vertices.size());
      mesh.vertices.push_back(vertex);
    }
  }
  const ClosedMesh closed = closeMesh(mesh);
  EXPECT_TRUE(closed.watertight);
  EXPECT_NEAR(closed.signedVolume, 6, 1e-6);
}

}  // namespace
}  // namespace cadrecode::metrics
