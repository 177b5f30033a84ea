// Vectors, matrices, planes, locations and boxes in scripts; the expected texts are real CadQuery's.
#include "bind_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(BindGeometry, VectorsAreMadeOfNumbersTuplesAndVectors) {
  EXPECT_EQ(evaluated("cq.Vector(1, 2)"), "Vector: (1.0, 2.0, 0.0)");
  EXPECT_EQ(evaluated("cq.Vector([1, 2, 3]) == cq.Vector((1, 2, 3)) == cq.Vector(cq.Vector(1, 2, 3))"), "True");
  EXPECT_EQ(evaluated("cq.Vector('up')"), "TypeError: Expected three floats, OCC gp_, or 3-tuple");
  EXPECT_EQ(evaluated("cq.Vector(1, 2, 3, 4)"), "TypeError: Expected three floats, OCC gp_, or 3-tuple");
  EXPECT_EQ(evaluated("cq.Vector((1, 2, 3, 4))"),
            "UnboundLocalError: cannot access local variable 'fV' where it is not associated with a value");
}

TEST(BindGeometry, VectorOperators) {
  EXPECT_EQ(evaluated("2 * cq.Vector(1, 2, 3) - cq.Vector(0, 0, 1) / 2"), "Vector: (2.0, 4.0, 5.5)");
  EXPECT_EQ(evaluated("abs(-cq.Vector(3, 4))"), "5.0");
  EXPECT_EQ(evaluated("cq.Vector(1, 2) / 0"), "ZeroDivisionError: float division by zero");
  EXPECT_EQ(evaluated("cq.Vector(1, 2) + (1, 2)"), "AttributeError: 'tuple' object has no attribute 'wrapped'");
  EXPECT_EQ(evaluated("hash(cq.Vector())"), "TypeError: unhashable type: 'Vector'");
  EXPECT_EQ(evaluated("v.toTuple()", "v = cq.Vector(1, 2, 3)\nv.x = 7"), "(7.0, 2.0, 3.0)");
}

TEST(BindGeometry, MatricesCheckTheirRows) {
  EXPECT_EQ(evaluated("cq.Matrix([[1, 0, 0, 5], [0, 1, 0, 6], [0, 0, 1, 7]])[1, 3]"), "6.0");
  EXPECT_EQ(evaluated("cq.Matrix([[1, 2], [3, 4]])"),
            "TypeError: Matrix constructor requires 2d list of 4x3 or 4x4, but got: [[1, 2], [3, 4]]");
  EXPECT_EQ(evaluated("cq.Matrix([[1, 0, 0, 5], [0, 1, 0, 6], [0, 0, 1, 7], [0, 0, 1, 1]])"),
            "ValueError: Expected the last row to be [0,0,0,1], but got: [0, 0, 1, 1]");
  EXPECT_EQ(evaluated("cq.Matrix()[0]"), "IndexError: Matrix subscript must provide (row, column)");
}

TEST(BindGeometry, PlanesByNameAndByDirections) {
  EXPECT_EQ(evaluated("cq.Plane.XZ(origin=(1, 2, 3))"),
            "Plane(origin=(1.0, 2.0, 3.0), xDir=(1.0, 0.0, 0.0), normal=(0.0, -1.0, 0.0))");
  EXPECT_EQ(evaluated("cq.Plane((0, 0, 0), normal=(0, 0, 2)) == cq.Plane.named('front')"), "True");
  EXPECT_EQ(evaluated("cq.Plane((0, 0, 0), (0, 0, 0))"), "ValueError: xDir should be non null");
  EXPECT_EQ(evaluated("cq.Plane.YZ().toWorldCoords((2, 3))"), "Vector: (0.0, 2.0, 3.0)");
}

TEST(BindGeometry, AnXDirectionWaitsForTheOrigin) {
  EXPECT_EQ(evaluated("p.toWorldCoords((1, 0))", "p = cq.Plane.XY(xDir=(0, 1, 0))"), "Vector: (1.0, 0.0, 0.0)");
  EXPECT_EQ(evaluated("p.toWorldCoords((1, 0))", "p = cq.Plane.XY(xDir=(0, 1, 0))\np.origin = (0, 0, 5)"),
            "Vector: (0.0, 1.0, 5.0)");
}

TEST(BindGeometry, LocationsByTheTypesOfTheirArguments) {
  EXPECT_EQ(evaluated("cq.Location().toTuple()[0]"), "(0.0, 0.0, 0.0)");
  EXPECT_EQ(evaluated("cq.Location(1, 2, rz=90).toTuple()[0]"), "(1.0, 2.0, 0.0)");
  EXPECT_EQ(evaluated("[round(a) for a in cq.Location((1, 2, 3), (10, 20, 30)).toTuple()[1]]"), "[10, 20, 30]");
  EXPECT_EQ(evaluated("[round(a) for a in cq.Location((1, 2, 3), (0, 0, 1), 45).toTuple()[1]]"), "[0, 0, 45]");
  EXPECT_EQ(evaluated("(cq.Location(cq.Plane.XY((1, 2, 3))) * cq.Location((1, 0, 0))).toTuple()[0]"),
            "(2.0, 2.0, 3.0)");
  EXPECT_EQ(evaluated("(cq.Location(1, 2, 3) ** 2 * cq.Location(1, 2, 3).inverse).toTuple()[0]"), "(1.0, 2.0, 3.0)");
  EXPECT_EQ(evaluated("cq.Location([1, 2, 3])"),
            "DispatchError: ('__init__: 0 methods found', (<class 'cadquery.occ_impl.geom.Location'>, <class 'list'>), "
            "set())");
}

TEST(BindGeometry, BoxesOfShapes) {
  const std::string box = "b = cq.Workplane().box(2, 4, 6).val().BoundingBox()";
  EXPECT_EQ(evaluated("b.xmin, b.ymax, b.zlen, b.center", box), "(-1.0, 2.0, 6.0, Vector: (0.0, 0.0, 0.0))");
  EXPECT_EQ(evaluated("b.enlarge(1).isInside(b), b.isInside(b)", box), "(True, False)");
}

}  // namespace
}  // namespace cadrecode::cadquery
