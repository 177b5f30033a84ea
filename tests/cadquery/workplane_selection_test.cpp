#include "cadquery/workplane_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(WorkplaneSelection, CountsOfABox) {
  const Workplane box = Workplane().box(1, 2, 3);
  EXPECT_EQ(box.solids().size(), 1);
  EXPECT_EQ(box.shells().size(), 1);
  EXPECT_EQ(box.faces().size(), 6);
  EXPECT_EQ(box.wires().size(), 6);
  EXPECT_EQ(box.edges().size(), 12);
  EXPECT_EQ(box.vertices().size(), 8);
  EXPECT_EQ(box.compounds().size(), 0);
}

TEST(WorkplaneSelection, SharedShapesComeOnce) {
  const Workplane box = Workplane().box(1, 2, 3);
  EXPECT_EQ(box.faces().vertices().size(), 8);
  EXPECT_EQ(box.faces().edges().size(), 12);
  EXPECT_EQ(box.faces(">Z").edges().vertices().size(), 4);
}

TEST(WorkplaneSelection, AnObjectMaySelect) {
  class Large : public Selector {
   public:
    std::vector<Shape> filter(const std::vector<Shape>& shapes) const override {
      std::vector<Shape> large;
      for (const Shape& shape : shapes)
        if (shape.area() > 5) large.push_back(shape);
      return large;
    }
  };
  EXPECT_EQ(Workplane().box(1, 2, 3).select(TopAbs_FACE, std::make_shared<Large>()).size(), 2);
}

TEST(WorkplaneSelection, AncestorsAndSiblingsBelongToTheSolidOfTheChain) {
  const Workplane box = Workplane().box(1, 2, 3);
  const Workplane edge = box.edges("|Z").first();
  EXPECT_EQ(edge.ancestors(TopAbs_FACE).size(), 2);
  EXPECT_EQ(box.faces(">Z").siblings(TopAbs_EDGE).size(), 4);
  EXPECT_EQ(box.faces(">Z").siblings(TopAbs_EDGE, 2).size(), 1);
}

TEST(WorkplaneSelection, PointsHaveNoFaces) { EXPECT_EQ(Workplane().pushPoints({Vector(1, 1)}).faces().size(), 0); }

}  // namespace
}  // namespace cadrecode::cadquery
