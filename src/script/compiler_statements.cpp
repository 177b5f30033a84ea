#include "script/compiler.hpp"
#include "script/lexer.hpp"

namespace cadrecode::script {

void Compiler::statements(NodeList list) {
  for (Node* node : list) statement(node);
}

void Compiler::statement(Node* node) {
  switch (node->kind) {
    case NodeKind::expression:
      if (node->a->kind == NodeKind::constant) break;
      expression(node->a);
      emit(node, Op::pop);
      break;
    case NodeKind::assign:
      return assign(node);
    case NodeKind::augmented:
      return augmented(node);
    case NodeKind::annotated:
      return annotated(node);
    case NodeKind::ifStatement:
      return ifStatement(node);
    case NodeKind::whileStatement:
      return whileStatement(node);
    case NodeKind::forStatement:
      return forStatement(node);
    case NodeKind::breakStatement:
      return leaveLoop(node, true);
    case NodeKind::continueStatement:
      return leaveLoop(node, false);
    case NodeKind::returnStatement:
      return returnStatement(node);
    case NodeKind::deleteStatement:
      for (Node* item : node->list) remove(item);
      break;
    case NodeKind::import:
      return import(node);
    case NodeKind::importFrom:
      return importFrom(node);
    case NodeKind::raise:
      if (node->a) expression(node->a);
      if (node->b) expression(node->b);
      emit(node, Op::raise, (node->a ? 1 : 0) + (node->b ? 1 : 0));
      break;
    case NodeKind::tryStatement:
      return tryStatement(node);
    case NodeKind::with:
      return with(node, 0);
    case NodeKind::function:
      for (Node* decorator : node->list2) expression(decorator);
      function(node, node->name);
      for (std::size_t i = node->list2.size(); i-- > 0;) emit(node->list2[i], Op::call, 1);
      name(node, node->name, Access::store);
      break;
    case NodeKind::classStatement:
      return classStatement(node);
    case NodeKind::assertStatement: {
      const std::size_t good = newLabel();
      condition(node->a, good, true);
      if (node->b) expression(node->b);
      emit(node, Op::assertionError, node->b ? 1 : 0);
      // The raise stands where the condition does.
      emit(node->a, Op::raise, 1);
      place(good);
      break;
    }
    case NodeKind::match:
      return match(node);
    default:
      break;
  }
}

void Compiler::assign(Node* node) {
  expression(node->a);
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    if (i + 1 < node->list.size()) emit(node, Op::duplicate);
    store(node->list[i]);
  }
}

void Compiler::store(Node* target) {
  switch (target->kind) {
    case NodeKind::name:
      return name(target, target->name, Access::store);
    case NodeKind::attribute:
      expression(target->a);
      emitAt(target->nameLine, target->nameColumn, Op::storeAttribute,
             nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, target->name)));
      return;
    case NodeKind::subscript:
      expression(target->a);
      expression(target->b);
      emit(target, Op::setItem);
      return;
    case NodeKind::tuple:
    case NodeKind::list:
      if (++depth_ > 900) fail(target, "too many nested targets");
      unpack(target);
      --depth_;
      return;
    case NodeKind::starred:
      fail(target, "starred assignment target must be in a list or tuple");
    default:
      fail(target, "cannot assign to expression");
  }
}

void Compiler::unpack(Node* target) {
  std::int32_t star = -1;
  for (std::size_t i = 0; i < target->list.size(); ++i) {
    if (target->list[i]->kind != NodeKind::starred) continue;
    if (star >= 0) fail(target, "multiple starred expressions in assignment");
    star = static_cast<std::int32_t>(i);
  }
  const auto count = static_cast<std::int32_t>(target->list.size());
  if (count > 60000) fail(target, "too many targets");
  if (star < 0) {
    emit(target, Op::unpack, count);
  } else {
    emit(target, Op::unpackExtended, star | (count - star - 1) << 16);
  }
  for (Node* item : target->list) store(item->kind == NodeKind::starred ? item->a : item);
}

