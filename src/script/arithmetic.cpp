// The arithmetic operators.
#include <cmath>

#include "script/arrays.hpp"
#include "script/builtin_support.hpp"
#include "script/machine.hpp"
#include "script/text_format.hpp"

namespace cadrecode::script {

namespace {

struct OperatorNames {
  const char* symbol;
  Ref<Str> Names::*method;
  Ref<Str> Names::*reflected;
  Ref<Str> Names::*inPlace;
};
const OperatorNames kOperators[] = {{"+", &Names::add, &Names::radd, &Names::iadd},
                                    {"-", &Names::sub, &Names::rsub, &Names::isub},
                                    {"*", &Names::mul, &Names::rmul, &Names::imul},
                                    {"/", &Names::trueDiv, &Names::rtrueDiv, &Names::itrueDiv},
                                    {"//", &Names::floorDiv, &Names::rfloorDiv, &Names::ifloorDiv},
                                    {"%", &Names::mod, &Names::rmod, &Names::imod},
                                    {"** or pow()", &Names::pow, &Names::rpow, &Names::ipow},
                                    {"<<", &Names::lshift, &Names::rlshift, &Names::ilshift},
                                    {">>", &Names::rshift, &Names::rrshift, &Names::irshift},
                                    {"|", &Names::orName, &Names::ror, &Names::ior},
                                    {"^", &Names::xorName, &Names::rxor, &Names::ixor},
                                    {"&", &Names::andName, &Names::rand, &Names::iand},
                                    {"@", &Names::matmul, &Names::rmatmul, &Names::imatmul}};

[[noreturn]] void throwOverflow() { raise("OverflowError", "integer result does not fit in 64 bits"); }

Value integerPower(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
    return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  if (base == 0 || base == 1) return Value(exponent == 0 ? std::int64_t{1} : base);
  if (base == -1) return Value(exponent % 2 == 0 ? 1 : -1);
  std::int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) throwOverflow();
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) throwOverflow();
  }
  return Value(result);
}

Value realPower(double base, double exponent) {
  if (base == 0 && exponent < 0) raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  if (base < 0 && std::isfinite(base) && std::isfinite(exponent) && exponent != std::floor(exponent)) {
    throwUnsupported("complex numbers");
  }
  const double result = std::pow(base, exponent);
  if (std::isinf(result) && std::isfinite(base) && std::isfinite(exponent)) {
    raiseValue("OverflowError", makeTuple({Value(34), makeStr("Numerical result out of range")}));
  }
  return Value(result);
}

std::int64_t floorDivide(std::int64_t a, std::int64_t b) {
  if (b == -1) {
    std::int64_t result = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, a, &result)) throwOverflow();
    return result;
  }
  const std::int64_t quotient = a / b;
  return a % b != 0 && ((a < 0) != (b < 0)) ? quotient - 1 : quotient;
}
std::int64_t floorModulo(std::int64_t a, std::int64_t b) {
  if (b == -1) return 0;
  const std::int64_t rest = a % b;
  return rest != 0 && ((rest < 0) != (b < 0)) ? rest + b : rest;
}

Value integerOperation(BinaryOperator op, std::int64_t a, std::int64_t b, bool booleans) {
  std::int64_t result = 0;
  switch (op) {
    case BinaryOperator::add:
      if (__builtin_add_overflow(a, b, &result)) throwOverflow();
      return Value(result);
    case BinaryOperator::subtract:
      if (__builtin_sub_overflow(a, b, &result)) throwOverflow();
      return Value(result);
    case BinaryOperator::multiply:
      if (__builtin_mul_overflow(a, b, &result)) throwOverflow();
      return Value(result);
    case BinaryOperator::divide: {
      if (b == 0) raise("ZeroDivisionError", "division by zero");
      constexpr std::int64_t kExact = std::int64_t{1} << 53;
      if (a >= -kExact && a <= kExact && b >= -kExact && b <= kExact)
        return Value(static_cast<double>(a) / static_cast<double>(b));
      return Value(static_cast<double>(static_cast<long double>(a) / static_cast<long double>(b)));
    }
    case BinaryOperator::floorDivide:
      if (b == 0) raise("ZeroDivisionError", "integer division or modulo by zero");
      return Value(floorDivide(a, b));
    case BinaryOperator::modulo:
      if (b == 0) raise("ZeroDivisionError", "integer modulo by zero");
      return Value(floorModulo(a, b));
    case BinaryOperator::power:
      return integerPower(a, b);
    case BinaryOperator::leftShift:
      if (b < 0) raise("ValueError", "negative shift count");
      if (a == 0) return Value(0);
      if (b >= 63 || __builtin_mul_overflow(a, std::int64_t{1} << b, &result)) throwOverflow();
      return Value(result);
    case BinaryOperator::rightShift:
      if (b < 0) raise("ValueError", "negative shift count");
      return Value(b >= 63 ? (a < 0 ? -1 : 0) : a >> b);
    case BinaryOperator::bitOr:
      return booleans ? Value((a | b) != 0) : Value(a | b);
    case BinaryOperator::bitXor:
      return booleans ? Value((a ^ b) != 0) : Value(a ^ b);
    case BinaryOperator::bitAnd:
      return booleans ? Value((a & b) != 0) : Value(a & b);
    default:
      return Value::unbound();
  }
}

