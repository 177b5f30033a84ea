// Sketches: areas of ready-made outlines, modes, places and their order, selections, tags and errors.
#include "cadquery/sketch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {
namespace {

constexpr double kPi = std::numbers::pi;

double areaOf(const Sketch& sketch) { return sketch.faceShape().area(); }
std::size_t facesOf(const Sketch& sketch) { return sketch.faceShape().faces().size(); }

template <class Action>
std::string errorOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.type() + ": " + error.what();
  }
  return "none";
}

Vector placeOf(const SketchItem& item) {
  const auto [translation, turn] = std::get<Location>(item).toTuple();
  return {translation[0], translation[1], translation[2]};
}

TEST(Sketch, AreasOfOutlines) {
  EXPECT_NEAR(areaOf(Sketch().rect(2, 3)), 6, 1e-12);
  EXPECT_NEAR(areaOf(Sketch().rect(2, 3, 30)), 6, 1e-12);
  EXPECT_NEAR(areaOf(Sketch().circle(2)), 4 * kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().ellipse(3, 2)), 6 * kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().ellipse(2, 3, 20)), 6 * kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().trapezoid(4, 3, 60)), 12 - 9 / std::tan(kPi / 3), 1e-12);
  EXPECT_NEAR(areaOf(Sketch().trapezoid(4, 3, 60, 90)), 12 - 4.5 / std::tan(kPi / 3), 1e-12);
  EXPECT_NEAR(areaOf(Sketch().slot(10, 4)), 40 + 4 * kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().regularPolygon(2, 6)), 6 * std::sqrt(3), 1e-11);
  EXPECT_NEAR(areaOf(Sketch().polygon({Vector(0, 0), Vector(4, 0), Vector(0, 3)})), 6, 1e-12);
}

TEST(Sketch, ASlotIsLongerThanItsWidth) {
  const BoundBox box = Sketch().slot(10, 4).faceShape().boundingBox();
  EXPECT_NEAR(box.xlen, 14, 1e-6);
  EXPECT_NEAR(box.ylen, 4, 1e-6);
}

TEST(Sketch, APolygonStartsAtTheTop) {
  Sketch sketch;
  sketch.regularPolygon(2, 3);
  const BoundBox box = sketch.faceShape().boundingBox();
  EXPECT_NEAR(box.ymax, 2, 1e-6);
  EXPECT_NEAR(box.ymin, -1, 1e-6);
}

TEST(Sketch, LoopsOfEdges) {
  Sketch square;
  square.segment(Vector(0, 0), Vector(2, 0)).segment(Vector(2, 2)).segment(2, 180).close().assemble();
  EXPECT_NEAR(areaOf(square), 4, 1e-12);
  Sketch half;
  half.arc(Vector(1, 0), Vector(0, 1), Vector(-1, 0)).close().assemble();
  EXPECT_NEAR(areaOf(half), kPi / 2, 1e-12);
  Sketch stadium;
  stadium.segment(Vector(0, 0), Vector(4, 0)).arc(Vector(5, 1), Vector(4, 2)).segment(Vector(0, 2));
  stadium.arc(Vector(-1, 1), Vector(0, 0)).assemble();
  EXPECT_NEAR(areaOf(stadium), 8 + kPi, 1e-12);
  EXPECT_NEAR(areaOf(Sketch().arc(Vector(1, 1), 2, 0, 360).assemble()), 4 * kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().arc(Vector(), 1, 0, 90).segment(Vector(0, 0)).close().assemble()), kPi / 4, 1e-12);
  EXPECT_NEAR(areaOf(Sketch().bezier({Vector(0, 0), Vector(1, 1), Vector(2, 0)}).close().assemble()), 2.0 / 3, 1e-9);
  EXPECT_NEAR(areaOf(Sketch().spline({Vector(0, 0), Vector(1, 1), Vector(2, 0)}).close().assemble()), 4.0 / 3, 1e-9);
}

