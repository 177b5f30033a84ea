#include "script/compiler.hpp"
#include "script/lexer.hpp"

namespace cadrecode::script {

namespace {
constexpr int kMaximumDepth = 2900;
}

void Compiler::expressions(NodeList list) {
  for (Node* node : list) expression(node);
}

void Compiler::expression(Node* node) {
  if (++depth_ > kMaximumDepth) {
    throw SyntaxFailure{"RecursionError", "maximum recursion depth exceeded during compilation", node->line,
                        node->column + 1};
  }
  expressionInner(node);
  --depth_;
}

void Compiler::expressionInner(Node* node) {
  switch (node->kind) {
    case NodeKind::constant:
      emitConstant(node, *node->value);
      break;
    case NodeKind::name:
      name(node, node->name, Access::load);
      break;
    case NodeKind::tuple:
    case NodeKind::list:
    case NodeKind::set:
      sequence(node);
      break;
    case NodeKind::dict:
      dictionary(node);
      break;
    case NodeKind::attribute:
      expression(node->a);
      emitAt(node->nameLine, node->nameColumn, Op::loadAttribute,
             nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, node->name)));
      break;
    case NodeKind::subscript:
      expression(node->a);
      expression(node->b);
      emit(node, Op::getItem);
      break;
    case NodeKind::slice:
      for (Node* part : {node->a, node->b, node->c}) {
        if (part) {
          expression(part);
        } else {
          emitConstant(node, Value());
        }
      }
      emit(node, Op::buildSlice);
      break;
    case NodeKind::call:
      call(node);
      break;
    case NodeKind::unary:
      if (fold(node)) {
        emitConstant(node, *node->value);
        break;
      }
      expression(node->a);
      emit(node, Op::unary, node->op);
      break;
    case NodeKind::binary:
      expression(node->a);
      expression(node->b);
      emit(node, Op::binary, node->op);
      break;
    case NodeKind::boolean:
      boolean(node);
      break;
    case NodeKind::compare:
      compare(node);
      break;
    case NodeKind::conditional: {
      const std::size_t otherwise = newLabel();
      const std::size_t done = newLabel();
      condition(node->a, otherwise, false);
      expression(node->b);
      jump(node, Op::jump, done);
      place(otherwise);
      expression(node->c);
      place(done);
      break;
    }
    case NodeKind::lambda:
      function(node, "<lambda>");
      break;
    case NodeKind::listComprehension:
      comprehension(node, "<listcomp>");
      break;
    case NodeKind::setComprehension:
      comprehension(node, "<setcomp>");
      break;
    case NodeKind::dictComprehension:
      comprehension(node, "<dictcomp>");
      break;
    case NodeKind::generator:
      comprehension(node, "<genexpr>");
      break;
    case NodeKind::joined:
      joined(node);
      break;
    case NodeKind::formatted: {
      expression(node->a);
      int flags = node->op;
      if (node->b) {
        expression(node->b);
        flags |= 256;
      }
      emit(node, Op::formatValue, flags);
      break;
    }
    case NodeKind::starred:
      fail(node, "can't use starred expression here");
    case NodeKind::named:
      expression(node->b);
      emit(node, Op::duplicate);
      name(node, node->name, Access::store);
      break;
    case NodeKind::yield:
    case NodeKind::yieldFrom:
      if (unit_->scope->type != Scope::Type::function) fail(node, "'yield' outside function");
      if (node->a) {
        expression(node->a);
      } else {
        emitConstant(node, Value());
      }
      if (node->kind == NodeKind::yield) {
        emit(node, Op::yieldValue);
      } else {
        emit(node, Op::getIterator);
        emitConstant(node, Value());
        emit(node, Op::yieldFrom);
      }
      break;
    default:
      fail(node, "invalid syntax");
  }
}

