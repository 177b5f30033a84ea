// A deterministic automaton over bytes, made from a regular expression: which texts, and which beginnings of texts,
// belong to a language. Immutable after construction, safe to share between threads.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cadrecode::generate {

class ByteAutomaton {
 public:
  using State = std::int32_t;
  static constexpr State dead = -1;

  // The expression describes whole texts: characters for themselves, \x for a character with a meaning, groups ( ),
  // alternatives |, classes [a-z_], repetition * + ?. Throws ValueError when it is malformed.
  explicit ByteAutomaton(std::string_view expression);

  State start() const { return 0; }
  State size() const { return static_cast<State>(accepting_.size()); }
  // `dead` when no text of the language begins so.
  State after(State state, unsigned char byte) const { return next_[static_cast<std::size_t>(state)][byte]; }
  State after(State state, std::string_view bytes) const;
  // Whether a text that leads here belongs to the language.
  bool accepts(State state) const { return accepting_[static_cast<std::size_t>(state)]; }

 private:
  std::vector<std::array<State, 256>> next_;
  std::vector<bool> accepting_;
};

}  // namespace cadrecode::generate
