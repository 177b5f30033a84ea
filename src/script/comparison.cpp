// Truth, equality, order and hashes.
#include <cmath>

#include "script/arrays.hpp"
#include "script/machine.hpp"

namespace cadrecode::script {

namespace {

const char* kSymbols[] = {"<", "<=", "==", "!=", ">", ">="};
constexpr CompareOperator kSwapped[] = {CompareOperator::greater, CompareOperator::greaterEqual, CompareOperator::equal,
                                        CompareOperator::notEqual, CompareOperator::less, CompareOperator::lessEqual};

const Str& methodName(CompareOperator op) {
  const Names& n = names();
  switch (op) {
    case CompareOperator::less: return *n.lt;
    case CompareOperator::lessEqual: return *n.le;
    case CompareOperator::equal: return *n.eq;
    case CompareOperator::notEqual: return *n.ne;
    case CompareOperator::greater: return *n.gt;
    default: return *n.ge;
  }
}

template <class T>
bool holds(CompareOperator op, const T& a, const T& b) {
  switch (op) {
    case CompareOperator::less: return a < b;
    case CompareOperator::lessEqual: return a <= b;
    case CompareOperator::equal: return a == b;
    case CompareOperator::notEqual: return a != b;
    case CompareOperator::greater: return a > b;
    default: return a >= b;
  }
}

bool compareNumbers(CompareOperator op, const Value& a, const Value& b) {
  if (a.isIntegral() && b.isIntegral()) return holds(op, a.integer(), b.integer());
  if (a.isFloat() && b.isFloat()) return holds(op, a.real(), b.real());
  // 64 bits of mantissa hold every int.
  const auto wide = [](const Value& v) {
    return v.isFloat() ? static_cast<long double>(v.real()) : static_cast<long double>(v.integer());
  };
  return holds(op, wide(a), wide(b));
}

Value compareItems(CompareOperator op, const Values& a, const Values& b) {
  const RecursionGuard guard(" in comparison");
  const bool equality = op == CompareOperator::equal || op == CompareOperator::notEqual;
  if (equality && a.size() != b.size()) return Value(op == CompareOperator::notEqual);
  std::size_t i = 0;
  for (; i < a.size() && i < b.size(); ++i) {
    countSteps(1);
    const Value left = a[i];
    const Value right = b[i];
    if (!equals(left, right)) break;
  }
  if (i >= a.size() || i >= b.size()) return Value(holds(op, a.size(), b.size()));
  if (equality) return Value(op == CompareOperator::notEqual);
  return compare(op, a[i], b[i]);
}

bool isSubset(const Value& small, const Value& big) {
  if (small.to<Set>().size() > big.to<Set>().size()) return false;
  for (const Value& item : small.to<Set>().items()) {
    countSteps(1);
    if (!big.to<Set>().contains(item)) return false;
  }
  return true;
}

bool compareSets(CompareOperator op, const Value& a, const Value& b) {
  const std::size_t left = a.to<Set>().size();
  const std::size_t right = b.to<Set>().size();
  switch (op) {
    case CompareOperator::equal: return left == right && isSubset(a, b);
    case CompareOperator::notEqual: return left != right || !isSubset(a, b);
    case CompareOperator::lessEqual: return isSubset(a, b);
    case CompareOperator::less: return left < right && isSubset(a, b);
    case CompareOperator::greaterEqual: return isSubset(b, a);
    default: return left > right && isSubset(b, a);
  }
}

bool equalDicts(Dict& a, Dict& b) {
  const RecursionGuard guard(" in comparison");
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.entries().size(); ++i) {
    const Dict::Entry entry = a.entries()[i];
    if (entry.key.isUnbound()) continue;
    countSteps(1);
    Value* other = b.find(entry.key, entry.hash);
    if (!other) return false;
    const Value held = *other;
    if (!equals(entry.value, held)) return false;
  }
  return true;
}

bool equalRanges(const Range& a, const Range& b) {
  if (a.length != b.length) return false;
  if (a.length == 0) return true;
  return a.start == b.start && (a.length == 1 || a.step == b.step);
}

bool hasOperators(const Value& value) {
  return value.is(Kind::instance) || value.is(Kind::native) || value.is(Kind::exception) ||
         (value.isObject() && value.object()->cls()->scripted() && !value.is(Kind::type));
}

// What classes with special methods say; unbound when they do not know.
Value compareByMethods(CompareOperator op, const Value& a, const Value& b) {
  const auto attempt = [](const Value& self, const Value& other, CompareOperator which) -> Value {
    if (!self.isObject()) return Value::unbound();
    Class* cls = self.object()->cls();
    Value* found = cls->lookup(methodName(which));
    bool invert = false;
    if (!found && which == CompareOperator::notEqual) {
      found = cls->lookup(*names().eq);
      invert = true;
    }
    if (!found || found->isNone()) return Value::unbound();
    Value result = call(bindAttribute(*found, self, cls), {other});
    if (result.same(machine().notImplemented)) return Value::unbound();
    return invert ? Value(!truth(result)) : result;
  };
  const bool rightFirst = a.isObject() && b.isObject() && a.object()->cls() != b.object()->cls() &&
                          b.object()->cls()->derivesFrom(a.object()->cls());
  const CompareOperator swapped = kSwapped[static_cast<int>(op)];
  if (rightFirst && hasOperators(b)) {
    Value result = attempt(b, a, swapped);
    if (!result.isUnbound()) return result;
  }
  if (hasOperators(a)) {
    Value result = attempt(a, b, op);
    if (!result.isUnbound()) return result;
  }
  if (!rightFirst && hasOperators(b)) {
    Value result = attempt(b, a, swapped);
    if (!result.isUnbound()) return result;
  }
  return Value::unbound();
}

std::int64_t hashInteger(std::int64_t value) {
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << 61) - 1;
  const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const auto rest = static_cast<std::int64_t>(magnitude % kModulus);
  const std::int64_t hash = value < 0 ? -rest : rest;
  return hash == -1 ? -2 : hash;
}

