// What Python does with values, for C++ code: truth, comparison, arithmetic, repr, items, attributes, iteration, calls.
// All of these may run script code and throw: Raised for a Python exception in flight, cadrecode::Error for one that
// was raised by native code and has no object yet. They need an Interpreter on this thread (Interpreter::current()).
#pragma once

#include <functional>

#include "core/error.hpp"
#include "script/objects.hpp"

namespace cadrecode::script {

// A Python exception in flight.
struct Raised {
  Value exception;
};

enum class BinaryOperator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  floorDivide,
  modulo,
  power,
  leftShift,
  rightShift,
  bitOr,
  bitXor,
  bitAnd,
  matrixMultiply
};
enum class CompareOperator : std::uint8_t { less, lessEqual, equal, notEqual, greater, greaterEqual };

bool truth(const Value& value);
bool equals(const Value& left, const Value& right);
Value compare(CompareOperator op, const Value& left, const Value& right);
bool less(const Value& left, const Value& right);
std::int64_t hashOf(const Value& value);
std::string repr(const Value& value);
std::string str(const Value& value);
std::string format(const Value& value, const std::string& spec);
Value binary(BinaryOperator op, const Value& left, const Value& right, bool inPlace = false);
Value negative(const Value& value);
Value positive(const Value& value);
Value invert(const Value& value);

Class* typeOf(const Value& value);
const std::string& typeName(const Value& value);  // "int", "Workplane"
bool isInstance(const Value& value, const Class* cls);

Value getAttribute(const Value& object, std::string_view name);
// Unbound when there is no such attribute.
Value findAttribute(const Value& object, std::string_view name);
Value findAttribute(const Value& object, const Str& name);
void setAttribute(const Value& object, std::string_view name, const Value& value);
void setAttribute(const Value& object, const Str& name, const Value& value);
void deleteAttribute(const Value& object, const Str& name);

std::int64_t length(const Value& value);
Value getItem(const Value& object, const Value& key);
void setItem(const Value& object, const Value& key, const Value& value);
void deleteItem(const Value& object, const Value& key);
bool contains(const Value& container, const Value& item);

// iter(value); then next() until it gives false.
Value iterate(const Value& value);
bool next(const Value& iterator, Value& item);
// All items of any iterable.
std::vector<Value> listOf(const Value& iterable);
void forEach(const Value& iterable, const std::function<void(const Value&)>& visit);
bool isIterable(const Value& value);
bool isCallable(const Value& value);

Value call(const Value& callable, const std::vector<Value>& arguments = {}, const KeywordArguments& keywords = {});
Value callMethod(const Value& object, std::string_view name, const std::vector<Value>& arguments = {});

// Conversions with Python's errors ("must be real number, not str", "'str' object cannot be interpreted as an
// integer").
double toReal(const Value& value);
std::int64_t toIndex(const Value& value);
// The value as UTF-8 text; TypeError "<what> must be str, not int" otherwise.
const std::string& toText(const Value& value, std::string_view what = "argument");

// Ends the run with status unsupported: "not supported: <what>". Scripts cannot catch it.
[[noreturn]] void throwUnsupported(const std::string& what);
[[noreturn]] void raise(const std::string& type, const std::string& message);
[[noreturn]] void raiseValue(const std::string& type, const Value& argument);  // KeyError(key), StopIteration(value)

// Counts work done inside one native operation against the limit of steps.
void countSteps(std::uint64_t steps);
// Guards recursion in C++ (repr, comparison, destruction of structures): throws RecursionError when too deep.
class RecursionGuard {
 public:
  explicit RecursionGuard(const char* where = "");
  ~RecursionGuard();
  RecursionGuard(const RecursionGuard&) = delete;
};

}  // namespace cadrecode::script
