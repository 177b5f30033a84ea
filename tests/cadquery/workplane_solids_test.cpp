#include <cmath>

#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(WorkplanePrimitives, VolumesAndCentring) {
  EXPECT_NEAR(volumeOf(Workplane().box(1, 2, 3)), 6, 1e-9);
  EXPECT_NEAR(volumeOf(Workplane().cylinder(3, 2)), 12 * kPi, 1e-9);
  EXPECT_NEAR(volumeOf(Workplane().sphere(2)), 32.0 / 3 * kPi, 1e-9);
  EXPECT_NEAR(volumeOf(Workplane().wedge(4, 3, 2, 1, 0.5, 3, 1.5)), 3.0 / 6 * (8 + 2 + 4 * 3 * 1.5), 1e-9);
  const BoundBox box = shapeIn(Workplane().box(1, 2, 3, Centered(false, true, false))).boundingBox();
  EXPECT_NEAR(box.xmin, 0, 1e-6);
  EXPECT_NEAR(box.ymin, -1, 1e-6);
  EXPECT_NEAR(box.zmin, 0, 1e-6);
  EXPECT_NEAR(shapeIn(Workplane().sphere(2, Vector(0, 0, 1), -90, 90, 360, false)).center().z(), 2, 1e-9);
  EXPECT_NEAR(shapeIn(Workplane().cylinder(3, 2, Vector(0, 0, 1), 360, Centered(false, true, false))).center().x(), 2,
              1e-9);
}

TEST(WorkplanePrimitives, OneAtEveryPointOnTheLocalPlane) {
  const Workplane w = Workplane("YZ").pushPoints({Vector(0, 0), Vector(5, 0)}).box(1, 1, 2);
  EXPECT_EQ(w.solids().size(), 2);
  EXPECT_NEAR(shapeIn(w).boundingBox().ymax, 5.5, 1e-6);
  EXPECT_EQ(Workplane().pushPoints({Vector(0, 0), Vector(5, 0)}).box(1, 1, 2, true, Combine::no).size(), 2);
}

TEST(WorkplanePatterns, RectangularArraysAreCentredAndRunAlongYFirst) {
  const Workplane w = Workplane().rarray(2, 3, 2, 2);
  ASSERT_EQ(w.size(), 4);
  expectPoint(pointIn(w.item(0)), -1, -1.5, 0);
  expectPoint(pointIn(w.item(1)), -1, 1.5, 0);
  expectPoint(pointIn(Workplane().rarray(2, 3, 2, 2, Centered(false, true)).first()), 0, -1.5, 0);
  expectError("ValueError", "Spacing and count must be > 0 in at least one direction",
              [] { Workplane().rarray(0, 0, 2, 2); });
}

TEST(WorkplanePatterns, PolarArraysFillTheAngleAndTurn) {
  const auto angleOf = [](const Workplane& w) { return std::get<Location>(w.val()).toTuple().second[2]; };
  const Workplane whole = Workplane().polarArray(5, 0, 360, 4);
  EXPECT_EQ(whole.size(), 4);
  EXPECT_NEAR(angleOf(whole.item(1)), 90, 1e-9);
  EXPECT_NEAR(angleOf(Workplane().polarArray(5, 0, 90, 4).last()), 90, 1e-9);
  EXPECT_NEAR(angleOf(Workplane().polarArray(5, 10, 20, 3, false).last()), 50, 1e-9);
  EXPECT_NEAR(angleOf(Workplane().polarArray(5, 0, 360, 4, true, false).last()), 0, 1e-9);
  expectError("ValueError", "At least 1 element required, requested 0", [] { Workplane().polarArray(5, 0, 360, 0); });
}

TEST(WorkplanePatterns, EachInLocalCoordinatesComesBackToTheWorld) {
  const Workplane w = Workplane("XZ", Vector(0, 5, 0)).pushPoints({Vector(1, 2)});
  const Workplane boxes = w.each(
      [](const Item& item) -> Item {
        const Vector at = std::get<Vector>(item);
        expectPoint(at, 1, 2, 0);
        return Solid::makeBox(1, 1, 1, at);
      },
      true);
  const BoundBox box = shapeIn(boxes).boundingBox();
  EXPECT_NEAR(box.xmin, 1, 1e-6);
  EXPECT_NEAR(box.ymax, 5, 1e-6);
  EXPECT_NEAR(box.zmax, 3, 1e-6);
}