void Compiler::remove(Node* target) {
  switch (target->kind) {
    case NodeKind::name:
      return name(target, target->name, Access::remove);
    case NodeKind::attribute:
      expression(target->a);
      emitAt(target->nameLine, target->nameColumn, Op::deleteAttribute,
             nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, target->name)));
      return;
    case NodeKind::subscript:
      expression(target->a);
      expression(target->b);
      emit(target, Op::deleteItem);
      return;
    default:
      for (Node* item : target->list) remove(item);
  }
}

void Compiler::augmented(Node* node) {
  Node* target = node->a;
  switch (target->kind) {
    case NodeKind::name:
      name(target, target->name, Access::load);
      expression(node->b);
      emit(node, Op::inPlace, node->op);
      return name(target, target->name, Access::store);
    case NodeKind::attribute: {
      const std::int32_t index = nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, target->name));
      expression(target->a);
      emit(target, Op::duplicate);
      emitAt(target->nameLine, target->nameColumn, Op::loadAttribute, index);
      expression(node->b);
      emit(node, Op::inPlace, node->op);
      emit(target, Op::rotateTwo);
      emitAt(target->nameLine, target->nameColumn, Op::storeAttribute, index);
      return;
    }
    default:
      expression(target->a);
      expression(target->b);
      emit(target, Op::duplicateTwo);
      emit(target, Op::getItem);
      expression(node->b);
      emit(node, Op::inPlace, node->op);
      emit(target, Op::rotateThree);
      emit(target, Op::setItem);
  }
}

void Compiler::annotated(Node* node) {
  if (node->c) {
    expression(node->c);
    store(node->a);
  }
  const bool function = unit_->scope->type == Scope::Type::function;
  if (node->a->kind == NodeKind::name && !node->a->parenthesized) {
    if (function) return;
    if (futureAnnotations_) {
      emitConstant(node, makeStr("annotation"));
    } else {
      expression(node->b);
    }
    if (unit_->scope->type == Scope::Type::classBody) {
      emit(node, Op::setAnnotation, nameIndex(ScopeTable::mangle(ast_, unit_->scope->className, node->a->name)));
    } else {
      emit(node, Op::pop);
    }
    return;
  }
  if (!node->c && node->a->kind == NodeKind::attribute) {
    expression(node->a->a);
    emit(node, Op::pop);
  }
  if (!function && !futureAnnotations_) {
    expression(node->b);
    emit(node, Op::pop);
  }
}

void Compiler::ifStatement(Node* node) {
  const std::size_t otherwise = newLabel();
  const std::size_t done = newLabel();
  condition(node->a, otherwise, false);
  statements(node->list);
  if (!node->list2.empty()) jump(node, Op::jump, done);
  place(otherwise);
  statements(node->list2);
  place(done);
}

void Compiler::whileStatement(Node* node) {
  const std::size_t start = newLabel();
  const std::size_t otherwise = newLabel();
  const std::size_t done = newLabel();
  place(start);
  condition(node->a, otherwise, false);
  unit_->blocks.push_back({BlockKind::whileLoop, start, done});
  statements(node->list);
  unit_->blocks.pop_back();
  jump(node, Op::jump, start);
  place(otherwise);
  statements(node->list2);
  place(done);
}

void Compiler::forStatement(Node* node) {
  const std::size_t start = newLabel();
  const std::size_t otherwise = newLabel();
  const std::size_t done = newLabel();
  expression(node->b);
  emit(node->b, Op::getIterator);
  place(start);
  jump(node->b, Op::forIterate, otherwise);
  store(node->a);
  unit_->blocks.push_back({BlockKind::forLoop, start, done});
  statements(node->list);
  unit_->blocks.pop_back();
  jump(node, Op::jump, start);
  place(otherwise);
  statements(node->list2);
  place(done);
}

