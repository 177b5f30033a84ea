// numpy-like arrays of doubles, ints or bools, of any rank: the little of numpy that CAD scripts use.
#pragma once

#include "script/runtime.hpp"

namespace cadrecode::script {

class Array final : public Object {
 public:
  static constexpr Kind kKind = Kind::array;
  enum class Type : std::uint8_t { boolean, integer, real };
  Array(Type type, std::vector<std::size_t> shape);
  std::size_t size() const { return data.size(); }

  Type type;
  std::vector<std::size_t> shape;
  // All elements, the last index running fastest. Ints up to 2^53 are exact.
  std::vector<double, CountedAllocator<double>> data;
};

// A number as the element of an array of that type.
Value arrayElement(Array::Type type, double value);
// Any nested sequence of numbers as an array.
Ref<Array> toArray(const Value& value);

bool arrayTruth(const Value& value);
Value arrayCompare(CompareOperator op, const Value& left, const Value& right);
Value arrayBinary(BinaryOperator op, const Value& left, const Value& right, bool inPlace);
Value arrayInvert(const Value& value);
Value arrayGetItem(const Value& array, const Value& key);
void arraySetItem(const Value& array, const Value& key, const Value& value);
Value arrayIterator(const Value& array);
std::string arrayText(const Array& array, bool repr);

double realModulo(double a, double b);
double realFloorDivide(double a, double b);
Value setCombine(BinaryOperator op, Set& left, Set& right, bool frozen);

}  // namespace cadrecode::script