// Turns a negative number or a tuple of constants into one constant. False: the node is no constant.
bool Compiler::fold(Node* node) {
  if (node->kind == NodeKind::constant) return true;
  if (node->kind == NodeKind::unary) {
    const bool minus = static_cast<UnaryOperator>(node->op) == UnaryOperator::minus;
    if (!minus || node->a->kind != NodeKind::constant) return false;
    const Value& value = *node->a->value;
    if (value.isFloat()) {
      node->value = ast_.keepValue(Value(-value.real()));
    } else if (value.isInt() && value.integer() != INT64_MIN) {
      node->value = ast_.keepValue(Value(-value.integer()));
    } else {
      return false;
    }
  } else if (node->kind == NodeKind::tuple && !node->list.empty()) {
    Values items;
    for (Node* item : node->list) {
      if (item->kind == NodeKind::tuple || !fold(item)) return false;
      items.push_back(*item->value);
    }
    node->value = ast_.keepValue(makeTuple(std::move(items)));
  } else {
    return false;
  }
  node->kind = NodeKind::constant;
  return true;
}

void Compiler::sequence(Node* node) {
  if (node->kind == NodeKind::tuple && fold(node)) return emitConstant(node, *node->value);
  bool starred = false;
  for (Node* item : node->list) starred = starred || item->kind == NodeKind::starred;
  const bool set = node->kind == NodeKind::set;
  if (set && node->list.size() >= 3) {
    // As in CPython a set of constants is copied from a frozenset, which its order of iteration shows.
    auto frozen = script::make<Set>(true);
    for (Node* item : node->list) {
      if (!fold(item)) {
        frozen.reset();
        break;
      }
      frozen->add(*item->value);
    }
    if (frozen) {
      // CPython builds it once more from itself when it gathers the constants.
      auto again = script::make<Set>(true);
      for (const Value& item : frozen->items()) again->add(item);
      emit(node, Op::buildSet, 0);
      emitConstant(node, Value(again));
      emit(node, Op::setUpdate, 1);
      return;
    }
  }
  if (!starred && node->list.size() < 1000) {
    expressions(node->list);
    emit(node,
         set                            ? Op::buildSet
         : node->kind == NodeKind::list ? Op::buildList
                                        : Op::buildTuple,
         static_cast<std::int32_t>(node->list.size()));
    return;
  }
  emit(node, set ? Op::buildSet : Op::buildList, 0);
  for (Node* item : node->list) {
    const bool star = item->kind == NodeKind::starred;
    expression(star ? item->a : item);
    emit(node, set ? (star ? Op::setUpdate : Op::setAdd) : (star ? Op::listExtend : Op::listAppend), 1);
  }
  if (node->kind == NodeKind::tuple) emit(node, Op::listToTuple);
}

void Compiler::dictionary(Node* node) {
  emit(node, Op::buildDict, 0);
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    if (node->list[i]) {
      expression(node->list[i]);
      expression(node->list2[i]);
      emit(node, Op::dictSet, 1);
    } else {
      expression(node->list2[i]);
      emit(node, Op::dictUpdate, 1);
    }
  }
}

void Compiler::checkKeywords(NodeList keywords) {
  for (std::size_t i = 0; i < keywords.size(); ++i) {
    if (keywords[i]->name.empty()) continue;
    if (keywords[i]->name == "__debug__") fail(keywords[i], "cannot assign to __debug__");
    for (std::size_t k = i + 1; k < keywords.size(); ++k) {
      if (keywords[k]->name == keywords[i]->name) {
        fail(keywords[k], "keyword argument repeated: " + std::string(keywords[k]->name));
      }
    }
  }
}

void Compiler::call(Node* node) {
  checkKeywords(node->list2);
  bool plain = node->list2.empty();
  for (Node* item : node->list) plain = plain && item->kind != NodeKind::starred;
  if (plain && node->a->kind == NodeKind::attribute && node->list.size() < 1000) {
    Node* method = node->a;
    expression(method->a);
    emitAt(method->nameLine, method->nameColumn, Op::loadMethod,
           nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, method->name)));
    expressions(node->list);
    emitAt(method->nameLine, method->nameColumn, Op::callMethod, static_cast<std::int32_t>(node->list.size()));
    return;
  }
  expression(node->a);
  arguments(node, node->list, node->list2, 0, node->a->kind == NodeKind::attribute);
}

