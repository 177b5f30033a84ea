// Assemblies and colours from scripts.
#include <gtest/gtest.h>

#include <string>

#include "cadquery/engine.hpp"

namespace cadrecode::cadquery {
namespace {

std::string printed(const std::string& body) {
  static Engine engine;
  const RunResult result =
      engine.run("import cadquery as cq\nA = cq.Assembly\nb = cq.Workplane().box(1, 2, 3)\n" + body + "\nr = b\n");
  return result.error ? result.error->type + ": " + result.error->message : result.output;
}

TEST(BindAssembly, AddsByKeyword) {
  EXPECT_EQ(
      printed("a = A(name='a').add(b, name='x', loc=cq.Location(cq.Vector(5, 0, 0))).add(cq.Solid.makeSphere(1))\n"
              "print([c.name == 'x' for c in a.children], len(a.toCompound().Solids()))"),
      "[True, False] 2\n");
  EXPECT_EQ(printed("A().add(b, cq.Location())"),
            "TypeError: Assembly.add() takes 2 positional arguments but 3 were given");
  EXPECT_EQ(printed("A().add(b, foo=1)"), "TypeError: Assembly.__init__() got an unexpected keyword argument 'foo'");
  EXPECT_EQ(printed("A(b, name='a').add(b, name='a')"), "ValueError: Unique name is required");
}

TEST(BindAssembly, NamesAndTree) {
  const std::string tree = "a = A(name='a').add(A(b, name='i').add(b, name='j'), name='k').add(b, name='z')\n";
  EXPECT_EQ(printed(tree + "print(list(a.objects), [n for n, part in a.traverse()])"),
            "['a', 'k/j', 'k', 'z'] ['j', 'k', 'z', 'a']\n");
  EXPECT_EQ(printed(tree + "print([path for shape, path, loc, color in a])"), "['a/k', 'a/k/j', 'a/z']\n");
  EXPECT_EQ(printed(tree + "print(a.objects['k/j'].parent.parent.name, a.parent)"), "a None\n");
}

TEST(BindAssembly, ATreeLivesThroughAnyPartOfIt) {
  EXPECT_EQ(
      printed("print(A(name='root').add(A(b, name='i').add(b, name='j')).children[0].children[0].parent.parent.name)"),
      "root\n");
}

TEST(BindAssembly, AttributesCanBeSet) {
  EXPECT_EQ(printed("a = A(b, name='a')\na.loc = cq.Location(cq.Vector(7, 0, 0))\na.name = 'c'\na.metadata['k'] = 1\n"
                    "print(round(a.toCompound().Center().x, 9), a.name, a.metadata, a.obj.size())"),
            "7.0 c {'k': 1} 1\n");
}

TEST(BindAssembly, Colors) {
  EXPECT_EQ(printed("print(cq.Color('red').toTuple(), cq.Color(0, 0.5, 1, a=0.25).toTuple())"),
            "(1.0, 0.0, 0.0, 1.0) (0.0, 0.5, 1.0, 0.25)\n");
  EXPECT_EQ(printed("print(cq.Color('red') == cq.Color(1, 0, 0), len({cq.Color('red'), cq.Color(1, 0, 0, 1)}))"),
            "True 1\n");
  EXPECT_EQ(printed("cq.Color('nocolor')"), "ValueError: Unknown color name: nocolor");
  EXPECT_EQ(printed("cq.Color(1, 2)"), "ValueError: Unsupported arguments: (1, 2), {}");
}

TEST(BindAssembly, WhatIsNotThereSaysSo) {
  for (const char* name : {"constrain", "solve", "save", "export"}) {
    EXPECT_NE(printed("A()." + std::string(name) + "()").find("not supported: Assembly." + std::string(name)),
              std::string::npos);
  }
}

}  // namespace
}  // namespace cadrecode::cadquery