Value realOperation(BinaryOperator op, double a, double b) {
  switch (op) {
    case BinaryOperator::add:
      return Value(a + b);
    case BinaryOperator::subtract:
      return Value(a - b);
    case BinaryOperator::multiply:
      return Value(a * b);
    case BinaryOperator::divide:
      if (b == 0) raise("ZeroDivisionError", "float division by zero");
      return Value(a / b);
    case BinaryOperator::floorDivide: {
      if (b == 0) raise("ZeroDivisionError", "float floor division by zero");
      return Value(realFloorDivide(a, b));
    }
    case BinaryOperator::modulo:
      if (b == 0) raise("ZeroDivisionError", "float modulo");
      return Value(realModulo(a, b));
    case BinaryOperator::power:
      return realPower(a, b);
    default:
      return Value::unbound();
  }
}

Value repeat(const Value& sequence, std::int64_t times) {
  if (times < 0) times = 0;
  Heap& heap = Heap::current();
  const auto checkSize = [&](std::size_t bytes) {
    if (times > 0 && bytes > 0 && bytes > SIZE_MAX / 4 / static_cast<std::size_t>(times)) raise("MemoryError", "");
    heap.check(bytes * static_cast<std::size_t>(times));
    countSteps(bytes * static_cast<std::size_t>(times) / 16);
  };
  if (isStr(sequence)) {
    const std::string& text = textOf(sequence);
    checkSize(text.size());
    std::string result;
    result.reserve(text.size() * static_cast<std::size_t>(times));
    for (std::int64_t i = 0; i < times; ++i) {
      if (text.size() == 1) {
        result.assign(static_cast<std::size_t>(times), text[0]);
        break;
      }
      if (text.empty()) break;
      result += text;
    }
    return Value(make<Str>(std::move(result)));
  }
  const Values& items = sequence.is(Kind::list) ? sequence.to<List>().items : sequence.to<Tuple>().items;
  checkSize(items.size() * sizeof(Value));
  Values result;
  result.reserve(items.size() * static_cast<std::size_t>(times));
  for (std::int64_t i = 0; i < times && !items.empty(); ++i) result.insert(result.end(), items.begin(), items.end());
  return sequence.is(Kind::list) ? makeList(std::move(result)) : makeTuple(std::move(result));
}

Value concatenate(const Value& a, const Value& b) {
  const char* name = isStr(a) ? "str" : a.is(Kind::list) ? "list" : "tuple";
  if (!b.isObject() || b.object()->kind() != a.object()->kind()) {
    raise("TypeError", std::string("can only concatenate ") + name + " (not \"" + typeName(b) + "\") to " + name);
  }
  if (isStr(a)) {
    Heap::current().check(textOf(a).size() + textOf(b).size());
    countSteps(textOf(a).size() / 64);
    return Value(make<Str>(textOf(a) + textOf(b)));
  }
  const bool list = a.is(Kind::list);
  const Values& left = list ? a.to<List>().items : a.to<Tuple>().items;
  const Values& right = list ? b.to<List>().items : b.to<Tuple>().items;
  countSteps((left.size() + right.size()) / 16);
  Values items;
  items.reserve(left.size() + right.size());
  items.insert(items.end(), left.begin(), left.end());
  items.insert(items.end(), right.begin(), right.end());
  return list ? makeList(std::move(items)) : makeTuple(std::move(items));
}

Value setOperation(BinaryOperator op, const Value& a, const Value& b) {
  // A view of keys or items takes any iterable on its other side, a set only a set.
  const auto setView = [](const Value& value) {
    return value.is(Kind::view) && value.to<View>().what != View::What::values;
  };
  if (!setView(a) && !setView(b) && !(a.is(Kind::set) && b.is(Kind::set))) return Value::unbound();
  Ref<Set> left;
  Ref<Set> right;
  const auto asSet = [](const Value& value) {
    if (Set* set = value.as<Set>()) return Ref<Set>(set);
    auto made = make<Set>();
    for (const Value& item : listOf(value)) made->add(item);
    return made;
  };
  switch (op) {
    case BinaryOperator::bitOr:
    case BinaryOperator::bitAnd:
    case BinaryOperator::bitXor:
    case BinaryOperator::subtract:
      left = asSet(a);
      right = asSet(b);
      return setCombine(op, *left, *right, a.is(Kind::set) && left->frozen());
    default:
      return Value::unbound();
  }
}