// Leaves one block on the way out of it by return, break or continue. With `preserve` the top of the stack is a value
// to keep.
void Compiler::unwind(const Block& block, const Node* at, bool preserve) {
  switch (block.kind) {
    case BlockKind::whileLoop:
      break;
    case BlockKind::forLoop:
    case BlockKind::value:
      if (preserve) emit(at, Op::rotateTwo);
      emit(at, Op::pop);
      break;
    case BlockKind::tryExcept:
      emit(at, Op::popBlock);
      break;
    case BlockKind::tryFinally:
      emit(at, Op::popBlock);
      if (preserve) unit_->blocks.push_back({BlockKind::value});
      statements(block.node->list4);
      if (preserve) unit_->blocks.pop_back();
      break;
    case BlockKind::finallyEnd:
      emit(at, Op::popException);
      if (preserve) emit(at, Op::rotateTwo);
      emit(at, Op::pop);
      break;
    case BlockKind::with:
      emit(at, Op::popBlock);
      if (preserve) emit(at, Op::rotateTwo);
      emit(at, Op::withExit);
      break;
    case BlockKind::handler:
      if (block.node) emit(at, Op::popBlock);
      emit(at, Op::popException);
      if (block.node) {
        emitConstant(at, Value());
        name(at, block.node->name, Access::store);
        name(at, block.node->name, Access::remove);
      }
      break;
  }
}

// Unwinds blocks from the innermost to the nearest loop (given) or all of them. A finally body compiled on the way sees
// only the blocks outside it.
void Compiler::unwindAll(const Node* at, bool preserve, const Block** loop) {
  if (unit_->blocks.empty()) return;
  const Block top = unit_->blocks.back();
  if (loop && (top.kind == BlockKind::forLoop || top.kind == BlockKind::whileLoop)) {
    *loop = &unit_->blocks.back();
    return;
  }
  std::vector<Block> saved = unit_->blocks;
  unit_->blocks.pop_back();
  unwind(top, at, preserve);
  if (loop) {
    const Block* found = nullptr;
    unwindAll(at, preserve, &found);
    static thread_local Block copy;
    if (found) {
      copy = *found;
      *loop = &copy;
    }
  } else {
    unwindAll(at, preserve, nullptr);
  }
  unit_->blocks = std::move(saved);
}

void Compiler::leaveLoop(Node* node, bool isBreak) {
  bool inside = false;
  for (const Block& block : unit_->blocks) {
    inside = inside || block.kind == BlockKind::forLoop || block.kind == BlockKind::whileLoop;
  }
  if (!inside) fail(node, isBreak ? "'break' outside loop" : "'continue' not properly in loop");
  const Block* loop = nullptr;
  unwindAll(node, false, &loop);
  const Block target = *loop;
  if (isBreak) {
    if (target.kind == BlockKind::forLoop) emit(node, Op::pop);
    jump(node, Op::jump, target.exit);
  } else {
    jump(node, Op::jump, target.label);
  }
}

void Compiler::returnStatement(Node* node) {
  if (unit_->scope->type != Scope::Type::function) fail(node, "'return' outside function");
  if (node->a) {
    expression(node->a);
  } else {
    emitConstant(node, Value());
  }
  unwindAll(node, true, nullptr);
  emit(node, Op::returnValue);
}

void Compiler::tryStatement(Node* node) {
  if (node->list4.empty()) return tryExcept(node);
  const std::size_t handler = newLabel();
  const std::size_t done = newLabel();
  jump(node, Op::setupHandler, handler);
  unit_->blocks.push_back({BlockKind::tryFinally, 0, 0, node});
  if (node->list2.empty()) {
    statements(node->list);
  } else {
    tryExcept(node);
  }
  unit_->blocks.pop_back();
  emit(node, Op::popBlock);
  statements(node->list4);
  jump(node, Op::jump, done);
  place(handler);
  unit_->blocks.push_back({BlockKind::finallyEnd});
  statements(node->list4);
  unit_->blocks.pop_back();
  emit(node, Op::reraise);
  place(done);
}

