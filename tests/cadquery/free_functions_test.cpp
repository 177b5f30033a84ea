// The free functions against formulas.
#include "cadquery/free_functions.hpp"

#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

const Shape kBox = Solid::makeBox(2, 2, 2, Vector(-1, -1, 0));

TEST(FreeFunctions, BuildUpABoxFromSquares) {
  const Shape bottom = func::face({func::wire(squareWire(2).edges())});
  EXPECT_EQ(bottom.shapeType(), "Face");
  EXPECT_NEAR(bottom.area(), 4, 1e-9);
  const Shape shell = func::shell(kBox.faces());
  EXPECT_EQ(shell.shapeType(), "Shell");
  EXPECT_NEAR(func::solid({shell}).volume(), 8, 1e-9);
  EXPECT_NEAR(func::solid(kBox.faces()).volume(), 8, 1e-9);
  const Shape inner = Solid::makeBox(1, 1, 1, Vector(-0.5, -0.5, 0.5));
  EXPECT_NEAR(func::solidWithVoids(kBox.faces(), inner.faces()).volume(), 7, 1e-9);
}

TEST(FreeFunctions, RefuseOtherKinds) {
  EXPECT_EQ(errorOf([] { func::wire({kBox}); }), "ValueError: Required type(s): Edge, Wire; encountered Solid");
  EXPECT_EQ(errorOf([] { func::shell({kBox}); }), "ValueError: Required type(s): ('Face',); encountered Solid");
  EXPECT_EQ(errorOf([] { func::solid({kBox}); }), "ValueError: Required type(s): ('Shell', 'Face'); encountered Solid");
  EXPECT_EQ(errorOf([] { func::fillet(squareWire(1), kBox, 1); }),
            "ValueError: Required type(s): ('Shell', 'Solid'); encountered Wire");
}

TEST(FreeFunctions, BooleansUnwrapASingleBody) {
  const Shape other = Solid::makeBox(2, 2, 2, Vector(0, -1, 0));
  EXPECT_EQ(func::fuse(kBox, other).shapeType(), "Solid");
  EXPECT_NEAR(func::fuse(kBox, other).volume(), 12, 1e-9);
  EXPECT_NEAR(func::cut(kBox, other).volume(), 4, 1e-9);
  EXPECT_NEAR(func::intersect(kBox, other).volume(), 4, 1e-9);
  EXPECT_EQ(func::clean(func::fuse(kBox, other)).faces().size(), 6u);
  EXPECT_EQ(func::split(kBox, Face::makePlane(9, 9, Vector(0, 0, 1))).solids().size(), 2u);
}

TEST(FreeFunctions, ExtrudeAndRevolveAnyKind) {
  EXPECT_EQ(func::extrude(Vertex::make(Vector()), Vector(0, 0, 1)).shapeType(), "Edge");
  EXPECT_EQ(func::extrude(squareWire(1), Vector(0, 0, 1)).shapeType(), "Shell");
  EXPECT_NEAR(func::extrude(func::plane(2, 3), Vector(0, 0, 4)).volume(), 24, 1e-9);
  EXPECT_NEAR(func::revolve(func::plane(2, 2).moved(Location(Vector(5, 0, 0))), Vector(), Vector(0, 1, 0)).volume(),
              2 * kPi * 5 * 4, 1e-8);
}

TEST(FreeFunctions, OffsetsThickenFaces) {
  EXPECT_NEAR(func::offset(func::plane(2, 3), 1).volume(), 6, 1e-9);
  EXPECT_NEAR(func::offset(func::plane(2, 3), 1, true, true).volume(), 12, 1e-9);
  EXPECT_NEAR(func::offset(func::plane(2, 3), 1, false).area(), 6, 1e-9);
}

TEST(FreeFunctions, SweepsAndLoftsOfFacesAreSolids) {
  const Shape path = Edge::makeLine(Vector(), Vector(0, 0, 5));
  const Shape ring = func::cut(func::plane(4, 4), func::plane(2, 2));
  EXPECT_NEAR(func::sweep(ring, path, std::nullopt, false).volume(), 5 * 12, 1e-6);
  const Shape top = ring.moved(Location(Vector(0, 0, 5)));
  EXPECT_NEAR(func::sweep({ring, top}, path, std::nullopt, false).volume(), 60, 1e-6);
  func::LoftOptions ruled;
  ruled.ruled = true;
  EXPECT_NEAR(func::loft({ring, top}, ruled).volume(), 60, 1e-6);
  const Shape apex = Vertex::make(Vector(0, 0, 6));
  EXPECT_NEAR(func::loft({func::plane(3, 3), apex}, ruled).volume(), 18, 1e-6);
  EXPECT_EQ(func::loft({squareWire(1), squareWire(1, Vector(0, 0, 2))}, ruled).shapeType(), "Shell");
}

TEST(FreeFunctions, FillAClosedOutline) {
  EXPECT_NEAR(func::fill(squareWire(2), {}).area(), 4, 1e-6);
  EXPECT_GT(func::fill(squareWire(2), {Vector(1, 1, 0.5)}).area(), 4.1);
}

TEST(FreeFunctions, FilletsByASelectionOfEdges) {
  const Shape edge = kBox.edges().front();
  EXPECT_NEAR(func::fillet(kBox, edge, 0.5).volume(), 8 - 2 * 0.25 * (1 - kPi / 4), 1e-8);
  EXPECT_NEAR(func::chamfer(kBox, edge, 0.5).volume(), 8 - 2 * 0.125, 1e-8);
}

TEST(FreeFunctions, CheckKnowsASoundBody) { EXPECT_TRUE(func::check(kBox)); }

TEST(FreeFunctions, TextFollowsASpine) {
  const Shape spine = Edge::makeLine(Vector(0, 0, 0), Vector(100, 0, 0));
  Compound::TextOptions options;
  options.halign = "left";
  const Shape text = func::textOnSpine("HI", 10, spine, true, options);
  EXPECT_NEAR(text.area(), flatText("HI", 10, options).area(), 1e-6);
}

}  // namespace
}  // namespace cadrecode::cadquery
