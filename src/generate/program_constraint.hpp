// Keeps decoding to programs: which tokens may come next so that the text remains the beginning of a complete program
// (program_grammar.hpp) that can still be ended within the tokens that are left.
// Immutable after construction, safe to share between threads; a state is a number.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "generate/byte_automaton.hpp"

namespace cadrecode::text {
class Tokenizer;
}

namespace cadrecode::generate {

class ProgramConstraint {
 public:
  using TokenId = std::int32_t;
  using State = ByteAutomaton::State;

  // `endTokens` end a program; no other special token is ever allowed. Walks the vocabulary once for every state of the
  // grammar. Throws ValueError when the vocabulary cannot spell a program.
  ProgramConstraint(const text::Tokenizer& tokenizer, std::vector<TokenId> endTokens);

  State start() const { return automaton_.start(); }
  State after(State state, TokenId token) const;
  bool complete(State state) const { return automaton_.accepts(state); }

  // The least tokens, the end token included, from here to the end of a program.
  std::int64_t tokensToEnd(State state) const { return distances_[static_cast<std::size_t>(state)] + 1; }

  // Sets the logits of all tokens to minus infinity that may not come next when `left` tokens, the end token included,
  // remain. Something stays allowed as long as left >= tokensToEnd(state), which is kept by choosing what is allowed.
  void restrict(State state, std::int64_t left, std::span<float> logits) const;

 private:
  struct Step {
    TokenId token;
    State to;
  };
  void measureDistances();

  ByteAutomaton automaton_;
  std::vector<TokenId> endTokens_;
  std::vector<std::vector<Step>> steps_;  // of every state
  std::vector<std::int32_t> distances_;   // tokens from every state to a complete program
};

}  // namespace cadrecode::generate