void Compiler::tryExcept(Node* node) {
  const std::size_t handler = newLabel();
  const std::size_t done = newLabel();
  jump(node, Op::setupHandler, handler);
  unit_->blocks.push_back({BlockKind::tryExcept});
  statements(node->list);
  unit_->blocks.pop_back();
  emit(node, Op::popBlock);
  statements(node->list3);
  jump(node, Op::jump, done);
  place(handler);
  for (std::size_t i = 0; i < node->list2.size(); ++i) {
    Node* item = node->list2[i];
    const std::size_t next = newLabel();
    if (!item->a && i + 1 < node->list2.size()) fail(item, "default 'except:' must be last");
    if (item->a) {
      expression(item->a);
      emit(item, Op::matchException);
      jump(item, Op::jumpIfFalse, next);
    }
    if (item->name.empty()) {
      emit(item, Op::pop);
      unit_->blocks.push_back({BlockKind::handler});
      statements(item->list);
      unit_->blocks.pop_back();
      emit(item, Op::popException);
      jump(item, Op::jump, done);
    } else {
      const std::size_t cleanup = newLabel();
      name(item, item->name, Access::store);
      jump(item, Op::setupHandler, cleanup);
      unit_->blocks.push_back({BlockKind::handler, 0, 0, item});
      statements(item->list);
      unit_->blocks.pop_back();
      emit(item, Op::popBlock);
      emit(item, Op::popException);
      emitConstant(item, Value());
      name(item, item->name, Access::store);
      name(item, item->name, Access::remove);
      jump(item, Op::jump, done);
      place(cleanup);
      emitConstant(item, Value());
      name(item, item->name, Access::store);
      name(item, item->name, Access::remove);
      emit(item, Op::reraise);
    }
    place(next);
  }
  emit(node, Op::reraise);
  place(done);
}

void Compiler::with(Node* node, std::size_t index) {
  Node* item = node->list[index];
  const std::size_t handler = newLabel();
  const std::size_t suppress = newLabel();
  const std::size_t done = newLabel();
  expression(item->a);
  emit(item->a, Op::withEnter);
  jump(item->a, Op::setupWith, handler);
  unit_->blocks.push_back({BlockKind::with});
  if (item->b) {
    store(item->b);
  } else {
    emit(item->a, Op::pop);
  }
  if (index + 1 < node->list.size()) {
    with(node, index + 1);
  } else {
    statements(node->list2);
  }
  unit_->blocks.pop_back();
  emit(item->a, Op::popBlock);
  emit(item->a, Op::withExit);
  jump(node, Op::jump, done);
  place(handler);
  emit(item->a, Op::withExceptStart);
  jump(item->a, Op::jumpIfTrue, suppress);
  emit(item->a, Op::reraise);
  place(suppress);
  emit(item->a, Op::popException);
  emit(item->a, Op::pop);
  emit(item->a, Op::pop);
  place(done);
}

void Compiler::import(Node* node) {
  for (Node* alias : node->list) {
    // `import a.b` binds a; `import a.b as c` binds the module a.b itself.
    const std::string_view top = alias->name.substr(0, alias->name.find('.'));
    emitAt(alias->line, alias->column, Op::importName, nameIndex(alias->name));
    if (!alias->a && top != alias->name) {
      emit(alias, Op::pop);
      emitAt(alias->line, alias->column, Op::importName, nameIndex(top));
    }
    name(alias, alias->a ? alias->a->name : top, Access::store);
  }
}

void Compiler::importFrom(Node* node) {
  if (node->name == "__future__") {
    for (Node* alias : node->list) futureAnnotations_ = futureAnnotations_ || alias->name == "annotations";
  }
  std::string module(node->op, '.');
  module += node->name;
  emit(node, Op::importName, nameIndex(ast_.keepText(module)));
  for (Node* alias : node->list) {
    if (alias->name == "*") {
      emit(node, Op::importStar);
      return;
    }
    emit(node, Op::importFrom, nameIndex(alias->name));
    name(alias, alias->a ? alias->a->name : alias->name, Access::store);
  }
  emit(node, Op::pop);
}

}  // namespace cadrecode::script
