// The automaton against the standard library's regular expressions.
#include "generate/byte_automaton.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::generate {
namespace {

bool matches(const ByteAutomaton& automaton, const std::string& text) {
  const auto state = automaton.after(automaton.start(), text);
  return state != ByteAutomaton::dead && automaton.accepts(state);
}

TEST(ByteAutomaton, AgreesWithStandardRegularExpressions) {
  Random random(1);
  for (const std::string expression : {"a", "(ab|a)*c?", "a(b|c)+|(a|b)?c", "(a*b)*", "[a-b]+c|c[b-c]?",
                                       "((a|b)(b|c))+", "(|a)b", "a**b", "(a?b?)*c+"}) {
    const ByteAutomaton automaton(expression);
    const std::regex reference(expression == "a**b" ? "a*b" : expression);
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (auto length = random.below(8); length > 0; --length) text += static_cast<char>('a' + random.below(3));
      EXPECT_EQ(matches(automaton, text), std::regex_match(text, reference)) << expression << " on " << text;
    }
  }
}

TEST(ByteAutomaton, KnowsBeginnings) {
  const ByteAutomaton automaton("box\\((1|2)\\)");
  EXPECT_NE(automaton.after(automaton.start(), "box(1"), ByteAutomaton::dead);
  EXPECT_EQ(automaton.after(automaton.start(), "box(3"), ByteAutomaton::dead);
  EXPECT_TRUE(matches(automaton, "box(2)"));
  EXPECT_FALSE(matches(automaton, "box(2"));
}

TEST(ByteAutomaton, RefusesWhatIsNoExpression) {
  for (const std::string expression : {"(a", "a)", "*a", "[a", "[b-a]", "a\\"}) {
    EXPECT_THROW(ByteAutomaton{expression}, Error) << expression;
  }
}

}  // namespace
}  // namespace cadrecode::generate
