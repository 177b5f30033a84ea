// The syntax tree. Nodes live in the Ast that made them and are freed with it; names are views of the source text or of
// strings the Ast keeps. Lines count from 1, columns are bytes from 0.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "script/operations.hpp"

namespace cadrecode::script {

enum class NodeKind : std::uint8_t {
  // expressions
  constant,
  name,
  tuple,
  list,
  set,
  dict,
  attribute,
  subscript,
  slice,
  call,
  keyword,
  unary,
  binary,
  boolean,
  compare,
  conditional,
  lambda,
  listComprehension,
  setComprehension,
  dictComprehension,
  generator,
  comprehension,
  joined,
  formatted,
  starred,
  named,
  yield,
  yieldFrom,
  // statements
  expression,
  assign,
  augmented,
  annotated,
  ifStatement,
  whileStatement,
  forStatement,
  pass,
  breakStatement,
  continueStatement,
  returnStatement,
  deleteStatement,
  global,
  nonlocal,
  import,
  importFrom,
  alias,
  raise,
  tryStatement,
  handler,
  with,
  withItem,
  function,
  classStatement,
  assertStatement,
  match,
  matchCase,
  // patterns
  patternValue,
  patternCapture,
  patternSequence,
  patternMapping,
  patternClass,
  patternStar,
  patternOr,
  patternAs
};

enum class UnaryOperator : std::uint8_t { plus, minus, invert, logicalNot };
enum class Comparison : std::uint8_t { less, lessEqual, equal, notEqual, greater, greaterEqual, is, isNot, in, notIn };

struct Node;
using NodeList = std::span<Node*>;

enum class ParameterKind : std::uint8_t { positionalOnly, ordinary, rest, keywordOnly, keywords };

struct Parameter {
  std::string_view name;
  Node* defaultValue = nullptr;
  Node* annotation = nullptr;
  ParameterKind kind = ParameterKind::ordinary;
  int line = 0, column = 0;
};

struct Node {
  NodeKind kind = NodeKind::pass;
  std::uint8_t op = 0;  // an operator of the kind, a conversion character, a level
  bool parenthesized = false;
  int line = 0, column = 0, endLine = 0, endColumn = 0;
  int nameLine = 0, nameColumn = 0;  // of an attribute's name
  std::string_view name;
  const Value* value = nullptr;  // of a constant
  Node* a = nullptr;
  Node* b = nullptr;
  Node* c = nullptr;
  NodeList list, list2, list3, list4;
  std::span<Parameter> parameters;
  std::span<Comparison> comparisons;
};

class Ast {
 public:
  Node* make(NodeKind kind, int line, int column) {
    Node* node = new (allocate(sizeof(Node))) Node;
    node->kind = kind;
    node->line = line;
    node->column = column;
    return node;
  }
  template <class T>
  std::span<T> keep(const std::vector<T>& items) {
    if (items.empty()) return {};
    T* memory = static_cast<T*>(allocate(items.size() * sizeof(T)));
    for (std::size_t i = 0; i < items.size(); ++i) new (memory + i) T(items[i]);
    return {memory, items.size()};
  }
  const Value* keepValue(Value value) { return &values_.emplace_back(std::move(value)); }
  std::string_view keepText(std::string text) { return texts_.emplace_back(std::move(text)); }

  NodeList body;

 private:
  void* allocate(std::size_t bytes) {
    bytes = (bytes + 15) & ~std::size_t{15};
    if (bytes > left_) {
      const std::size_t chunk = bytes > kChunk ? bytes : kChunk;
      chunks_.push_back(std::make_unique<std::byte[]>(chunk));
      next_ = chunks_.back().get();
      left_ = chunk;
    }
    void* memory = next_;
    next_ += bytes;
    left_ -= bytes;
    return memory;
  }
  static constexpr std::size_t kChunk = 32768;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::deque<Value> values_;
  std::deque<std::string> texts_;
};

}  // namespace cadrecode::script
