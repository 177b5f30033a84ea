// Primitive solids, prisms, revolutions, lofts and sweeps against their formulas.
#include <cmath>
#include <random>

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(Solid, VolumesOfPrimitives) {
  EXPECT_NEAR(Solid::makeBox(2, 3, 4).volume(), 24, 1e-9);
  EXPECT_NEAR(Solid::makeCylinder(2, 5).volume(), 20 * kPi, 1e-9);
  EXPECT_NEAR(Solid::makeCylinder(2, 5, {}, Vector(0, 0, 1), 90).volume(), 5 * kPi, 1e-9);
  EXPECT_NEAR(Solid::makeCone(3, 1, 6).volume(), kPi * 6 / 3 * (9 + 3 + 1), 1e-9);
  EXPECT_NEAR(Solid::makeTorus(10, 2).volume(), 2 * kPi * 10 * 4 * kPi, 1e-8);
  EXPECT_NEAR(Solid::makeWedge(10, 8, 6, 2, 2, 5, 4).volume(),
              8.0 / 6 * (10 * 6 + 4 * (10 + 3) / 2.0 * (6 + 2) / 2.0 + 3 * 2), 1e-9);
}

TEST(Solid, ASphereIsItsUpperHalfByDefault) {
  const Solid half = Solid::makeSphere(3);
  EXPECT_NEAR(half.volume(), 2 * kPi / 3 * 27, 1e-9);
  EXPECT_NEAR(half.boundingBox().zmin, 0, 1e-6);
  EXPECT_NEAR(Solid::makeSphere(3, {}, Vector(0, 0, 1), -90, 90).volume(), 4 * kPi / 3 * 27, 1e-8);
}

TEST(Solid, PrimitivesStandWhereTheyAreTold) {
  const Solid cylinder = Solid::makeCylinder(1, 10, Vector(1, 2, 3), Vector(1, 0, 0));
  expectVector(cylinder.center(), 6, 2, 3);
  EXPECT_EQ(errorOf([] { Solid::makeBox(0, 1, 1); }), "Standard_DomainError");
}

TEST(Solid, PrismOfAFaceWithAHole) {
  const Wire hole = Wire::makeCircle(2, Vector(5, 5), Vector(0, 0, 1));
  const Shape prism = Solid::extrudeLinear(squareWire(10), {hole}, Vector(0, 0, 3));
  EXPECT_NEAR(prism.volume(), 3 * (100 - 4 * kPi), 1e-8);
  EXPECT_TRUE(prism.isValid());
  EXPECT_NEAR(Solid::extrudeLinear(Face::makeFromWires(squareWire(10), {hole}), Vector(0, 0, -3)).volume(),
              3 * (100 - 4 * kPi), 1e-8);
}

TEST(Solid, ASlantedPrismHasTheHeightOfItsNormal) {
  EXPECT_NEAR(Solid::extrudeLinear(squareWire(10), {}, Vector(4, 0, 3)).volume(), 300, 1e-8);
}

TEST(Solid, TapersAreFrustums) {
  const double height = 5, inset = height * std::tan(10 * kPi / 180);
  const double top = 10 - 2 * inset;
  const double expected = height / 3 * (100 + top * 10 + top * top);
  EXPECT_NEAR(Solid::extrudeLinear(squareWire(10), {}, Vector(0, 0, height), 10).volume(), expected, 1e-6);
  EXPECT_NEAR(Solid::extrudeLinear(squareWire(10), {}, Vector(0, 0, -height), 10).volume(), expected, 1e-6);
  EXPECT_NEAR(Solid::extrudeLinear(squareWire(10), {}, Vector(0, 0, height), 10).boundingBox().zlen, height, 1e-6);
  // Widening, the kernel rounds the corners: prism, four slanted strips and four quarter cones.
  const double widened = height * 100 + 4 * 10 * height * inset / 2 + kPi * inset * inset * height / 3;
  EXPECT_NEAR(Solid::extrudeLinear(squareWire(10), {}, Vector(0, 0, height), -10).volume(), widened, 1e-6);
}

