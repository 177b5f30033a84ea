#include <cmath>

#include "cadquery/sketch.hpp"
#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(WorkplaneExtrude, PendingWiresBecomeOneResult) {
  const Workplane w = Workplane().rect(1, 1).moveTo(3, 0).rect(1, 2).extrude(2);
  EXPECT_NEAR(volumeOf(w), 2 + 4, 1e-9);
  EXPECT_EQ(w.solids().size(), 2);
  EXPECT_TRUE(w.context()->pendingWires.empty());
  expectError("ValueError", "No pending wires present", [] { Workplane().extrude(1); });
}

TEST(WorkplaneExtrude, InnerWiresAreHoles) {
  EXPECT_NEAR(volumeOf(Workplane().rect(4, 4).rect(2, 2).extrude(1)), 12, 1e-9);
  // A wire inside a hole is one more hole of the outermost wire, as in CadQuery: no island.
  EXPECT_NEAR(volumeOf(Workplane().rect(6, 6).rect(4, 4).rect(2, 2).extrude(1)), 36 - 16 - 4, 1e-9);
}

TEST(WorkplaneExtrude, NegativeBothAndTaper) {
  EXPECT_NEAR(shapeIn(Workplane().rect(1, 1).extrude(-3)).boundingBox().zmin, -3, 1e-6);
  EXPECT_NEAR(volumeOf(Workplane().rect(1, 1).extrude(3, Combine::fuse, true, true)), 6, 1e-9);
  // A frustum: 2x2 below, 1x1 above for 45 degrees over a height of a half.
  EXPECT_NEAR(volumeOf(Workplane().rect(2, 2).extrude(0.5, Combine::fuse, true, false, 45.0)), 0.5 / 3 * (4 + 1 + 2),
              1e-6);
  expectError("ValueError", "Inner wires not allowed with tapered extrusion",
              [] { Workplane().rect(4, 4).rect(2, 2).extrude(1, Combine::fuse, true, false, 5.0); });
}

TEST(WorkplaneExtrude, CombineModes) {
  const Workplane boss = Workplane().box(4, 4, 2).faces(">Z").workplane().rect(1, 1);
  EXPECT_NEAR(volumeOf(boss.extrude(1)), 33, 1e-9);
  EXPECT_NEAR(volumeOf(boss.rect(1, 1).extrude(1, Combine::no)), 1, 1e-9);
  EXPECT_NEAR(volumeOf(boss.rect(1, 1).extrude(-1, Combine::cut)), 31, 1e-9);
}

TEST(WorkplaneExtrude, UntilTheNextOrTheLastFace) {
  // Two plates with a gap of 2; pins drawn on the lower one.
  const Workplane plates = Workplane().box(4, 4, 1).faces(">Z").workplane(2).rect(4, 4).extrude(1);
  const Workplane lower = plates.faces("<Z").workplane(1, true);
  EXPECT_NEAR(volumeOf(lower.rect(1, 1).extrude("next")), 32 + 2, 1e-6);
  EXPECT_NEAR(volumeOf(lower.rect(1, 1).extrude("last")), 32 + 2, 1e-6);
  expectError("ValueError", "Do not know how to handle until argument of type <class 'str'>",
              [&] { lower.rect(1, 1).extrude("soon"); });
  expectError("ValueError", "`combine` can't be set to False when extruding until a face",
              [&] { lower.extrude("next", Combine::no); });
}

TEST(WorkplaneExtrude, CutsGoDownUpAndThrough) {
  const Workplane face = Workplane().box(4, 4, 4).faces(">Z").workplane();
  EXPECT_NEAR(volumeOf(face.rect(1, 1).cutBlind(-1)), 63, 1e-9);
  EXPECT_NEAR(volumeOf(face.rect(1, 1).cutBlind(1)), 64, 1e-9);
  EXPECT_NEAR(volumeOf(face.rect(1, 1).cutThruAll()), 60, 1e-6);
  const Workplane box = Workplane().box(4, 4, 4);
  EXPECT_NEAR(volumeOf(box.faces(">Z").workplane(-1).rect(1, 1).cutBlind("next")), 61, 1e-6);
  EXPECT_NEAR(volumeOf(box.faces(">Z").workplane(1).rect(1, 1).cutBlind("last")), 61, 1e-6);
  // From the middle cutThruAll goes both ways.
  EXPECT_NEAR(volumeOf(Workplane().box(4, 4, 4).workplane().rect(1, 1).cutThruAll()), 60, 1e-6);
  expectError("ValueError", "Cannot find a solid on the stack or in the parent chain",
              [] { Workplane().rect(1, 1).cutThruAll(); });
}

TEST(WorkplaneExtrude, ATwistKeepsTheVolume) {
  EXPECT_NEAR(volumeOf(Workplane().rect(2, 2).twistExtrude(4, 90)), 16, 1e-2);
}

