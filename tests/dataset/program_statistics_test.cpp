#include "dataset/program_statistics.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/error.hpp"
#include "dataset/dialect_program.hpp"

namespace cadrecode::dataset {
namespace {

const char* kProgram =
    "import cadquery as cq\n"
    "w0=cq.Workplane('XY',origin=(0,0,20))\n"
    "w1=cq.Workplane('ZX',origin=(0,-7,0))\n"
    "r=w0.sketch().segment((-70,32),(-54,32)).segment((-54,-10)).arc((-60,-20),(-70,-10)).close().assemble()"
    ".push([(-42,45.5)]).circle(5,mode='s').reset().face(w0.sketch().segment((0,0),(9,0)).segment((0,9)).close()"
    ".assemble(),mode='s').finalize().extrude(-66)"
    ".union(w1.workplane(offset=10/2).moveTo(3,4).cylinder(10,5)).union(w1.workplane(offset=-3).box(4,5,6))\n";

TEST(DialectProgram, BodiesRegionsAndEdgesAreCounted) {
  const DialectProgram program = parseDialect(kProgram);
  EXPECT_EQ(program.planes, (std::vector<std::string>{"XY", "ZX"}));
  ASSERT_EQ(program.bodies.size(), 3u);
  EXPECT_EQ(program.bodies[0].kind, "sketch");
  EXPECT_EQ(program.bodies[0].height, -66);
  EXPECT_EQ(program.bodies[0].pattern(), "loop-circle-face");
  EXPECT_EQ(program.bodies[0].regions[0].edges, std::vector<int>{4});
  EXPECT_EQ(program.bodies[0].regions[2].edges, std::vector<int>{3});
  EXPECT_EQ(program.bodies[1].kind, "cylinder");
  EXPECT_EQ(program.bodies[1].height, 10);
  EXPECT_EQ(program.bodies[2].kind, "box");
}

TEST(DialectProgram, ALoopThatEndsAtItsStartGetsNoEdgeByClosing) {
  const DialectProgram program = parseDialect(
      "w0=cq.Workplane('XY')\nr=w0.sketch().segment((0,0),(9,0)).arc((5,5),(0,0)).close().assemble()"
      ".finalize().extrude(1)\n");
  EXPECT_EQ(program.bodies[0].regions[0].edges, std::vector<int>{2});
}

TEST(DialectProgram, WhatIsOutsideIsToldByLine) {
  for (const char* text :
       {"r=cq.Workplane().box(1,2,3).faces('>Z').fillet(1)", "r=w0.box(1,2)", "for i in x: pass", "",
        "r=w0.sketch().segment((1,2)).finalize().extrude(3)", "r=((((", "r='", "\xff", "r=w0.box(1,2,3"}) {
    EXPECT_THROW(parseDialect(text), Error) << text;
  }
  EXPECT_THROW(parseDialect("r=w0.union(" + std::string(100000, '(')), Error);
}

TEST(ProgramStatistics, DuplicatesAreFoundUnderOtherSpelling) {
  ProgramStatistics statistics;
  statistics.add("import cadquery as cq\nr = cq.Workplane('XY').box(1, 2.0, 3)\n", "a");
  statistics.add("# comment\nimport cadquery as cq\n\nr=cq.Workplane(\"XY\").box( 1,2,3.0 )", "b");
  statistics.add("import cadquery as cq\nr=cq.Workplane('XY').box(1,2,4)\n", "c");
  ASSERT_EQ(statistics.duplicates.size(), 1u);
  EXPECT_EQ(statistics.duplicates[0], (std::pair<std::string, std::string>{"b", "a"}));
  EXPECT_EQ(statistics.calls.at("box"), 3u);
  EXPECT_NE(normalizedProgram("a b"), normalizedProgram("ab"));
  EXPECT_NE(normalizedProgram("if a:\n  b\nc"), normalizedProgram("if a:\n  b\n  c"));
}

TEST(ProgramStatistics, NumbersHaveTheirSign) {
  ProgramStatistics statistics;
  statistics.add("r=w0.moveTo(-3,4.5).box(a-1,2-7,-0.25)");
  EXPECT_EQ(statistics.integers, 4u);
  EXPECT_EQ(statistics.halves, 1u);
  EXPECT_EQ(statistics.fractions, 1u);
  EXPECT_EQ(statistics.smallest, -3);
  EXPECT_EQ(statistics.largest, 7);
  EXPECT_EQ(statistics.dialect, 0u);
}

// The corpus is a quarter of the scripts on which the published table was measured.
TEST(ProgramStatistics, TheCorpusShowsTheMeasuredTable) {
  const auto path = std::filesystem::path(CADRECODE_SOURCE_DIR) / "../shared/corpus/cadrecode_v15.jsonl";
  std::ifstream lines(path);
  if (!lines) GTEST_SKIP() << "no corpus beside the checkout";
  ProgramStatistics statistics;
  std::vector<std::string> scripts;
  for (std::string line; std::getline(lines, line);) {
    scripts.push_back(nlohmann::json::parse(line)["script"].get<std::string>());
    statistics.add(scripts.back());
  }
  ASSERT_EQ(statistics.scripts, 664u);
  EXPECT_EQ(statistics.dialect, 664u) << statistics.text();
  auto share = [](const auto& counts, const auto& name) {
    double sum = 0;
    for (const auto& [key, count] : counts) sum += static_cast<double>(count);
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : 100 * static_cast<double>(found->second) / sum;
  };
  EXPECT_NEAR(share(statistics.bodies, "1"), 28.1, 6);
  EXPECT_NEAR(share(statistics.bodies, "2"), 48.9, 6);
  EXPECT_NEAR(share(statistics.kinds, "sketch"), 72.6, 4);
  EXPECT_NEAR(share(statistics.kinds, "cylinder"), 16.1, 4);
  EXPECT_NEAR(share(statistics.regions, "1"), 47.8, 5);
  EXPECT_NEAR(share(statistics.patterns, "loop"), 47.8, 5);
  EXPECT_NEAR(share(statistics.patterns, "loop-circle"), 6, 3);
  EXPECT_NEAR(share(statistics.edges, 4), 21, 5);
  EXPECT_NEAR(share(statistics.edges, 2), 17, 5);
  EXPECT_NEAR(share(statistics.planes, "XY"), 33.3, 4);
  std::set<std::string> different(scripts.begin(), scripts.end());
  EXPECT_EQ(statistics.duplicates.size(), scripts.size() - different.size());
}

}  // namespace
}  // namespace cadrecode::dataset