Value builtinOperation(BinaryOperator op, const Value& a, const Value& b, bool inPlace) {
  if (a.isNumber() && b.isNumber()) {
    if (a.isFloat() || b.isFloat()) return realOperation(op, a.number(), b.number());
    return integerOperation(op, a.integer(), b.integer(), a.isBool() && b.isBool());
  }
  if (op == BinaryOperator::modulo && isStr(a)) return makeStr(percentFormat(textOf(a), b));
  const auto sequence = [](const Value& v) { return isStr(v) || v.is(Kind::list) || v.is(Kind::tuple); };
  if (op == BinaryOperator::add && sequence(a)) return concatenate(a, b);
  if (op == BinaryOperator::multiply && (sequence(a) || sequence(b))) {
    // CPython's *= does not turn to the right operand when the left one is some other container.
    if (inPlace && (a.is(Kind::dict) || a.is(Kind::set) || a.is(Kind::range) || a.is(Kind::view)))
      return Value::unbound();
    const Value& items = sequence(a) ? a : b;
    const Value& times = sequence(a) ? b : a;
    if (times.isIntegral()) {
      if (inPlace && items.is(Kind::list) && items.same(a)) {
        const Value repeated = repeat(items, times.integer());
        a.to<List>().items = repeated.to<List>().items;
        return a;
      }
      return repeat(items, times.integer());
    }
    raise("TypeError", "can't multiply sequence by non-int of type '" + typeName(times) + "'");
  }
  if (a.is(Kind::set) || a.is(Kind::view) || b.is(Kind::view)) {
    Value result = setOperation(op, a, b);
    if (!result.isUnbound()) return result;
  }
  if (op == BinaryOperator::bitOr) {
    if (a.is(Kind::dict) && b.is(Kind::dict)) {
      auto merged = make<Dict>(a.object()->cls());
      merged->factory = a.to<Dict>().factory;
      for (const Value& source : {a, b}) {
        for (const auto& entry :
             std::vector<Dict::Entry>(source.to<Dict>().entries().begin(), source.to<Dict>().entries().end())) {
          if (!entry.key.isUnbound()) merged->set(entry.key, entry.hash, entry.value);
        }
      }
      return Value(std::move(merged));
    }
    // int | None in annotations.
    const auto typeLike = [](const Value& v) {
      return v.is(Kind::type) || v.isNone() || (v.isObject() && v.object()->cls() == types().alias);
    };
    if (typeLike(a) && typeLike(b) && !(a.isNone() && b.isNone())) {
      return Value(make<Singleton>(types().alias, repr(a) + " | " + repr(b)));
    }
  }
  return Value::unbound();
}

// Operators that change a container in place; unbound when there is none.
Value inPlaceOperation(BinaryOperator op, const Value& a, const Value& b) {
  if (a.is(Kind::list) && op == BinaryOperator::add) {
    if (!isIterable(b)) raise("TypeError", "'" + typeName(b) + "' object is not iterable");
    if (b.same(a)) {
      const Values copy = a.to<List>().items;
      a.to<List>().items.insert(a.to<List>().items.end(), copy.begin(), copy.end());
      return a;
    }
    forEach(b, [&](const Value& item) { a.to<List>().items.push_back(item); });
    return a;
  }
  if (a.is(Kind::dict) && op == BinaryOperator::bitOr) {
    updateDictFrom(a.to<Dict>(), b);
    return a;
  }
  if (a.is(Kind::set) && !a.to<Set>().frozen() && b.is(Kind::set)) {
    if (op == BinaryOperator::bitOr) {
      a.to<Set>().merge(b.to<Set>());
      return a;
    }
    if (op == BinaryOperator::subtract) {
      for (const Value& item : b.to<Set>().items()) a.to<Set>().discard(item);
      return a;
    }
    if (op == BinaryOperator::bitXor) {
      for (const Value& item : b.to<Set>().items()) {
        if (!a.to<Set>().discard(item)) a.to<Set>().add(item);
      }
      return a;
    }
    if (op == BinaryOperator::bitAnd) {
      const Value result = setCombine(op, a.to<Set>(), b.to<Set>(), false);
      a.to<Set>().clearItems();
      a.to<Set>().merge(result.to<Set>());
      return a;
    }
  }
  return Value::unbound();
}

