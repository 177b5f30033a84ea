// The syntax tree to instructions. Reports the mistakes CPython finds while compiling ('return' outside function, ...).
#pragma once

#include "script/code.hpp"
#include "script/scope.hpp"

namespace cadrecode::script {

// Parses and compiles a whole script. Throws SyntaxFailure. The code lives on the current heap.
Ref<Code> compileScript(std::string_view source);

class Compiler {
 public:
  Compiler(Ast& ast, ScopeTable& scopes, const std::vector<std::string_view>& lines)
      : ast_(ast), scopes_(scopes), lines_(lines) {}
  Ref<Code> compileModule(Scope* scope);

 private:
  enum class BlockKind : std::uint8_t { whileLoop, forLoop, tryExcept, tryFinally, finallyEnd, with, handler, value };
  struct Block {
    BlockKind kind;
    std::size_t label = 0;  // where `continue` goes
    std::size_t exit = 0;   // where `break` goes
    Node* node = nullptr;   // the try statement, or the handler with a name
  };
  struct Unit {
    Ref<Code> code;
    Scope* scope = nullptr;
    Unit* parent = nullptr;
    std::unordered_map<std::string_view, std::int32_t> slots;
    std::unordered_map<std::string_view, std::int32_t> names;
    std::vector<Block> blocks;
    std::vector<std::int32_t> labels;  // -1: not placed yet
  };

  // --- emission
  std::size_t emit(const Node* at, Op op, std::int32_t argument = 0);
  std::size_t emitAt(int line, int column, Op op, std::int32_t argument = 0);
  std::size_t newLabel();
  void place(std::size_t label);
  void jump(const Node* at, Op op, std::size_t label);
  std::int32_t constant(const Value& value);
  std::int32_t nameIndex(std::string_view name);
  void emitConstant(const Node* at, const Value& value) { emit(at, Op::loadConstant, constant(value)); }
  [[noreturn]] void fail(const Node* node, const std::string& message) const;
  Ref<Str> intern(std::string_view name);

  // --- units
  void begin(Unit& unit, Scope* scope, std::string_view name);
  Ref<Code> end(Unit& unit);
  void emitFunction(const Node* node, const Ref<Code>& code, int flags);
  void function(Node* node, std::string_view name);
  void parameters(Node* node);
  int defaults(Node* node);
  void classStatement(Node* node);
  void comprehension(Node* node, std::string_view name);
  void comprehensionClause(Node* node, std::size_t index, int depth);

  // --- names
  enum class Access : std::uint8_t { load, store, remove };
  void name(const Node* node, std::string_view text, Access access);

  // --- expressions
  void expression(Node* node);
  void expressionInner(Node* node);
  void expressions(NodeList list);
  void sequence(Node* node);
  void dictionary(Node* node);
  void call(Node* node);
  void arguments(Node* node, NodeList positional, NodeList keywords, std::int32_t alreadyPushed, bool method);
  void compare(Node* node);
  void boolean(Node* node);
  void joined(Node* node);
  void condition(Node* node, std::size_t label, bool when);
  bool fold(Node* node);
  void checkKeywords(NodeList keywords);

  // --- targets and statements
  void store(Node* target);
  void unpack(Node* target);
  void remove(Node* target);
  void statements(NodeList list);
  void statement(Node* node);
  void assign(Node* node);
  void augmented(Node* node);
  void annotated(Node* node);
  void ifStatement(Node* node);
  void whileStatement(Node* node);
  void forStatement(Node* node);
  void tryStatement(Node* node);
  void tryExcept(Node* node);
  void with(Node* node, std::size_t index);
  void import(Node* node);
  void importFrom(Node* node);
  void returnStatement(Node* node);
  void leaveLoop(Node* node, bool isBreak);
  void unwind(const Block& block, const Node* at, bool preserve);
  void unwindAll(const Node* at, bool preserve, const Block** loop);

  // --- match
  void match(Node* node);
  void pattern(Node* node, std::size_t failure);
  void sequencePattern(Node* node, std::size_t failure);
  void mappingPattern(Node* node, std::size_t failure);
  void classPattern(Node* node, std::size_t failure);

  Ast& ast_;
  ScopeTable& scopes_;
  const std::vector<std::string_view>& lines_;
  Unit* unit_ = nullptr;
  std::unordered_map<std::string_view, Ref<Str>> interned_;
  int depth_ = 0;
  bool futureAnnotations_ = false;
};

}  // namespace cadrecode::script