std::int64_t hashReal(double value) {
  constexpr int kBits = 61;
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << kBits) - 1;
  if (!std::isfinite(value)) return std::isinf(value) ? (value > 0 ? 314159 : -314159) : 0;
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);
  const bool negative = mantissa < 0;
  mantissa = std::fabs(mantissa);
  std::uint64_t x = 0;
  while (mantissa != 0) {
    x = ((x << 28) & kModulus) | x >> (kBits - 28);
    mantissa *= 268435456.0;
    exponent -= 28;
    const auto digit = static_cast<std::uint64_t>(mantissa);
    mantissa -= static_cast<double>(digit);
    x += digit;
    if (x >= kModulus) x -= kModulus;
  }
  exponent = exponent >= 0 ? exponent % kBits : kBits - 1 - ((-1 - exponent) % kBits);
  x = ((x << exponent) & kModulus) | x >> (kBits - exponent);
  const std::int64_t hash = negative ? -static_cast<std::int64_t>(x) : static_cast<std::int64_t>(x);
  return hash == -1 ? -2 : hash;
}

std::int64_t hashTuple(const Values& items) {
  const RecursionGuard guard;
  std::uint64_t sum = 2870177450012600261ull;
  for (const Value& item : items) {
    sum += static_cast<std::uint64_t>(hashOf(item)) * 14029467366897019727ull;
    sum = sum << 31 | sum >> 33;
    sum *= 11400714785074694791ull;
  }
  sum += items.size() ^ (2870177450012600261ull ^ 3527539ull);
  return sum == UINT64_MAX ? 1546275796 : static_cast<std::int64_t>(sum);
}

std::int64_t hashFrozenSet(const Set& set) {
  std::uint64_t hash = 0;
  for (const auto& entry : set.table()) {
    if (entry.key.isUnbound()) continue;
    const auto h = static_cast<std::uint64_t>(entry.hash);
    hash ^= ((h ^ 89869747u) ^ (h << 16)) * 3644798167u;
  }
  hash ^= (set.size() + 1) * 1927868237u;
  hash ^= (hash >> 11) ^ (hash >> 25);
  hash = hash * 69069u + 907133923u;
  return hash == UINT64_MAX ? 590923713 : static_cast<std::int64_t>(hash);
}

}  // namespace

const Value& plainValue(const Value& value) {
  if (const Instance* instance = value.as<Instance>(); instance && !instance->base.isUnbound()) return instance->base;
  return value;
}

