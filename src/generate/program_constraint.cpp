#include "generate/program_constraint.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "generate/program_grammar.hpp"
#include "text/tokenizer.hpp"

namespace cadrecode::generate {

namespace {

constexpr std::int32_t unreachable = std::numeric_limits<std::int32_t>::max() - 1;

// The bytes of all ordinary tokens in order, which is a trie without its links: a token's text is followed by those it
// begins, and a byte that leads nowhere skips all of them.
struct Spelling {
  std::string bytes;
  std::int32_t token;
};

std::vector<Spelling> spellingsOf(const text::Tokenizer& tokenizer) {
  std::vector<Spelling> spellings;
  for (std::size_t id = 0; id < tokenizer.size(); ++id) {
    const auto token = static_cast<std::int32_t>(id);
    if (tokenizer.isSpecial(token)) continue;
    if (std::string bytes = tokenizer.bytesOf(token); !bytes.empty()) spellings.push_back({std::move(bytes), token});
  }
  std::sort(spellings.begin(), spellings.end(), [](const Spelling& a, const Spelling& b) {
    return std::pair(a.bytes, a.token) < std::pair(b.bytes, b.token);
  });
  return spellings;
}

// Calls take(token, state) for every spelling of [begin, end), equal in its first `depth` bytes, which led to `state`.
template <typename Take>
void walk(const ByteAutomaton& automaton, std::span<const Spelling> spellings, std::size_t depth,
          ByteAutomaton::State state, const Take& take) {
  std::size_t at = 0;
  for (; at < spellings.size() && spellings[at].bytes.size() == depth; ++at) take(spellings[at].token, state);
  while (at < spellings.size()) {
    const char byte = spellings[at].bytes[depth];
    const auto rest = spellings.subspan(at);
    const auto sameByte =
        static_cast<std::size_t>(std::partition_point(rest.begin(), rest.end(),
                                                      [&](const Spelling& spelling) {
                                                        return static_cast<unsigned char>(spelling.bytes[depth]) <=
                                                               static_cast<unsigned char>(byte);
                                                      }) -
                                 rest.begin());
    const auto next = automaton.after(state, static_cast<unsigned char>(byte));
    if (next != ByteAutomaton::dead) walk(automaton, rest.first(sameByte), depth + 1, next, take);
    at += sameByte;
  }
}

}  // namespace

ProgramConstraint::ProgramConstraint(const text::Tokenizer& tokenizer, std::vector<TokenId> endTokens)
    : automaton_(programExpression()), endTokens_(std::move(endTokens)) {
  if (endTokens_.empty()) throwValueError("constrained decoding needs an end token");
  const auto spellings = spellingsOf(tokenizer);
  steps_.resize(static_cast<std::size_t>(automaton_.size()));
  for (State state = 0; state < automaton_.size(); ++state) {
    auto& steps = steps_[static_cast<std::size_t>(state)];
    walk(automaton_, spellings, 0, state, [&](TokenId token, State to) {
      if (std::find(endTokens_.begin(), endTokens_.end(), token) == endTokens_.end()) steps.push_back({token, to});
    });
    std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.token < b.token; });
  }
  measureDistances();
  if (distances_[static_cast<std::size_t>(start())] >= unreachable) {
    throwValueError("the vocabulary cannot spell a program");
  }
}

// Breadth first, backwards from the complete programs.
void ProgramConstraint::measureDistances() {
  std::vector<std::vector<State>> before(steps_.size());
  for (std::size_t state = 0; state < steps_.size(); ++state) {
    for (const Step& step : steps_[state]) {
      auto& list = before[static_cast<std::size_t>(step.to)];
      if (list.empty() || list.back() != static_cast<State>(state)) list.push_back(static_cast<State>(state));
    }
  }
  distances_.assign(steps_.size(), unreachable);
  std::vector<State> open;
  for (State state = 0; state < automaton_.size(); ++state) {
    if (!automaton_.accepts(state)) continue;
    distances_[static_cast<std::size_t>(state)] = 0;
    open.push_back(state);
  }
  for (std::size_t done = 0; done < open.size(); ++done) {
    const auto here = static_cast<std::size_t>(open[done]);
    for (const State state : before[here]) {
      auto& distance = distances_[static_cast<std::size_t>(state)];
      if (distance != unreachable) continue;
      distance = distances_[here] + 1;
      open.push_back(state);
    }
  }
}

ProgramConstraint::State ProgramConstraint::after(State state, TokenId token) const {
  const auto& steps = steps_[static_cast<std::size_t>(state)];
  const auto step = std::lower_bound(steps.begin(), steps.end(), token,
                                     [](const Step& a, TokenId wanted) { return a.token < wanted; });
  if (step == steps.end() || step->token != token) throwValueError("a token that is not allowed here");
  return step->to;
}

void ProgramConstraint::restrict(State state, std::int64_t left, std::span<float> logits) const {
  std::vector<std::pair<std::size_t, float>> kept;
  auto keep = [&](TokenId token) {
    const auto index = static_cast<std::size_t>(token);
    if (index < logits.size()) kept.emplace_back(index, logits[index]);
  };
  if (complete(state)) {
    for (const TokenId token : endTokens_) keep(token);
  }
  for (const Step& step : steps_[static_cast<std::size_t>(state)]) {
    if (tokensToEnd(step.to) < left) keep(step.token);
  }
  std::fill(logits.begin(), logits.end(), -std::numeric_limits<float>::infinity());
  for (const auto& [index, logit] : kept) logits[index] = logit;
}

}  // namespace cadrecode::generate