TEST(WorkplaneExtrude, SketchesAreExtrudedWhereTheyWerePlaced) {
  const auto sketch = Workplane().moveTo(3, 0).sketch();
  sketch->rect(2, 2).circle(0.5, "s");
  const Workplane solid = sketch->finalize()->extrude(2);
  EXPECT_NEAR(volumeOf(solid), 8 - kPi / 2, 1e-9);
  EXPECT_NEAR(shapeIn(solid).center().x(), 3, 1e-9);
  Sketch::releaseParents();
}

TEST(WorkplaneExtrude, PlacedSketchesAreCopiesAtEveryPoint) {
  auto sketch = std::make_shared<Sketch>();
  sketch->rect(1, 1);
  const Workplane w = Workplane().rarray(3, 1, 2, 1).placeSketch({sketch});
  sketch->circle(3);
  EXPECT_NEAR(volumeOf(w.extrude(1)), 2, 1e-9);
}

TEST(WorkplaneExtrude, LetteringIsCutByDefault) {
  const Workplane w = Workplane().box(10, 10, 2).faces(">Z").workplane();
  const double letters = volumeOf(w.text("I", 5, -1, false, Combine::no, true, {}));
  EXPECT_GT(letters, 0.5);
  EXPECT_NEAR(volumeOf(w.text("I", 5, -1, true, Combine::no, true, {})), 200 - letters, 1e-6);
}

TEST(WorkplaneRevolve, AWholeTurnAndAPart) {
  const Workplane ring = Workplane().moveTo(3, 0).rect(1, 1);
  EXPECT_NEAR(volumeOf(ring.revolve()), 2 * kPi * 3, 1e-9);
  EXPECT_NEAR(volumeOf(ring.rect(1, 1).revolve(90)), 2 * kPi * 3 / 4, 1e-9);
  EXPECT_NEAR(volumeOf(ring.rect(1, 1).revolve(450)), 2 * kPi * 3 / 4, 1e-9);
  EXPECT_NEAR(volumeOf(ring.rect(1, 1).revolve(-90)), 2 * kPi * 3 * 3 / 4, 1e-9);
}

TEST(WorkplaneRevolve, AStartAloneMeansAnAxisAlongLocalX) {
  // The end CadQuery picks is (0, world y of the start): along x through y = -4.
  const Workplane w = Workplane().rect(1, 1).revolve(360, Vector(2, -4));
  EXPECT_NEAR(volumeOf(w), 2 * kPi * 4, 1e-9);
}

TEST(WorkplaneSweep, AlongALineAndRoundACorner) {
  const Workplane line = Workplane("XZ").lineTo(0, 5);
  EXPECT_NEAR(volumeOf(Workplane().circle(1).sweep(line, {})), 5 * kPi, 1e-6);
  const Workplane corner = Workplane("XZ").lineTo(0, 5).lineTo(5, 5);
  EXPECT_NEAR(volumeOf(Workplane().rect(1, 1).sweep(corner, {})), 10, 1e-6);
  expectError("ValueError", "Wire or Edge instance required",
              [] { Workplane().circle(1).sweep(Workplane().box(1, 1, 1), {}); });
}

TEST(WorkplaneSweep, ThroughSeveralSections) {
  Workplane::SweepOptions options;
  options.multisection = true;
  const Workplane path = Workplane("XZ").moveTo(0, 0).lineTo(0, 4);
  const Workplane cone = Workplane().circle(1).workplane(4).circle(1).sweep(path, options);
  EXPECT_NEAR(volumeOf(cone), 4 * kPi, 1e-4);
}

TEST(WorkplaneLoft, BetweenWiresAndToAPoint) {
  EXPECT_NEAR(volumeOf(Workplane().rect(2, 2).workplane(3).rect(2, 2).loft()), 12, 1e-6);
  EXPECT_NEAR(volumeOf(Workplane().rect(2, 2).workplane(3).rect(1, 1).loft(true)), 3.0 / 3 * (4 + 1 + 2), 1e-6);
  const Workplane pyramid = Workplane().add(Items{Face::makePlane(2, 2), Vertex::make(Vector(0, 0, 3))}).loft(true);
  EXPECT_NEAR(volumeOf(pyramid), 4, 1e-6);
  expectError("ValueError", "More than one wire or face is required", [] { Workplane().rect(1, 1).loft(); });
  expectError("ValueError", "Nothing to loft", [] { Workplane().loft(); });
}

TEST(WorkplaneLoft, APlateThroughABoundary) {
  const std::vector<Vector> square{Vector(0, 0), Vector(2, 0), Vector(2, 2), Vector(0, 2)};
  const Workplane flat = Workplane().interpPlate({}, square, {}, 0.5, Combine::no, true, {});
  EXPECT_NEAR(volumeOf(flat), 2, 1e-6);
}

}  // namespace
}  // namespace cadrecode::cadquery
