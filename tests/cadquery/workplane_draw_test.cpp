#include <cmath>

#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

double areaOf(const Workplane& outline) { return volumeOf(outline.extrude(1.0)); }

TEST(WorkplaneDraw, LinesUseLocalCoordinates) {
  const Workplane w = Workplane("XZ", Vector(1, 0, 0)).lineTo(2, 3);
  expectPoint(shapeIn(w).endPoint(), 3, 0, 3);
  expectPoint(w.findFromPoint(true), 2, 3, 0);
}

TEST(WorkplaneDraw, RelativeAndAbsoluteLines) {
  const Workplane w = Workplane().moveTo(1, 1).hLine(4).vLineTo(3).hLineTo(2).vLine(1).line(-1, 0).close();
  EXPECT_NEAR(areaOf(w), 4 * 2 + 1 * 1, 1e-9);
}

TEST(WorkplaneDraw, PolarLines) {
  const Workplane w = Workplane().polarLine(2, 0).polarLine(2, 120).close();
  EXPECT_NEAR(areaOf(w), std::sqrt(3.0), 1e-9);
  expectPoint(shapeIn(Workplane().moveTo(5, 5).polarLineTo(2, 90)).endPoint(), 0, 2, 0);
}

TEST(WorkplaneDraw, MoveIsRelativeAndDrawsNothing) {
  const Workplane w = Workplane().moveTo(1, 2).move(3, 4);
  expectPoint(pointIn(w), 4, 6, 0);
  EXPECT_TRUE(w.context()->pendingEdges.empty());
}

TEST(WorkplaneDraw, ArcsThroughSagittaAndRadius) {
  const double half = kPi / 2;
  EXPECT_NEAR(areaOf(Workplane().moveTo(-1, 0).threePointArc(Vector(0, 1), Vector(1, 0)).close()), half, 1e-9);
  EXPECT_NEAR(areaOf(Workplane().moveTo(-1, 0).sagittaArc(Vector(1, 0), 1).close()), half, 1e-9);
  EXPECT_NEAR(areaOf(Workplane().moveTo(-1, 0).radiusArc(Vector(1, 0), -1).close()), half, 1e-9);
  expectError("ValueError", "Arc radius is not large enough to reach the end point.",
              [] { Workplane().radiusArc(Vector(4, 0), 1); });
}

TEST(WorkplaneDraw, TheSignOfASagittaPicksTheSide) {
  const Shape up = shapeIn(Workplane().sagittaArc(Vector(2, 0), 0.5));
  const Shape down = shapeIn(Workplane().sagittaArc(Vector(2, 0), -0.5));
  EXPECT_NEAR(up.boundingBox().ymax, 0.5, 1e-6);
  EXPECT_NEAR(down.boundingBox().ymin, -0.5, 1e-6);
}

TEST(WorkplaneDraw, ATangentArcGoesOnFromTheLastEdge) {
  const Workplane w = Workplane().hLine(2).tangentArcPoint(Vector(0, 2)).hLineTo(0).close();
  EXPECT_NEAR(areaOf(w), 4 + kPi / 2, 1e-9);
  expectError("RuntimeError",
              "Previous Edge requested, but the previous object was of type <class 'cadquery.occ_impl.geom.Vector'>, "
              "not an Edge.",
              [] { Workplane().tangentArcPoint(Vector(1, 1)); });
}

TEST(WorkplaneDraw, TheCurrentPointMustBeAPointOrAnEdge) {
  expectError("RuntimeError", "Cannot convert object type '<class 'cadquery.occ_impl.shapes.Wire'>' to vector ",
              [] { Workplane().rect(1, 1).lineTo(2, 2); });
}

TEST(WorkplaneDraw, APolylineMayStartAtTheCurrentPoint) {
  const std::vector<Vector> points{Vector(2, 0), Vector(2, 2)};
  EXPECT_EQ(Workplane().polyline(points).size(), 1);
  EXPECT_EQ(Workplane().polyline(points, false, true).size(), 2);
  EXPECT_NEAR(areaOf(Workplane().polyline(points, false, true).close()), 2, 1e-9);
}

