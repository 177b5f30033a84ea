// match statements. The subject stays on the stack below what a pattern works with; a pattern consumes its subject and
// jumps to its failure label with nothing of its own left on the stack.
#include "script/compiler.hpp"
#include "script/lexer.hpp"

namespace cadrecode::script {

void Compiler::match(Node* node) {
  const std::size_t done = newLabel();
  expression(node->a);
  unit_->blocks.push_back({BlockKind::value});
  for (Node* item : node->list) {
    const std::size_t next = newLabel();
    emit(item, Op::duplicate);
    pattern(item->a, next);
    if (item->b) condition(item->b, next, false);
    // The subject is dropped before the body runs.
    emit(item, Op::pop);
    unit_->blocks.pop_back();
    statements(item->list);
    unit_->blocks.push_back({BlockKind::value});
    jump(item, Op::jump, done);
    place(next);
  }
  unit_->blocks.pop_back();
  emit(node, Op::pop);
  place(done);
}

void Compiler::pattern(Node* node, std::size_t failure) {
  if (++depth_ > 900) fail(node, "too many nested patterns");
  switch (node->kind) {
    case NodeKind::patternValue:
      expression(node->a);
      if (node->a->kind == NodeKind::constant && !node->a->value->isNumber() && !isStr(*node->a->value)) {
        emit(node, Op::is, 0);
      } else if (node->a->kind == NodeKind::constant && node->a->value->isBool()) {
        emit(node, Op::is, 0);
      } else {
        emit(node, Op::compare, static_cast<std::int32_t>(CompareOperator::equal));
      }
      jump(node, Op::jumpIfFalse, failure);
      break;
    case NodeKind::patternCapture:
      if (node->name.empty()) {
        emit(node, Op::pop);
      } else {
        name(node, node->name, Access::store);
      }
      break;
    case NodeKind::patternAs: {
      const std::size_t fail = newLabel();
      const std::size_t done = newLabel();
      emit(node, Op::duplicate);
      pattern(node->a, fail);
      name(node, node->name, Access::store);
      jump(node, Op::jump, done);
      place(fail);
      emit(node, Op::pop);
      jump(node, Op::jump, failure);
      place(done);
      break;
    }
    case NodeKind::patternOr: {
      const std::size_t matched = newLabel();
      for (Node* item : node->list) {
        const std::size_t next = newLabel();
        emit(item, Op::duplicate);
        pattern(item, next);
        jump(item, Op::jump, matched);
        place(next);
      }
      emit(node, Op::pop);
      jump(node, Op::jump, failure);
      place(matched);
      emit(node, Op::pop);
      break;
    }
    case NodeKind::patternSequence:
      sequencePattern(node, failure);
      break;
    case NodeKind::patternMapping:
      mappingPattern(node, failure);
      break;
    case NodeKind::patternClass:
      classPattern(node, failure);
      break;
    default:
      fail(node, "can't use starred name here (consider moving to list or tuple)");
  }
  --depth_;
}

void Compiler::sequencePattern(Node* node, std::size_t failure) {
  std::int32_t star = -1;
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    if (node->list[i]->kind != NodeKind::patternStar) continue;
    if (star >= 0) fail(node, "multiple starred expressions in sequence pattern");
    star = static_cast<std::int32_t>(i);
  }
  const auto count = static_cast<std::int32_t>(node->list.size());
  const std::size_t dropOne = newLabel();
  const std::size_t done = newLabel();
  emit(node, Op::matchSequence);
  jump(node, Op::jumpIfFalse, dropOne);
  emit(node, Op::getLength);
  emitConstant(node, Value(star < 0 ? count : count - 1));
  emit(node, Op::compare, static_cast<std::int32_t>(star < 0 ? CompareOperator::equal : CompareOperator::greaterEqual));
  jump(node, Op::jumpIfFalse, dropOne);
  if (star < 0) {
    emit(node, Op::unpack, count);
  } else {
    emit(node, Op::unpackExtended, star | (count - star - 1) << 16);
  }
  // When item i fails, the items after it are still on the stack.
  std::vector<std::size_t> drops;
  for (std::int32_t i = 0; i < count; ++i) drops.push_back(newLabel());
  for (std::int32_t i = 0; i < count; ++i) {
    Node* item = node->list[static_cast<std::size_t>(i)];
    if (item->kind == NodeKind::patternStar) {
      if (item->name.empty()) {
        emit(item, Op::pop);
      } else {
        name(item, item->name, Access::store);
      }
    } else {
      pattern(item, drops[static_cast<std::size_t>(i)]);
    }
  }
  jump(node, Op::jump, done);
  for (std::int32_t i = 0; i < count; ++i) {
    place(drops[static_cast<std::size_t>(i)]);
    if (i + 1 < count) emit(node, Op::pop);
  }
  jump(node, Op::jump, failure);
  place(dropOne);
  emit(node, Op::pop);
  jump(node, Op::jump, failure);
  place(done);
}

void Compiler::mappingPattern(Node* node, std::size_t failure) {
  const std::size_t dropOne = newLabel();
  const std::size_t done = newLabel();
  emit(node, Op::matchMapping);
  jump(node, Op::jumpIfFalse, dropOne);
  for (std::size_t i = 0; i < node->list.size(); ++i) {
    // subject -> subject, value, found
    expression(node->list[i]);
    emit(node, Op::matchKeys);
    const std::size_t found = newLabel();
    jump(node, Op::jumpIfTrue, found);
    emit(node, Op::pop);
    jump(node, Op::jump, dropOne);
    place(found);
    pattern(node->list2[i], dropOne);
  }
  if (!node->name.empty()) {
    emit(node, Op::duplicate);
    for (Node* key : node->list) expression(key);
    emit(node, Op::buildTuple, static_cast<std::int32_t>(node->list.size()));
    emit(node, Op::matchRest);
    name(node, node->name, Access::store);
  }
  emit(node, Op::pop);
  jump(node, Op::jump, done);
  place(dropOne);
  emit(node, Op::pop);
  jump(node, Op::jump, failure);
  place(done);
}

void Compiler::classPattern(Node* node, std::size_t failure) {
  Values names;
  for (Node* keyword : node->list2) names.push_back(Value(intern(keyword->name)));
  const auto count = static_cast<std::int32_t>(node->list.size() + node->list2.size());
  expression(node->a);
  emitConstant(node, makeTuple(std::move(names)));
  // subject, class, names -> tuple of attributes or None
  emit(node, Op::matchClass, static_cast<std::int32_t>(node->list.size()));
  const std::size_t none = newLabel();
  const std::size_t matched = newLabel();
  const std::size_t done = newLabel();
  emit(node, Op::duplicate);
  emitConstant(node, Value());
  emit(node, Op::is, 1);
  jump(node, Op::jumpIfTrue, matched);
  jump(node, Op::jump, none);
  place(matched);
  emit(node, Op::unpack, count);
  std::vector<std::size_t> drops;
  for (std::int32_t i = 0; i < count; ++i) drops.push_back(newLabel());
  for (std::int32_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    Node* item = index < node->list.size() ? node->list[index] : node->list2[index - node->list.size()]->a;
    pattern(item, drops[index]);
  }
  jump(node, Op::jump, done);
  for (std::int32_t i = 0; i < count; ++i) {
    place(drops[static_cast<std::size_t>(i)]);
    if (i + 1 < count) emit(node, Op::pop);
  }
  jump(node, Op::jump, failure);
  place(none);
  emit(node, Op::pop);
  jump(node, Op::jump, failure);
  place(done);
}

}  // namespace cadrecode::script
