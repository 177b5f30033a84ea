// The parser's small templates, shared by its source files: trying a rule, and remembering its result while diagnosing
// (nested rules would be parsed exponentially often otherwise).
#pragma once

#include "script/parser.hpp"

namespace cadrecode::script {

template <class F>
Node* Parser::attempt(F parse) {
  const std::size_t start = position_;
  const int depth = depth_;
  try {
    return parse();
  } catch (const ParseFail&) {
    position_ = start;
    depth_ = depth;
    return nullptr;
  }
}

template <class F>
Node* Parser::memoized(Rule rule, F parse) {
  if (!diagnose_) return parse();
  const std::size_t key = position_ * 8 + rule;
  if (const auto found = memo_.find(key); found != memo_.end()) {
    if (!found->second.node) fail();
    position_ = found->second.end;
    return found->second.node;
  }
  Node* node = attempt(parse);
  if (diagnose_) memo_[key] = {node, position_};
  if (!node) fail();
  return node;
}

}  // namespace cadrecode::script
