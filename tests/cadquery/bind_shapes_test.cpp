// The shape classes and the free functions in scripts; the expected texts are real CadQuery's.
#include "bind_checks.hpp"

namespace cadrecode::cadquery {
namespace {

const std::string kBox = "box = cq.Solid.makeBox(10, 20, 30)\n";
const std::string kFace =
    "w = cq.Wire.makePolygon([(0, 0), (10, 0), (10, 10), (0, 10)], close=True)\n"
    "hole = cq.Wire.makeCircle(2, (5, 5, 0), (0, 0, 1))\n"
    "face = cq.Face.makeFromWires(w, [hole])\n";

TEST(BindShapes, ClassesAndKinds) {
  EXPECT_EQ(evaluated("[type(s).__name__ for s in (box, box.Faces()[0], box.Edges()[0], box.Vertices()[0])]", kBox),
            "['Solid', 'Face', 'Edge', 'Vertex']");
  EXPECT_EQ(evaluated("isinstance(box, cq.Shape), isinstance(box, cq.Face), box.ShapeType(), box.geomType()", kBox),
            "(True, False, 'Solid', 'CompSolid')");
  // The fillet of a Solid is a Solid that wraps a compound.
  EXPECT_EQ(evaluated("type(f).__name__, f.ShapeType()", kBox + "f = box.fillet(1, box.Edges())"),
            "('Solid', 'Compound')");
}

TEST(BindShapes, IdentityGoesByTheSharedShape) {
  EXPECT_EQ(
      evaluated("box == box.Solids()[0], box == box.copy(), box == box.moved(x=1), len({box, box.Solids()[0]})", kBox),
      "(True, False, False, 1)");
  EXPECT_EQ(evaluated("box.hashCode() == hash(box)", kBox), "True");
}

TEST(BindShapes, MovedTakesPlacesInManyForms) {
  for (const char* places : {"1, 2, 3", "x=1, y=2, z=3", "(1, 2, 3)", "cq.Vector(1, 2, 3)", "cq.Location((1, 2, 3))"})
    EXPECT_EQ(evaluated("box.moved(" + std::string(places) + ").location().toTuple()[0]", kBox), "(1.0, 2.0, 3.0)")
        << places;
  for (const char* places : {"(1, 2, 3), (4, 5, 6)", "[(1, 2, 3), (4, 5, 6)]", "[cq.Location(1), cq.Location(2)]"})
    EXPECT_EQ(evaluated("len(box.moved(" + std::string(places) + ").Solids())", kBox), "2") << places;
  EXPECT_EQ(evaluated("box.moved('up')", kBox),
            "DispatchError: ('moved: 0 methods found', (<class 'cadquery.occ_impl.shapes.Solid'>, <class 'str'>), "
            "set())");
}

TEST(BindShapes, MovingInPlaceChangesTheObjectItself) {
  EXPECT_EQ(evaluated("same is box, box.BoundingBox().xmin", kBox + "same = box.move(cq.Location((5, 0, 0)))"),
            "(True, 5.0)");
}

TEST(BindShapes, OperatorsUnwrapTheirResult) {
  const std::string two = kBox + "other = box.moved(x=5)\n";
  EXPECT_EQ(evaluated("[(type(s).__name__, round(s.Volume())) for s in (box + other, box - other, box * other)]", two),
            "[('Solid', 9000), ('Solid', 3000), ('Solid', 3000)]");
  EXPECT_EQ(evaluated("box + 1", kBox), "AttributeError: 'int' object has no attribute 'wrapped'");
}

TEST(BindShapes, SelectionsGiveOneShape) {
  EXPECT_EQ(evaluated("type(box.faces('>Z')).__name__, type(box.faces('|Z')).__name__", kBox), "('Face', 'Compound')");
  EXPECT_EQ(evaluated("box.faces('>Z').Center()", kBox), "Vector: (5.0, 10.0, 30.0)");
  EXPECT_EQ(evaluated("len(list(box.edges('|Z')))", kBox), "4");
}

TEST(BindShapes, CurvesByLength) {
  const std::string arc = "e = cq.Edge.makeCircle(2, angle1=0, angle2=180)";
  EXPECT_EQ(evaluated("round(e.Length(), 6), e.radius(), e.IsClosed()", arc), "(6.283185, 2.0, False)");
  EXPECT_EQ(evaluated("[round(c, 6) + 0 for c in e.positionAt(0.5).toTuple()]", arc), "[0.0, 2.0, 0.0]");
  EXPECT_EQ(evaluated("len(e.positions([0, 0.5, 1])), len(e.locations([0, 1]))", arc), "(3, 2)");
  EXPECT_EQ(evaluated("cq.Edge.makeSpline([(0, 0, 0), (1, 1, 0)])"),
            "AttributeError: 'tuple' object has no attribute 'toPnt'");
  EXPECT_EQ(evaluated("box.Length()", kBox), "AttributeError: 'Solid' object has no attribute 'Length'");
}

TEST(BindShapes, FacesOfWires) {
  EXPECT_EQ(evaluated("round(face.Area(), 6), len(face.innerWires())", kFace), "(87.433629, 1)");
  EXPECT_EQ(evaluated("face.normalAt(), face.normalAt((1, 1, 0)), face.normalAt(0.5, 0.5)[0]", kFace),
            "(Vector: (0.0, 0.0, 1.0), Vector: (0.0, 0.0, 1.0), Vector: (0.0, 0.0, 1.0))");
  EXPECT_EQ(evaluated("[len(g) for g in sortWiresByBuildOrder([w, hole])]", kFace), "[2]");
}

TEST(BindShapes, SolidsOfAFaceOrOfWires) {
  for (const char* arguments : {"face, cq.Vector(0, 0, 5)", "w, [hole], (0, 0, 5)", "face, (0, 0, 5), taper=0"})
    EXPECT_EQ(evaluated("round(cq.Solid.extrudeLinear(" + std::string(arguments) + ").Volume(), 6)", kFace),
              "437.168147")
        << arguments;
  EXPECT_EQ(evaluated("cq.Solid.extrudeLinear(face, (0, 0, 5), 10)", kFace),
            "AttributeError: 'tuple' object has no attribute 'getAngle'");
  EXPECT_EQ(evaluated("cq.Solid.sweep(w, [], cq.Edge.makeLine((0, 0), (0, 0, 5)), transitionMode='sharp')", kFace)
                .substr(0, 38),
            "DispatchError: ('sweep: 0 methods foun");
  EXPECT_EQ(evaluated("round(cq.Solid.revolve(face, 360, (-5, 0, 0), (-5, 1, 0)).Volume(), 4)", kFace), "5493.617");
}

TEST(BindShapes, FilesAndKernelObjectsAreRefused) {
  EXPECT_EQ(evaluated("box.exportStl('a.stl')", kBox), "Unsupported: not supported: Shape.exportStl");
  EXPECT_EQ(evaluated("box.wrapped", kBox), "Unsupported: not supported: Shape.wrapped");
  EXPECT_EQ(evaluated("cq.Shape.importBrep('a.brep')"), "Unsupported: not supported: Shape.importBrep");
}

TEST(BindFreeFunctions, BuildAndCombine) {
  EXPECT_EQ(evaluated("round(extrude(face(rect(2, 3), circle(0.5)), (0, 0, 2)).Volume(), 6)"), "10.429204");
  EXPECT_EQ(evaluated("type(fuse(box(1, 1, 1), box(1, 1, 1).moved(x=0.5))).__name__"), "Solid");
  EXPECT_EQ(evaluated("solid(box(1, 2, 3).Faces()).Volume()"), "6.0");
  EXPECT_EQ(evaluated("face(box(1, 1, 1))"), "ValueError: Required type(s): Edge, Wire; encountered Solid");
  EXPECT_EQ(evaluated("vertex('a')"), "DispatchError: ('vertex: 0 methods found', (<class 'str'>,), set())");
  EXPECT_EQ(evaluated("round(loft(rect(2, 2), rect(2, 2).moved(z=3), ruled=True, cap=True).Volume(), 6)"), "12.0");
}

}  // namespace
}  // namespace cadrecode::cadquery
