#include "search/dialect_program.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "search/corpus.hpp"

namespace cadrecode::search {
namespace {

TEST(DialectProgram, WritesBackTheSameText) {
  for (const std::string& text : ownPrograms()) EXPECT_EQ(writeProgram(parseProgram(text)), text);
}

TEST(DialectProgram, ReadsEveryNumberOnce) {
  Program program = parseProgram(ownPrograms()[2]);
  std::vector<double> values;
  for (const Parameter& parameter : parametersOf(program)) values.push_back(*parameter.value);
  EXPECT_EQ(values, (std::vector<double>{5,  0,   0,  -80, -40, 60, -40, 60, 10,    40, 50, -10,
                                         30, -80, 45, -30, -5,  18, 7,   20, -18.5, 30, 9,  -44}));
  for (const Parameter& parameter : parametersOf(program)) *parameter.value += 1;
  const std::string text = writeProgram(program);
  EXPECT_NE(text.find("origin=(6,1,1)"), std::string::npos);
  EXPECT_NE(text.find(".segment((-79,-39),(61,-39))"), std::string::npos);
  EXPECT_NE(text.find(".push([(21,-17.5)]).rect(31,10,mode='s')"), std::string::npos);
  EXPECT_NE(text.find(".extrude(-43)"), std::string::npos);
}

TEST(DialectProgram, OtherSpellingKeepsItsMeaning) {
  const std::string spaced =
      "import cadquery as cq\n\nw0 = cq.Workplane(\"XY\", origin=(0, 0, -20))  # base\n"
      "r = w0.workplane(offset=40 / 2).box(160.0, 60, 40)\n";
  EXPECT_EQ(writeProgram(parseProgram(spaced)), ownPrograms()[0]);
}

TEST(DialectProgram, RefusesWhatIsOutsideByLine) {
  const auto reasonOf = [](const std::string& body) -> std::string {
    try {
      parseProgram("import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=" + body + "\n");
    } catch (const Error& error) {
      return error.type() + ": " + error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(reasonOf("w0.workplane(offset=4/2).box(1,2,4)"), "accepted");
  EXPECT_EQ(reasonOf("w0.workplane(offset=4/2).box(1,2,5)"),
            "NotDialect: line 3: outside the dialect: the height is twice the offset");
  EXPECT_EQ(reasonOf("w0.circle(3).extrude(4)"), "NotDialect: line 3: outside the dialect: circle");
  EXPECT_EQ(reasonOf("w0.sketch().circle(x).finalize().extrude(1)"),
            "NotDialect: line 3: outside the dialect: a number was expected");
  EXPECT_EQ(reasonOf("w1.sketch().circle(1).finalize().extrude(1)"),
            "NotDialect: line 3: outside the dialect: no plane w1");
  EXPECT_EQ(reasonOf("w0.sketch().segment((0,0),(1,0)).assemble().finalize().extrude(1)"),
            "NotDialect: line 3: outside the dialect: an outline that is not closed");
  EXPECT_EQ(reasonOf("w0.sketch().circle(1).finalize()"),
            "NotDialect: line 3: outside the dialect: a sketch ends with finalize().extrude(d)");
  EXPECT_EQ(reasonOf("w0.sketch("), "SyntaxError: line 3: '(' was never closed");
}

TEST(DialectProgram, DropsUnusedPlanes) {
  Program program = parseProgram(ownPrograms()[1]);
  program.bodies.erase(program.bodies.begin());
  dropUnusedPlanes(program);
  ASSERT_EQ(program.planes.size(), 1u);
  EXPECT_EQ(writeProgram(program),
            "import cadquery as cq\nw0=cq.Workplane('YZ',origin=(-31,0,0))\n"
            "r=w0.workplane(offset=62/2).moveTo(3,8.5).box(5,41,62)\n");
}

TEST(DialectProgram, CorpusScriptsComeBackByteForByte) {
  std::size_t all = 0, same = 0, open = 0;
  for (const char* name : {"cadrecode_v15.jsonl", "cadrecode_predictions.jsonl"}) {
    for (const auto& line : corpusLines(name)) {
      const std::string text = line["script"];
      ++all;
      try {
        const std::string back = writeProgram(parseProgram(text));
        EXPECT_EQ(back, text);
        same += back == text ? 1 : 0;
      } catch (const Error& error) {
        // CadQuery makes something of outlines that do not close, the dialect does not have them.
        EXPECT_NE(std::string(error.what()).find("an outline that is not closed"), std::string::npos) << error.what();
        ++open;
      }
    }
  }
  if (all == 0) GTEST_SKIP() << "no corpus beside the checkout";
  std::printf("%zu of %zu scripts come back byte for byte, %zu have open outlines\n", same, all, open);
  EXPECT_LE(open, 2u);
}

}  // namespace
}  // namespace cadrecode::search
