// Vectors, matrices, planes, locations and boxes.
#include "cadquery/geometry.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(PythonFloat, PrintsTheShortestDigitsThatReadBack) {
  EXPECT_EQ(pythonFloat(1), "1.0");
  EXPECT_EQ(pythonFloat(-0.0), "-0.0");
  EXPECT_EQ(pythonFloat(0.1), "0.1");
  EXPECT_EQ(pythonFloat(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(pythonFloat(0.0001), "0.0001");
  EXPECT_EQ(pythonFloat(0.00001), "1e-05");
  EXPECT_EQ(pythonFloat(1e15), "1000000000000000.0");
  EXPECT_EQ(pythonFloat(1e16), "1e+16");
  EXPECT_EQ(pythonFloat(1.5e300), "1.5e+300");
  EXPECT_EQ(pythonFloat(INFINITY), "inf");
  EXPECT_EQ(pythonFloat(-INFINITY), "-inf");
  EXPECT_EQ(pythonFloat(NAN), "nan");
}

TEST(Vector, Arithmetic) {
  const Vector a(1, 2, 3), b(-2, 0.5);
  expectVector(a + b, -1, 2.5, 3);
  expectVector(a - b, 3, 1.5, 3);
  expectVector(a * 2, 2, 4, 6);
  expectVector(a / 2, 0.5, 1, 1.5);
  expectVector(-a, -1, -2, -3);
  expectVector(a.cross(b), -1.5, -6, 4.5);
  EXPECT_DOUBLE_EQ(a.dot(b), -1);
  EXPECT_DOUBLE_EQ(a.length(), std::sqrt(14.0));
  EXPECT_NEAR(a.normalized().length(), 1, 1e-15);
  EXPECT_EQ(errorOf([] { Vector().normalized(); }), "Standard_ConstructionError");
  EXPECT_EQ(errorOf([] { Vector().toDir(); }), "Standard_ConstructionError");
}

TEST(Vector, AnglesAndProjections) {
  EXPECT_NEAR(Vector(1, 0).getAngle(Vector(-1, 1)), 3 * kPi / 4, 1e-12);
  EXPECT_NEAR(Vector(1, 0).getSignedAngle(Vector(0, 1)), -kPi / 2, 1e-12);
  expectVector(Vector(3, 4, 5).projectToLine(Vector(0, 2)), 0, 4, 0);
  EXPECT_EQ(errorOf([] { Vector(1, 0).projectToLine(Vector()); }), "ZeroDivisionError: float division by zero");
  expectVector(Vector(3, 4, 5).projectToPlane(Plane::named("XY", Vector(0, 0, 2))), 3, 4, 2);
}

TEST(Vector, EqualityHasATolerance) {
  EXPECT_TRUE(Vector(1, 2, 3) == Vector(1, 2, 3.000001));
  EXPECT_FALSE(Vector(1, 2, 3) == Vector(1, 2, 3.001));
}

TEST(Vector, PrintsAsInPython) { EXPECT_EQ(Vector(1, 2.5, -0.0).toString(), "Vector: (1.0, 2.5, -0.0)"); }

TEST(Matrix, RotatesAndInverts) {
  Matrix m;
  m.rotateZ(kPi / 2);
  expectVector(m.multiply(Vector(1, 0)), 0, 1, 0);
  expectVector(m.multiply(m.inverse()).multiply(Vector(1, 2, 3)), 1, 2, 3);
  m.rotateX(kPi / 2);
  expectVector(m.multiply(Vector(0, 1)), 0, 0, 1);
}

TEST(Matrix, RowsAndEntries) {
  const Matrix m({{1, 0, 0, 5}, {0, 2, 0, 6}, {0, 0, 1, 7}});
  EXPECT_EQ(m.at(1, 1), 2);
  EXPECT_EQ(m.at(2, 3), 7);
  EXPECT_EQ(m.at(3, 3), 1);
  EXPECT_EQ(m.at(3, 0), 0);
  EXPECT_EQ(m.transposedList()[12], 5);
  EXPECT_EQ(errorOf([&] { m.at(4, 0); }), "IndexError: Out of bounds access into 4x4 matrix: (4, 0)");
  EXPECT_EQ(errorOf([] {
              Matrix({{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 1, 1}});
            }),
            "ValueError: Expected the last row to be [0,0,0,1], but got: [0.0, 0.0, 1.0, 1.0]");
  EXPECT_EQ(Matrix().toString(),
            "Matrix([[1.0, 0.0, 0.0, 0.0],\n        [0.0, 1.0, 0.0, 0.0],\n        [0.0, 0.0, 1.0, 0.0],\n"
            "        [0.0, 0.0, 0.0, 1.0]])");
}

TEST(Plane, NamedPlanesAreRightHanded) {
  for (const char* name : {"XY", "YZ", "ZX", "XZ", "YX", "ZY", "front", "back", "left", "right", "top", "bottom"}) {
    SCOPED_TRACE(name);
    const Plane plane = Plane::named(name, Vector(1, 2, 3));
    EXPECT_TRUE(plane.xDir().cross(plane.yDir()) == plane.zDir());
    expectVector(plane.toWorldCoords(2, 3, 4) - plane.origin(),
                 (plane.xDir() * 2 + plane.yDir() * 3 + plane.zDir() * 4).x(),
                 (plane.xDir() * 2 + plane.yDir() * 3 + plane.zDir() * 4).y(),
                 (plane.xDir() * 2 + plane.yDir() * 3 + plane.zDir() * 4).z());
  }
  expectVector(Plane::named("XZ").zDir(), 0, -1, 0);
  expectVector(Plane::named("right").xDir(), 0, 0, -1);
}

TEST(Plane, LocalAndWorldCoordinatesUndoOneAnother) {
  const Plane plane = Plane(Vector(1, -2, 3), Vector(1, 1, 0), Vector(0, 0, 1)).rotated(Vector(10, 20, 30));
  const Vector p(4, 5, -6);
  const Vector back = plane.toWorldCoords(plane.toLocalCoords(p));
  expectVector(back, 4, 5, -6, 1e-12);
  expectVector(plane.toLocalCoords(plane.origin()), 0, 0, 0, 1e-12);
}

TEST(Plane, DirectionsAreChecked) {
  EXPECT_EQ(errorOf([] { Plane(Vector(), Vector()); }), "ValueError: xDir should be non null");
  EXPECT_EQ(errorOf([] { Plane(Vector(), std::nullopt, Vector()); }), "ValueError: normal should be non null");
  EXPECT_EQ(errorOf([] { Plane::named("AB"); }),
            "ValueError: Supported names are ['XY', 'YZ', 'ZX', 'XZ', 'YX', 'ZY', 'front', 'back', 'left', 'right', "
            "'top', 'bottom']");
}

TEST(Plane, OriginMovesAlongItsOwnDirections) {
  Plane plane = Plane::named("YZ");
  plane.setOrigin2d(2, 3);
  expectVector(plane.origin(), 0, 2, 3);
  plane.setOrigin2d(2, 3);
  expectVector(plane.origin(), 0, 4, 6);
}

TEST(Plane, RotationTurnsAboutItsOwnAxes) {
  const Plane turned = Plane::named("XZ").rotated(Vector(90, 0, 0));
  expectVector(turned.zDir(), 0, 0, -1, 1e-12);
  expectVector(turned.xDir(), 1, 0, 0, 1e-12);
}

TEST(Plane, SettingDirectionsLeavesTheTransformation) {
  Plane plane = Plane::named("XY");
  plane.setPlaneDirections(Vector(0, 2));
  expectVector(plane.xDir(), 0, 1, 0);
  expectVector(plane.yDir(), -1, 0, 0);
  expectVector(plane.toWorldCoords(1, 0), 1, 0, 0);
  plane.setOrigin(Vector());
  expectVector(plane.toWorldCoords(1, 0), 0, 1, 0);
}

TEST(Plane, PrintsAndCompares) {
  EXPECT_EQ(Plane::named("XY").toString(),
            "Plane(origin=(0.0, 0.0, 0.0), xDir=(1.0, 0.0, 0.0), normal=(0.0, 0.0, 1.0))");
  EXPECT_TRUE(Plane::named("XY") == Plane::named("front"));
  EXPECT_FALSE(Plane::named("XY") == Plane::named("XY", Vector(0, 0, 1e-3)));
  EXPECT_FALSE(Plane::named("XY") == Plane::named("back"));
}

TEST(Location, TupleGivesBackWhatItWasMadeOf) {
  const auto [p, r] = Location(Vector(1, 2, 3), std::array{10.0, 20.0, 30.0}).toTuple();
  EXPECT_NEAR(p[0], 1, 1e-12);
  EXPECT_NEAR(p[2], 3, 1e-12);
  EXPECT_NEAR(r[0], 10, 1e-9);
  EXPECT_NEAR(r[1], 20, 1e-9);
  EXPECT_NEAR(r[2], 30, 1e-9);
}

TEST(Location, InverseAndPowers) {
  const Location l(Vector(1, 2, 3), Vector(0, 0, 1), 90);
  const auto [p, r] = (l * l.inverse()).toTuple();
  for (const double number : {p[0], p[1], p[2], r[0], r[1], r[2]}) EXPECT_NEAR(number, 0, 1e-12);
  const auto [p4, r4] = l.power(4).toTuple();
  EXPECT_NEAR(p4[0], 0, 1e-12);
  EXPECT_NEAR(p4[2], 12, 1e-12);
  EXPECT_NEAR(r4[2], 0, 1e-9);
}

TEST(Location, OfAPlanePutsThingsIntoIt) {
  const Plane plane = Plane::named("ZX", Vector(1, 2, 3));
  const Vector p(4, 5, 6);
  const Vector viaPlane = plane.toWorldCoords(p);
  const Vector viaLocation = p.toPnt().Transformed(Location(plane).wrapped().Transformation());
  EXPECT_NEAR((viaPlane - viaLocation).length(), 0, 1e-12);
  EXPECT_TRUE(Plane(Location(plane)) == plane);
  const auto [moved, turned] = Location(plane, Vector(7, 8, 9)).toTuple();
  EXPECT_EQ(moved, (std::array{7.0, 8.0, 9.0}));
}

TEST(BoundBox, OfABoxIsItsSize) {
  const BoundBox box = Solid::makeBox(1, 2, 3, Vector(4, 5, 6)).boundingBox();
  EXPECT_NEAR(box.xmin, 4, 1e-6);
  EXPECT_NEAR(box.ymax, 7, 1e-6);
  EXPECT_NEAR(box.zlen, 3, 1e-6);
  EXPECT_NEAR(box.diagonalLength, std::sqrt(14.0), 1e-6);
  expectVector(box.center, 4.5, 6, 7.5, 1e-6);
}

TEST(BoundBox, OfACurvedBodyIsTight) {
  const BoundBox box = Solid::makeTorus(10, 2).boundingBox();
  EXPECT_NEAR(box.xmax, 12, 1e-6);
  EXPECT_NEAR(box.zmin, -2, 1e-6);
}

TEST(BoundBox, GrowsAndContains) {
  const BoundBox small = Solid::makeBox(1, 1, 1).boundingBox();
  const BoundBox large = small.enlarge(1);
  EXPECT_TRUE(large.isInside(small));
  EXPECT_FALSE(small.isInside(large));
  EXPECT_NEAR(small.add(Vector(5, 0, 0), 0.0).xmax, 5, 1e-9);
  const BoundBox beside = Solid::makeBox(1, 1, 1, Vector(3, 0, 0)).boundingBox();
  EXPECT_NEAR(small.add(beside, 0.0).xlen, 4, 1e-6);
  EXPECT_EQ(BoundBox::findOutsideBox2D(small, beside).has_value(), false);
  EXPECT_NEAR(BoundBox::findOutsideBox2D(small, large)->xmax, large.xmax, 1e-12);
}

}  // namespace
}  // namespace cadrecode::cadquery