TEST(Sketch, ConstructionEdgesAreLeftOut) {
  Sketch sketch;
  sketch.segment(Vector(0, 0), Vector(1, 0)).segment(Vector(1, 1)).segment(Vector(5, 5), "aid", true);
  sketch.segment(Vector(1, 1), Vector(0, 0)).assemble();
  EXPECT_NEAR(areaOf(sketch), 0.5, 1e-12);
  EXPECT_EQ(sketch.looseEdges().size(), 4u);
}

TEST(Sketch, Modes) {
  EXPECT_NEAR(areaOf(Sketch().rect(4, 4).circle(1, "s")), 16 - kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().rect(4, 4).rect(2, 8, 0, "i")), 8, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().rect(4, 4).circle(1, "r")), kPi, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().rect(4, 4).circle(1, "c", "hole")), 16, 1e-11);
  Sketch twice;
  twice.rect(4, 4).rect(2, 8);
  EXPECT_NEAR(areaOf(twice), 24, 1e-11);
  EXPECT_EQ(facesOf(twice), 5u) << "boolean operations leave the pieces apart";
  EXPECT_EQ(facesOf(twice.clean()), 1u);
}

TEST(Sketch, TheFirstFaceStandsAlone) {
  EXPECT_TRUE(Sketch().rect(1, 1).faceShape().is(TopAbs_FACE));
  EXPECT_TRUE(Sketch().rect(1, 1).rect(2, 2).faceShape().is(TopAbs_COMPOUND));
  EXPECT_FALSE(Sketch().hasFaces());
  EXPECT_EQ(Sketch().rect(1, 1).vals().size(), 1u);
  EXPECT_TRUE(std::get<Shape>(Sketch().rect(1, 1).vals()[0]).is(TopAbs_WIRE)) << "a face's members are its wires";
}

TEST(Sketch, FacesOfOtherShapes) {
  Sketch inner;
  inner.push({Location(Vector(1, 0)), Location(Vector(-1, 0))}).circle(0.5);
  EXPECT_NEAR(areaOf(Sketch().rect(6, 6).face(inner, 0, "s")), 36 - kPi / 2, 1e-11);
  EXPECT_NEAR(areaOf(Sketch().push({Vector(0, 0), Vector(9, 0)}).face(inner, 45)), kPi, 1e-11);
  EXPECT_EQ(facesOf(Sketch().face(Shape(Solid::makeBox(1, 1, 1)))), 6u);
  EXPECT_NEAR(areaOf(Sketch().face(Wire::makeCircle(1, Vector(), Vector(0, 0, 1)))), kPi, 1e-12);
}

TEST(Sketch, OrderOfARectangularArray) {
  const SketchItems places = Sketch().rarray(2, 3, 2, 3).vals();
  ASSERT_EQ(places.size(), 6u);
  EXPECT_EQ(placeOf(places[0]), Vector(-1, -3));
  EXPECT_EQ(placeOf(places[1]), Vector(-1, 0)) << "along y first";
  EXPECT_EQ(placeOf(places[5]), Vector(1, 3));
}

TEST(Sketch, ArraysMultiplyWithTheSelection) {
  const SketchItems places = Sketch().push({Vector(0, 0), Vector(10, 0)}).rarray(1, 1, 2, 1).vals();
  ASSERT_EQ(places.size(), 4u);
  EXPECT_EQ(placeOf(places[1]), Vector(9.5, 0)) << "the selection varies fastest";
}

TEST(Sketch, PolarArray) {
  const SketchItems full = Sketch().parray(2, 0, 360, 4).vals();
  ASSERT_EQ(full.size(), 4u) << "a full turn does not repeat its start";
  EXPECT_EQ(placeOf(full[1]), Vector(0, 2));
  EXPECT_NEAR(std::get<Location>(full[1]).toTuple().second[2], 90, 1e-9);
  const SketchItems open = Sketch().parray(2, 0, 90, 3, false).vals();
  EXPECT_EQ(placeOf(open[2]), Vector(0, 2));
  EXPECT_NEAR(std::get<Location>(open[2]).toTuple().second[2], 0, 1e-9);
  EXPECT_NEAR(areaOf(Sketch().rect(9, 9).reset().parray(2, 0, 360, 6).circle(0.5, "s")), 81 - 1.5 * kPi, 1e-10);
}

