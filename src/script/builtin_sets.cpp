// The methods of set and frozenset.
#include "script/arrays.hpp"
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Set& self(const PlainArguments& a) { return a[0].to<Set>(); }

Ref<Set> copyOf(const Set& source, bool frozen) {
  auto copy = make<Set>(frozen);
  copy->merge(source);
  return copy;
}

// Any iterable as a set.
Ref<Set> asSet(const Value& value) {
  if (Set* set = value.as<Set>()) return Ref<Set>(set);
  auto made = make<Set>();
  forEach(value, [&](const Value& item) { made->add(item); });
  return made;
}

Value constructSet(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  const bool frozen = cls->derivesFrom(types().frozenset);
  checkNoKeywords(frozen ? "frozenset" : "set", keywords);
  checkCount(frozen ? "frozenset" : "set", count, 0, 1);
  if (frozen && count == 1 && arguments[0].is(Kind::set) && arguments[0].to<Set>().frozen() && !cls->scripted())
    return arguments[0];
  auto set = make<Set>(frozen, cls);
  if (count == 1) {
    if (Set* source = arguments[0].as<Set>()) {
      set->merge(*source);
    } else {
      forEach(arguments[0], [&](const Value& item) { set->add(item); });
    }
  }
  return Value(std::move(set));
}

// union, intersection and difference take any number of iterables.
Value combineAll(const PlainArguments& a, BinaryOperator op) {
  if (a.count == 1) return Value(copyOf(self(a), self(a).frozen()));
  Value result = a[0];
  for (std::size_t i = 1; i < a.count; ++i) {
    result = setCombine(op, result.to<Set>(), *asSet(a[i]), self(a).frozen());
  }
  return result;
}

Value updateAll(const PlainArguments& a, BinaryOperator op) {
  for (std::size_t i = 1; i < a.count; ++i) {
    if (op == BinaryOperator::bitOr) {
      if (Set* other = a[i].as<Set>()) {
        self(a).merge(*other);
      } else {
        forEach(a[i], [&](const Value& item) { self(a).add(item); });
      }
    } else if (op == BinaryOperator::subtract) {
      for (const Value& item : listOf(a[i])) self(a).discard(item);
    } else {
      const Value result = setCombine(op, self(a), *asSet(a[i]), false);
      self(a).clearItems();
      self(a).merge(result.to<Set>());
    }
  }
  return Value();
}

}  // namespace

// The four set operators, filling tables in CPython's order.
Value setCombine(BinaryOperator op, Set& left, Set& right, bool frozen) {
  countSteps((left.size() + right.size()) / 4);
  switch (op) {
    case BinaryOperator::bitOr: {
      auto result = copyOf(left, frozen);
      result->merge(right);
      return Value(std::move(result));
    }
    case BinaryOperator::bitAnd: {
      auto result = make<Set>(frozen);
      Set& small = right.size() > left.size() ? left : right;
      Set& big = right.size() > left.size() ? right : left;
      for (const Value& item : small.items()) {
        const std::int64_t hash = hashOf(item);
        if (big.contains(item, hash)) result->add(item, hash);
      }
      return Value(std::move(result));
    }
    case BinaryOperator::subtract: {
      if (left.size() >> 2 > right.size()) {
        auto result = copyOf(left, frozen);
        for (const Value& item : right.items()) result->discard(item);
        return Value(std::move(result));
      }
      auto result = make<Set>(frozen);
      for (const Value& item : left.items()) {
        const std::int64_t hash = hashOf(item);
        if (!right.contains(item, hash)) result->add(item, hash);
      }
      return Value(std::move(result));
    }
    default: {
      // The right one, from which the left one's items come and go.
      auto result = copyOf(right, frozen);
      for (const Value& item : left.items()) {
        if (!result->discard(item)) result->add(item);
      }
      return Value(std::move(result));
    }
  }
}

void registerSets(Interpreter::Impl& impl) {
  Types& t = impl.types;
  t.set->construct = t.frozenset->construct = constructSet;
  t.set->plain("__init__", 0, 1, [](const PlainArguments& a) -> Value {
    if (a.has(1)) forEach(a[1], [&](const Value& item) { self(a).add(item); });
    return Value();
  });
  t.set->plain("add", 1, 1, [](const PlainArguments& a) -> Value {
    self(a).add(a[1]);
    return Value();
  });
  t.set->plain("discard", 1, 1, [](const PlainArguments& a) -> Value {
    self(a).discard(a[1]);
    return Value();
  });
  t.set->plain("remove", 1, 1, [](const PlainArguments& a) -> Value {
    if (!self(a).discard(a[1])) raiseValue("KeyError", a[1]);
    return Value();
  });
  t.set->plain("pop", 0, 0, [](const PlainArguments& a) -> Value {
    Value item = self(a).pop();
    if (item.isUnbound()) raiseValue("KeyError", makeStr("pop from an empty set"));
    return item;
  });
  t.set->plain("clear", 0, 0, [](const PlainArguments& a) -> Value {
    self(a).clearItems();
    return Value();
  });
  t.set->plain("update", 0, -1, [](const PlainArguments& a) { return updateAll(a, BinaryOperator::bitOr); });
  t.set->plain("difference_update", 0, -1,
               [](const PlainArguments& a) { return updateAll(a, BinaryOperator::subtract); });
  t.set->plain("intersection_update", 0, -1,
               [](const PlainArguments& a) { return updateAll(a, BinaryOperator::bitAnd); });
  t.set->plain("symmetric_difference_update", 1, 1,
               [](const PlainArguments& a) { return updateAll(a, BinaryOperator::bitXor); });
  for (Class* cls : {t.set, t.frozenset}) {
    cls->plain("copy", 0, 0, [](const PlainArguments& a) { return Value(copyOf(self(a), self(a).frozen())); });
    cls->plain("union", 0, -1, [](const PlainArguments& a) { return combineAll(a, BinaryOperator::bitOr); });
    cls->plain("intersection", 0, -1, [](const PlainArguments& a) { return combineAll(a, BinaryOperator::bitAnd); });
    cls->plain("difference", 0, -1, [](const PlainArguments& a) { return combineAll(a, BinaryOperator::subtract); });
    cls->plain("symmetric_difference", 1, 1,
               [](const PlainArguments& a) { return combineAll(a, BinaryOperator::bitXor); });
    cls->plain("issubset", 1, 1,
               [](const PlainArguments& a) { return compare(CompareOperator::lessEqual, a[0], Value(asSet(a[1]))); });
    cls->plain("issuperset", 1, 1, [](const PlainArguments& a) {
      return compare(CompareOperator::greaterEqual, a[0], Value(asSet(a[1])));
    });
    cls->plain("isdisjoint", 1, 1, [](const PlainArguments& a) -> Value {
      const Ref<Set> other = asSet(a[1]);
      for (const Value& item : self(a).items()) {
        if (other->contains(item)) return Value(false);
      }
      return Value(true);
    });
  }
}

}  // namespace cadrecode::script
