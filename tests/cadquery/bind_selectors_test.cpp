// Selectors from scripts: the classes and their operators, a script's own selectors, errors at the moment of use.
#include <gtest/gtest.h>

#include <string>

#include "cadquery/engine.hpp"

namespace cadrecode::cadquery {
namespace {

std::string printed(const std::string& body) {
  static Engine engine;
  const RunResult result =
      engine.run("import cadquery as cq\nsel = cq.selectors\nb = cq.Workplane().box(2, 4, 6)\n" + body + "\nr = b\n");
  return result.error ? result.error->type + ": " + result.error->message : result.output;
}
std::string faces(const std::string& selector) { return printed("print(b.faces(" + selector + ").size())"); }

TEST(BindSelectors, ClassesAndOperators) {
  EXPECT_EQ(faces("cq.NearestToPointSelector((9, 0, 0))"), "1\n");
  EXPECT_EQ(faces("sel.BoxSelector((-9, -9, 1), (9, 9, 9))"), "1\n") << "the centre of the top face";
  EXPECT_EQ(faces("sel.BoxSelector((-9, -9, -1), (9, 9, 9))"), "5\n") << "and of the sides";
  EXPECT_EQ(faces("sel.BoxSelector((-9, -9, -1), (9, 9, 9), boundingbox=True)"), "1\n");
  EXPECT_EQ(faces("sel.AreaNthSelector(-1)"), "2\n");
  EXPECT_EQ(faces("sel.CenterNthSelector(cq.Vector(0, 0, 1), 1, directionMax=False)"), "4\n");
  EXPECT_EQ(faces("cq.StringSyntaxSelector('|Z') + cq.StringSyntaxSelector('>X')"), "3\n");
  EXPECT_EQ(faces("cq.StringSyntaxSelector('#Z') & cq.StringSyntaxSelector('|X')"), "2\n");
  EXPECT_EQ(faces("cq.StringSyntaxSelector('#Z') - cq.StringSyntaxSelector('>X')"), "3\n");
  EXPECT_EQ(faces("-cq.StringSyntaxSelector('|Z')"), "4\n");
  EXPECT_EQ(faces("sel.InverseSelector(sel.AndSelector(cq.Selector(), sel.TypeSelector('plane')))"), "0\n");
  EXPECT_EQ(printed("print(isinstance(cq.DirectionMinMaxSelector(cq.Vector(1, 0, 0)), sel.CenterNthSelector))"),
            "True\n");
  EXPECT_EQ(printed("cq.StringSyntaxSelector('>Z') | cq.StringSyntaxSelector('>X')"),
            "TypeError: unsupported operand type(s) for |: 'StringSyntaxSelector' and 'StringSyntaxSelector'");
}

TEST(BindSelectors, AScriptsOwn) {
  const std::string big =
      "class Big(cq.Selector):\n    def __init__(self, least):\n        self.least = least\n"
      "    def filter(self, objectList):\n        return [o for o in objectList if o.Area() > self.least]\n";
  EXPECT_EQ(printed(big + "print(b.faces(Big(10)).size())"), "4\n");
  EXPECT_EQ(printed(big + "print(b.faces(Big(10) & cq.StringSyntaxSelector('|X')).size(), b.faces(-Big(10)).size())"),
            "2 2\n");
  EXPECT_EQ(printed("class Any:\n    def filter(self, objects):\n        return objects[:3]\n"
                    "print(b.faces(Any()).size())"),
            "3\n");
  EXPECT_EQ(
      printed("class Top(sel.DirectionMinMaxSelector):\n    def __init__(self):\n"
              "        super().__init__(cq.Vector(0, 0, 1), True)\nprint(round(b.faces(Top()).val().Center().z, 9))"),
      "3.0\n");
}

TEST(BindSelectors, BadArgumentsShowWhenUsed) {
  EXPECT_EQ(printed("s = sel.ParallelDirSelector((0, 0, 1))\nprint('made')\nb.faces(s)"),
            "AttributeError: 'tuple' object has no attribute 'cross'");
  EXPECT_EQ(faces("cq.DirectionMinMaxSelector((0, 0, 1))"),
            "AttributeError: 'tuple' object has no attribute 'wrapped'");
  EXPECT_EQ(faces("cq.NearestToPointSelector(cq.Vector(0, 0, 0))"),
            "TypeError: cadquery.occ_impl.geom.Vector() argument after * must be an iterable, not Vector");
  EXPECT_EQ(faces("5"), "AttributeError: 'int' object has no attribute 'filter'");
  EXPECT_EQ(faces("cq.StringSyntaxSelector('>Z') & '>X'"), "AttributeError: 'str' object has no attribute 'filter'");
  EXPECT_EQ(faces("sel.AndSelector(None, None)"), "AttributeError: 'NoneType' object has no attribute 'filter'");
}

TEST(BindSelectors, ParseErrorsCanBeCaught) {
  EXPECT_EQ(faces("'|Z and not >X'"),
            "ParseException: Expected end of text, found 'and'  (at char 3), (line:1, col:4)");
  EXPECT_EQ(printed("try:\n    b.faces('>W')\nexcept Exception as e:\n    print(type(e).__name__)"),
            "ParseException\n");
}

TEST(BindSelectors, FilterWorksOnLists) {
  EXPECT_EQ(printed("print(len(cq.StringSyntaxSelector('|Z').filter(b.edges().vals())))"), "4\n");
  EXPECT_EQ(printed("cq.NearestToPointSelector((0, 0, 0)).filter([])"), "ValueError: min() arg is an empty sequence");
}

}  // namespace
}  // namespace cadrecode::cadquery
