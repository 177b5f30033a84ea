#include "generate/byte_automaton.hpp"

#include <algorithm>
#include <bitset>
#include <map>
#include <string>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::generate {

namespace {

// Thompson's construction: every node has either bytes that lead on, or up to two free steps.
struct Node {
  std::bitset<256> bytes;
  int next = -1;
  int free[2] = {-1, -1};
};

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}

  // The whole expression; its end is node `end()`.
  int parse() {
    const Part whole = alternatives();
    if (place_ < text_.size()) fail("unmatched )");
    end_ = whole.end;
    return whole.begin;
  }
  int end() const { return end_; }
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  struct Part {
    int begin, end;
  };

  [[noreturn]] void fail(const std::string& reason) const {
    throwValueError("expression, at " + std::to_string(place_) + ": " + reason);
  }

  int add() {
    nodes_.emplace_back();
    return static_cast<int>(nodes_.size()) - 1;
  }
  Node& node(int index) { return nodes_[static_cast<std::size_t>(index)]; }
  void link(int from, int to) {
    int* free = node(from).free;
    (free[0] < 0 ? free[0] : free[1]) = to;
  }
  bool at(char c) const { return place_ < text_.size() && text_[place_] == c; }
  char take() {
    if (place_ == text_.size()) fail("ends too early");
    return text_[place_++];
  }

  Part alternatives() {
    Part result = sequence();
    while (at('|')) {
      ++place_;
      const Part other = sequence();
      const Part both{add(), add()};
      link(both.begin, result.begin);
      link(both.begin, other.begin);
      link(result.end, both.end);
      link(other.end, both.end);
      result = both;
    }
    return result;
  }

  Part sequence() {
    const int begin = add();
    Part result{begin, begin};
    while (place_ < text_.size() && !at('|') && !at(')')) {
      const Part next = repeated();
      link(result.end, next.begin);
      result.end = next.end;
    }
    return result;
  }

  Part repeated() {
    Part part = single();
    while (at('*') || at('+') || at('?')) {
      const char sign = take();
      const Part outer{add(), add()};
      link(outer.begin, part.begin);
      if (sign != '+') link(outer.begin, outer.end);
      if (sign != '?') link(part.end, part.begin);
      link(part.end, outer.end);
      part = outer;
    }
    return part;
  }

  Part single() {
    if (at('(')) {
      ++place_;
      const Part inner = alternatives();
      if (!at(')')) fail("( without )");
      ++place_;
      // A node of its own at the end, so that two links are free again.
      const Part part{inner.begin, add()};
      link(inner.end, part.end);
      return part;
    }
    const char c = take();
    if (c == '*' || c == '+' || c == '?') fail("nothing to repeat");
    std::bitset<256> bytes;
    if (c == '[') {
      bytes = byteClass();
    } else {
      bytes.set(static_cast<unsigned char>(c == '\\' ? take() : c));
    }
    const Part part{add(), add()};
    node(part.begin).bytes = bytes;
    node(part.begin).next = part.end;
    return part;
  }

  std::bitset<256> byteClass() {
    std::bitset<256> bytes;
    while (!at(']')) {
      const auto first = static_cast<unsigned char>(take());
      unsigned char last = first;
      if (at('-')) {
        ++place_;
        last = static_cast<unsigned char>(take());
      }
      if (last < first) fail("empty range");
      for (int byte = first; byte <= last; ++byte) bytes.set(static_cast<std::size_t>(byte));
    }
    ++place_;
    return bytes;
  }

  std::string_view text_;
  std::size_t place_ = 0;
  int end_ = -1;
  std::vector<Node> nodes_;
};

// All nodes that free steps reach, of which only those that matter are kept: those with bytes, and the end.
std::vector<int> closure(const std::vector<Node>& nodes, std::vector<int> open, int end) {
  std::vector<int> result;
  std::vector<bool> seen(nodes.size());
  while (!open.empty()) {
    const int index = open.back();
    open.pop_back();
    if (seen[static_cast<std::size_t>(index)]) continue;
    seen[static_cast<std::size_t>(index)] = true;
    const Node& node = nodes[static_cast<std::size_t>(index)];
    if (node.next >= 0 || index == end) result.push_back(index);
    for (const int free : node.free) {
      if (free >= 0) open.push_back(free);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

ByteAutomaton::ByteAutomaton(std::string_view expression) {
  ExpressionParser parser(expression);
  const int begin = parser.parse();
  const auto& nodes = parser.nodes();
  std::map<std::vector<int>, State> known;
  std::vector<std::vector<int>> sets;
  auto stateOf = [&](std::vector<int> open) {
    std::vector<int> set = closure(nodes, std::move(open), parser.end());
    const auto [entry, isNew] = known.try_emplace(set, static_cast<State>(sets.size()));
    if (isNew) sets.push_back(std::move(set));
    return entry->second;
  };
  stateOf({begin});
  for (std::size_t state = 0; state < sets.size(); ++state) {
    const std::vector<int> set = sets[state];
    accepting_.push_back(std::binary_search(set.begin(), set.end(), parser.end()));
    std::array<std::vector<int>, 256> targets;
    for (const int index : set) {
      const Node& node = nodes[static_cast<std::size_t>(index)];
      if (node.next < 0) continue;
      for (std::size_t byte = 0; byte < 256; ++byte) {
        if (node.bytes[byte]) targets[byte].push_back(node.next);
      }
    }
    auto& row = next_.emplace_back();
    row.fill(dead);
    std::map<std::vector<int>, State> sameTargets;  // of this row: ten digits often lead to the same place
    for (std::size_t byte = 0; byte < 256; ++byte) {
      if (targets[byte].empty()) continue;
      const auto found = sameTargets.find(targets[byte]);
      const State to = found != sameTargets.end() ? found->second : stateOf(targets[byte]);
      sameTargets.emplace(std::move(targets[byte]), to);
      row[byte] = to;
    }
  }
}

ByteAutomaton::State ByteAutomaton::after(State state, std::string_view bytes) const {
  for (const char byte : bytes) {
    if (state == dead) break;
    state = after(state, static_cast<unsigned char>(byte));
  }
  return state;
}

}  // namespace cadrecode::generate
