// Booleans, fillets, chamfers, shells, transformations and topology of shapes.
#include <cmath>

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(Shape, BooleansOfABoxAndACylinder) {
  const Solid box = Solid::makeBox(10, 10, 10);
  const Solid pin = Solid::makeCylinder(2, 20, Vector(5, 5, -5));
  const double hole = 40 * kPi;
  EXPECT_NEAR(box.cut({pin}).volume(), 1000 - hole, 1e-7);
  EXPECT_NEAR(box.intersect({pin}).volume(), hole, 1e-7);
  EXPECT_NEAR(box.fuse({pin}).volume(), 1000 + hole, 1e-7);
  EXPECT_EQ(box.split({Face::makePlane(50, 50, Vector(0, 0, 3))}).solids().size(), 2u);
}

TEST(Shape, ACompoundBringsItsMembers) {
  const Solid box = Solid::makeBox(1, 1, 1);
  const Compound pair = Compound::make({box, box.translate(Vector(1, 0, 0))});
  EXPECT_NEAR(pair.fuse({}).volume(), 2, 1e-9);
  EXPECT_EQ(pair.fuse({}).solids().size(), 1u);
  EXPECT_TRUE(Compound::make({box}).fuse({}).isSame(box));
  EXPECT_EQ(errorOf([] { Compound::make({}).fuse({}); }), "IndexError: tuple index out of range");
  EXPECT_TRUE(Compound::make({}).empty());
}

TEST(Shape, CleaningMergesCoplanarFaces) {
  const Solid box = Solid::makeBox(1, 1, 1);
  const Shape joined = box.fuse({box.translate(Vector(1, 0, 0))});
  EXPECT_EQ(joined.faces().size(), 10u);
  EXPECT_EQ(joined.clean().faces().size(), 6u);
}

TEST(Shape, FilletsAndChamfersTakeAwayTheirCorners) {
  const Solid box = Solid::makeBox(10, 10, 10);
  const Shape edge = box.edges().front();
  EXPECT_NEAR(box.fillet(2, {edge}).volume(), 1000 - 10 * (4 - kPi), 1e-7);
  EXPECT_NEAR(box.chamfer(2, std::nullopt, {edge}).volume(), 1000 - 10 * 2, 1e-7);
  EXPECT_NEAR(box.chamfer(2, 3.0, {edge}).volume(), 1000 - 10 * 3, 1e-7);
  const double rounded = 8 * 8 * 8 + 6 * 64 + 12 * 8 * kPi / 4 + 4 * kPi / 3;
  EXPECT_NEAR(box.fillet(1, box.edges()).volume(), rounded, 1e-6);
  EXPECT_EQ(errorOf([&] { box.fillet(50, box.edges()); }), "StdFail_NotDone");
}

TEST(Shape, AFilletKeepsTheClassOfTheBody) {
  const Solid box = Solid::makeBox(10, 10, 10);
  EXPECT_TRUE(box.fillet(1, {box.edges().front()}).isClass(TopAbs_SOLID));
}

TEST(Shape, ShellsInwardsAndOutwards) {
  const Solid box = Solid::makeBox(10, 10, 10);
  Shape top = box.faces().front();
  for (const Shape& face : box.faces())
    if (face.center().z() > top.center().z()) top = face;
  EXPECT_NEAR(box.shell({top}, -1).volume(), 1000 - 8 * 8 * 9, 1e-6);
  EXPECT_NEAR(box.shell({top}, 1, 0.0001, "intersection").volume(), 12 * 12 * 11 - 1000, 1e-6);
  EXPECT_NEAR(box.shell({}, -1).volume(), 1000 - 512, 1e-6);
  const double around = 6 * 100 + 12 * 10 * kPi / 4 + 4 * kPi / 3;  // sides, rounded edges, rounded corners
  EXPECT_NEAR(box.shell({}, 1).volume(), around, 1e-6);
  EXPECT_EQ(errorOf([&] { box.shell({top}, 1, 0.1, "tangent"); }), "KeyError: tangent");
}

TEST(Shape, PrismaticFeatures) {
  const Solid box = Solid::makeBox(10, 10, 10);
  const std::vector<Wire> profile{Wire::makeCircle(2, Vector(5, 5, 10), Vector(0, 0, 1))};
  const Shape bored = dprism(box, std::nullopt, profile, std::nullopt, 0, std::nullopt, true, false);
  EXPECT_NEAR(bored.volume(), 1000 - 40 * kPi, 1e-5);
}

TEST(Shape, InsideOrOutside) {
  const Solid box = Solid::makeBox(10, 10, 10);
  EXPECT_TRUE(box.isInside(Vector(5, 5, 5)));
  EXPECT_TRUE(box.isInside(Vector(0, 5, 5)));
  EXPECT_FALSE(box.isInside(Vector(-1, 5, 5)));
  EXPECT_NEAR(box.distance(Vertex::make(Vector(13, 14, 5))), 5, 1e-9);
}