TEST(WorkplanePatterns, EachpointPlacesShapesAndWholeStacks) {
  const Workplane points = Workplane().pushPoints({Vector(0, 0), Vector(9, 0)});
  const Workplane two = Workplane().box(1, 1, 1).add(Workplane("XY", Vector(0, 0, 5)).box(1, 1, 1));
  EXPECT_EQ(points.eachpoint(two, true).size(), 4);
  EXPECT_EQ(points.eachpoint(shapeIn(two)).size(), 2);
  EXPECT_EQ(
      points.eachpoint([&](const Location& at) -> Item { return shapeIn(two).moved(at); }, true, Combine::fuse).size(),
      1);
}

TEST(WorkplaneHoles, GoDownFromThePlaneOnly) {
  const double section = kPi / 4;
  const Workplane top = Workplane().box(10, 10, 4).faces(">Z").workplane();
  EXPECT_NEAR(volumeOf(top.hole(1)), 400 - 4 * section, 1e-6);
  EXPECT_NEAR(volumeOf(top.hole(1, 1.5)), 400 - 1.5 * section, 1e-6);
  EXPECT_NEAR(volumeOf(Workplane().box(10, 10, 4).workplane().hole(1)), 400 - 2 * section, 1e-6);
  EXPECT_NEAR(volumeOf(top.pushPoints({Vector(-2, 0), Vector(2, 0)}).hole(1)), 400 - 8 * section, 1e-6);
}

TEST(WorkplaneHoles, CounterboresAndCountersinks) {
  const Workplane top = Workplane().box(10, 10, 4).faces(">Z").workplane();
  EXPECT_NEAR(volumeOf(top.cboreHole(1, 2, 1)), 400 - kPi * (1 * 1 + 0.25 * 3), 1e-6);
  // 90 degrees: a cone of height 1 over a bore of radius 1/2, which it leaves at half its height.
  EXPECT_NEAR(volumeOf(top.cskHole(1, 2, 90)), 400 - kPi * (0.5 / 3 * (1 + 0.25 + 0.5) + 0.25 * 3.5), 1e-6);
}

TEST(WorkplaneBooleans, UnionCutIntersect) {
  const Workplane a = Workplane().box(2, 2, 2);
  const Workplane b = Workplane("XY", Vector(1, 0, 0)).box(2, 2, 2);
  EXPECT_NEAR(volumeOf(a.unite(b)), 12, 1e-9);
  EXPECT_NEAR(volumeOf(a.cut(b)), 4, 1e-9);
  EXPECT_NEAR(volumeOf(a.intersect(b)), 4, 1e-9);
  EXPECT_NEAR(volumeOf(a.unite(shapeIn(b))), 12, 1e-9);
  EXPECT_EQ(a.unite(b).faces().size(), 6);
  EXPECT_EQ(a.unite(b, false).faces().size(), 14);
}

TEST(WorkplaneBooleans, ErrorsNameWhatWasGiven) {
  const Workplane a = Workplane().box(2, 2, 2);
  expectError("ValueError", "Workplane object must have at least one solid on the stack to union!",
              [&] { a.unite(Workplane().circle(1)); });
  expectError("ValueError", "Cannot cut type '<class 'cadquery.occ_impl.shapes.Face'>'",
              [&] { a.cut(shapeIn(a.faces(">Z"))); });
  expectError("ValueError", "Cannot find a solid on the stack or in the parent chain", [&] { Workplane().cut(a); });
  expectError("IndexError", "list index out of range", [] { Workplane().unite(); });
  expectError("IndexError", "pop from empty list", [] { Workplane().combine(); });
}

TEST(WorkplaneBooleans, CombineJoinsTheStack) {
  const Workplane two = Workplane().rarray(1, 1, 2, 1).box(1, 1, 1, true, Combine::no);
  EXPECT_EQ(two.combine().solids().size(), 1);
  EXPECT_NEAR(volumeOf(two.combine()), 2, 1e-9);
  EXPECT_NEAR(volumeOf(two.combineSolids()), 2, 1e-9);
}

