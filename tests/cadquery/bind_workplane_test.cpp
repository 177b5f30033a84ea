#include <gtest/gtest.h>

#include "cadquery/engine.hpp"

namespace cadrecode::cadquery {
namespace {

RunResult run(const std::string& body) {
  static Engine engine;
  return engine.run("import cadquery as cq\n" + body);
}

// What the script printed; a failure is shown by its type and message.
std::string printed(const std::string& body) {
  const RunResult result = run(body + "\nr = cq.Workplane()\n");
  return result.error ? result.error->type + ": " + result.error->message : result.output;
}

double volume(const std::string& body) {
  const RunResult result = run(body);
  EXPECT_FALSE(result.error) << result.error->type << ": " << result.error->message;
  return result.measures ? result.measures->volume : -1;
}

TEST(BindWorkplane, ArgumentsComeByPositionAndByName) {
  EXPECT_NEAR(volume("r = cq.Workplane('XZ').box(1, height=3, width=2)"), 6, 1e-9);
  EXPECT_NEAR(volume("r = cq.Workplane(inPlane='XZ', origin=(1, 2, 3)).rect(2, 2, centered=(True, False)).extrude(3)"),
              12, 1e-9);
}

TEST(BindWorkplane, WrongArgumentsAreTypeErrorsAsInPython) {
  EXPECT_EQ(printed("cq.Workplane().box(1, 2)"),
            "TypeError: Workplane.box() missing 1 required positional argument: 'height'");
  EXPECT_EQ(printed("cq.Workplane().box(1, 2, 3, centred=True)"),
            "TypeError: Workplane.box() got an unexpected keyword argument 'centred'");
  EXPECT_EQ(printed("cq.Workplane().moveTo(1, 2, 3)"),
            "TypeError: Workplane.moveTo() takes from 1 to 3 positional arguments but 4 were given");
  EXPECT_EQ(printed("cq.Workplane().rect('2', 3)"), "TypeError: Workplane.rect(): xLen must be a number, not str");
  EXPECT_EQ(printed("cq.Workplane().polygon(2.5, 4)"), "TypeError: 'float' object cannot be interpreted as an integer");
}

TEST(BindWorkplane, AWorkplaneStartsFromAPlaneANameOrAnObject) {
  EXPECT_EQ(printed("print(cq.Workplane(cq.Vector(1, 2, 3)).val())"), "Vector: (1.0, 2.0, 3.0)\n");
  EXPECT_EQ(printed("print(cq.Workplane(cq.Solid.makeBox(1, 1, 1)).faces().size())"), "6\n");
  EXPECT_EQ(printed("print(cq.Workplane(cq.Plane.XZ((1, 2, 3))).plane.origin)"), "Vector: (1.0, 2.0, 3.0)\n");
  EXPECT_EQ(printed("cq.Workplane(3)"), "ValueError: Provided value 3 is not a valid work plane");
}

TEST(BindWorkplane, TheSameStepIsTheSameObject) {
  EXPECT_EQ(printed("a = cq.Workplane().box(1, 1, 1)\nprint(a.tag('t') is a, a.faces().end() == a, a == a.faces())"),
            "True True False\n");
}

TEST(BindWorkplane, TheListOfObjectsIsAlive) {
  EXPECT_EQ(printed("a = cq.Workplane().box(1, 1, 1)\na.objects.append(cq.Vector())\nprint(a.size())"), "2\n");
  EXPECT_EQ(printed("a = cq.Workplane().box(1, 1, 1)\nv = a.vals()\na.add(cq.Vector())\nprint(len(v), v is a.objects)"),
            "2 True\n");
  EXPECT_EQ(printed("a = cq.Workplane().box(1, 1, 1)\na.objects = a.faces('|Z').vals()\nprint(a.size())"), "2\n");
}

TEST(BindWorkplane, ThePlaneIsAlive) {
  EXPECT_EQ(printed("a = cq.Workplane()\na.plane.origin = cq.Vector(1, 2, 3)\nprint(a.moveTo(1, 0).val())"),
            "Vector: (2.0, 2.0, 3.0)\n");
  EXPECT_EQ(printed("a = cq.Workplane()\na.plane = cq.Plane.YZ()\nprint(a.moveTo(1, 0).val())"),
            "Vector: (0.0, 1.0, 0.0)\n");
}

TEST(BindWorkplane, StacksAreIndexedSlicedAndIterated) {
  EXPECT_EQ(printed("e = cq.Workplane().box(1, 2, 3).edges()\n"
                    "print(e[0].size(), e[1:7:2].size(), e[[0, 3, 5]].size(), e[-1].size(), sum(1 for x in e))"),
            "1 3 3 1 12\n");
  EXPECT_EQ(printed("cq.Workplane().box(1, 2, 3).edges()[99]"), "IndexError: list index out of range");
}

TEST(BindWorkplane, CallbacksGetItemsAndMayReturnAnything) {
  EXPECT_EQ(printed("f = cq.Workplane().box(1, 2, 3).faces()\n"
                    "print(f.filter(lambda x: x.Area() > 2.5).size(), f.map(lambda x: round(x.Area())).vals())\n"
                    "print([round(x.Area()) for x in f.sort(lambda x: -x.Area())])"),
            "4 [6, 6, 3, 3, 2, 2]\n[6, 6, 3, 3, 2, 2]\n");
  EXPECT_EQ(printed("a = cq.Workplane().box(1, 2, 3)\n"
                    "print(a.invoke(lambda w: w.faces()).size(), a.invoke(lambda: None).size())"),
            "6 1\n");
  EXPECT_EQ(printed("cq.Workplane().invoke(lambda a, b: a)"),
            "ValueError: Provided function {f} accepts too many arguments");
  EXPECT_NEAR(volume("s = cq.Solid.makeBox(1, 1, 1)\n"
                     "r = cq.Workplane().rarray(2, 2, 2, 2).eachpoint(lambda l: s.moved(l), True, combine='a')"),
              4, 1e-9);
}

TEST(BindWorkplane, AnErrorInACallbackGoesThrough) {
  EXPECT_EQ(printed("cq.Workplane().pushPoints([(0, 0)]).eachpoint(lambda l: 1 / 0)"),
            "ZeroDivisionError: division by zero");
}

TEST(BindWorkplane, SelectorsMayBeTextObjectsOrTheScriptsOwn) {
  EXPECT_EQ(printed("class Big:\n"
                    "    def filter(self, objs):\n"
                    "        return [o for o in objs if o.Area() > 5]\n"
                    "f = cq.Workplane().box(1, 2, 3)\n"
                    "print(f.faces('>Z').size(), f.faces(cq.selectors.ParallelDirSelector(cq.Vector(0, 0, 1))).size(), "
                    "f.faces(Big()).size())"),
            "1 2 2\n");
  EXPECT_EQ(printed("cq.Workplane().box(1, 1, 1).faces(5)"), "AttributeError: 'int' object has no attribute 'filter'");
}

TEST(BindWorkplane, Operators) {
  const std::string two = "a = cq.Workplane().box(2, 2, 2)\nb = a.translate((1, 0, 0))\n";
  EXPECT_NEAR(volume(two + "r = a + b"), 12, 1e-9);
  EXPECT_NEAR(volume(two + "r = a | b"), 12, 1e-9);
  EXPECT_NEAR(volume(two + "r = a - b"), 4, 1e-9);
  EXPECT_NEAR(volume(two + "r = a * b"), 4, 1e-9);
  EXPECT_NEAR(volume(two + "r = a & b"), 4, 1e-9);
  EXPECT_NEAR(volume(two + "r = (a / b).solids('>X')"), 4, 1e-9);
  EXPECT_NEAR(volume(two + "a += b\nr = a"), 12, 1e-9);
  EXPECT_EQ(printed(two + "a - 3"), "ValueError: Cannot cut type '<class 'int'>'");
}

TEST(BindWorkplane, CombineTakesBooleansAndLetters) {
  const std::string base = "w = cq.Workplane().box(4, 4, 4).faces('>Z').workplane().rect(1, 1)\n";
  EXPECT_NEAR(volume(base + "r = w.extrude(1, combine='a')"), 65, 1e-9);
  EXPECT_NEAR(volume(base + "r = w.extrude(1, 1)"), 65, 1e-9);
  EXPECT_NEAR(volume(base + "r = w.extrude(-1, combine='s')"), 63, 1e-9);
  EXPECT_NEAR(volume(base + "r = w.extrude(1, None)"), 1, 1e-9);
  EXPECT_EQ(printed(base + "w.extrude(1, combine='x')"),
            "UnboundLocalError: cannot access local variable 'newS' where it is not associated with a value");
}

TEST(BindWorkplane, SplitTellsASplitterFromHalves) {
  const std::string box = "w = cq.Workplane().box(2, 2, 2)\n";
  EXPECT_NEAR(volume(box + "r = w.split(keepBottom=True)"), 4, 1e-9);
  EXPECT_NEAR(volume(box + "r = w.split(cq.Workplane().box(9, 9, 1))"), 8, 1e-9);
  EXPECT_EQ(printed(box + "w.split(1, 2, 3)"), "TypeError: too many positional arguments");
  EXPECT_EQ(printed(box + "w.split(True, keepTop=True)"), "TypeError: multiple values for argument 'keepTop'");
  EXPECT_EQ(printed(box + "w.split(keepMiddle=True)"), "TypeError: got an unexpected keyword argument 'keepMiddle'");
}

TEST(BindWorkplane, ScriptsMayExtendTheClass) {
  EXPECT_NEAR(volume("class Part(cq.Workplane):\n"
                     "    def peg(self, h):\n"
                     "        return self.rect(1, 1).extrude(h)\n"
                     "r = Part('XY').box(4, 4, 1).faces('>Z').workplane().peg(2)"),
              18, 1e-9);
  EXPECT_NEAR(volume("def peg(self, h):\n"
                     "    return self.rect(1, 1).extrude(h)\n"
                     "cq.Workplane.peg = peg\n"
                     "r = cq.Workplane().peg(3)"),
              3, 1e-9);
  EXPECT_EQ(printed("cq.Workplane().peg(3)"), "AttributeError: 'Workplane' object has no attribute 'peg'");
}

TEST(BindWorkplane, TheContextIsSharedByTheChain) {
  EXPECT_EQ(printed("w = cq.Workplane().rect(2, 2).moveTo(0, 0).lineTo(1, 1)\n"
                    "print(len(w.ctx.pendingWires), len(w.parent.ctx.pendingEdges), w.ctx.firstPoint)\n"
                    "w.ctx.popPendingWires()\nprint(len(w.ctx.pendingWires))"),
            "1 1 Vector: (0.0, 0.0, 0.0)\n0\n");
  EXPECT_EQ(printed("cq.Workplane().ctx.popPendingEdges()"), "ValueError: No pending edges present");
}

TEST(BindWorkplane, ExportsAreNotSupported) {
  const RunResult result = run("r = cq.Workplane().box(1, 1, 1)\nr.exportSvg('x.svg')");
  EXPECT_EQ(result.status, Status::unsupported);
  EXPECT_EQ(result.error->message, "not supported: Workplane.exportSvg");
}

}  // namespace
}  // namespace cadrecode::cadquery