bool truth(const Value& value) {
  switch (value.tag()) {
    case Value::Tag::none:
    case Value::Tag::unbound: return false;
    case Value::Tag::boolean:
    case Value::Tag::integer: return value.integer() != 0;
    case Value::Tag::real: return value.real() != 0;
    default: break;
  }
  switch (value.object()->kind()) {
    case Kind::str: return !textOf(value).empty();
    case Kind::tuple: return !value.to<Tuple>().items.empty();
    case Kind::list:
      if (!value.object()->cls()->scripted()) return !value.to<List>().items.empty();
      break;
    case Kind::dict:
      if (!value.object()->cls()->scripted()) return value.to<Dict>().size() != 0;
      break;
    case Kind::set: return value.to<Set>().size() != 0;
    case Kind::range: return value.to<Range>().length != 0;
    case Kind::view: return value.to<View>().dict->size() != 0;
    case Kind::array: return arrayTruth(value);
    case Kind::instance:
    case Kind::native: break;
    default: return true;
  }
  const Value asked = specialMethod(value, *names().boolean);
  if (!asked.isUnbound()) {
    const Value answer = call(asked);
    if (!answer.isBool()) raise("TypeError", "__bool__ should return bool, returned " + typeName(answer));
    return answer.boolean();
  }
  if (value.is(Kind::list)) return !value.to<List>().items.empty();
  if (value.is(Kind::dict)) return value.to<Dict>().size() != 0;
  if (!specialMethod(value, *names().len).isUnbound()) return length(value) != 0;
  const Value& plain = plainValue(value);
  return plain.same(value) || truth(plain);
}

bool equals(const Value& left, const Value& right) {
  if (left.same(right)) return true;
  if (left.isNumber() && right.isNumber()) return compareNumbers(CompareOperator::equal, left, right);
  if (isStr(left) && isStr(right)) return textOf(left) == textOf(right);
  if (left.isNone() || right.isNone()) {
    if (!hasOperators(left) && !hasOperators(right)) return false;
  }
  return truth(compare(CompareOperator::equal, left, right));
}

Value compare(CompareOperator op, const Value& left, const Value& right) {
  if (left.isNumber() && right.isNumber()) return Value(compareNumbers(op, left, right));
  if (left.is(Kind::array) || right.is(Kind::array)) return arrayCompare(op, left, right);
  const bool methods = hasOperators(left) || hasOperators(right);
  if (methods) {
    const RecursionGuard guard(" in comparison");
    Value result = compareByMethods(op, left, right);
    if (!result.isUnbound()) return result;
  }
  const Value& a = plainValue(left);
  const Value& b = plainValue(right);
  if (!a.same(left) || !b.same(right)) {
    const bool enumeration = (left.isObject() && left.object()->cls()->isEnum) || (right.isObject() && right.object()->cls()->isEnum);
    if (!enumeration || (a.isNumber() && b.isNumber()) || (isStr(a) && isStr(b))) return compare(op, a, b);
  }
  const bool equality = op == CompareOperator::equal || op == CompareOperator::notEqual;
  if (a.isObject() && b.isObject() && a.object()->kind() == b.object()->kind()) {
    switch (a.object()->kind()) {
      case Kind::str:
        return Value(holds(op, textOf(a), textOf(b)));
      case Kind::tuple: {
        const Ref<Object> holdA(a.object());
        const Ref<Object> holdB(b.object());
        return compareItems(op, a.to<Tuple>().items, b.to<Tuple>().items);
      }
      case Kind::list: {
        const Ref<Object> holdA(a.object());
        const Ref<Object> holdB(b.object());
        return compareItems(op, a.to<List>().items, b.to<List>().items);
      }
      case Kind::set:
        return Value(compareSets(op, a, b));
      case Kind::dict:
        if (equality) return Value(equalDicts(a.to<Dict>(), b.to<Dict>()) == (op == CompareOperator::equal));
        break;
      case Kind::range:
        if (equality) return Value(equalRanges(a.to<Range>(), b.to<Range>()) == (op == CompareOperator::equal));
        break;
      case Kind::slice:
        if (equality) {
          const Slice& x = a.to<Slice>();
          const Slice& y = b.to<Slice>();
          const bool same = equals(x.start, y.start) && equals(x.stop, y.stop) && equals(x.step, y.step);
          return Value(same == (op == CompareOperator::equal));
        }
        break;
      case Kind::method:
        if (equality) {
          const Method& x = a.to<Method>();
          const Method& y = b.to<Method>();
          return Value((x.self.same(y.self) && x.function.same(y.function)) == (op == CompareOperator::equal));
        }
        break;
      case Kind::view: {
        const View& x = a.to<View>();
        if (x.what == View::What::values) break;
        auto one = make<Set>();
        auto two = make<Set>();
        for (const Value& item : listOf(a)) one->add(item);
        for (const Value& item : listOf(b)) two->add(item);
        return Value(compareSets(op, Value(one), Value(two)));
      }
      case Kind::singleton:
        if (equality && a.object()->cls() == types().alias) {
          const bool same = a.to<Singleton>().text == b.to<Singleton>().text;
          return Value(same == (op == CompareOperator::equal));
        }
        break;
      default:
        break;
    }
  }
  if (equality && (a.is(Kind::set) || b.is(Kind::set)) && (a.is(Kind::view) || b.is(Kind::view))) {
    auto one = make<Set>();
    auto two = make<Set>();
    for (const Value& item : listOf(a)) one->add(item);
    for (const Value& item : listOf(b)) two->add(item);
    return Value(compareSets(op, Value(one), Value(two)));
  }
  if (op == CompareOperator::equal) return Value(left.same(right));
  if (op == CompareOperator::notEqual) return Value(!left.same(right));
  raise("TypeError", std::string("'") + kSymbols[static_cast<int>(op)] + "' not supported between instances of '" +
                         typeName(left) + "' and '" + typeName(right) + "'");
}

