// int, float, bool and range as classes; conversions; rounding.
#include <cmath>

#include "script/builtin_support.hpp"
#include "script/text_format.hpp"

namespace cadrecode::script {

double toReal(const Value& value) {
  if (value.isNumber()) return value.number();
  const Value& plain = plainValue(value);
  if (plain.isNumber()) return plain.number();
  if (value.isObject() && (value.is(Kind::instance) || value.is(Kind::native))) {
    Value method = specialMethod(value, *names().floatName);
    if (method.isUnbound()) method = specialMethod(value, *names().index);
    if (!method.isUnbound()) {
      const Value result = call(method);
      if (result.isNumber()) return result.number();
      raise("TypeError", typeName(value) + ".__float__ returned non-float (type " + typeName(result) + ")");
    }
  }
  raise("TypeError", "must be real number, not " + typeName(value));
}

std::int64_t toIndex(const Value& value) {
  const Value& plain = plainValue(value);
  if (plain.isIntegral()) return plain.integer();
  if (value.is(Kind::instance) || value.is(Kind::native)) {
    const Value method = specialMethod(value, *names().index);
    if (!method.isUnbound()) {
      const Value result = call(method);
      if (result.isIntegral()) return result.integer();
      raise("TypeError", "__index__ returned non-int (type " + typeName(result) + ")");
    }
  }
  raise("TypeError", "'" + typeName(value) + "' object cannot be interpreted as an integer");
}

const std::string& toText(const Value& value, std::string_view what) {
  const Value& plain = plainValue(value);
  if (!isStr(plain)) raise("TypeError", std::string(what) + " must be str, not " + typeName(value));
  return textOf(plain);
}

std::int64_t floorToInteger(double value) {
  if (std::isnan(value)) raise("ValueError", "cannot convert float NaN to integer");
  if (std::isinf(value)) raise("OverflowError", "cannot convert float infinity to integer");
  if (value < -9223372036854775808.0 || value >= 9223372036854775808.0) {
    raise("OverflowError", "integer result does not fit in 64 bits");
  }
  return static_cast<std::int64_t>(value);
}

namespace {

std::int64_t roundInteger(std::int64_t value, std::int64_t digits) {
  if (digits >= 0) return value;
  if (digits < -18) return 0;
  std::int64_t unit = 1;
  for (std::int64_t i = digits; i < 0; ++i) unit *= 10;
  std::int64_t rest = value % unit;
  if (rest < 0) rest += unit;
  std::int64_t low = value - rest;
  const bool up = rest > unit - rest || (rest == unit - rest && (low / unit) % 2 != 0);
  if (up && __builtin_add_overflow(low, unit, &low)) raise("OverflowError", "integer result does not fit in 64 bits");
  return low;
}

double roundReal(double value, std::int64_t digits) {
  if (!std::isfinite(value) || value == 0 || digits > 323) return value;
  if (digits < -308) return std::copysign(0.0, value);
  if (digits >= 0) {
    const double result = std::strtod(printfReal(value, 'f', static_cast<int>(digits), false).c_str(), nullptr);
    if (std::isinf(result)) raise("OverflowError", "rounded value too large to represent");
    return result;
  }
  const std::string text = printfReal(value, 'e', 17, false);
  const int exponent = std::atoi(text.c_str() + text.find('e') + 1);
  const int kept = exponent + 1 + static_cast<int>(digits);
  if (kept < 0) return std::copysign(0.0, value);
  if (kept == 0) {
    const double unit = std::pow(10.0, static_cast<double>(-digits));
    return std::copysign(std::fabs(value) > unit / 2 ? unit : 0.0, value);
  }
  const double result = std::strtod(printfReal(value, 'e', kept - 1, false).c_str(), nullptr);
  if (std::isinf(result)) raise("OverflowError", "rounded value too large to represent");
  return result;
}

Value baseInstance(Class* cls, Value value) {
  if (!cls->scripted()) return value;
  auto instance = make<Instance>(cls);
  instance->base = std::move(value);
  return Value(std::move(instance));
}

Value integerFrom(const Value& source) {
  const Value& value = plainValue(source);
  if (value.isIntegral()) return Value(value.integer());
  if (value.isFloat()) return Value(floorToInteger(std::trunc(value.real())));
  if (isStr(value)) {
    std::int64_t number = 0;
    const int result = parseInteger(textOf(value), 10, number);
    if (result == 0) raise("ValueError", "invalid literal for int() with base 10: " + repr(value));
    if (result == 2) raise("OverflowError", "integer does not fit in 64 bits");
    return Value(number);
  }
  for (const Ref<Str>& name : {names().intName, names().index, names().trunc}) {
    const Value method = value.isObject() ? specialMethod(value, *name) : Value::unbound();
    if (method.isUnbound()) continue;
    const Value result = call(method);
    if (!result.isIntegral()) raise("TypeError", "__int__ returned non-int (type " + typeName(result) + ")");
    return Value(result.integer());
  }
  raise("TypeError",
        "int() argument must be a string, a bytes-like object or a real number, not '" + typeName(value) + "'");
}

Value constructInteger(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  Value base = keyword(keywords, "base");
  for (const auto& [key, value] : keywords) {
    if (textOf(key) != "base") raise("TypeError", "'" + textOf(key) + "' is an invalid keyword argument for int()");
  }
  if (count > 2) raise("TypeError", "int() takes at most 2 arguments (" + std::to_string(count) + " given)");
  if (count == 2) base = arguments[1];
  if (count == 0) {
    if (!base.isUnbound()) raise("TypeError", "int() missing string argument");
    return baseInstance(cls, Value(0));
  }
  if (base.isUnbound()) return baseInstance(cls, integerFrom(arguments[0]));
  const std::int64_t radix = toIndex(base);
  if (!isStr(arguments[0])) raise("TypeError", "int() can't convert non-string with explicit base");
  if (radix != 0 && (radix < 2 || radix > 36)) raise("ValueError", "int() base must be >= 2 and <= 36, or 0");
  std::int64_t number = 0;
  const int result = parseInteger(textOf(arguments[0]), static_cast<int>(radix), number);
  if (result == 0) {
    raise("ValueError", "invalid literal for int() with base " + std::to_string(radix) + ": " + repr(arguments[0]));
  }
  if (result == 2) raise("OverflowError", "integer does not fit in 64 bits");
  return baseInstance(cls, Value(number));
}

Value constructReal(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("float", keywords);
  checkCount("float", count, 0, 1);
  if (count == 0) return baseInstance(cls, Value(0.0));
  const Value& value = plainValue(arguments[0]);
  if (value.isNumber()) return baseInstance(cls, Value(value.number()));
  if (isStr(value)) {
    double number = 0;
    if (!parseReal(textOf(value), number)) raise("ValueError", "could not convert string to float: " + repr(value));
    return baseInstance(cls, Value(number));
  }
  const bool convertible = value.isObject() && (!specialMethod(value, *names().floatName).isUnbound() ||
                                                !specialMethod(value, *names().index).isUnbound());
  if (!convertible)
    raise("TypeError", "float() argument must be a string or a real number, not '" + typeName(value) + "'");
  return baseInstance(cls, Value(toReal(value)));
}

Value constructBoolean(Class*, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("bool", keywords);
  checkCount("bool", count, 0, 1);
  return Value(count == 1 && truth(arguments[0]));
}

Value constructRange(Class*, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("range", keywords);
  checkCount("range", count, 1, 3);
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t stop = toIndex(arguments[0]);
  if (count > 1) {
    start = stop;
    stop = toIndex(arguments[1]);
  }
  if (count > 2) step = toIndex(arguments[2]);
  if (step == 0) raise("ValueError", "range() arg 3 must not be zero");
  return Value(make<Range>(start, stop, step));
}

Value constructSlice(Class*, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkNoKeywords("slice", keywords);
  checkCount("slice", count, 1, 3);
  if (count == 1) return Value(make<Slice>(Value(), arguments[0], Value()));
  return Value(make<Slice>(arguments[0], arguments[1], count > 2 ? arguments[2] : Value()));
}

std::int64_t bitLength(std::int64_t value) {
  std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::int64_t bits = 0;
  for (; magnitude != 0; magnitude >>= 1) ++bits;
  return bits;
}

}  // namespace

Value roundNumber(const Value& value, const Value& digits) {
  const Value& plain = plainValue(value);
  if (plain.isFloat()) {
    if (digits.isNone()) {
      const double number = plain.real();
      double rounded = std::round(number);
      if (std::fabs(number - std::trunc(number)) == 0.5) rounded = 2.0 * std::round(number / 2.0);
      return Value(floorToInteger(rounded));
    }
    return Value(roundReal(plain.real(), toIndex(digits)));
  }
  if (plain.isIntegral())
    return Value(digits.isNone() ? plain.integer() : roundInteger(plain.integer(), toIndex(digits)));
  const Value method = specialMethod(value, *names().round);
  if (method.isUnbound()) raise("TypeError", "type " + typeName(value) + " doesn't define __round__ method");
  return digits.isNone() ? call(method) : call(method, {digits});
}

void registerNumbers(Interpreter::Impl& impl) {
  Types& t = impl.types;
  t.integer->construct = constructInteger;
  t.real->construct = constructReal;
  t.boolean->construct = constructBoolean;
  t.range->construct = constructRange;
  t.slice->construct = constructSlice;
  t.integer->plain("bit_length", 0, 0,
                   [](const PlainArguments& a) { return Value(bitLength(plainValue(a[0]).integer())); });
  t.integer->plain("bit_count", 0, 0, [](const PlainArguments& a) {
    const std::int64_t value = plainValue(a[0]).integer();
    return Value(
        __builtin_popcountll(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value)));
  });
  t.integer->plain("conjugate", 0, 0, [](const PlainArguments& a) { return a[0]; });
  t.integer->plain("__trunc__", 0, 0, [](const PlainArguments& a) { return Value(plainValue(a[0]).integer()); });
  t.real->plain("__trunc__", 0, 0,
                [](const PlainArguments& a) { return Value(floorToInteger(std::trunc(plainValue(a[0]).real()))); });
  t.integer->plain("as_integer_ratio", 0, 0, [](const PlainArguments& a) {
    return makeTuple({Value(plainValue(a[0]).integer()), Value(1)});
  });
  t.real->plain("is_integer", 0, 0, [](const PlainArguments& a) {
    const double value = plainValue(a[0]).real();
    return Value(std::isfinite(value) && value == std::floor(value));
  });
  t.real->plain("conjugate", 0, 0, [](const PlainArguments& a) { return a[0]; });
  t.real->plain("as_integer_ratio", 0, 0, [](const PlainArguments& a) -> Value {
    double value = plainValue(a[0]).real();
    if (std::isinf(value)) raise("OverflowError", "cannot convert Infinity to integer ratio");
    if (std::isnan(value)) raise("ValueError", "cannot convert NaN to integer ratio");
    std::int64_t denominator = 1;
    while (value != std::floor(value)) {
      if (denominator > INT64_MAX / 4) raise("OverflowError", "integer result does not fit in 64 bits");
      value *= 2;
      denominator *= 2;
    }
    return makeTuple({Value(floorToInteger(value)), Value(denominator)});
  });
  t.range->plain("index", 1, 1, [](const PlainArguments& a) -> Value {
    const Range& range = a[0].to<Range>();
    if (!contains(a[0], a[1])) raise("ValueError", repr(a[1]) + " is not in range");
    return Value((static_cast<std::int64_t>(a[1].number()) - range.start) / range.step);
  });
  t.range->plain("count", 1, 1, [](const PlainArguments& a) { return Value(contains(a[0], a[1]) ? 1 : 0); });
  t.slice->plain("indices", 1, 1, [](const PlainArguments& a) {
    const SliceIndices at = sliceIndices(a[0].to<Slice>(), toIndex(a[1]));
    return makeTuple({Value(at.start), Value(at.stop), Value(at.step)});
  });
}

}  // namespace cadrecode::script
