// Selector strings: precedence, forms, whitespace, and what is refused with which message.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "cadquery/selector.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {
namespace {

// The faces of a 1 x 2 x 3 box around the origin by name, in alphabetical order: "+X -X +Y -Y +Z -Z".
std::string facesOf(const std::string& selector) {
  const Shape box = Solid::makeBox(1, 2, 3, Vector(-0.5, -1, -1.5));
  std::set<std::string> names;
  for (const Shape& face : parseSelector(selector)->filter(box.faces())) {
    const Vector n = face.asFace().normalAt();
    const double sum = n.x() + n.y() + n.z();
    names.insert(std::string(std::abs(n.x()) > 0.5 ? "X" : std::abs(n.y()) > 0.5 ? "Y" : "Z") + (sum > 0 ? "+" : "-"));
  }
  std::string result;
  for (const std::string& name : names) result += (result.empty() ? "" : " ") + name;
  return result;
}

std::string refusal(const std::string& selector) {
  try {
    parseSelector(selector);
  } catch (const Error& error) {
    return error.type() + ": " + error.what();
  }
  return "accepted";
}

struct Case {
  const char* selector;
  const char* faces;
};

TEST(SelectorGrammar, SimpleForms) {
  for (const auto& [selector, faces] : std::vector<Case>{{"X", "X+"},
                                                         {">X", "X+"},
                                                         {"<X", "X-"},
                                                         {"+Y", "Y+"},
                                                         {"-Y", "Y-"},
                                                         {"|Z", "Z+ Z-"},
                                                         {"#Z", "X+ X- Y+ Y-"},
                                                         {"%PLANE", "X+ X- Y+ Y- Z+ Z-"},
                                                         {"%plane", "X+ X- Y+ Y- Z+ Z-"},
                                                         {"%Cylinder", ""},
                                                         {">Z[0]", "Z-"},
                                                         {">Z[-1]", "Z+"},
                                                         {"<Z[0]", "Z+"},
                                                         {">>Z", "Z+"},
                                                         {"<<Z", "Z-"},
                                                         {">>Z[1]", "X+ X- Y+ Y-"},
                                                         {">>Z[-2]", "X+ X- Y+ Y-"},
                                                         {"<<Z[-1]", "Z-"},
                                                         {">(0,1,0)", "Y+"},
                                                         {"|(0,0,-2)", "Z+ Z-"},
                                                         {"(1,0,0)", "X+"},
                                                         {"-(1.0,0,0)", "X-"},
                                                         {"+(-1,0.,+0)", "X-"},
                                                         {">>(0,0,1)[0]", "Z-"},
                                                         {"front", "Z+"},
                                                         {"back", "Z-"},
                                                         {"left", "X-"},
                                                         {"right", "X+"},
                                                         {"top", "Y+"},
                                                         {"bottom", "Y-"},
                                                         {">XY", "Y+"},
                                                         {"<YZ", "Z-"}}) {
    EXPECT_EQ(facesOf(selector), faces) << selector;
  }
}

// and > or > exc > not.
TEST(SelectorGrammar, Precedence) {
  for (const auto& [selector, faces] : std::vector<Case>{{">X or >Y and >Z", "X+"},
                                                         {"(>X or >Y) and >Y", "Y+"},
                                                         {">X and >X or >Y", "X+ Y+"},
                                                         {"|X or |Y exc >X or >Y", "X- Y-"},
                                                         {"|X exc >X or |Y", "X-"},
                                                         {"|X or |Y except >X", "X- Y+ Y-"},
                                                         {"|X or |Y or |Z exc >X exc >Y", "X- Y- Z+ Z-"},
                                                         {"not >X or >Y", "X- Y- Z+ Z-"},
                                                         {"not |X exc >X", "X+ Y+ Y- Z+ Z-"},
                                                         {"not not >X", "X+"},
                                                         {"#Z and (not >X)", "X- Y+ Y-"},
                                                         {"(not >X) and #Z", "X- Y+ Y-"},
                                                         {"((>X))", "X+"},
                                                         {"(not (>X or (not |X)))", "X-"}}) {
    EXPECT_EQ(facesOf(selector), faces) << selector;
  }
}

TEST(SelectorGrammar, SpacesCountOnlyInsideNumbersAndOperators) {
  for (const auto& [selector, faces] : std::vector<Case>{{"  > X ", "X+"},
                                                         {">Xand>X", "X+"},
                                                         {"not>X and|X", "X- Y+ Y- Z+ Z-"},
                                                         {">X\n or\t>Y", "X+ Y+"},
                                                         {"> ( 1 , 0 , 0 )", "X+"},
                                                         {">>Z [ - 1 ]", "Z+"},
                                                         {"% PLANE and >Z", "Z+"},
                                                         {"|Z exc|X", "Z+ Z-"},
                                                         {"|Z except|X", "Z+ Z-"}}) {
    EXPECT_EQ(facesOf(selector), faces) << selector;
  }
}

// Texts of pyparsing 3.0.9.
TEST(SelectorGrammar, Refusals) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"|Z and not >X", "Expected end of text, found 'and'  (at char 3), (line:1, col:4)"},
      {"|Z or not >X", "Expected end of text, found 'or'  (at char 3), (line:1, col:4)"},
      {"", "Expected 'not' term  (at char 0), (line:1, col:1)"},
      {">", "Expected 'not' term, found end of text  (at char 1), (line:1, col:2)"},
      {"foo", "Expected 'not' term, found 'foo'  (at char 0), (line:1, col:1)"},
      {">Z[", "Expected end of text, found '['  (at char 2), (line:1, col:3)"},
      {">Z[a]", "Expected end of text, found '['  (at char 2), (line:1, col:3)"},
      {"X[0]", "Expected end of text, found '['  (at char 1), (line:1, col:2)"},
      {"(>X", "Expected 'not' term, found end of text  (at char 3), (line:1, col:4)"},
      {">X and", "Expected end of text, found 'and'  (at char 3), (line:1, col:4)"},
      {">X >Y", "Expected end of text, found '>'  (at char 3), (line:1, col:4)"},
      {">>(1,2)", "Expected 'not' term, found ')'  (at char 6), (line:1, col:7)"},
      {"%FOO", "Expected 'not' term, found 'FOO'  (at char 1), (line:1, col:2)"},
      {"%PLANES", "Expected end of text, found 'S'  (at char 6), (line:1, col:7)"},
      {"not", "Expected 'not' term, found end of text  (at char 3), (line:1, col:4)"},
      {">W", "Expected 'not' term, found 'W'  (at char 1), (line:1, col:2)"},
      {"> >Z", "Expected 'not' term, found '>'  (at char 2), (line:1, col:3)"},
      {">(1,2,3", "Expected 'not' term, found end of text  (at char 7), (line:1, col:8)"},
      {">(.5,0,0)", "Expected 'not' term, found '.'  (at char 2), (line:1, col:3)"},
      {">(- 1,0,0)", "Expected 'not' term, found ' '  (at char 3), (line:1, col:4)"},
      {">(1e3,0,0)", "Expected 'not' term, found 'e3'  (at char 3), (line:1, col:4)"},
      {"\n\n &Z", "Expected 'not' term, found '&'  (at char 3), (line:3, col:2)"},
      {"|Z \\", "Expected end of text, found '\\'  (at char 3), (line:1, col:4)"},
      {"|Z '", "Expected end of text, found \"'\"  (at char 3), (line:1, col:4)"},
      {"abcdefghijklmnopqrstuvw", "Expected 'not' term, found 'abcdefghijklmnop'  (at char 0), (line:1, col:1)"},
      {"é>X", "Expected 'not' term, found 'é'  (at char 0), (line:1, col:1)"}};
  for (const auto& [selector, message] : cases) {
    EXPECT_EQ(refusal(selector), "ParseException: " + message) << selector;
  }
}

TEST(SelectorGrammar, DeepNestingEndsInAnError) {
  const std::string deep = std::string(50, '(') + ">X" + std::string(50, ')');
  EXPECT_EQ(facesOf(deep), "X+");
  EXPECT_EQ(refusal(std::string(100000, '(')).substr(0, 14), "RecursionError");
}

}  // namespace
}  // namespace cadrecode::cadquery
