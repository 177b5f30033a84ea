#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(WorkplanePlane, AFaceGivesItsNormalAndTheProjectedOrigin) {
  const Workplane top = Workplane().box(2, 2, 2).translate(Vector(5, 5, 5)).faces(">Z").workplane();
  expectPoint(top.plane().origin(), 0, 0, 6);
  expectPoint(top.plane().zDir(), 0, 0, 1);
  expectPoint(top.plane().xDir(), 1, 0, 0);
  EXPECT_EQ(top.size(), 0);
}

TEST(WorkplanePlane, CenterOptionsAndOrigin) {
  const Workplane face = Workplane().box(2, 2, 2).translate(Vector(5, 5, 5)).faces(">Z");
  expectPoint(face.workplane(1, false, CenterOption::centerOfMass).plane().origin(), 5, 5, 7);
  expectPoint(face.workplane(0, false, CenterOption::centerOfBoundBox).plane().origin(), 5, 5, 6);
  expectPoint(face.workplane(0, false, CenterOption::projectedOrigin, Vector(4, 3, 0)).plane().origin(), 4, 3, 6);
}

TEST(WorkplanePlane, InvertTurnsTheNormalBeforeTheOffset) {
  const Workplane inverted = Workplane().box(2, 2, 2).faces(">Z").workplane(0.5, true);
  expectPoint(inverted.plane().zDir(), 0, 0, -1);
  expectPoint(inverted.plane().origin(), 0, 0, 0.5);
}

TEST(WorkplanePlane, AVertexTakesTheDirectionOfItsFace) {
  const Workplane corner =
      Workplane().box(2, 2, 2).faces(">X").vertices("<Y and <Z").workplane(0, false, CenterOption::centerOfMass);
  expectPoint(corner.plane().zDir(), 1, 0, 0);
  EXPECT_NEAR(corner.plane().origin().x(), 1, 1e-9);
}

TEST(WorkplanePlane, SeveralFacesMustBeCoplanarPlanes) {
  const Workplane two = Workplane().rarray(6, 1, 2, 1).box(2, 2, 2);
  expectPoint(two.faces(">Z").workplane(0, false, CenterOption::centerOfMass).plane().origin(), 0, 0, 1);
  expectError("ValueError", "Selected faces must be co-planar.",
              [] { Workplane().box(1, 1, 1).faces("|X or |Y").workplane(); });
  expectError("ValueError", "If multiple objects selected, they all must be planar faces.",
              [] { Workplane().box(1, 1, 1).edges().workplane(); });
  expectError("ValueError", "Needs a face or a vertex or point on a work plane",
              [] { Workplane().polarArray(5, 0, 360, 1).workplane(); });
}

TEST(WorkplanePlane, CenterMovesThePlaneButNotItsParent) {
  const Workplane w("XZ");
  const Workplane moved = w.center(3, 4);
  expectPoint(moved.plane().origin(), 3, 0, 4);
  expectPoint(w.plane().origin(), 0, 0, 0);
  expectPoint(pointIn(moved), 3, 0, 4);
}

TEST(WorkplanePlane, TransformedTurnsAboutTheLocalAxes) {
  const Workplane turned = Workplane("YZ").transformed(Vector(0, 90, 0), Vector(1, 2, 3));
  expectPoint(turned.plane().origin(), 3, 1, 2);
  expectPoint(turned.plane().zDir(), 0, 1, 0);
}

TEST(WorkplanePlane, TheProjectedOriginDriftsAlongAChain) {
  // The previous plane's origin is projected, not the world's.
  const Workplane w =
      Workplane().box(4, 4, 4).faces(">Z").workplane().center(1, 1).box(1, 1, 6).faces(">Z").workplane();
  expectPoint(w.plane().origin(), 1, 1, 5);
}

TEST(WorkplanePlane, MovingThenAWorkplaneLosesTheMove) {
  const Workplane w = Workplane().moveTo(4, 6).workplane(10);
  expectPoint(w.plane().origin(), 0, 0, 10);
}

}  // namespace
}  // namespace cadrecode::cadquery