TEST(WorkplaneDraw, CloseNeedsAStartAndAddsNoEdgeOfNoLength) {
  expectError("ValueError", "No start point specified - cannot close", [] { Workplane().close(); });
  const Workplane w = Workplane().lineTo(1, 0).lineTo(0, 1).lineTo(0, 0).close();
  EXPECT_EQ(shapeIn(w).edges().size(), 3u);
}

TEST(WorkplaneDraw, ConstructionIsNotPending) {
  const Workplane w = Workplane().lineTo(1, 0, true).lineTo(1, 1, true).rect(1, 1, true, true);
  EXPECT_TRUE(w.context()->pendingEdges.empty());
  EXPECT_TRUE(w.context()->pendingWires.empty());
}

TEST(WorkplaneDraw, OutlinesAndTheirCentring) {
  EXPECT_NEAR(areaOf(Workplane().rect(2, 3)), 6, 1e-9);
  EXPECT_NEAR(areaOf(Workplane().circle(2)), 4 * kPi, 1e-9);
  EXPECT_NEAR(areaOf(Workplane().ellipse(2, 1)), 2 * kPi, 1e-9);
  EXPECT_NEAR(areaOf(Workplane().polygon(6, 2)), 1.5 * std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(areaOf(Workplane().polygon(6, 2, false, true)), 2 * std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(areaOf(Workplane().slot2D(10, 4)), 6 * 4 + 4 * kPi, 1e-9);
  const BoundBox box = shapeIn(Workplane().rect(2, 3, Centered(false, true)).extrude(1.0)).boundingBox();
  EXPECT_NEAR(box.xmin, 0, 1e-6);
  EXPECT_NEAR(box.ymin, -1.5, 1e-6);
}

TEST(WorkplaneDraw, MirroredHalvesMakeOneOutline) {
  const Workplane half = Workplane().lineTo(2, 0).lineTo(2, 1).lineTo(0, 1);
  EXPECT_NEAR(areaOf(half.mirrorY()), 4, 1e-9);
}

TEST(WorkplaneDraw, OffsetGrowsThePendingWires) {
  EXPECT_NEAR(areaOf(Workplane().rect(2, 2).offset2D(1)), 4 + 8 + kPi, 1e-6);
  EXPECT_NEAR(areaOf(Workplane().rect(2, 2).offset2D(1, "intersection")), 16, 1e-6);
  EXPECT_TRUE(Workplane().rect(2, 2).offset2D(1, "arc", true).context()->pendingWires.empty());
}

TEST(WorkplaneDraw, CurvesMayBecomeWires) {
  const std::vector<Vector> points{Vector(0, 0), Vector(1, 1), Vector(2, 0)};
  const Workplane edge = Workplane().spline(points, {}, {});
  EXPECT_EQ(edge.context()->pendingEdges.size(), 1u);
  const Workplane wire = Workplane().bezier(points, {.makeWire = true});
  EXPECT_EQ(wire.context()->pendingWires.size(), 1u);
  EXPECT_NEAR(areaOf(Workplane().bezier(points, {}).close()), 2.0 / 3.0, 1e-9);
}

TEST(WorkplaneDraw, AParametricCircleIsRound) {
  const auto circle = [](double t) { return Vector(std::cos(2 * kPi * t), std::sin(2 * kPi * t)); };
  Edge::SplineApproxOptions options;
  options.tol = 1e-6;
  options.smoothing = {1, 1, 1};
  EXPECT_NEAR(areaOf(Workplane().parametricCurve(circle, 400, 0, 1, options)), kPi, 1e-4);
}

TEST(WorkplaneDraw, AnEllipticArcStartsAtTheCurrentPoint) {
  const Workplane::EllipseArcOptions options{.angle1 = 0, .angle2 = 180};
  const Workplane w = Workplane().moveTo(5, 1).ellipseArc(2, 1, options);
  expectPoint(shapeIn(w).startPoint(), 5, 1, 0);
  EXPECT_NEAR(areaOf(w.close()), kPi, 1e-9);
}

}  // namespace
}  // namespace cadrecode::cadquery