void Compiler::arguments(Node* node, NodeList positional, NodeList keywords, std::int32_t alreadyPushed, bool method) {
  const int line = method ? node->a->nameLine : node->line;
  const int column = method ? node->a->nameColumn : node->column;
  bool extended = positional.size() + keywords.size() >= 1000;
  for (Node* item : positional) extended = extended || item->kind == NodeKind::starred;
  for (Node* keyword : keywords) extended = extended || keyword->name.empty();
  if (!extended) {
    expressions(positional);
    for (Node* keyword : keywords) expression(keyword->a);
    const auto count = static_cast<std::int32_t>(positional.size() + keywords.size()) + alreadyPushed;
    if (keywords.empty()) {
      emitAt(line, column, Op::call, count);
      return;
    }
    Values names;
    for (Node* keyword : keywords) names.push_back(Value(intern(keyword->name)));
    emitConstant(node, makeTuple(std::move(names)));
    emitAt(line, column, Op::callKeywords, count);
    return;
  }
  // The error for a starred argument that is no iterable names the function only when it stands first.
  emit(node, Op::buildList, 0);
  bool first = true;
  for (Node* item : positional) {
    const bool star = item->kind == NodeKind::starred;
    expression(star ? item->a : item);
    emitAt(line, column, star ? Op::listExtend : Op::listAppend, star && first && positional.size() == 1 ? 1 + 256 : 1);
    first = false;
  }
  emit(node, Op::buildDict, 0);
  for (Node* keyword : keywords) {
    if (keyword->name.empty()) {
      expression(keyword->a);
    } else {
      emitConstant(keyword, Value(intern(keyword->name)));
      expression(keyword->a);
      emit(keyword, Op::buildDict, 1);
    }
    emit(node, Op::dictMerge, 3);
  }
  emitAt(line, column, Op::callExtended);
}

void Compiler::boolean(Node* node) {
  const std::size_t done = newLabel();
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    expression(node->list[i]);
    if (i + 1 < node->list.size()) jump(node, node->op == 1 ? Op::jumpIfTrueOrPop : Op::jumpIfFalseOrPop, done);
  }
  place(done);
}

namespace {
struct CompareCode {
  Op op;
  std::int32_t argument;
};
CompareCode compareCode(Comparison comparison) {
  switch (comparison) {
    case Comparison::is:
      return {Op::is, 0};
    case Comparison::isNot:
      return {Op::is, 1};
    case Comparison::in:
      return {Op::contains, 0};
    case Comparison::notIn:
      return {Op::contains, 1};
    default:
      return {Op::compare, static_cast<std::int32_t>(comparison)};
  }
}
}  // namespace

void Compiler::compare(Node* node) {
  expression(node->a);
  if (node->list.size() == 1) {
    expression(node->list[0]);
    const CompareCode code = compareCode(node->comparisons[0]);
    emit(node, code.op, code.argument);
    return;
  }
  const std::size_t cleanup = newLabel();
  const std::size_t done = newLabel();
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    expression(node->list[i]);
    const CompareCode code = compareCode(node->comparisons[i]);
    if (i + 1 < node->list.size()) {
      emit(node, Op::duplicate);
      emit(node, Op::rotateThree);
      emit(node, code.op, code.argument);
      jump(node, Op::jumpIfFalseOrPop, cleanup);
    } else {
      emit(node, code.op, code.argument);
    }
  }
  jump(node, Op::jump, done);
  place(cleanup);
  emit(node, Op::rotateTwo);
  emit(node, Op::pop);
  place(done);
}

// Jumps to the label when the truth of the node is `when`.
void Compiler::condition(Node* node, std::size_t label, bool when) {
  if (node->kind == NodeKind::unary && static_cast<UnaryOperator>(node->op) == UnaryOperator::logicalNot) {
    if (++depth_ > kMaximumDepth) fail(node, "too many nested conditions");
    condition(node->a, label, !when);
    --depth_;
    return;
  }
  if (node->kind == NodeKind::boolean) {
    const bool orOperator = node->op == 1;
    const std::size_t skip = newLabel();
    for (std::size_t i = 0; i + 1 < node->list.size(); ++i) {
      if (orOperator == when) {
        condition(node->list[i], label, when);
      } else {
        condition(node->list[i], skip, !when);
      }
    }
    condition(node->list.back(), label, when);
    place(skip);
    return;
  }
  expression(node);
  jump(node, when ? Op::jumpIfTrue : Op::jumpIfFalse, label);
}

void Compiler::joined(Node* node) {
  expressions(node->list);
  emit(node, Op::buildString, static_cast<std::int32_t>(node->list.size()));
}

}  // namespace cadrecode::script