TEST(WorkplaneBooleans, SplitKeepsHalves) {
  const Workplane middle = Workplane().box(2, 2, 2).workplane(0.5);
  EXPECT_NEAR(volumeOf(middle.split(true, false)), 2, 1e-9);
  EXPECT_NEAR(volumeOf(middle.split(false, true)), 6, 1e-9);
  EXPECT_EQ(middle.split(true, true).size(), 2);
  expectError("ValueError", "You have to keep at least one half", [&] { middle.split(false, false); });
  const Workplane cutter = Workplane().add(Items{Face::makePlane(9, 9)});
  EXPECT_EQ(Workplane().box(2, 2, 2).split(cutter).solids().size(), 2);
}

TEST(WorkplaneBooleans, ASectionIsAFace) {
  const Workplane section = Workplane().box(2, 3, 4).section(1);
  EXPECT_NEAR(section.faces().size(), 1, 0);
  EXPECT_NEAR(shapeIn(section).area(), 6, 1e-9);
}

TEST(WorkplaneDressup, FilletChamferShell) {
  const Workplane box = Workplane().box(4, 4, 4);
  EXPECT_NEAR(volumeOf(box.edges("|Z").fillet(1)), 64 - 4 * (4 - kPi), 1e-6);
  EXPECT_NEAR(volumeOf(box.edges("|Z").chamfer(1)), 64 - 4 * 4 * 0.5, 1e-6);
  EXPECT_NEAR(volumeOf(box.edges(">Z and >X").chamfer(1, 2.0)), 64 - 4 * 1, 1e-6);
  EXPECT_NEAR(volumeOf(box.faces(">Z").shell(-0.5)), 64 - 3 * 3 * 3.5, 1e-6);
  EXPECT_NEAR(volumeOf(box.faces(">Z").shell(0.5, "intersection")), 5 * 5 * 4.5 - 64, 1e-6);
  expectError("ValueError", "Fillets requires that edges be selected", [&] { box.edges("%CIRCLE").fillet(1); });
  expectError("ValueError", "Chamfer requires that edges be selected", [&] { box.edges("%CIRCLE").chamfer(1); });
}

TEST(WorkplaneTransform, MovesShapesAndLeavesPoints) {
  const Workplane box = Workplane().box(2, 2, 2);
  EXPECT_NEAR(shapeIn(box.translate(Vector(1, 2, 3))).center().z(), 3, 1e-9);
  const Vector turned = shapeIn(box.translate(Vector(3, 0, 0)).rotate(Vector(), Vector(0, 0, 1), 90)).center();
  expectPoint(turned, 0, 3, 0);
  expectPoint(pointIn(Workplane().moveTo(1, 1).translate(Vector(5, 5, 5))), 1, 1, 0);
  expectPoint(shapeIn(box.translate(Vector(3, 0, 0)).rotateAboutCenter(Vector(0, 0, 1), 90)).center(), 3, 0, 0);
}

TEST(WorkplaneTransform, MirrorsAboutPlanesFacesAndNormals) {
  const Workplane box = Workplane().box(2, 2, 2).translate(Vector(3, 0, 0));
  expectPoint(shapeIn(box.mirror("YZ")).center(), -3, 0, 0);
  expectPoint(shapeIn(box.mirror(Vector(1, 0, 0), Vector(1, 0, 0))).center(), -1, 0, 0);
  expectPoint(shapeIn(box.mirror(box.faces("<X"))).center(), 1, 0, 0);
  EXPECT_NEAR(volumeOf(box.mirror(box.faces("<X"), std::nullopt, true)), 16, 1e-9);
}

TEST(WorkplaneTransform, TranslatingAWireDoesNotMoveThePendingOne) {
  const Workplane solid = Workplane().rect(2, 2).translate(Vector(9, 0, 0)).extrude(1);
  expectPoint(shapeIn(solid).center(), 0, 0, 0.5);
}

}  // namespace
}  // namespace cadrecode::cadquery