TEST(Sketch, DistributeAlongEdges) {
  Sketch closed;
  const SketchItems round = closed.circle(3).edges().distribute(4).vals();
  ASSERT_EQ(round.size(), 4u);
  EXPECT_EQ(placeOf(round[1]), Vector(0, 3));
  Sketch open;
  const SketchItems line = open.segment(Vector(0, 0), Vector(4, 0)).edges().distribute(5, 0, 1, false).vals();
  ASSERT_EQ(line.size(), 5u);
  EXPECT_EQ(placeOf(line[4]), Vector(4, 0)) << "an open edge is filled to its end";
  Sketch part;
  const SketchItems trimmed = part.circle(3).edges().distribute(3, 0, 0.5).vals();
  EXPECT_EQ(placeOf(trimmed[2]), Vector(-3, 0));
}

TEST(Sketch, SelectionsAndTags) {
  Sketch sketch;
  sketch.rect(4, 2, 0, "a", "base").push({Vector(5, 5)}, "far").circle(1, "a", "disc").reset();
  EXPECT_EQ(sketch.vertices(nullptr, "base").vals().size(), 4u);
  EXPECT_EQ(sketch.reset().edges().vals().size(), 5u);
  EXPECT_EQ(sketch.reset().edges(parseSelector("|X")).vals().size(), 2u);
  EXPECT_EQ(sketch.reset().faces(parseSelector(">X")).wires().vals().size(), 1u);
  EXPECT_EQ(sketch.select({"base", "far"}).vals().size(), 2u);
  EXPECT_EQ(sketch.reset().vertices(parseSelector(">Y")).tag("top").reset().select({"top"}).vals().size(), 1u);
  EXPECT_EQ(errorOf([&] { sketch.select({"none"}); }), "KeyError: none");
}

TEST(Sketch, FilletAndChamferOfSelectedCorners) {
  Sketch fillet;
  fillet.rect(4, 4).vertices().fillet(1);
  EXPECT_NEAR(areaOf(fillet), 16 - (4 - kPi), 1e-10);
  Sketch chamfer;
  chamfer.rect(4, 4).vertices(parseSelector(">X and >Y")).chamfer(1);
  EXPECT_NEAR(areaOf(chamfer), 16 - 0.5, 1e-10);
  EXPECT_EQ(errorOf([] { Sketch().rect(1, 1).fillet(0.1); }),
            "ValueError: Selection is needed to match vertices to faces");
}

TEST(Sketch, Offset) {
  Sketch larger;
  EXPECT_NEAR(areaOf(larger.rect(2, 2).wires().offset(1)), 4 + 8 + kPi, 1e-9);
  Sketch frame;
  EXPECT_NEAR(areaOf(frame.rect(4, 4).wires().offset(-1, "s")), 16 - 4, 1e-9);
  EXPECT_EQ(errorOf([] { Sketch().rect(1, 1).offset(1); }), "ValueError: Selection is needed to offset");
}

TEST(Sketch, DeletesWhatIsSelected) {
  Sketch faces;
  faces.push({Vector(0, 0), Vector(5, 0)}).circle(1).reset().faces(parseSelector(">X")).deleteSelected();
  EXPECT_NEAR(areaOf(faces), kPi, 1e-12);
  EXPECT_FALSE(faces.selection());
  Sketch edges;
  edges.segment(Vector(0, 0), Vector(1, 0)).segment(Vector(1, 1)).edges(parseSelector("|X")).deleteSelected();
  EXPECT_EQ(edges.looseEdges().size(), 1u);
  EXPECT_EQ(errorOf([] { Sketch().rect(1, 1).faces().deleteSelected(); }),
            "AttributeError: 'Face' object has no attribute 'remove'");
  EXPECT_EQ(errorOf([] { Sketch().rect(1, 1).deleteSelected(); }), "ValueError: Selection is needed to delete");
}

