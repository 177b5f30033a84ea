// Edges and wires: lengths, points, tangents, frames, assembly, offsets and corners.
#include <cmath>

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(Edge, LengthsOfLinesAndArcs) {
  EXPECT_NEAR(Edge::makeLine(Vector(0, 0), Vector(3, 4)).curveLength(), 5, 1e-12);
  EXPECT_NEAR(Edge::makeCircle(2).curveLength(), 4 * kPi, 1e-9);
  EXPECT_NEAR(Edge::makeCircle(2, {}, Vector(0, 0, 1), 0, 90).curveLength(), kPi, 1e-9);
  EXPECT_NEAR(Edge::makeThreePointArc(Vector(0, 0), Vector(1, 1), Vector(2, 0)).curveLength(), kPi, 1e-9);
  EXPECT_NEAR(Edge::makeTangentArc(Vector(0, 0), Vector(0, 1), Vector(2, 0)).curveLength(), kPi, 1e-9);
}

TEST(Edge, ImpossibleOnesFailAsInTheKernel) {
  EXPECT_EQ(errorOf([] { Edge::makeLine(Vector(1, 1), Vector(1, 1)); }), "StdFail_NotDone");
  EXPECT_EQ(errorOf([] { Edge::makeThreePointArc(Vector(0, 0), Vector(1, 0), Vector(2, 0)); }), "StdFail_NotDone");
  EXPECT_EQ(errorOf([] { Edge::makeCircle(-1); }), "Standard_ConstructionError");
}

TEST(Edge, ATallEllipseIsAWideOneTurned) {
  const BoundBox box = Edge::makeEllipse(2, 5).boundingBox();
  EXPECT_NEAR(box.xlen, 4, 1e-5);
  EXPECT_NEAR(box.ylen, 10, 1e-5);
  const Edge quarter = Edge::makeEllipse(2, 5, {}, Vector(0, 0, 1), Vector(1, 0), 0, 90);
  expectVector(quarter.startPoint(), 2, 0, 0, 1e-9);
  expectVector(quarter.endPoint(), 0, 5, 0, 1e-9);
}

TEST(Edge, PointsAndTangentsByLength) {
  const Edge arc = Edge::makeCircle(2, {}, Vector(0, 0, 1), 0, 180);
  expectVector(arc.positionAt(0.5), 0, 2, 0);
  expectVector(arc.tangentAt(0.5), -1, 0, 0);
  expectVector(arc.positionAt(kPi / 2, "parameter"), 0, 2, 0);
  EXPECT_NEAR(arc.paramAt(0.25), kPi / 4, 1e-9);
  EXPECT_NEAR(arc.paramAt(Vector(0, 2)), kPi / 2, 1e-9);
  EXPECT_NEAR(arc.curvatureAt(0.3), 0.5, 1e-9);
  expectVector(arc.arcCenter(), 0, 0, 0);
  expectVector(arc.normal(), 0, 0, 1);
  EXPECT_NEAR(arc.radius(), 2, 1e-12);
}

TEST(Edge, WhatIsNoArcHasNoCenterOrRadius) {
  const Edge line = Edge::makeLine(Vector(0, 0), Vector(1, 0));
  EXPECT_EQ(errorOf([&] { line.arcCenter(); }), "ValueError: LINE has no arc center");
  EXPECT_EQ(errorOf([&] { line.radius(); }), "ValueError: Shape could not be reduced to a circle");
  EXPECT_EQ(errorOf([] { squareWire(1).radius(); }), "ValueError: Shape could not be reduced to a circle");
  EXPECT_EQ(errorOf([&] { line.normal(); }), "ValueError: Normal not defined");
}

