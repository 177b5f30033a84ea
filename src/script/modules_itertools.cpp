// The module itertools.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Value listValue(const Value& iterable) { return makeList(listOf(iterable)); }
const Values& listItems(const Value& value) { return value.to<List>().items; }
Value increment(const Value& value) { return binary(BinaryOperator::add, value, Value(1)); }

// held: the pools, then the list of positions (or None before the first).
Value product(Arguments& a) {
  Values held;
  const std::int64_t repeat = toIndex(a[1]);
  if (repeat < 0) raise("ValueError", "repeat argument cannot be negative");
  std::vector<Value> pools;
  for (const Value& item : a[0].to<Tuple>().items) pools.push_back(listValue(item));
  Heap::current().check(pools.size() * static_cast<std::size_t>(repeat) * sizeof(Value) * 2);
  for (std::int64_t i = 0; i < repeat; ++i) held.insert(held.end(), pools.begin(), pools.end());
  held.push_back(Value());
  return makeIterator("product", std::move(held), [](Values& values, Value& item) -> bool {
    const std::size_t count = values.size() - 1;
    if (values.back().isNone()) {
      for (std::size_t i = 0; i < count; ++i) {
        if (listItems(values[i]).empty()) return false;
      }
      values.back() = makeList(std::vector<Value>(count, Value(0)));
    } else {
      Values& at = values.back().to<List>().items;
      std::size_t i = count;
      while (i > 0) {
        --i;
        const std::int64_t position = at[i].integer() + 1;
        if (static_cast<std::size_t>(position) < listItems(values[i]).size()) {
          at[i] = Value(position);
          break;
        }
        at[i] = Value(0);
        if (i == 0) return false;
      }
      if (count == 0) return false;
    }
    Values row;
    const Values& at = listItems(values.back());
    for (std::size_t i = 0; i < count; ++i)
      row.push_back(listItems(values[i])[static_cast<std::size_t>(at[i].integer())]);
    item = makeTuple(std::move(row));
    return true;
  });
}

enum class Choice { combinations, replacement, permutations };

// All index tuples of length r in lexicographic order that the kind of choice allows.
Value choose(const char* name, const Value& iterable, const Value& size, Choice kind) {
  const Value pool = listValue(iterable);
  const auto n = static_cast<std::int64_t>(listItems(pool).size());
  const std::int64_t r = size.isNone() ? n : toIndex(size);
  if (r < 0) raise("ValueError", "r must be non-negative");
  Heap::current().check(static_cast<std::size_t>(r) * sizeof(Value));
  return makeIterator(name, Values{pool, Value(), Value(r)}, [kind](Values& held, Value& item) -> bool {
    const auto count = static_cast<std::int64_t>(listItems(held[0]).size());
    const std::int64_t length = held[2].integer();
    if (held[1].isNone()) {
      if (kind != Choice::replacement ? length > count : count == 0 && length > 0) return false;
      std::vector<Value> start;
      for (std::int64_t i = 0; i < length; ++i) start.push_back(Value(kind == Choice::replacement ? 0 : i));
      held[1] = makeList(start);
    } else {
      Values& at = held[1].to<List>().items;
      const auto used = [&](std::int64_t value, std::int64_t before) {
        for (std::int64_t i = 0; i < before; ++i) {
          if (at[static_cast<std::size_t>(i)].integer() == value) return true;
        }
        return false;
      };
      std::int64_t i = length - 1;
      for (; i >= 0; --i) {
        std::int64_t value = at[static_cast<std::size_t>(i)].integer() + 1;
        if (kind == Choice::permutations) {
          while (value < count && used(value, i)) ++value;
          if (value >= count) continue;
        } else if (value > (kind == Choice::combinations ? count - length + i : count - 1)) {
          continue;
        }
        at[static_cast<std::size_t>(i)] = Value(value);
        for (std::int64_t k = i + 1; k < length; ++k) {
          std::int64_t next = kind == Choice::combinations  ? at[static_cast<std::size_t>(k - 1)].integer() + 1
                              : kind == Choice::replacement ? value
                                                            : 0;
          while (kind == Choice::permutations && used(next, k)) ++next;
          at[static_cast<std::size_t>(k)] = Value(next);
        }
        break;
      }
      if (i < 0) return false;
      countSteps(static_cast<std::uint64_t>(length));
    }
    Values row;
    for (const Value& position : listItems(held[1]))
      row.push_back(listItems(held[0])[static_cast<std::size_t>(position.integer())]);
    item = makeTuple(std::move(row));
    return true;
  });
}

