// Faces of plain outlines: the short way must give what the kernel's long way gives, and leave the rest to it.
#include "cadquery/simple_outline.hpp"

#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRep_Tool.hxx>
#include <Geom_Plane.hxx>
#include <ShapeFix_Face.hxx>
#include <ShapeFix_Shape.hxx>
#include <TopoDS.hxx>
#include <algorithm>
#include <cmath>
#include <random>

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TopoDS_Shape theLongWay(const Wire& outline) {
  ShapeFix_Shape fixer(outline.wrapped());
  fixer.Perform();
  ShapeFix_Face faceFixer(BRepBuilderAPI_MakeFace(TopoDS::Wire(fixer.Shape()), true).Face());
  faceFixer.FixOrientation();
  faceFixer.Perform();
  return faceFixer.Result();
}

void expectSameFace(const TopoDS_Shape& a, const TopoDS_Shape& b) {
  ASSERT_EQ(a.ShapeType(), TopAbs_FACE);
  ASSERT_EQ(b.ShapeType(), TopAbs_FACE);
  EXPECT_EQ(a.Orientation(), b.Orientation());
  for (const TopAbs_ShapeEnum kind : {TopAbs_EDGE, TopAbs_VERTEX}) {
    const std::vector<Shape> ours = Shape(a).entities(kind), theirs = Shape(b).entities(kind);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(ours[i].isEqual(theirs[i]));
  }
  const auto plane = [](const TopoDS_Shape& face) {
    return opencascade::handle<Geom_Plane>::DownCast(BRep_Tool::Surface(TopoDS::Face(face)))->Position();
  };
  EXPECT_EQ(plane(a).Location().Distance(plane(b).Location()), 0);
  EXPECT_TRUE(plane(a).Direction().IsEqual(plane(b).Direction(), 0));
  EXPECT_EQ(BRep_Tool::Tolerance(TopoDS::Face(a)), BRep_Tool::Tolerance(TopoDS::Face(b)));
}

std::optional<TopoDS_Face> shortWay(const Wire& outline) {
  return faceOfSimpleOutline(TopoDS::Wire(outline.wrapped()));
}

TEST(SimpleOutline, CirclesAndPolygonsOfEitherDirection) {
  for (const Vector& up : {Vector(0, 0, 1), Vector(0, 0, -1), Vector(1, 2, 3)}) {
    const Wire circle = Wire::makeCircle(3, Vector(1, 2, 3), up);
    const auto face = shortWay(circle);  // before the long way, which leaves its marks on the edges
    ASSERT_TRUE(face);
    expectSameFace(*face, theLongWay(circle));
    EXPECT_NEAR(Shape(*face).area(), 9 * kPi, 1e-9);
  }
  std::vector<Vector> corners{Vector(0, 0), Vector(9, 0), Vector(9, 4), Vector(5, 4), Vector(5, 7), Vector(0, 7)};
  for (int turn = 0; turn < 2; ++turn) {
    const Wire outline = Wire::makePolygon(corners, false, true);
    const auto face = shortWay(outline);
    ASSERT_TRUE(face);
    expectSameFace(*face, theLongWay(outline));
    EXPECT_NEAR(Shape(*face).area(), 51, 1e-9);
    std::reverse(corners.begin(), corners.end());
  }
}

// Star-shaped outlines of lines and arcs on integer points, on turned planes.
TEST(SimpleOutline, RandomOutlinesGiveTheKernelsFaces) {
  constexpr unsigned kSeed = 20241215;
  std::mt19937 random(kSeed);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  int taken = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    const Plane plane = Plane::named(std::array{"XY", "YZ", "ZX"}[static_cast<std::size_t>(pick(0, 2))],
                                     Vector(pick(-9, 9), pick(-9, 9), pick(-9, 9)))
                            .rotated(Vector(0, pick(0, 1) * 30, 0));
    const int n = pick(2, 10);
    std::vector<Vector> corners;
    for (int i = 0; i < n; ++i) {
      const double angle = 2 * kPi * i / n, radius = pick(20, 60);
      corners.emplace_back(std::round(radius * std::cos(angle)), std::round(radius * std::sin(angle)));
    }
    std::vector<Shape> edges;
    for (int i = 0; i < n; ++i) {
      const Vector a = corners[static_cast<std::size_t>(i)], b = corners[static_cast<std::size_t>((i + 1) % n)];
      const Vector across(a.y() - b.y(), b.x() - a.x());
      const bool arc = (n == 2 && i == 0) || pick(0, 7) == 0;
      const Vector middle = (a + b) * 0.5 + across * (pick(1, 4) / 12.0 * (pick(0, 1) ? 1 : -1));
      edges.push_back(
          arc ? Edge::makeThreePointArc(plane.toWorldCoords(a), plane.toWorldCoords(middle), plane.toWorldCoords(b))
              : Edge::makeLine(plane.toWorldCoords(a), plane.toWorldCoords(b)));
    }
    const Wire outline = Wire::assembleEdges(edges);
    const auto face = shortWay(outline);
    if (!face) continue;
    ++taken;
    expectSameFace(*face, theLongWay(outline));
  }
  EXPECT_GT(taken, 150);  // the others cross themselves
}

TEST(SimpleOutline, LeavesDoubtfulOutlinesToTheKernel) {
  const auto polygon = [](const std::vector<Vector>& corners) { return Wire::makePolygon(corners, false, true); };
  EXPECT_FALSE(shortWay(polygon({Vector(0, 0), Vector(4, 4), Vector(4, 0), Vector(0, 4)})));  // crosses itself
  EXPECT_FALSE(shortWay(polygon({Vector(0, 0), Vector(4, 0), Vector(4, 4), Vector(2, 0), Vector(0, 4)})));  // touches
  EXPECT_FALSE(shortWay(polygon({Vector(0, 0), Vector(4, 0), Vector(2, 0), Vector(2, 3)})));                // runs back
  EXPECT_FALSE(shortWay(Wire::makePolygon({Vector(0, 0), Vector(4, 0), Vector(4, 4)})));                    // open
  EXPECT_FALSE(shortWay(polygon({Vector(0, 0), Vector(4, 0), Vector(4, 4), Vector(0, 4, 1)})));  // not planar
  EXPECT_FALSE(shortWay(polygon({Vector(0, 0), Vector(1e-5, 0), Vector(0, 1)})));                // a tiny edge
  EXPECT_FALSE(shortWay(Wire::makeEllipse(3, 2, {}, Vector(0, 0, 1), Vector(1, 0))));
  const Edge dip = Edge::makeThreePointArc(Vector(0, 0), Vector(2, 3.5), Vector(4, 0));  // through the other side
  EXPECT_FALSE(shortWay(
      Wire::assembleEdges({dip, Edge::makeLine(Vector(4, 0), Vector(4, 3)), Edge::makeLine(Vector(4, 3), Vector(0, 3)),
                           Edge::makeLine(Vector(0, 3), Vector(0, 0))})));
}

TEST(SimpleOutline, RoundedCornersTouchSmoothly) {
  const Wire square = squareWire(10);
  const auto face = shortWay(square.fillet2D(2, square.vertices()));
  ASSERT_TRUE(face);
  EXPECT_NEAR(Shape(*face).area(), 100 - (4 - kPi) * 4, 1e-9);
}

}  // namespace
}  // namespace cadrecode::cadquery