TEST(Shape, FacesAlongALineComeByDistance) {
  const Solid box = Solid::makeBox(10, 10, 10);
  const auto heights = [&](const std::optional<std::string>& direction) {
    std::vector<double> z;
    for (const Face& face : box.facesIntersectedByLine(Vector(5, 5, 2), Vector(0, 0, 1), 1e-4, direction))
      z.push_back(face.center().z());
    return z;
  };
  ASSERT_EQ(heights(std::nullopt).size(), 2u);
  EXPECT_NEAR(heights(std::nullopt)[0], 0, 1e-9);
  EXPECT_NEAR(heights("AlongAxis").at(0), 10, 1e-9);
  EXPECT_NEAR(heights("Opposite").at(0), 0, 1e-9);
  EXPECT_EQ(errorOf([&] { heights("Sideways"); }),
            "ValueError: Invalid direction specification.\nValid specification are 'AlongAxis' and 'Opposite'.");
}

TEST(Shape, TransformationsMoveTheCenter) {
  const Solid box = Solid::makeBox(2, 2, 2);
  expectVector(box.translate(Vector(1, 2, 3)).center(), 2, 3, 4);
  expectVector(box.rotate(Vector(), Vector(0, 0, 1), 90).center(), -1, 1, 1);
  expectVector(box.mirror("YZ").center(), -1, 1, 1);
  expectVector(box.mirror(Vector(0, 0, 1), Vector(0, 0, 5)).center(), 1, 1, 9);
  expectVector(box.moved(Location(Vector(1, 0, 0))).moved(Location(Vector(1, 0, 0))).center(), 3, 1, 1);
  expectVector(box.located(Location(Vector(5, 0, 0))).center(), 6, 1, 1);
  EXPECT_NEAR(box.scale(2).volume(), 64, 1e-9);
  EXPECT_EQ(box.moved(std::vector{Location(Vector(1, 0, 0)), Location(Vector(9, 0, 0))}).solids().size(), 2u);
}

TEST(Shape, ASkewMatrixScalesTheVolumeByItsDeterminant) {
  const Matrix skew({{1, 0.5, 0, 0}, {0, 2, 0, 0}, {0, 0, 3, 0}});
  EXPECT_NEAR(Solid::makeBox(1, 2, 3).transformGeometry(skew).volume(), 36, 1e-9);
}

TEST(Shape, ACopyIsAnotherShape) {
  const Solid box = Solid::makeBox(1, 1, 1);
  EXPECT_FALSE(box.copy().isSame(box));
  EXPECT_TRUE(box.moved(Location()).isSame(box));
  EXPECT_NEAR(box.copy().volume(), 1, 1e-12);
}

TEST(Shape, CountsOfSubshapes) {
  const Solid box = Solid::makeBox(1, 1, 1);
  EXPECT_EQ(box.faces().size(), 6u);
  EXPECT_EQ(box.edges().size(), 12u);
  EXPECT_EQ(box.vertices().size(), 8u);
  const Solid ball = Solid::makeSphere(1, {}, Vector(0, 0, 1), -90, 90);
  EXPECT_EQ(ball.edges().size(), 1u);
  EXPECT_EQ(ball.entities(TopAbs_EDGE, true).size(), 3u);  // with the poles
}

TEST(Shape, AncestorsAndSiblings) {
  const Solid box = Solid::makeBox(1, 1, 1);
  const Shape edge = box.edges().front();
  EXPECT_EQ(edge.ancestors(box, TopAbs_FACE).faces().size(), 2u);
  EXPECT_EQ(edge.siblings(box, TopAbs_VERTEX).edges().size(), 4u);
  EXPECT_EQ(box.faces().front().siblings(box, TopAbs_EDGE).faces().size(), 4u);
  EXPECT_EQ(box.faces().front().siblings(box, TopAbs_EDGE, 2).faces().size(), 1u);
}

TEST(Shape, NamesOfKindsAndGeometry) {
  const Solid box = Solid::makeBox(1, 1, 1);
  EXPECT_EQ(box.shapeType(), "Solid");
  EXPECT_EQ(box.geomType(), "CompSolid");  // CadQuery's own slip
  EXPECT_EQ(box.faces().front().geomType(), "PLANE");
  EXPECT_EQ(Edge::makeCircle(1).geomType(), "CIRCLE");
  EXPECT_EQ(squareWire(1).geomType(), "Wire");
  EXPECT_EQ(errorOf([] { Shape{TopoDS_Shape{}}; }), "ValueError: Null TopoDS_Shape object");
  EXPECT_EQ(errorOf([&] { box.asEdge(); }), "TypeError: expected a Edge, not a Solid");
}

TEST(Shape, CentersAndInertia) {
  const Solid box = Solid::makeBox(2, 2, 2),
              far = Solid::makeBox(2, 2, 4, Vector(10, 0, 0)).translate(Vector()).asSolid();
  expectVector(Shape::combinedCenter({box, far}), (8.0 * 1 + 16 * 11) / 24, 1, (8.0 * 1 + 16 * 2) / 24);
  expectVector(Shape::combinedCenterOfBoundBox({box, far}), 6, 1, 1.5, 1e-6);
  EXPECT_NEAR(box.matrixOfInertia()[0][0], 8 * (4 + 4) / 12.0, 1e-9);
  EXPECT_EQ(errorOf([] { Vertex::make(Vector()).computeMass(); }), "NotImplementedError: ");
}

}  // namespace
}  // namespace cadrecode::cadquery