TEST(Solid, ATwistKeepsTheVolume) {
  const Shape twisted =
      Solid::extrudeLinearWithRotation(squareWire(10, Vector(-5, -5)), {}, Vector(), Vector(0, 0, 20), 45);
  EXPECT_NEAR(twisted.volume(), 2000, 2);
  EXPECT_TRUE(twisted.isValid());
  EXPECT_EQ(errorOf([] { Solid::extrudeLinearWithRotation(squareWire(1), {}, Vector(), Vector(0, 0, 1), 0); }),
            "ZeroDivisionError: float division by zero");
}

TEST(Solid, RevolutionsObeyPappus) {
  const Face square = Face::makeFromWires(squareWire(2, Vector(4, 0)));
  EXPECT_NEAR(Solid::revolve(square, 360, Vector(), Vector(0, 1)).volume(), 2 * kPi * 5 * 4, 1e-8);
  EXPECT_NEAR(Solid::revolve(square, 90, Vector(), Vector(0, 1)).volume(), kPi / 2 * 5 * 4, 1e-8);
  const Face disc = Face::makeFromWires(Wire::makeCircle(1, Vector(5, 0), Vector(0, 0, 1)));
  EXPECT_NEAR(Solid::revolve(disc, 360, Vector(), Vector(0, 1)).volume(), 2 * kPi * 5 * kPi, 1e-8);
}

TEST(Solid, ARuledLoftOfTwoSquaresIsAFrustum) {
  const Shape loft = Solid::makeLoft({squareWire(10), squareWire(4, Vector(3, 3, 6))}, true);
  EXPECT_NEAR(loft.volume(), 6.0 / 3 * (100 + 40 + 16), 1e-6);
  EXPECT_EQ(errorOf([] { Solid::makeLoft({squareWire(1)}); }), "ValueError: More than one wire is required");
}

TEST(Solid, SweepsAlongALineAndAnArc) {
  const Wire profile = Wire::makeCircle(1, {}, Vector(0, 0, 1));
  const Wire hole = Wire::makeCircle(0.5, {}, Vector(0, 0, 1));
  const Edge line = Edge::makeLine(Vector(), Vector(0, 0, 7));
  EXPECT_NEAR(Solid::sweep(profile, {}, line, {}).volume(), 7 * kPi, 1e-6);
  EXPECT_NEAR(Solid::sweep(profile, {hole}, line, {}).volume(), 7 * kPi * 0.75, 1e-6);
  const Edge arc =
      Edge::makeThreePointArc(Vector(), Vector(10 - 10 * std::sqrt(0.5), 0, 10 * std::sqrt(0.5)), Vector(10, 0, 10));
  EXPECT_NEAR(Solid::sweep(profile, {}, arc, {}).volume(), kPi * 10 * kPi / 2, 1e-3);
}

TEST(Solid, SweepCornersByTransition) {
  const Wire profile = squareWire(2, Vector(-1, -1));
  const Wire path = Wire::makePolygon({Vector(), Vector(0, 0, 10), Vector(10, 0, 10)});
  Solid::SweepOptions options;
  options.transition = "right";
  EXPECT_NEAR(Solid::sweep(profile, {}, path, options).volume(), 80, 1e-5);
  options.transition = "round";
  const double outerCorner = kPi / 4 * 4 - 0.0;  // a quarter of a disc of radius 2 turned about the inner edge
  EXPECT_NEAR(Solid::sweep(profile, {}, path, options).volume(), 2 * 2 * 18 + 2 * outerCorner, 8.0);
  options.transition = "sharp";
  EXPECT_EQ(errorOf([&] { Solid::sweep(profile, {}, path, options); }), "KeyError: sharp");
}

TEST(Solid, ASweepWithoutCapsIsAShell) {
  Solid::SweepOptions options;
  options.makeSolid = false;
  const Shape shell =
      Solid::sweep(Wire::makeCircle(1, {}, Vector(0, 0, 1)), {}, Edge::makeLine(Vector(), Vector(0, 0, 7)), options);
  EXPECT_EQ(shell.shapeType(), "Shell");
  EXPECT_NEAR(shell.area(), 14 * kPi, 1e-6);
}

