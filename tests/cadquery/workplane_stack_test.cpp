#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(WorkplaneStack, IsEmptyAtFirstAndGivesThePlaneOrigin) {
  const Workplane w("XZ", Vector(1, 2, 3));
  EXPECT_EQ(w.size(), 0);
  expectPoint(pointIn(w), 1, 2, 3);
  EXPECT_FALSE(w.parent());
}

TEST(WorkplaneStack, EveryStepRemembersItsParent) {
  const Workplane solid = Workplane().box(1, 2, 3);
  const Workplane vertices = solid.faces(">Z").vertices();
  EXPECT_EQ(vertices.size(), 4);
  EXPECT_TRUE(vertices.end(2).sameAs(solid));
  expectError("ValueError", "Cannot End the chain-- no parents!", [&] { vertices.end(9); });
}

TEST(WorkplaneStack, ItemsAreTakenByPositionFromBothEnds) {
  const Workplane points = Workplane().pushPoints({Vector(1, 0), Vector(2, 0), Vector(3, 0)});
  expectPoint(pointIn(points.first()), 1, 0, 0);
  expectPoint(pointIn(points.item(1)), 2, 0, 0);
  expectPoint(pointIn(points.item(-2)), 2, 0, 0);
  expectPoint(pointIn(points.last()), 3, 0, 0);
  EXPECT_EQ(points.all().size(), 3u);
  EXPECT_EQ(Workplane().first().size(), 0);
  expectError("IndexError", "list index out of range", [&] { points.item(3); });
  expectError("IndexError", "list index out of range", [&] { Workplane().last(); });
}

TEST(WorkplaneStack, AddChangesTheStepItself) {
  const Workplane a = Workplane().box(1, 1, 1);
  const Workplane b = Workplane("XY", Vector(5, 0, 0)).box(1, 1, 1);
  EXPECT_TRUE(a.add(b).sameAs(a));
  EXPECT_EQ(a.size(), 2);
  a.add(a);
  EXPECT_EQ(a.size(), 4);
}

TEST(WorkplaneStack, TagsFindStepsOfTheWholeChain) {
  const Workplane base = Workplane().box(2, 2, 2).tag("base");
  const Workplane later = base.faces(">Z").workplane().circle(0.5).extrude(1);
  EXPECT_EQ(later.faces().size(), 8);
  EXPECT_EQ(later.faces("", "base").size(), 6);
  expectPoint(later.workplaneFromTagged("base").plane().origin(), 0, 0, 0);
  expectError("ValueError", "No Workplane object named top in chain", [&] { later.faces("", "top"); });
}

TEST(WorkplaneStack, ATagSeesWhatIsAddedLater) {
  const Workplane base = Workplane().box(2, 2, 2).tag("base");
  base.add(Workplane("XY", Vector(9, 0, 0)).box(1, 1, 1));
  EXPECT_EQ(base.newObject({}).solids("", "base").size(), 2);
}

TEST(WorkplaneStack, BooleansBringTheTagsOfTheOtherChain) {
  const Workplane pin = Workplane("XY", Vector(0, 0, 1)).cylinder(4, 0.5).tag("pin");
  const Workplane block = Workplane().box(2, 2, 2).tag("block");
  const Workplane both = block.unite(pin);
  EXPECT_EQ(both.faces("%CYLINDER", "pin").size(), 1);
  EXPECT_EQ(both.faces("", "block").size(), 6);
}

TEST(WorkplaneStack, FindSolidGathersTheSolidsOfTheNearestStep) {
  const Workplane two = Workplane().rarray(5, 1, 2, 1).box(1, 1, 1, true, Combine::no);
  EXPECT_EQ(two.faces(">Z").findSolid().solids().size(), 2u);
  EXPECT_TRUE(two.findSolid().is(TopAbs_COMPOUND));
  expectError("ValueError", "Cannot find a solid on the stack or in the parent chain",
              [] { Workplane().circle(1).findSolid(); });
  expectError("ValueError", "Cannot find a solid in the parent chain", [&] { Workplane().findSolid(false); });
  expectError("ValueError", "Cannot find a face on the stack or in the parent chain", [] { Workplane().findFace(); });
}

TEST(WorkplaneStack, CallbacksSeeEveryItem) {
  const Workplane faces = Workplane().box(1, 2, 3).faces();
  const auto area = [](const Item& item) { return shapeOf(item)->area(); };
  EXPECT_EQ(faces.filter([&](const Item& item) { return area(item) > 2.5; }).size(), 4);
  const Workplane sorted = faces.sort(area);
  EXPECT_NEAR(area(sorted.objects().front()), 2, 1e-9);
  EXPECT_NEAR(area(sorted.objects().back()), 6, 1e-9);
  const Workplane centers = faces.map([](const Item& item) -> Item { return shapeOf(item)->center(); });
  EXPECT_TRUE(std::holds_alternative<Vector>(centers.objects()[3]));
  EXPECT_EQ(faces.apply([](const Items& items) { return Items(items.begin(), items.begin() + 2); }).size(), 2);
  EXPECT_TRUE(faces.invoke([](const Workplane&) { return std::nullopt; }).sameAs(faces));
}

TEST(WorkplaneStack, ALongChainIsTakenApartWithoutRecursion) {
  std::weak_ptr<WorkplaneStep> first;
  {
    Workplane w;
    first = w.step();
    for (int i = 0; i < 300000; ++i) w = w.newObject({});
    EXPECT_FALSE(first.expired());
  }
  EXPECT_TRUE(first.expired());
}

TEST(WorkplaneStack, ATaggedChainIsFreed) {
  std::weak_ptr<WorkplaneStep> step;
  {
    const Workplane w = Workplane().box(1, 1, 1).tag("self");
    step = w.step();
  }
  EXPECT_TRUE(step.expired());
}

}  // namespace
}  // namespace cadrecode::cadquery