// held: iterators still to come in a list, the current one.
Value chainOf(const Value& sources) {
  return makeIterator("chain", Values{iterate(sources), Value()}, [](Values& held, Value& item) -> bool {
    for (;;) {
      if (held[1].isNone()) {
        Value source;
        if (!next(held[0], source)) return false;
        held[1] = iterate(source);
      }
      if (next(held[1], item)) return true;
      held[1] = Value();
    }
  });
}

Value islice(const PlainArguments& a) {
  const auto bound = [&](std::size_t index, std::int64_t standard) -> std::int64_t {
    if (!a.has(index) || a[index].isNone()) return standard;
    if (!a[index].isIntegral() || a[index].integer() < 0) {
      raise("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    }
    return a[index].integer();
  };
  std::int64_t start = 0;
  std::int64_t stop = INT64_MAX;
  std::int64_t step = 1;
  if (a.count == 2) {
    stop = bound(1, INT64_MAX);
  } else {
    start = bound(1, 0);
    stop = bound(2, INT64_MAX);
    step = bound(3, 1);
    if (step == 0) raise("ValueError", "Step for islice() must be a positive integer or None.");
  }
  return makeIterator("islice", Values{iterate(a[0]), Value(0), Value(start)},
                      [stop, step](Values& held, Value& item) -> bool {
                        while (held[1].integer() <= held[2].integer()) {
                          if (held[2].integer() >= stop || !next(held[0], item)) return false;
                          held[1] = Value(held[1].integer() + 1);
                        }
                        std::int64_t following = 0;
                        if (__builtin_add_overflow(held[2].integer(), step, &following)) following = stop;
                        held[2] = Value(following);
                        return true;
                      });
}

Value zipLongest(Arguments& a) {
  Values held{a[1]};
  for (const Value& item : a[0].to<Tuple>().items) held.push_back(iterate(item));
  return makeIterator("zip_longest", std::move(held), [](Values& values, Value& item) -> bool {
    Values row;
    bool any = false;
    for (std::size_t i = 1; i < values.size(); ++i) {
      Value part = values[0];
      if (!values[i].isNone()) {
        if (next(values[i], part)) {
          any = true;
        } else {
          values[i] = Value();
          part = values[0];
        }
      }
      row.push_back(part);
    }
    if (!any) return false;
    item = makeTuple(std::move(row));
    return true;
  });
}

// Groups of equal keys; each group is gathered when it is reached.
Value groupBy(Arguments& a) {
  return makeIterator(
      "groupby", Values{iterate(a[0]), a[1], Value::unbound(), Value()}, [](Values& held, Value& item) -> bool {
        const auto keyOf = [&](const Value& value) { return held[1].isNone() ? value : call(held[1], {value}); };
        if (held[2].isUnbound()) {
          if (held[3].isBool() || !next(held[0], held[2])) return false;
          held[3] = keyOf(held[2]);
        }
        const Value key = held[3];
        Values group{held[2]};
        Value member;
        held[2] = Value::unbound();
        for (;;) {
          if (!next(held[0], member)) {
            held[3] = Value(true);
            break;
          }
          const Value memberKey = keyOf(member);
          if (!equals(memberKey, key)) {
            held[2] = member;
            held[3] = memberKey;
            break;
          }
          group.push_back(member);
        }
        item = makeTuple({key, Value(make<ListIterator>("_grouper", std::move(group)))});
        return true;
      });
}

}  // namespace

void registerItertools(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("itertools");
  m.function("product(*iterables, repeat=1)", product);
  m.function("combinations(iterable, r)",
             [](Arguments& a) { return choose("combinations", a[0], a[1], Choice::combinations); });
  m.function("combinations_with_replacement(iterable, r)",
             [](Arguments& a) { return choose("combinations_with_replacement", a[0], a[1], Choice::replacement); });
  m.function("permutations(iterable, r=None)",
             [](Arguments& a) { return choose("permutations", a[0], a[1], Choice::permutations); });
  m.function("count(start=0, step=1)", [](Arguments& a) -> Value {
    return makeIterator("count", Values{a[0], a[1]}, [](Values& held, Value& item) -> bool {
      item = held[0];
      held[0] = binary(BinaryOperator::add, held[0], held[1]);
      return true;
    });
  });
  m.function("cycle(iterable, /)", [](Arguments& a) -> Value {
    return makeIterator("cycle", Values{iterate(a[0]), makeList(), Value(0)}, [](Values& held, Value& item) -> bool {
      Values& saved = held[1].to<List>().items;
      if (!held[0].isNone()) {
        if (next(held[0], item)) {
          saved.push_back(item);
          return true;
        }
        held[0] = Value();
      }
      if (saved.empty()) return false;
      item = saved[static_cast<std::size_t>(held[2].integer()) % saved.size()];
      held[2] = increment(held[2]);
      return true;
    });
  });
  m.function("repeat(object, times=None)", [](Arguments& a) -> Value {
    return makeIterator("repeat", Values{a[0], a[1].isNone() ? Value() : Value(toIndex(a[1]))},
                        [](Values& held, Value& item) -> bool {
                          if (!held[1].isNone()) {
                            if (held[1].integer() <= 0) return false;
                            held[1] = Value(held[1].integer() - 1);
                          }
                          item = held[0];
                          return true;
                        });
  });
  m.function("chain(*iterables)", [](Arguments& a) { return chainOf(a[0]); });
  if (Value* chain = m.find("chain")) {
    // chain.from_iterable is an attribute of a function here.
    Class* cls = addClass(impl, "chain", nullptr, "itertools");
    cls->layout = Class::Layout::fixed;
    cls->construct = [](Class*, const Value* arguments, std::size_t count, const KeywordArguments&) {
      return chainOf(makeTuple(Values(arguments, arguments + count)));
    };
    cls->plainStatic("from_iterable", 1, 1, [](const PlainArguments& a) { return chainOf(a[0]); });
    *chain = Value(cls);
  }
  m.function("accumulate(iterable, func=None, *, initial=None)", [](Arguments& a) -> Value {
    return makeIterator(
        "accumulate", Values{iterate(a[0]), a[1], a[2], Value(a[2].isNone() ? 0 : 1)},
        [](Values& held, Value& item) -> bool {
          // held[3]: 0 nothing yet, 1 an initial value to give first, 2 running
          if (held[3].integer() == 1) {
            held[3] = Value(2);
            item = held[2];
            return true;
          }
          Value part;
          if (!next(held[0], part)) return false;
          if (held[3].integer() == 0) {
            held[3] = Value(2);
            held[2] = part;
          } else {
            held[2] = held[1].isNone() ? binary(BinaryOperator::add, held[2], part) : call(held[1], {held[2], part});
          }
          item = held[2];
          return true;
        });
  });
  m.plain("islice", 2, 4, islice);
  m.function("zip_longest(*iterables, fillvalue=None)", zipLongest);
  m.plain("pairwise", 1, 1, [](const PlainArguments& a) -> Value {
    return makeIterator("pairwise", Values{iterate(a[0]), Value::unbound()}, [](Values& held, Value& item) -> bool {
      if (held[1].isUnbound() && !next(held[0], held[1])) return false;
      Value following;
      if (!next(held[0], following)) return false;
      item = makeTuple({held[1], following});
      held[1] = following;
      return true;
    });
  });
  m.plain("starmap", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("starmap", Values{a[0], iterate(a[1])}, [](Values& held, Value& item) -> bool {
      Value row;
      if (!next(held[1], row)) return false;
      item = call(held[0], listOf(row));
      return true;
    });
  });
  m.plain("takewhile", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("takewhile", Values{a[0], iterate(a[1])}, [](Values& held, Value& item) -> bool {
      return next(held[1], item) && truth(call(held[0], {item}));
    });
  });
  m.plain("dropwhile", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("dropwhile", Values{a[0], iterate(a[1])}, [](Values& held, Value& item) -> bool {
      while (next(held[1], item)) {
        if (held[0].isNone()) return true;
        if (!truth(call(held[0], {item}))) {
          held[0] = Value();
          return true;
        }
      }
      return false;
    });
  });
  m.plain("filterfalse", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("filterfalse", Values{a[0], iterate(a[1])}, [](Values& held, Value& item) -> bool {
      while (next(held[1], item)) {
        if (!truth(held[0].isNone() ? item : call(held[0], {item}))) return true;
      }
      return false;
    });
  });
  m.plain("compress", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("compress", Values{iterate(a[0]), iterate(a[1])}, [](Values& held, Value& item) -> bool {
      Value selector;
      while (next(held[0], item) && next(held[1], selector)) {
        if (truth(selector)) return true;
      }
      return false;
    });
  });
  m.function("groupby(iterable, key=None)", groupBy);
  m.plain("tee", 1, 2, [](const PlainArguments& a) -> Value {
    const std::vector<Value> items = listOf(a[0]);
    Values copies;
    for (std::int64_t i = 0; i < (a.has(1) ? toIndex(a[1]) : 2); ++i) {
      copies.push_back(Value(make<ListIterator>("_tee", Values(items.begin(), items.end()))));
    }
    return makeTuple(std::move(copies));
  });
}

}  // namespace cadrecode::script
