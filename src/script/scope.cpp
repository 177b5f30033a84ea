#include "script/scope.hpp"

#include "script/lexer.hpp"

namespace cadrecode::script {

namespace {
constexpr int kMaximumDepth = 2900;
}

// Walks the tree and notes what every scope does with every name.
class ScopeTable::Visitor {
 public:
  Visitor(ScopeTable& table) : table_(table) {}

  Scope* enter(const Node* node, Scope::Type type, std::string_view name) {
    table_.all_.push_back(std::make_unique<Scope>());
    Scope* scope = table_.all_.back().get();
    scope->type = type;
    scope->parent = scope_;
    scope->name = name;
    if (scope_) {
      scope->className = scope_->className;
      scope_->children.push_back(scope);
    }
    if (type == Scope::Type::classBody) scope->className = name;
    if (node) table_.scopes_[node] = scope;
    scope_ = scope;
    return scope;
  }
  void leave() { scope_ = scope_->parent; }

  void statements(NodeList list) {
    for (Node* node : list) statement(node);
  }

 private:
  [[noreturn]] void fail(int line, int column, const std::string& message) const {
    throw SyntaxFailure{"SyntaxError", message, line, characterColumn(table_.lines_, line, column) + 1};
  }
  [[noreturn]] void fail(const Node* node, const std::string& message) const {
    fail(node->line, node->column, message);
  }

  std::string_view mangled(std::string_view name) const { return mangle(table_.ast_, scope_->className, name); }

  Symbol& symbol(Scope& scope, std::string_view name) {
    const auto [found, inserted] = scope.symbols.try_emplace(name);
    if (inserted) scope.order.push_back(name);
    return found->second;
  }
  void use(std::string_view name) {
    symbol(*scope_, mangled(name)).used = true;
    if (name == "super" && scope_->type == Scope::Type::function) symbol(*scope_, "__class__").used = true;
  }
  void bind(std::string_view name) { symbol(*scope_, mangled(name)).bound = true; }

  void statement(Node* node);
  void expression(Node* node);
  void expressions(NodeList list) {
    for (Node* node : list) {
      if (node) expression(node);
    }
  }
  void target(Node* node);
  void function(Node* node, std::string_view name);
  void comprehension(Node* node, std::string_view name);
  void named(Node* node);
  void pattern(Node* node);
  void declare(Node* node);

  struct Depth {
    explicit Depth(Visitor& visitor, const Node* node) : v(visitor) {
      if (++v.depth_ > kMaximumDepth) {
        throw SyntaxFailure{"RecursionError", "maximum recursion depth exceeded during compilation", node->line,
                            node->column + 1};
      }
    }
    ~Depth() { --v.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Visitor& v;
  };

