#include "script/compiler.hpp"

#include "script/lexer.hpp"
#include "script/parser.hpp"

namespace cadrecode::script {

std::size_t Compiler::emitAt(int line, int column, Op op, std::int32_t argument) {
  Code& code = *unit_->code;
  code.instructions.push_back({op, argument});
  code.locations.push_back({line, column});
  return code.instructions.size() - 1;
}
std::size_t Compiler::emit(const Node* at, Op op, std::int32_t argument) {
  return emitAt(at->line, at->column, op, argument);
}

std::size_t Compiler::newLabel() {
  unit_->labels.push_back(-1);
  return unit_->labels.size() - 1;
}
void Compiler::place(std::size_t label) {
  unit_->labels[label] = static_cast<std::int32_t>(unit_->code->instructions.size());
}
// The argument is the label until end() knows where it stands.
void Compiler::jump(const Node* at, Op op, std::size_t label) { emit(at, op, static_cast<std::int32_t>(label)); }

std::int32_t Compiler::constant(const Value& value) {
  Values& constants = unit_->code->constants;
  const std::size_t recent = constants.size() > 16 ? constants.size() - 16 : 0;
  for (std::size_t i = constants.size(); i-- > recent;) {
    if (constants[i].same(value) && value.tag() == constants[i].tag()) return static_cast<std::int32_t>(i);
  }
  constants.push_back(value);
  return static_cast<std::int32_t>(constants.size() - 1);
}

Ref<Str> Compiler::intern(std::string_view name) {
  const auto found = interned_.find(name);
  if (found != interned_.end()) return found->second;
  const Value value = makeStr(name);
  Ref<Str> text(&value.to<Str>());
  interned_.emplace(text->text(), text);
  return text;
}

std::int32_t Compiler::nameIndex(std::string_view name) {
  const auto [found, inserted] = unit_->names.try_emplace(name, static_cast<std::int32_t>(unit_->code->names.size()));
  if (inserted) unit_->code->names.push_back(intern(name));
  return found->second;
}

void Compiler::fail(const Node* node, const std::string& message) const {
  throw SyntaxFailure{"SyntaxError", message, node->line, characterColumn(lines_, node->line, node->column) + 1};
}

void Compiler::begin(Unit& unit, Scope* scope, std::string_view name) {
  unit.code = script::make<Code>();
  unit.scope = scope;
  unit.parent = unit_;
  Code& code = *unit.code;
  code.name = std::string(name);
  code.generator = scope->generator;
  code.comprehension = scope->comprehension;
  code.qualifiedName = code.name;
  if (unit_ && unit_->scope->type != Scope::Type::module) {
    const auto declared = unit_->scope->symbols.find(name);
    const bool global = declared != unit_->scope->symbols.end() && declared->second.global;
    if (!global) {
      code.qualifiedName =
          unit_->code->qualifiedName + (unit_->scope->type == Scope::Type::function ? ".<locals>." : ".") + code.name;
    }
  }
  const auto addSlot = [&](std::string_view text) {
    const auto slot = static_cast<std::int32_t>(code.locals.size());
    unit.slots.emplace(text, slot);
    code.locals.push_back(intern(text));
    return slot;
  };
  std::vector<std::string_view> free;
  for (const bool parametersFirst : {true, false}) {
    for (const std::string_view symbolName : scope->order) {
      const Symbol& symbol = scope->symbols.at(symbolName);
      if (symbol.parameter != parametersFirst) continue;
      if (symbol.binding == Binding::local ||
          (symbol.binding == Binding::cell && scope->type == Scope::Type::function)) {
        const std::int32_t slot = addSlot(symbolName);
        if (symbol.binding == Binding::cell) code.cellSlots.push_back(slot);
      } else if (symbol.binding == Binding::free) {
        free.push_back(symbolName);
      }
    }
  }
  if (scope->needsClassCell) code.cellSlots.push_back(addSlot("__class__"));
  code.freeStart = code.locals.size();
  for (const std::string_view text : free) addSlot(text);
  unit_ = &unit;
}

Ref<Code> Compiler::end(Unit& unit) {
  Code& code = *unit.code;
  for (Instruction& instruction : code.instructions) {
    switch (instruction.op) {
      case Op::jump:
      case Op::jumpIfFalse:
      case Op::jumpIfTrue:
      case Op::jumpIfFalseOrPop:
      case Op::jumpIfTrueOrPop:
      case Op::forIterate:
      case Op::setupHandler:
      case Op::setupWith:
        instruction.argument = unit.labels[static_cast<std::size_t>(instruction.argument)];
        break;
      default:
        break;
    }
  }
  code.stackSize = stackHeight(code);
  unit_ = unit.parent;
  return unit.code;
}

// Leaves the closure (if the code has free variables), then makes the function of what is on the stack.
void Compiler::emitFunction(const Node* node, const Ref<Code>& code, int flags) {
  const std::size_t count = code->locals.size() - code->freeStart;
  if (count > 0) {
    for (std::size_t i = code->freeStart; i < code->locals.size(); ++i) {
      const std::string& text = code->locals[i]->text();
      // Inside a class the variable handed on from outside has a dot before its name.
      auto slot = unit_->slots.find("." + text);
      if (unit_->scope->type != Scope::Type::classBody || slot == unit_->slots.end()) slot = unit_->slots.find(text);
      if (slot == unit_->slots.end() && text.size() > 1 && text[0] == '.')
        slot = unit_->slots.find(std::string_view(text).substr(1));
      emit(node, Op::loadClosure, slot->second);
    }
    emit(node, Op::buildTuple, static_cast<std::int32_t>(count));
    flags |= kClosure;
  }
  emitConstant(node, Value(code));
  emit(node, Op::makeFunction, flags);
}

// Evaluates the defaults in the scope outside. The flags for makeFunction.
int Compiler::defaults(Node* node) {
  int flags = 0;
  std::int32_t count = 0;
  std::int32_t keywords = 0;
  for (const Parameter& parameter : node->parameters) {
    if (parameter.defaultValue && parameter.kind != ParameterKind::keywordOnly) {
      expression(parameter.defaultValue);
      ++count;
    }
  }
  if (count > 0) {
    emit(node, Op::buildTuple, count);
    flags |= kDefaults;
  }
  for (const Parameter& parameter : node->parameters) {
    if (parameter.defaultValue && parameter.kind == ParameterKind::keywordOnly) {
      emitConstant(node, Value(intern(ScopeTable::mangle(ast_, unit_->scope->className, parameter.name))));
      expression(parameter.defaultValue);
      ++keywords;
    }
  }
  if (keywords > 0) {
    emit(node, Op::buildDict, keywords);
    flags |= kKeywordDefaults;
  }
  return flags;
}

// Slots of parameters in the machine's order: positional, keyword-only, *args, **kwargs.
void Compiler::parameters(Node* node) {
  Code& code = *unit_->code;
  std::vector<std::string_view> order;
  for (const ParameterKind kind : {ParameterKind::positionalOnly, ParameterKind::ordinary, ParameterKind::keywordOnly,
                                   ParameterKind::rest, ParameterKind::keywords}) {
    for (const Parameter& parameter : node->parameters) {
      if (parameter.kind != kind) continue;
      order.push_back(ScopeTable::mangle(ast_, unit_->scope->className, parameter.name));
      if (kind == ParameterKind::positionalOnly) ++code.positionalOnly;
      if (kind == ParameterKind::positionalOnly || kind == ParameterKind::ordinary) ++code.positional;
      if (kind == ParameterKind::keywordOnly) ++code.keywordOnly;
      if (kind == ParameterKind::rest) code.rest = true;
      if (kind == ParameterKind::keywords) code.keywords = true;
    }
  }
  std::vector<std::int32_t> oldToNew(code.locals.size(), -1);
  std::vector<Ref<Str>> locals;
  const auto move = [&](std::int32_t old) {
    oldToNew[static_cast<std::size_t>(old)] = static_cast<std::int32_t>(locals.size());
    locals.push_back(code.locals[static_cast<std::size_t>(old)]);
  };
  for (const std::string_view text : order) move(unit_->slots.at(text));
  for (std::size_t i = 0; i < code.locals.size(); ++i) {
    if (oldToNew[i] < 0) move(static_cast<std::int32_t>(i));
  }
  code.locals = std::move(locals);
  for (auto& [text, slot] : unit_->slots) slot = oldToNew[static_cast<std::size_t>(slot)];
  for (std::int32_t& slot : code.cellSlots) slot = oldToNew[static_cast<std::size_t>(slot)];
  code.simple = code.keywordOnly == 0 && !code.rest && !code.keywords;
}

void Compiler::function(Node* node, std::string_view text) {
  const bool lambda = node->kind == NodeKind::lambda;
  const int flags = defaults(node);
  if (!futureAnnotations_) {
    for (const Parameter& parameter : node->parameters) {
      if (!parameter.annotation) continue;
      if (parameter.annotation->kind == NodeKind::starred) continue;
      expression(parameter.annotation);
      emit(node, Op::pop);
    }
    if (!lambda && node->b) {
      expression(node->b);
      emit(node, Op::pop);
    }
  }
  Unit unit;
  begin(unit, scopes_.scope(node), lambda ? "<lambda>" : text);
  parameters(node);
  if (lambda) {
    expression(node->a);
    if (unit.scope->generator) {
      emit(node, Op::pop);
      emitConstant(node, Value());
    }
    emit(node->a, Op::returnValue);
  } else {
    statements(node->list);
    emitConstant(node, Value());
    emit(node, Op::returnValue);
  }
  const Ref<Code> code = end(unit);
  emitFunction(node, code, flags);
}

void Compiler::classStatement(Node* node) {
  for (Node* decorator : node->list4) expression(decorator);
  Unit unit;
  begin(unit, scopes_.scope(node), node->name);
  Code& body = *unit.code;
  // The body is called like a function; it gives back the cell of __class__ for its methods.
  emitConstant(node, makeStr(body.qualifiedName));
  emit(node, Op::storeName, nameIndex("__qualname__"));
  if (!node->list3.empty() && node->list3[0]->kind == NodeKind::expression &&
      node->list3[0]->a->kind == NodeKind::constant && isStr(*node->list3[0]->a->value)) {
    emitConstant(node, *node->list3[0]->a->value);
    emit(node, Op::storeName, nameIndex("__doc__"));
  }
  statements(node->list3);
  if (unit.scope->needsClassCell) {
    emit(node, Op::loadClosure, unit.slots.at("__class__"));
  } else {
    emitConstant(node, Value());
  }
  emit(node, Op::returnValue);
  const Ref<Code> code = end(unit);
  emitFunction(node, code, 0);
  emitConstant(node, Value(intern(node->name)));
  // Stack: body, name, bases, keywords.
  std::int32_t count = 0;
  bool starred = false;
  for (Node* base : node->list) starred = starred || base->kind == NodeKind::starred;
  if (starred) {
    emit(node, Op::buildList, 0);
    for (Node* base : node->list) {
      expression(base->kind == NodeKind::starred ? base->a : base);
      emit(node, base->kind == NodeKind::starred ? Op::listExtend : Op::listAppend, 1);
    }
    emit(node, Op::listToTuple);
  } else {
    for (Node* base : node->list) {
      expression(base);
      ++count;
    }
    emit(node, Op::buildTuple, count);
  }
  count = 0;
  for (Node* keyword : node->list2) {
    emitConstant(node, Value(intern(keyword->name)));
    expression(keyword->a);
    ++count;
  }
  emit(node, Op::buildDict, count);
  emit(node, Op::buildClass);
  for (std::size_t i = node->list4.size(); i-- > 0;) emit(node->list4[i], Op::call, 1);
  name(node, node->name, Access::store);
}

void Compiler::comprehensionClause(Node* node, std::size_t index, int depth) {
  Node* clause = node->list[index];
  const std::size_t start = newLabel();
  const std::size_t end = newLabel();
  if (index == 0) {
    emit(clause->b, Op::loadLocal, 0);
  } else {
    expression(clause->b);
    emit(clause->b, Op::getIterator);
  }
  place(start);
  jump(clause->b, Op::forIterate, end);
  store(clause->a);
  for (Node* test : clause->list) condition(test, start, false);
  if (index + 1 < node->list.size()) {
    comprehensionClause(node, index + 1, depth + 1);
  } else {
    switch (node->kind) {
      case NodeKind::generator:
        expression(node->a);
        emit(node->a, Op::yieldValue);
        emit(node->a, Op::pop);
        break;
      case NodeKind::listComprehension:
        expression(node->a);
        emit(node->a, Op::listAppend, depth + 1);
        break;
      case NodeKind::setComprehension:
        expression(node->a);
        emit(node->a, Op::setAdd, depth + 1);
        break;
      default:
        expression(node->a);
        expression(node->b);
        emit(node->a, Op::dictSet, depth + 1);
    }
  }
  jump(node, Op::jump, start);
  place(end);
}

void Compiler::comprehension(Node* node, std::string_view text) {
  Unit unit;
  Scope* scope = scopes_.scope(node);
  begin(unit, scope, text);
  Code& code = *unit.code;
  code.positional = 1;
  code.simple = true;
  const bool generator = node->kind == NodeKind::generator;
  if (node->kind == NodeKind::listComprehension) emit(node, Op::buildList, 0);
  if (node->kind == NodeKind::setComprehension) emit(node, Op::buildSet, 0);
  if (node->kind == NodeKind::dictComprehension) emit(node, Op::buildDict, 0);
  comprehensionClause(node, 0, 1);
  if (generator) emitConstant(node, Value());
  emit(node, Op::returnValue);
  const Ref<Code> done = end(unit);
  emitFunction(node, done, 0);
  expression(node->list[0]->b);
  emit(node->list[0]->b, Op::getIterator);
  emit(node, Op::call, 1);
}

void Compiler::name(const Node* node, std::string_view text, Access access) {
  text = ScopeTable::mangle(ast_, unit_->scope->className, text);
  if (access != Access::load && text == "__debug__") fail(node, "cannot assign to __debug__");
  const auto found = unit_->scope->symbols.find(text);
  Binding binding = found == unit_->scope->symbols.end() ? Binding::globalImplicit : found->second.binding;
  if (found == unit_->scope->symbols.end() && unit_->scope->type != Scope::Type::function) binding = Binding::name;
  const auto pick = [access](Op load, Op storeOp, Op removeOp) {
    return access == Access::load ? load : access == Access::store ? storeOp : removeOp;
  };
  switch (binding) {
    case Binding::local:
      emit(node, pick(Op::loadLocal, Op::storeLocal, Op::deleteLocal), unit_->slots.at(text));
      break;
    case Binding::cell:
    case Binding::free:
      if (access == Access::load && unit_->scope->type == Scope::Type::classBody) {
        emit(node, Op::loadClassCell, unit_->slots.at(text));
      } else {
        emit(node, pick(Op::loadCell, Op::storeCell, Op::deleteCell), unit_->slots.at(text));
      }
      break;
    case Binding::name:
      emit(node, pick(Op::loadName, Op::storeName, Op::deleteName), nameIndex(text));
      break;
    default:
      emit(node, pick(Op::loadGlobal, Op::storeGlobal, Op::deleteGlobal), nameIndex(text));
  }
}

Ref<Code> Compiler::compileModule(Scope* scope) {
  Unit unit;
  begin(unit, scope, "<module>");
  unit.code->module = true;
  unit.code->simple = true;
  statements(ast_.body);
  const Node none;
  emitConstant(&none, Value());
  emit(&none, Op::returnValue);
  return end(unit);
}

Ref<Code> compileScript(std::string_view source) {
  if (source.substr(0, 3) == "\xEF\xBB\xBF") source.remove_prefix(3);
  Ast ast;
  TokenList tokens = tokenize(source);
  const std::vector<std::string_view> lines = tokens.lines;
  Parser parser(ast, std::move(tokens));
  parser.parseFile();
  ScopeTable scopes(ast, lines);
  Scope* root = scopes.analyze();
  Compiler compiler(ast, scopes, lines);
  return compiler.compileModule(root);
}

}  // namespace cadrecode::script