TEST(Edge, FramesFollowTheCurve) {
  const Edge arc = Edge::makeCircle(2, {}, Vector(0, 0, 1), 0, 180);
  const auto [p, r] = arc.locationAt(0.5).toTuple();
  EXPECT_NEAR(p[1], 2, 1e-9);
  const Vector along = gp_Vec(0, 0, 1).Transformed(arc.locationAt(0.5).wrapped().Transformation());
  expectVector(along, -1, 0, 0);
  const Vector up =
      gp_Vec(0, 0, 1).Transformed(arc.locationAt(0.5, "length", "frenet", true).wrapped().Transformation());
  expectVector(up, 0, 0, 1);
}

TEST(Edge, SplinesRunThroughTheirPoints) {
  const std::vector<Vector> points{Vector(0, 0), Vector(1, 2), Vector(3, 1), Vector(4, 4)};
  const Edge spline = Edge::makeSpline(points, {});
  for (const Vector& point : points) EXPECT_NEAR(Vertex::make(point).distance(spline), 0, 1e-6);
  Edge::SplineOptions options;
  options.tangents = {Vector(0, 1), Vector(0, -1)};
  const Edge bent = Edge::makeSpline(points, options);
  expectVector(bent.tangentAt(0), 0, 1, 0, 1e-6);
  expectVector(bent.tangentAt(1), 0, -1, 0, 1e-6);
  options = {};
  options.periodic = true;
  EXPECT_TRUE(Edge::makeSpline(points, options).isClosedCurve());
}

TEST(Edge, SplinesCountTheirTangentsAndParameters) {
  const std::vector<Vector> points{Vector(0, 0), Vector(1, 2), Vector(3, 1), Vector(4, 4)};
  Edge::SplineOptions options;
  options.tangents = {Vector(0, 1), Vector(0, 1), Vector(0, 1)};
  EXPECT_EQ(errorOf([&] { Edge::makeSpline(points, options); }),
            "ValueError: There must be one tangent for each interpolation point, or just two end point tangents. "
            "Tangent count: 3, point count: 4");
  options = {};
  options.parameters = {0, 1};
  EXPECT_EQ(errorOf([&] { Edge::makeSpline(points, options); }),
            "ValueError: There must be one parameter for each interpolation point (plus one if periodic), or none "
            "specified. Parameter count: 2, point count: 4");
}

TEST(Edge, ABezierCurveOfThreePointsIsAParabola) {
  const Edge curve = Edge::makeBezier({Vector(0, 0), Vector(1, 2), Vector(2, 0)});
  expectVector(curve.positionAt(0.5, "parameter"), 1, 1, 0);
}

TEST(Edge, ClosingAnArcMakesAWire) {
  const Shape closed = Edge::makeThreePointArc(Vector(0, 0), Vector(1, 1), Vector(2, 0)).close();
  EXPECT_EQ(closed.shapeType(), "Wire");
  EXPECT_NEAR(closed.curveLength(), kPi + 2, 1e-9);
  EXPECT_EQ(Edge::makeCircle(1).close().shapeType(), "Edge");
}

TEST(Wire, EdgesMayComeInAnyOrderAndDirection) {
  const Wire wire =
      Wire::assembleEdges({Edge::makeLine(Vector(0, 0), Vector(1, 0)), Edge::makeLine(Vector(1, 1), Vector(0, 0)),
                           Edge::makeLine(Vector(1, 1), Vector(1, 0))});
  EXPECT_TRUE(wire.isClosedCurve());
  EXPECT_EQ(wire.vertices().size(), 3u);
  EXPECT_NEAR(wire.curveLength(), 2 + std::sqrt(2), 1e-12);
}

TEST(Wire, EdgesApartMakeNoWire) {
  EXPECT_EQ(
      errorOf([] {
        Wire::assembleEdges({Edge::makeLine(Vector(0, 0), Vector(1, 0)), Edge::makeLine(Vector(5, 5), Vector(6, 5))});
      }),
      "StdFail_NotDone");
}

