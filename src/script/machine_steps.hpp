// The longer steps of the machine, one function for an instruction. Internal to the machine.
#pragma once

#include "script/machine.hpp"

namespace cadrecode::script {

inline Value pop(Frame* frame) { return std::move(*--frame->top); }
inline void push(Frame* frame, Value value) { *frame->top++ = std::move(value); }

inline void dropTo(Frame* frame, Value* height) {
  while (frame->top > height) {
    const Value gone = std::move(*--frame->top);
    (void)gone;
  }
}

// The commonest operations on two numbers, the result in place of the left one; false: do it the long way.
inline bool quickBinary(BinaryOperator op, Value& left, const Value& right) {
  if (left.isFloat() && right.isFloat()) {
    switch (op) {
      case BinaryOperator::add:
        left = Value(left.real() + right.real());
        return true;
      case BinaryOperator::subtract:
        left = Value(left.real() - right.real());
        return true;
      case BinaryOperator::multiply:
        left = Value(left.real() * right.real());
        return true;
      default:
        return false;
    }
  }
  if (!left.isInt() || !right.isInt()) return false;
  std::int64_t result = 0;
  bool fits = false;
  switch (op) {
    case BinaryOperator::add:
      fits = !__builtin_add_overflow(left.integer(), right.integer(), &result);
      break;
    case BinaryOperator::subtract:
      fits = !__builtin_sub_overflow(left.integer(), right.integer(), &result);
      break;
    case BinaryOperator::multiply:
      fits = !__builtin_mul_overflow(left.integer(), right.integer(), &result);
      break;
    default:
      return false;
  }
  if (fits) left = Value(result);
  return fits;
}
inline bool compareIntegers(CompareOperator op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case CompareOperator::less:
      return a < b;
    case CompareOperator::lessEqual:
      return a <= b;
    case CompareOperator::equal:
      return a == b;
    case CompareOperator::notEqual:
      return a != b;
    case CompareOperator::greater:
      return a > b;
    default:
      return a >= b;
  }
}

// NameError or UnboundLocalError for a variable without a value.
[[noreturn]] void throwUnbound(const Code& code, std::int32_t slot);
[[noreturn]] void throwName(const Str& name);
Value loadGlobal(Interpreter::Impl& impl, Frame* frame, const Str& name);
Value loadName(Interpreter::Impl& impl, Frame* frame, const Str& name);
// obj.name(...) without making a bound method where it can be avoided: replaces the object on top by function and self,
// or by the attribute and an unbound marker.
void loadMethod(Frame* frame, const Str& name);
Value makeFunction(Frame* frame, int flags);
// Executes a class body and makes the class.
Value buildClass(Interpreter::Impl& impl, Frame* frame);
Value callWithKeywords(Frame* frame, std::int32_t count);
Value callExtended(Frame* frame);
void mergeKeywords(Frame* frame);
Value buildString(Frame* frame, std::int32_t count);
void withEnter(Frame* frame);
void extendList(Frame* frame, std::int32_t argument);
void updateDict(Dict& dict, const Value& added);

}  // namespace cadrecode::script