bool less(const Value& left, const Value& right) {
  if (left.isNumber() && right.isNumber()) return compareNumbers(CompareOperator::less, left, right);
  return truth(compare(CompareOperator::less, left, right));
}

std::int64_t hashOf(const Value& value) {
  switch (value.tag()) {
    case Value::Tag::none:
    case Value::Tag::unbound: return 0xFCA86420;
    case Value::Tag::boolean:
    case Value::Tag::integer: return hashInteger(value.integer());
    case Value::Tag::real: return hashReal(value.real());
    default: break;
  }
  Class* cls = value.object()->cls();
  switch (value.object()->kind()) {
    case Kind::str: return static_cast<std::int64_t>(value.to<Str>().hash());
    case Kind::tuple:
      if (!cls->scripted()) return hashTuple(value.to<Tuple>().items);
      break;
    case Kind::set:
      if (value.to<Set>().frozen()) return hashFrozenSet(value.to<Set>());
      raise("TypeError", "unhashable type: '" + cls->name() + "'");
    case Kind::range: {
      const Range& range = value.to<Range>();
      Values parts;
      parts.push_back(Value(range.length));
      parts.push_back(range.length == 0 ? Value() : Value(range.start));
      parts.push_back(range.length < 2 ? Value() : Value(range.step));
      return hashTuple(parts);
    }
    case Kind::slice:
    case Kind::array:
      raise("TypeError", "unhashable type: '" + cls->name() + "'");
    case Kind::view:
      if (value.to<View>().what == View::What::values) return value.object()->serial() * 16;
      break;
    case Kind::list:
    case Kind::dict:
    case Kind::instance:
    case Kind::native:
      break;
    case Kind::method: {
      const Method& method = value.to<Method>();
      return static_cast<std::int64_t>((method.self.isObject() ? method.self.object()->serial() * 31u : 7u) +
                                       (method.function.isObject() ? method.function.object()->serial() : 0u));
    }
    default: return value.object()->serial() * 16;
  }
  // A class with __eq__ but no __hash__ of its own at the same place cannot be hashed.
  for (Class* step : cls->mro()) {
    Value* hash = step->attributes().find(*names().hash);
    if (hash && !hash->isNone()) {
      const Value result = call(bindAttribute(*hash, value, cls));
      if (!result.isIntegral()) raise("TypeError", "__hash__ method should return an integer");
      return hashInteger(result.integer());
    }
    if (hash || (step->scripted() && step->attributes().find(*names().eq))) {
      raise("TypeError", "unhashable type: '" + cls->name() + "'");
    }
    if (step->isEnum && step->scripted()) break;
  }
  if (value.is(Kind::tuple)) return hashTuple(value.to<Tuple>().items);
  if (value.is(Kind::list) || value.is(Kind::dict) || value.is(Kind::view)) {
    raise("TypeError", "unhashable type: '" + cls->name() + "'");
  }
  const Value& plain = plainValue(value);
  if (!plain.same(value)) return hashOf(plain);
  return value.object()->serial() * 16;
}

}  // namespace cadrecode::script