  ScopeTable& table_;
  Scope* scope_ = nullptr;
  int depth_ = 0;
  bool inIterable_ = false;
};

void ScopeTable::Visitor::declare(Node* node) {
  const bool global = node->kind == NodeKind::global;
  const std::string word = global ? "global" : "nonlocal";
  if (!global && scope_->type == Scope::Type::module) fail(node, "nonlocal declaration not allowed at module level");
  for (Node* item : node->list) {
    const std::string_view name = mangled(item->name);
    Symbol& entry = symbol(*scope_, name);
    const std::string text(item->name);
    if (entry.parameter) fail(node, "name '" + text + "' is parameter and " + word);
    if (entry.annotated) fail(node, "annotated name '" + text + "' can't be " + word);
    if ((entry.bound && entry.used) || (entry.bound && !entry.global && !entry.nonlocal)) {
      if (entry.used) fail(node, "name '" + text + "' is used prior to " + word + " declaration");
      fail(node, "name '" + text + "' is assigned to before " + word + " declaration");
    }
    if (entry.used) fail(node, "name '" + text + "' is used prior to " + word + " declaration");
    if (global ? entry.nonlocal : entry.global) fail(node, "name '" + text + "' is nonlocal and global");
    (global ? entry.global : entry.nonlocal) = true;
    entry.line = node->line;
    entry.column = node->column;
  }
}

void ScopeTable::Visitor::statement(Node* node) {
  const Depth guard(*this, node);
  switch (node->kind) {
    case NodeKind::expression:
    case NodeKind::returnStatement:
      if (node->kind == NodeKind::returnStatement && node->a)
        expression(node->a);
      else if (node->a)
        expression(node->a);
      break;
    case NodeKind::assign:
      for (Node* item : node->list) target(item);
      expression(node->a);
      break;
    case NodeKind::augmented:
      if (node->a->kind == NodeKind::name) {
        bind(node->a->name);
      } else {
        target(node->a);
      }
      expression(node->b);
      break;
    case NodeKind::annotated:
      if (node->a->kind == NodeKind::name) {
        Symbol& entry = symbol(*scope_, mangled(node->a->name));
        if ((entry.global || entry.nonlocal) && scope_->type != Scope::Type::module) {
          fail(node, std::string("annotated name '") + std::string(node->a->name) + "' can't be " +
                         (entry.global ? "global" : "nonlocal"));
        }
        if (!node->a->parenthesized) {
          entry.annotated = true;
          entry.bound = true;
        } else if (node->c) {
          entry.bound = true;
        }
      } else {
        target(node->a);
      }
      expression(node->b);
      if (node->c) expression(node->c);
      break;
    case NodeKind::ifStatement:
    case NodeKind::whileStatement:
      expression(node->a);
      statements(node->list);
      statements(node->list2);
      break;
    case NodeKind::forStatement:
      target(node->a);
      expression(node->b);
      statements(node->list);
      statements(node->list2);
      break;
    case NodeKind::deleteStatement:
      for (Node* item : node->list) target(item);
      break;
    case NodeKind::global:
    case NodeKind::nonlocal:
      declare(node);
      break;
    case NodeKind::import:
      for (Node* alias : node->list) bind(alias->a ? alias->a->name : alias->name.substr(0, alias->name.find('.')));
      break;
    case NodeKind::importFrom:
      for (Node* alias : node->list) {
        if (alias->name == "*") {
          if (scope_->type != Scope::Type::module) fail(alias, "import * only allowed at module level");
        } else {
          bind(alias->a ? alias->a->name : alias->name);
        }
      }
      break;
    case NodeKind::raise:
    case NodeKind::assertStatement:
      if (node->a) expression(node->a);
      if (node->b) expression(node->b);
      break;
    case NodeKind::tryStatement:
      statements(node->list);
      for (Node* handler : node->list2) {
        if (handler->a) expression(handler->a);
        if (!handler->name.empty()) bind(handler->name);
        statements(handler->list);
      }
      statements(node->list3);
      statements(node->list4);
      break;
    case NodeKind::with:
      for (Node* item : node->list) {
        expression(item->a);
        if (item->b) target(item->b);
      }
      statements(node->list2);
      break;
    case NodeKind::function:
      bind(node->name);
      expressions(node->list2);
      function(node, node->name);
      break;
    case NodeKind::classStatement:
      bind(node->name);
      expressions(node->list);
      for (Node* keyword : node->list2) expression(keyword->a);
      expressions(node->list4);
      enter(node, Scope::Type::classBody, node->name);
      statements(node->list3);
      leave();
      break;
    case NodeKind::match:
      expression(node->a);
      for (Node* item : node->list) {
        pattern(item->a);
        if (item->b) expression(item->b);
        statements(item->list);
      }
      break;
    default:
      break;
  }
}

void ScopeTable::Visitor::pattern(Node* node) {
  const Depth guard(*this, node);
  if (!node->name.empty()) bind(node->name);
  if (node->kind == NodeKind::patternValue) return expression(node->a);
  if (node->kind == NodeKind::patternClass) {
    expression(node->a);
    for (Node* item : node->list) pattern(item);
    for (Node* keyword : node->list2) pattern(keyword->a);
    return;
  }
  if (node->kind == NodeKind::patternMapping) {
    expressions(node->list);
    for (Node* item : node->list2) pattern(item);
    return;
  }
  if (node->a) pattern(node->a);
  for (Node* item : node->list) pattern(item);
}

void ScopeTable::Visitor::target(Node* node) {
  const Depth guard(*this, node);
  switch (node->kind) {
    case NodeKind::name:
      bind(node->name);
      break;
    case NodeKind::starred:
      target(node->a);
      break;
    case NodeKind::tuple:
    case NodeKind::list:
      for (Node* item : node->list) target(item);
      break;
    default:
      expression(node);
  }
}

void ScopeTable::Visitor::function(Node* node, std::string_view name) {
  for (const Parameter& parameter : node->parameters) {
    if (parameter.defaultValue) expression(parameter.defaultValue);
  }
  for (const Parameter& parameter : node->parameters) {
    if (parameter.annotation) expression(parameter.annotation);
  }
  if (node->kind == NodeKind::function && node->b) expression(node->b);
  enter(node, Scope::Type::function, name);
  for (const Parameter& parameter : node->parameters) {
    Symbol& entry = symbol(*scope_, mangled(parameter.name));
    if (entry.parameter) {
      fail(parameter.line, parameter.column,
           "duplicate argument '" + std::string(parameter.name) + "' in function definition");
    }
    entry.parameter = entry.bound = true;
  }
  if (node->kind == NodeKind::function) {
    statements(node->list);
  } else {
    expression(node->a);
  }
  leave();
}

void ScopeTable::Visitor::comprehension(Node* node, std::string_view name) {
  const bool outer = inIterable_;
  inIterable_ = true;
  expression(node->list[0]->b);
  inIterable_ = outer;
  Scope* scope = enter(node, Scope::Type::function, name);
  scope->comprehension = true;
  if (node->kind == NodeKind::generator) scope->generator = true;
  Symbol& argument = symbol(*scope, ".0");
  argument.parameter = argument.bound = true;
  bool first = true;
  for (Node* clause : node->list) {
    target(clause->a);
    if (!first) {
      inIterable_ = true;
      expression(clause->b);
      inIterable_ = false;
    }
    first = false;
    expressions(clause->list);
  }
  if (node->b) expression(node->b);
  expression(node->a);
  leave();
  inIterable_ = outer;
}

// name := value binds in the nearest scope that is no comprehension.
void ScopeTable::Visitor::named(Node* node) {
  const std::string text(node->name);
  if (inIterable_) {
    fail(node, "assignment expression cannot be used in a comprehension iterable expression");
  }
  expression(node->b);
  Scope* scope = scope_;
  if (!scope->comprehension) return bind(node->name);
  while (scope->comprehension) {
    const auto found = scope->symbols.find(mangled(node->name));
    if (found != scope->symbols.end() && found->second.bound && !found->second.nonlocal && !found->second.global) {
      fail(node, "assignment expression cannot rebind comprehension iteration variable '" + text + "'");
    }
    scope = scope->parent;
  }
  if (scope->type == Scope::Type::classBody) {
    fail(node, "assignment expression within a comprehension cannot be used in a class body");
  }
  Symbol& outer = symbol(*scope, mangled(node->name));
  const bool global = scope->type == Scope::Type::module || outer.global;
  if (!global && !outer.nonlocal) outer.bound = true;
  if (scope->type == Scope::Type::module) outer.bound = true;
  for (Scope* inner = scope_; inner != scope; inner = inner->parent) {
    Symbol& entry = symbol(*inner, mangled(node->name));
    (global ? entry.global : entry.nonlocal) = true;
    entry.line = node->line;
    entry.column = node->column;
  }
}

void ScopeTable::Visitor::expression(Node* node) {
  const Depth guard(*this, node);
  switch (node->kind) {
    case NodeKind::constant:
      return;
    case NodeKind::name:
      return use(node->name);
    case NodeKind::lambda:
      return function(node, "lambda");
    case NodeKind::listComprehension:
      return comprehension(node, "listcomp");
    case NodeKind::setComprehension:
      return comprehension(node, "setcomp");
    case NodeKind::dictComprehension:
      return comprehension(node, "dictcomp");
    case NodeKind::generator:
      return comprehension(node, "genexpr");
    case NodeKind::named:
      return named(node);
    case NodeKind::yield:
    case NodeKind::yieldFrom:
      if (scope_->comprehension) {
        fail(node, "'yield' inside " + std::string(scope_->name == "listcomp"   ? "list comprehension"
                                                   : scope_->name == "setcomp"  ? "set comprehension"
                                                   : scope_->name == "dictcomp" ? "dict comprehension"
                                                                                : "generator expression"));
      }
      scope_->generator = true;
      break;
    default:
      break;
  }
  if (node->a) expression(node->a);
  if (node->b) expression(node->b);
  if (node->c) expression(node->c);
  expressions(node->list);
  expressions(node->list2);
}

std::string_view ScopeTable::mangle(Ast& ast, std::string_view className, std::string_view name) {
  if (className.empty() || name.size() < 3 || name.substr(0, 2) != "__" || name.substr(name.size() - 2) == "__")
    return name;
  const std::size_t start = className.find_first_not_of('_');
  if (start == std::string_view::npos) return name;
  return ast.keepText("_" + std::string(className.substr(start)) + std::string(name));
}

// The binding a name has in the enclosing functions; marks it as captured along the way.
Binding ScopeTable::find(Scope& scope, std::string_view name) {
  std::vector<Scope*> between;
  for (Scope* outer = scope.parent; outer; outer = outer->parent) {
    if (outer->type == Scope::Type::classBody) {
      if (name == "__class__") {
        outer->needsClassCell = true;
        Symbol& entry = outer->symbols[name];
        entry.binding = Binding::cell;
        for (Scope* inner : between) {
          const auto [found, inserted] = inner->symbols.try_emplace(name);
          if (inserted) inner->order.push_back(name);
          if (found->second.binding != Binding::free) found->second.binding = Binding::free;
        }
        return Binding::free;
      }
      between.push_back(outer);
      continue;
    }
    if (outer->type == Scope::Type::module) return Binding::globalImplicit;
    const auto found = outer->symbols.find(name);
    if (found != outer->symbols.end()) {
      Symbol& entry = found->second;
      if (entry.global) return Binding::globalExplicit;
      if (entry.bound && !entry.nonlocal) {
        entry.binding = Binding::cell;
        for (Scope* inner : between) {
          const auto [place, inserted] = inner->symbols.try_emplace(name);
          if (inserted) inner->order.push_back(name);
          // A class body that binds the name itself keeps its own, but hands the outer variable on.
          if (inner->type == Scope::Type::classBody && place->second.bound && !place->second.nonlocal) {
            const std::string_view passing = ast_.keepText("." + std::string(name));
            const auto [extra, fresh] = inner->symbols.try_emplace(passing);
            if (fresh) inner->order.push_back(passing);
            extra->second.binding = Binding::free;
          } else {
            place->second.binding = Binding::free;
          }
        }
        return Binding::free;
      }
    }
    between.push_back(outer);
  }
  return Binding::globalImplicit;
}

void ScopeTable::resolve(Scope& scope) {
  const std::vector<std::string_view> order = scope.order;
  for (const std::string_view name : order) {
    Symbol& entry = scope.symbols[name];
    if (entry.binding == Binding::cell || entry.binding == Binding::free) {
      if (!entry.nonlocal) continue;
    }
    if (entry.nonlocal) {
      if (find(scope, name) != Binding::free) {
        throw SyntaxFailure{"SyntaxError", "no binding for nonlocal '" + std::string(name) + "' found", entry.line,
                            characterColumn(lines_, entry.line, entry.column) + 1};
      }
      scope.symbols[name].binding = Binding::free;
    } else if (entry.global) {
      entry.binding = Binding::globalExplicit;
    } else if (scope.type == Scope::Type::module) {
      entry.binding = Binding::name;
    } else if (entry.bound) {
      entry.binding = scope.type == Scope::Type::classBody ? Binding::name : Binding::local;
    } else {
      const Binding outer = find(scope, name);
      Symbol& again = scope.symbols[name];
      again.binding = outer;
      if (scope.type == Scope::Type::classBody && outer == Binding::globalImplicit) again.binding = Binding::name;
    }
  }
  for (Scope* child : scope.children) resolve(*child);
}

Scope* ScopeTable::analyze() {
  Visitor visitor(*this);
  Scope* root = visitor.enter(nullptr, Scope::Type::module, "<module>");
  visitor.statements(ast_.body);
  resolve(*root);
  return root;
}

}  // namespace cadrecode::script