TEST(Solid, MultiSectionSweepBetweenTwoCircles) {
  const Shape cone = Solid::sweepMulti(
      {Wire::makeCircle(1, {}, Vector(0, 0, 1)), Wire::makeCircle(2, Vector(0, 0, 10), Vector(0, 0, 1))},
      Edge::makeLine(Vector(), Vector(0, 0, 10)));
  EXPECT_NEAR(cone.volume(), kPi * 10 / 3 * (1 + 2 + 4), 1e-3);
}

TEST(Solid, FromTheFacesOfABox) {
  const Solid box = Solid::makeBox(1, 2, 3);
  const Shape shell = Shell::makeShell(box.faces());
  EXPECT_EQ(shell.shapeType(), "Shell");
  EXPECT_NEAR(Solid::makeSolid(shell.asShell()).volume(), 6, 1e-9);
  EXPECT_TRUE(box.outerShell().isSame(box.shells().front()));
  EXPECT_TRUE(box.innerShells().empty());
}

TEST(Face, AFaceOfWiresBesideOneAnotherIsSeveral) {
  const std::vector<Wire> wires{squareWire(10), squareWire(10, Vector(20, 0)),
                                Wire::makeCircle(2, Vector(5, 5), Vector(0, 0, 1))};
  EXPECT_EQ(wiresToFaces(wires).size(), 2u);
  const auto groups = sortWiresByBuildOrder(wires);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].size() + groups[1].size(), 3u);
}

TEST(Face, WhatCannotBoundAFace) {
  const Wire open = Wire::makePolygon({Vector(0, 0), Vector(1, 0), Vector(1, 1)});
  const Wire skew = Wire::makePolygon({Vector(0, 0), Vector(1, 0), Vector(1, 1), Vector(0, 1, 1)}, false, true);
  const Wire circle = Wire::makeCircle(0.1, Vector(0.8, 0.2), Vector(0, 0, 1));
  EXPECT_EQ(errorOf([&] { Face::makeFromWires(open, {circle}); }),
            "ValueError: Cannot build face(s): outer wire is not closed");
  EXPECT_EQ(errorOf([&] { Face::makeFromWires(skew); }), "ValueError: Cannot build face(s): wires not planar");
  EXPECT_EQ(errorOf([&] { Face::makeFromWires(squareWire(1), {open}); }),
            "ValueError: Cannot build face(s): inner wire is not closed");
}

TEST(Face, NormalsPointOutOfTheBody) {
  const Solid box = Solid::makeBox(2, 2, 2);
  for (const Shape& face : box.faces()) {
    const Vector outward = face.center() - box.center();
    EXPECT_NEAR(face.asFace().normalAt().dot(outward), 1, 1e-12);
  }
  const Shape cylinder = Solid::makeCylinder(2, 4);
  for (const Shape& face : cylinder.faces())
    if (face.geomType() == "CYLINDER") expectVector(face.asFace().normalAt(Vector(0, 2, 1)), 0, 1, 0);
}

TEST(Face, PlanesAndThicknesses) {
  const Face plane = Face::makePlane(4, 6, Vector(1, 1, 1), Vector(1, 0, 0));
  EXPECT_NEAR(plane.area(), 24, 1e-12);
  expectVector(plane.center(), 1, 1, 1);
  EXPECT_NEAR(plane.thicken(0.5).volume(), 12, 1e-9);
  EXPECT_NEAR(std::fabs(plane.thicken(-0.5).volume()), 12, 1e-9);
}

TEST(Face, ARuledSurfaceBetweenTwoLines) {
  const Shape ruled =
      Face::makeRuledSurface(Edge::makeLine(Vector(0, 0), Vector(2, 0)), Edge::makeLine(Vector(0, 3), Vector(2, 3)));
  EXPECT_EQ(ruled.shapeType(), "Face");
  EXPECT_NEAR(ruled.area(), 6, 1e-9);
  EXPECT_EQ(Face::makeRuledSurface(squareWire(1), squareWire(1, Vector(0, 0, 1))).shapeType(), "Shell");
}

}  // namespace
}  // namespace cadrecode::cadquery