TEST(Wire, VerticesComeInTheOrderOfTheWire) {
  const Wire open = Wire::makePolygon({Vector(3, 0), Vector(0, 0), Vector(0, 5), Vector(2, 5)});
  const std::vector<Shape> vertices = open.vertices();
  ASSERT_EQ(vertices.size(), 4u);
  expectVector(vertices[0].center(), 3, 0, 0);
  expectVector(vertices[1].center(), 0, 0, 0);
  expectVector(vertices[3].center(), 2, 5, 0);
  EXPECT_EQ(squareWire(1).vertices().size(), 4u);
}

TEST(Wire, ClosingAddsALine) {
  const Wire open = Wire::makePolygon({Vector(0, 0), Vector(3, 0), Vector(3, 4)});
  EXPECT_FALSE(open.isClosedCurve());
  EXPECT_NEAR(open.close().curveLength(), 12, 1e-9);
}

TEST(Wire, AHelixHasTheLengthOfItsUnrolledLine) {
  const Wire helix = Wire::makeHelix(2, 10, 3);
  EXPECT_NEAR(helix.curveLength(), std::hypot(10, 5 * 2 * kPi * 3), 1e-4);
  expectVector(helix.endPoint(), 3, 0, 10, 1e-6);
  EXPECT_EQ(errorOf([] { Wire::makeHelix(0, 10, 3); }), "ZeroDivisionError: float division by zero");
}

TEST(Wire, OffsetsHaveTheAreaOfTheirKind) {
  const auto area = [](const std::vector<Shape>& wires) { return Face::makeFromWires(wires.at(0).asWire()).area(); };
  const Wire square = squareWire(10);
  EXPECT_NEAR(area(square.offset2D(1)), 100 + 40 + kPi, 1e-9);
  EXPECT_NEAR(area(square.offset2D(1, "intersection")), 144, 1e-9);
  EXPECT_NEAR(area(square.offset2D(-1)), 64, 1e-9);
  EXPECT_EQ(errorOf([&] { square.offset2D(1, "round"); }), "KeyError: round");
}

TEST(Wire, CornersRoundedAndCut) {
  const auto area = [](const Wire& wire) { return Face::makeFromWires(wire).area(); };
  const Wire square = squareWire(10);
  EXPECT_NEAR(area(square.fillet2D(2, square.vertices())), 100 - (4 - kPi) * 4, 1e-9);
  EXPECT_NEAR(area(square.chamfer2D(2, square.vertices())), 100 - 4 * 2, 1e-9);
  EXPECT_NEAR(area(square.fillet(2)), 100 - (4 - kPi) * 4, 1e-9);
  EXPECT_NEAR(area(square.fillet(2, {square.vertices()[1]})), 100 - (4 - kPi), 1e-9);
  EXPECT_EQ(errorOf([&] { square.fillet(20); }), "ValueError: Failed fillet at vertex 1!");
}

TEST(Wire, FilletsInSpaceKeepTheEndsOfAnOpenWire) {
  const Wire open = Wire::makePolygon({Vector(0, 0), Vector(10, 0), Vector(10, 10), Vector(10, 10, 10)});
  const Wire rounded = open.fillet(1);
  expectVector(rounded.startPoint(), 0, 0, 0);
  expectVector(rounded.endPoint(), 10, 10, 10);
  EXPECT_NEAR(rounded.curveLength(), 30 - 4 + kPi, 1e-6);
}

TEST(Wire, ProjectionKeepsTheCurveOnTheFace) {
  const Shape cylinder = Solid::makeCylinder(5, 20);
  Face side = cylinder.faces().front().asFace();
  for (const Shape& face : cylinder.faces())
    if (face.geomType() == "CYLINDER") side = face.asFace();
  const Edge line = Edge::makeLine(Vector(-3, -10, 5), Vector(3, -10, 5));
  const Shape image = line.project(side, Vector(0, 1, 0));
  EXPECT_LT(image.center().y(), 0);
  EXPECT_NEAR(image.distance(side), 0, 1e-6);
  EXPECT_EQ(line.projections(side, Vector(0, 1, 0)).size(), 2u);
}

}  // namespace
}  // namespace cadrecode::cadquery