TEST(Sketch, Operators) {
  Sketch square, disc;
  square.rect(4, 4);
  disc.circle(1);
  EXPECT_NEAR(areaOf(*(square + disc)), 16, 1e-11);
  EXPECT_NEAR(areaOf(*(square - disc)), 16 - kPi, 1e-11);
  EXPECT_NEAR(areaOf(*(square * disc)), kPi, 1e-11);
  EXPECT_EQ(facesOf(*(square / disc)), 2u);
  disc.push({Vector()});
  EXPECT_EQ(errorOf([&] { square + disc; }), "ValueError: Location was provided, Shape is required.");
}

TEST(Sketch, AddsAndSubtractsItsSelection) {
  Sketch sketch;
  sketch.rect(4, 4).circle(1, "c", "hole").select({"hole"}).subtract();
  EXPECT_NEAR(areaOf(sketch), 16 - kPi, 1e-11);
  EXPECT_NEAR(areaOf(sketch.add()), 16, 1e-11);
  EXPECT_NEAR(areaOf(sketch.replace()), kPi, 1e-11);
}

TEST(Sketch, MovedCopies) {
  Sketch sketch;
  sketch.rect(2, 2);
  EXPECT_EQ(sketch.moved(Location(Vector(5, 0)))->faceShape().center(), Vector(5, 0));
  EXPECT_EQ(facesOf(*sketch.moved({Location(Vector(5, 0)), Location(Vector(9, 0))})), 2u);
  const SketchPtr located = sketch.located(Location(Vector(0, 7)));
  EXPECT_EQ(located->members().front().center(), Vector(0, 7));
  EXPECT_EQ(located->faceShape().center(), Vector()) << "the place applies when the sketch is used";
  EXPECT_EQ(Sketch(nullptr, {Location(Vector(1, 0)), Location(Vector(3, 0))}).rect(1, 1).members().size(), 2u);
}

TEST(Sketch, Errors) {
  EXPECT_EQ(errorOf([] { Sketch().circle(1, "x"); }), "ValueError: Invalid mode: x");
  EXPECT_EQ(errorOf([] { Sketch().circle(1, "c"); }),
            "ValueError: No tag specified - the geometry will be unreachable");
  EXPECT_EQ(errorOf([] { Sketch().circle(1, "s"); }), "ValueError: Null TopoDS_Shape object");
  EXPECT_EQ(errorOf([] { Sketch().segment(Vector(1, 1)); }), "ValueError: No free edges available");
  EXPECT_EQ(errorOf([] { Sketch().close(); }), "ValueError: No free edges available");
  EXPECT_EQ(errorOf([] { Sketch().assemble(); }), "IndexError: list index out of range");
  EXPECT_EQ(errorOf([] { Sketch().rarray(1, 1, 0, 1); }), "ValueError: At least 1 elements required, requested 0, 1");
  EXPECT_EQ(errorOf([] { Sketch().parray(1, 0, 90, 0); }), "ValueError: At least 1 element required, requested 0");
  EXPECT_EQ(errorOf([] { Sketch().rect(1, 1).distribute(3); }), "ValueError: Nothing selected to distribute over");
  EXPECT_EQ(errorOf([] { Sketch().trapezoid(4, 3, 0); }), "ZeroDivisionError: float division by zero");
  EXPECT_EQ(errorOf([] { Sketch().regularPolygon(1, 0); }), "ZeroDivisionError: float division by zero");
  EXPECT_EQ(errorOf([] { Sketch().hull(); }), "ValueError: No objects available for hull construction");
  EXPECT_EQ(errorOf([] { Sketch().tag("t"); }), "ValueError: Selection is needed to tag");
}

TEST(Sketch, ReleasesItsParents) {
  std::weak_ptr<WorkplaneStep> alive;
  SketchPtr kept;
  {
    kept = Workplane("XY").sketch();
    alive = kept->finalize()->step();
  }
  EXPECT_FALSE(alive.expired()) << "the workplane has the sketch on its stack";
  Sketch::releaseParents();
  EXPECT_EQ(kept->finalize(), nullptr);
  EXPECT_TRUE(alive.expired());
}

}  // namespace
}  // namespace cadrecode::cadquery
