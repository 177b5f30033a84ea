// Which variable a name means: local, captured, free, global. Built for a whole tree before it is compiled.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "script/ast.hpp"
#include "script/syntax_failure.hpp"

namespace cadrecode::script {

enum class Binding : std::uint8_t { name, local, cell, free, globalExplicit, globalImplicit };

struct Symbol {
  bool bound = false;
  bool parameter = false;
  bool used = false;
  bool global = false;
  bool nonlocal = false;
  bool annotated = false;
  Binding binding = Binding::globalImplicit;
  int line = 0, column = 0;
};

struct Scope {
  enum class Type : std::uint8_t { module, function, classBody };
  Type type = Type::module;
  Scope* parent = nullptr;
  bool comprehension = false;
  bool generator = false;
  bool needsClassCell = false;  // a class some method of which uses super() or __class__
  std::string_view name;
  std::string_view className;  // for the mangling of private names
  std::vector<std::string_view> order;
  std::unordered_map<std::string_view, Symbol> symbols;
  std::vector<Scope*> children;
};

class ScopeTable {
 public:
  ScopeTable(Ast& ast, const std::vector<std::string_view>& lines) : ast_(ast), lines_(lines) {}
  // Throws SyntaxFailure. Afterwards scope(node) gives the scope of a function, class, lambda or comprehension.
  Scope* analyze();
  Scope* scope(const Node* node) const { return scopes_.at(node); }
  // __name inside class C is _C__name.
  static std::string_view mangle(Ast& ast, std::string_view className, std::string_view name);

 private:
  class Visitor;
  void resolve(Scope& scope);
  Binding find(Scope& scope, std::string_view name);
  Ast& ast_;
  const std::vector<std::string_view>& lines_;
  std::vector<std::unique_ptr<Scope>> all_;
  std::unordered_map<const Node*, Scope*> scopes_;
};

}  // namespace cadrecode::script