bool hasOperators(const Value& value) {
  return value.is(Kind::instance) || value.is(Kind::native) ||
         (value.isObject() && value.object()->cls()->scripted()) ||
         (value.is(Kind::dict) && value.object()->cls() != types().dict);
}

Value byMethods(const OperatorNames& op, const Value& a, const Value& b, bool inPlace) {
  const Names& all = names();
  const auto attempt = [](const Value& self, const Value& other, const Str& name) -> Value {
    Class* cls = typeOf(self);
    Value* found = cls->lookup(name);
    if (!found || found->isNone()) return Value::unbound();
    Value result = call(bindAttribute(*found, self, cls), {other});
    return result.same(machine().notImplemented) ? Value::unbound() : result;
  };
  const bool left = hasOperators(a);
  const bool right = hasOperators(b);
  if (inPlace && left) {
    Value result = attempt(a, b, *(all.*op.inPlace));
    if (!result.isUnbound()) return result;
  }
  const bool rightFirst = left && right && typeOf(a) != typeOf(b) && typeOf(b)->derivesFrom(typeOf(a));
  if (rightFirst) {
    Value result = attempt(b, a, *(all.*op.reflected));
    if (!result.isUnbound()) return result;
  }
  if (left) {
    Value result = attempt(a, b, *(all.*op.method));
    if (!result.isUnbound()) return result;
  }
  if (right && !rightFirst && typeOf(a) != typeOf(b)) return attempt(b, a, *(all.*op.reflected));
  return Value::unbound();
}

}  // namespace

double realModulo(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest != 0) {
    if ((b < 0) != (rest < 0)) rest += b;
  } else {
    rest = std::copysign(0.0, b);
  }
  return rest;
}

double realFloorDivide(double a, double b) {
  const double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  double floored = std::floor(quotient);
  if (quotient - floored > 0.5) floored += 1;
  return floored;
}

Value binary(BinaryOperator op, const Value& left, const Value& right, bool inPlace) {
  const OperatorNames& spelled = kOperators[static_cast<int>(op)];
  if (left.is(Kind::array) || right.is(Kind::array)) {
    if (!hasOperators(left) && !hasOperators(right)) return arrayBinary(op, left, right, inPlace);
  }
  if (hasOperators(left) || hasOperators(right)) {
    const RecursionGuard guard;
    Value result = byMethods(spelled, left, right, inPlace);
    if (!result.isUnbound()) return result;
  }
  const Value a = plainValue(left);
  const Value b = plainValue(right);
  if (inPlace) {
    Value result = inPlaceOperation(op, a, b);
    if (!result.isUnbound()) return result;
  }
  Value result = builtinOperation(op, a, b, inPlace);
  if (!result.isUnbound()) return result;
  std::string symbol = spelled.symbol;
  if (inPlace) symbol = op == BinaryOperator::power ? "**=" : symbol + "=";
  raise("TypeError",
        "unsupported operand type(s) for " + symbol + ": '" + typeName(left) + "' and '" + typeName(right) + "'");
}

namespace {
Value unaryByMethod(const Value& value, const Str& name, const char* symbol) {
  const Value method = specialMethod(value, name);
  if (method.isUnbound())
    raise("TypeError", std::string("bad operand type for unary ") + symbol + ": '" + typeName(value) + "'");
  return call(method);
}
}  // namespace

Value negative(const Value& value) {
  if (value.isFloat()) return Value(-value.real());
  if (value.isIntegral()) {
    if (value.integer() == INT64_MIN) throwOverflow();
    return Value(-value.integer());
  }
  if (value.is(Kind::array)) return arrayBinary(BinaryOperator::multiply, value, Value(-1), false);
  const Value& plain = plainValue(value);
  if (!plain.same(value) && plain.isNumber()) return negative(plain);
  return unaryByMethod(value, *names().neg, "-");
}

Value positive(const Value& value) {
  if (value.isFloat()) return value;
  if (value.isIntegral()) return Value(value.integer());
  if (value.is(Kind::array)) return value;
  const Value& plain = plainValue(value);
  if (!plain.same(value) && plain.isNumber()) return plain;
  return unaryByMethod(value, *names().pos, "+");
}

Value invert(const Value& value) {
  if (value.isIntegral()) return Value(~value.integer());
  if (value.is(Kind::array)) return arrayInvert(value);
  return unaryByMethod(value, *names().invert, "~");
}

}  // namespace cadrecode::script
