// Sketch from scripts: which form a call means, what comes back, and errors as CadQuery raises them.
#include <gtest/gtest.h>

#include <string>

#include "cadquery/engine.hpp"

namespace cadrecode::cadquery {
namespace {

// What the script printed; a failure is shown by its type and message.
std::string printed(const std::string& body) {
  static Engine engine;
  const RunResult result = engine.run("import cadquery as cq\nS = cq.Sketch\n" + body + "\nr = cq.Workplane()\n");
  return result.error ? result.error->type + ": " + result.error->message : result.output;
}

// The printed value of an expression of the sketch's area, rounded.
std::string area(const std::string& sketch) { return printed("print(round((" + sketch + ")._faces.Area(), 6))"); }

TEST(BindSketch, TheFormsOfSegmentAndArc) {
  EXPECT_EQ(area("S().segment((0, 0), (2, 0)).segment((2, 2)).segment(2, 180).close().assemble()"), "4.0\n");
  EXPECT_EQ(area("S().segment(cq.Vector(0, 0), (2, 0)).segment(2.0, 90.0, 'up').close('back').assemble()"), "2.0\n");
  EXPECT_EQ(area("S().segment((0, 0), (1, 0)).segment((1, 1)).segment((9, 9), (8, 8), None, True).segment((1, 1), (0, "
                 "0)).assemble()"),
            "0.5\n");
  EXPECT_EQ(area("S().arc((1, 0), (0, 1), (-1, 0)).arc((0, -1), (1, 0)).assemble()"), "3.141593\n");
  EXPECT_EQ(area("S().arc((1, 2), 3, 0, 360, tag='all').assemble()"), "28.274334\n");
}

TEST(BindSketch, FormsAreChosenByPositionalTypesAlone) {
  for (const char* call :
       {"segment([0, 0], [1, 1])", "segment(p1=(0, 0), p2=(1, 1))", "segment((0, 0, 0), (1, 1, 1))", "segment()",
        "segment((0, 0), (1, 1), 5)", "segment((0, 0), (1, 1), foo=1)", "arc((0, 0), 1, 2)",
        "arc([0, 0], [1, 1], [2, 0])", "spline([[0, 0], [1, 1]])", "spline([(0, 0), (1, 1), (2, 0)], None, False)",
        "spline([cq.Vector(0, 0), cq.Vector(1, 1)])", "spline([(0, 0), (1, 1)], periodic=True)",
        "spline((x, x) for x in range(3))"}) {
    EXPECT_EQ(printed("try:\n    S()." + std::string(call) + "\nexcept TypeError as e:\n    print(type(e).__name__)"),
              "DispatchError\n")
        << call;
  }
}

TEST(BindSketch, Splines) {
  EXPECT_EQ(area("S().spline([(0, 0), (1, 1), (2, 0)]).close().assemble()"), "1.333333\n");
  EXPECT_EQ(area("S().spline([(0, 0), [1, 1], (2, 0)], 'curve').close().assemble()"), "1.333333\n");
  EXPECT_EQ(area("S().spline([(0, 0), (1, 1), (2, 0)], [(1, 2), (1, -2)], False).close().assemble()"), "1.333333\n");
  EXPECT_EQ(printed("print(S().spline([(0, 0), (1, 1), (2, 0)], None, False, 'c', True)._edges[0].forConstruction)"),
            "True\n");
  EXPECT_EQ(printed("S().bezier([cq.Vector(0, 0), cq.Vector(1, 1)])"),
            "TypeError: cadquery.occ_impl.geom.Vector() argument after * must be an iterable, not Vector");
}

TEST(BindSketch, MethodsReturnTheSameSketch) {
  EXPECT_EQ(printed("s = S()\nprint(s.rect(1, 1) is s, s.push([(0, 0)]) is s, s.reset().edges() is s, s[0] is s)"),
            "True True True True\n");
  EXPECT_EQ(printed("s = S().rect(1, 1)\nprint(s.copy() is s, s.moved(x=1) is s, s.located(cq.Location()) is s)"),
            "False False False\n");
  EXPECT_EQ(printed("class Mine(S):\n    pass\nprint(type(Mine().rect(1, 1).copy()).__name__)"), "Mine\n");
}

TEST(BindSketch, FacesFromAllThings) {
  EXPECT_EQ(area("S().face(cq.Wire.makeCircle(2, cq.Vector(), cq.Vector(0, 0, 1)))"), "12.566371\n");
  EXPECT_EQ(area("S().push([(0, 0), (9, 0)]).face(S().rect(2, 3), 30)"), "12.0\n");
  EXPECT_EQ(area("S().face(cq.Solid.makeBox(1, 2, 3))"), "22.0\n");
  EXPECT_EQ(area("S().face([cq.Edge.makeLine((0, 0, 0), (1, 0, 0)), cq.Edge.makeLine((1, 0, 0), (1, 1, 0)), "
                 "cq.Edge.makeLine((1, 1, 0), (0, 0, 0))])"),
            "0.5\n");
  EXPECT_EQ(printed("S().face(5)"), "ValueError: Unsupported argument 5");
  EXPECT_EQ(printed("S().face(cq.Edge.makeLine((0, 0, 0), (1, 0, 0)))"), "IndexError: tuple index out of range");
}

TEST(BindSketch, EachCallsBackWithPlaces) {
  EXPECT_EQ(area("S().push([(0, 0), (5, 5)]).each(lambda l: cq.Face.makePlane(1, 2).located(l))"), "4.0\n");
  EXPECT_EQ(area("S().rect(9, 9).push([(1, 1)]).each(lambda l: S().rect(2, 2).moved(l), 's', ignore_selection=True)"),
            "77.0\n");
}

TEST(BindSketch, ItemsIndexingAndCallbacks) {
  const std::string plate = "s = S().rect(4, 2).push([(9, 0)]).circle(1).reset()\n";
  EXPECT_EQ(printed(plate + "print(len(s.vals()), len(list(s)), s.edges()[-1].val().geomType())"), "2 2 CIRCLE\n");
  EXPECT_EQ(printed(plate + "print(len(s.edges()[1:3].vals()), len(s.reset().edges()[[0, 1, 4]].vals()))"), "2 3\n");
  EXPECT_EQ(printed(plate + "print([round(x, 3) for x in s.edges().map(lambda e: e.Length()).vals()])"),
            "[2.0, 4.0, 2.0, 4.0, 6.283]\n");
  EXPECT_EQ(printed(plate + "print(len(s.edges().filter(lambda e: e.Length() > 3).vals()))"), "3\n");
  EXPECT_EQ(printed(plate + "print(s.edges().sort(lambda e: -e.Length()).val().geomType())"), "CIRCLE\n");
  EXPECT_EQ(printed(plate + "print(len(s.edges().apply(lambda es: es[:2]).vals()))"), "2\n");
  EXPECT_EQ(printed("print(len(S().invoke(lambda s: s.rect(1, 1)).vals()), S().invoke(lambda: 3).vals())"), "1 []\n");
  EXPECT_EQ(printed("S().invoke(lambda a, b: a)"), "ValueError: Provided function {f} accepts too many arguments");
  EXPECT_EQ(printed(plate + "s.edges()[99]"), "IndexError: list index out of range");
  EXPECT_EQ(printed(plate + "s.edges().map(lambda e: 5).circle(1)"),
            "AttributeError: 'int' object has no attribute 'Center'");
}

TEST(BindSketch, AFinishedSketchGivesItsWorkplane) {
  EXPECT_EQ(printed("w = cq.Workplane('XZ')\nprint(w.sketch().rect(2, 3).finalize().extrude(4).val().Volume() > 23.9)"),
            "True\n");
  EXPECT_EQ(printed("print(S().rect(1, 1).finalize(), S().parent)"), "None None\n");
  EXPECT_EQ(printed("print(len(cq.Workplane().rarray(2, 2, 3, 1).sketch().locs))"), "3\n");
}

TEST(BindSketch, CountsOfPlaces) {
  EXPECT_EQ(printed("S().rarray(1, 1, 0, 2)"), "ValueError: At least 1 elements required, requested 0, 2");
  EXPECT_EQ(printed("S().rarray(1, 1, 2.0, 2)"), "TypeError: 'float' object cannot be interpreted as an integer");
  EXPECT_EQ(printed("S().parray(1, 0, 90, 0.5)"), "ValueError: At least 1 element required, requested 0.5");
  EXPECT_EQ(printed("S().push([1, 2])"), "TypeError: Expected three floats, OCC gp_, or 3-tuple");
}

TEST(BindSketch, WhatIsNotThereSaysSo) {
  for (const char* name : {"constrain", "solve", "importDXF", "export"}) {
    EXPECT_NE(printed("S()." + std::string(name) + "()").find("not supported: Sketch." + std::string(name)),
              std::string::npos);
  }
}

}  // namespace
}  // namespace cadrecode::cadquery
