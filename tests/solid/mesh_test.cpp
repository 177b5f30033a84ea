// Meshes: against closed forms, as closed surfaces, and the mesher of our own against BRepMesh.
#include "solid/mesh.hpp"

#include <gtest/gtest.h>

#include <BRepBuilderAPI_Copy.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <BRepTools.hxx>
#include <cmath>
#include <map>
#include <numbers>

#include "shape_factory.hpp"
#include "solid/analytic_mesh.hpp"
#include "solid/boolean.hpp"
#include "solid/merge.hpp"

namespace cadrecode::solid {
namespace {

using namespace testing;

// Sides that have no opposite: 0 for a closed, evenly turned surface.
int openSides(const Mesh& mesh) {
  const auto key = [](const std::array<double, 3>& p) {
    std::array<long, 3> rounded;
    for (std::size_t k = 0; k < 3; ++k) rounded[k] = std::lround(p[k] * 1e6);
    return rounded;
  };
  std::map<std::pair<std::array<long, 3>, std::array<long, 3>>, int> sides;
  for (const auto& t : mesh.triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      const auto a = key(mesh.vertices[t[k]]), b = key(mesh.vertices[t[(k + 1) % 3]]);
      ++sides[{a, b}];
      --sides[{b, a}];
    }
  }
  int open = 0;
  for (const auto& [side, count] : sides) open += count != 0 ? 1 : 0;
  return open;
}

void expectAsBRepMesh(const TopoDS_Shape& shape, double tolerance = 0.001, double angular = 0.1) {
  const auto quick = meshAnalytically(shape, tolerance, angular);
  ASSERT_TRUE(quick);
  const TopoDS_Shape copy = BRepBuilderAPI_Copy(shape, Standard_True, Standard_False).Shape();
  const PlainKernel off;
  const Mesh plain = tessellate(copy, tolerance, angular);
  EXPECT_EQ(quick->triangles.size(), plain.triangles.size());
  EXPECT_EQ(quick->vertices.size(), plain.vertices.size());
  EXPECT_NEAR(quick->volume(), plain.volume(), 1e-11 * std::abs(plain.volume()));
  EXPECT_NEAR(quick->area(), plain.area(), 1e-11 * plain.area());
  EXPECT_EQ(openSides(*quick), openSides(plain));
}

TEST(Mesh, box) {
  const Mesh mesh = tessellate(box(1, 2, 3, 4, 5, 6), 0.001, 0.1);
  EXPECT_EQ(mesh.triangles.size(), 12u);
  EXPECT_EQ(mesh.vertices.size(), 24u);
  EXPECT_NEAR(mesh.volume(), 120.0, 1e-10);
  EXPECT_NEAR(mesh.area(), 148.0, 1e-10);
  EXPECT_EQ(openSides(mesh), 0);
}

TEST(Mesh, insideOutSolidsHaveNegativeVolume) {
  EXPECT_NEAR(tessellate(box(0, 0, 0, 1, 1, 1).Reversed(), 0.001, 0.1).volume(), -1.0, 1e-12);
}

TEST(Mesh, cylinderComesCloserWithTheAngle) {
  const TopoDS_Shape shape = cylinder({0, 0, 0}, {0, 0, 1}, 5, 10);
  const double exact = 250.0 * std::numbers::pi;
  double before = exact;
  for (const double angle : {0.4, 0.2, 0.1, 0.05}) {
    const Mesh mesh = tessellate(BRepBuilderAPI_Copy(shape).Shape(), 1.0, angle);
    const double off = exact - mesh.volume();
    EXPECT_GT(off, 0.0);
    EXPECT_LT(off, before);
    EXPECT_EQ(openSides(mesh), 0);
    before = off;
  }
}

TEST(Mesh, asBRepMesh) {
  expectAsBRepMesh(box(0, 0, 0, 1, 2, 3));
  expectAsBRepMesh(cylinder({1, 2, 3}, {1, 1, 0}, 5, 10));
  expectAsBRepMesh(prism(bulgedFace(0, 0, 10, 6, 3), 0, 0, -7));
  expectAsBRepMesh(compound({box(0, 0, 0, 1, 2, 3), cylinder({9, 0, 0}, {0, 0, 1}, 2, 3)}));
  expectAsBRepMesh(cut({box(0, 0, 0, 20, 20, 5)}, {cylinder({10, 10, -1}, {0, 0, 1}, 4, 7)}));
  expectAsBRepMesh(
      cut({box(0, 0, 0, 20, 20, 5)}, {cylinder({5, 5, -1}, {0, 0, 1}, 3, 7), cylinder({14, 14, -1}, {0, 0, 1}, 3, 7)}));
}

TEST(Mesh, asBRepMeshAtOtherTolerances) {
  for (const auto& [tolerance, angular] : {std::pair(0.1, 0.1), {0.01, 0.5}, {0.0005, 1.0}, {0.3, 0.02}}) {
    SCOPED_TRACE(tolerance);
    expectAsBRepMesh(prism(bulgedFace(0, 0, 10, 6, 3), 0, 0, 7), tolerance, angular);
    expectAsBRepMesh(cylinder({1, 2, 3}, {1, 1, 0}, 5, 10), tolerance, angular);
  }
}

// Cylinders that are not simple strips: steps, slots, pieces of different fineness face each other.
TEST(Mesh, cylindersWithNotches) {
  const TopoDS_Shape post = cylinder({0, 0, 0}, {0, 0, 1}, 5, 20);
  expectAsBRepMesh(cut({post}, {box(0, -2, 10, 10, 4, 20)}));
  expectAsBRepMesh(cut({post}, {box(-10, -1, 5, 20, 2, 5)}));
  expectAsBRepMesh(fuse({post}, {box(0, -2, 5, 10, 4, 5)}));
  expectAsBRepMesh(fuse({post}, {box(0, -2, 0, 10, 4, 5)}));
  expectAsBRepMesh(cut({post}, {box(0, 0, 10, 10, 10, 20)}));
}

TEST(Mesh, edgesOfOtherKinds) {
  expectAsBRepMesh(cut({cylinder({0, 0, 0}, {0, 0, 1}, 5, 20)},
                       {prism(polygonFace({{-10, -10, 12}, {10, -10, 20}, {10, -10, 40}, {-10, -10, 40}}), 0, 20, 0)}));
  expectAsBRepMesh(fuse({cylinder({0, 0, -8}, {0, 0, 1}, 4, 16)}, {cylinder({-8, 0, 0}, {1, 0, 0}, 3, 16)}));
}

TEST(Mesh, otherSurfacesAreLeftToBRepMesh) {
  const TopoDS_Shape ball = BRepPrimAPI_MakeSphere(3.0).Shape();
  EXPECT_FALSE(meshAnalytically(ball, 0.001, 0.1));
  const Mesh mesh = tessellate(ball, 0.001, 0.1);
  EXPECT_EQ(openSides(mesh), 0);
  EXPECT_NEAR(mesh.volume(), 36.0 * std::numbers::pi, 0.5);
}

// A wall so thin that the polygons of its two circles cross: BRepMesh makes them finer, so it has to do these.
TEST(Mesh, crossingPolygonsAreLeftToBRepMesh) {
  const gp_Ax2 turned(gp_Pnt(0, 0, -1), gp_Dir(0, 0, 1), gp_Dir(std::cos(0.025), std::sin(0.025), 0));
  const TopoDS_Shape bore = BRepPrimAPI_MakeCylinder(turned, 49.99, 12).Shape();
  const TopoDS_Shape shape = cut({cylinder({0, 0, 0}, {0, 0, 1}, 50, 10)}, {bore});
  EXPECT_FALSE(meshAnalytically(shape, 0.001, 0.1));
  EXPECT_GT(tessellate(shape, 0.001, 0.1).triangles.size(), 100u);
}

TEST(Mesh, meshedShapesKeepTheirMesh) {
  const TopoDS_Shape shape = cylinder({0, 0, 0}, {0, 0, 1}, 5, 20);
  std::size_t coarse = 0;
  {
    const PlainKernel off;
    coarse = tessellate(shape, 0.1, 0.5).triangles.size();
  }
  EXPECT_EQ(tessellate(shape, 0.1, 0.5).triangles.size(), coarse);
  EXPECT_FALSE(meshAnalytically(shape, 0.1, 0.5));
}

TEST(Mesh, nothingGivesNothing) {
  EXPECT_TRUE(tessellate(TopoDS_Shape(), 0.1, 0.1).triangles.empty());
  EXPECT_TRUE(tessellate(compound({}), 0.1, 0.1).triangles.empty());
}

TEST(Mesh, badTolerancesAreTheKernelsToRefuse) {
  EXPECT_THROW(tessellate(cylinder({0, 0, 0}, {0, 0, 1}, 5, 20), 0.0, 0.1), Standard_Failure);
  EXPECT_THROW(tessellate(cylinder({0, 0, 0}, {0, 0, 1}, 5, 20), 0.1, 0.0), Standard_Failure);
}

}  // namespace
}  // namespace cadrecode::solid
