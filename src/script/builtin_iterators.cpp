// The builtins that make iterators: enumerate, zip, map, filter, reversed, iter, next.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Value zip(Arguments& a) {
  Values iterators;
  for (const Value& item : a[0].to<Tuple>().items) iterators.push_back(iterate(item));
  const bool strict = truth(a[1]);
  return makeIterator("zip", std::move(iterators), [strict](Values& held, Value& item) -> bool {
    if (held.empty()) return false;
    Values row;
    for (std::size_t i = 0; i < held.size(); ++i) {
      Value part;
      if (next(held[i], part)) {
        row.push_back(part);
        continue;
      }
      if (!strict) return false;
      const auto others = [](std::size_t last) {
        return last == 1 ? std::string("argument 1") : "arguments 1-" + std::to_string(last);
      };
      if (i > 0) raise("ValueError", "zip() argument " + std::to_string(i + 1) + " is shorter than " + others(i));
      for (std::size_t k = 1; k < held.size(); ++k) {
        if (next(held[k], part))
          raise("ValueError", "zip() argument " + std::to_string(k + 1) + " is longer than " + others(k));
      }
      return false;
    }
    item = makeTuple(std::move(row));
    return true;
  });
}

Value map(Arguments& a) {
  const Values& given = a[0].to<Tuple>().items;
  if (given.size() < 2) raise("TypeError", "map() must have at least two arguments.");
  Values held{given[0]};
  for (std::size_t i = 1; i < given.size(); ++i) held.push_back(iterate(given[i]));
  return makeIterator("map", std::move(held), [](Values& values, Value& item) -> bool {
    std::vector<Value> arguments;
    for (std::size_t i = 1; i < values.size(); ++i) {
      Value part;
      if (!next(values[i], part)) return false;
      arguments.push_back(std::move(part));
    }
    item = call(values[0], arguments);
    return true;
  });
}

Value enumerateValue(Arguments& a) {
  const Values& given = a[0].to<Tuple>().items;
  Value source = given.empty() ? Value::unbound() : given[0];
  Value start = given.size() > 1 ? given[1] : Value(0);
  for (const auto& entry : a[1].to<Dict>().entries()) {
    if (textOf(entry.key) == "iterable")
      source = entry.value;
    else if (textOf(entry.key) == "start")
      start = entry.value;
    else
      raise("TypeError", "'" + textOf(entry.key) + "' is an invalid keyword argument for enumerate()");
  }
  if (source.isUnbound()) raise("TypeError", "enumerate() missing required argument 'iterable'");
  if (given.size() > 2)
    raise("TypeError", "enumerate() takes at most 2 arguments (" + std::to_string(given.size()) + " given)");
  Values held{iterate(source), Value(toIndex(start))};
  return makeIterator("enumerate", std::move(held), [](Values& values, Value& item) -> bool {
    Value part;
    if (!next(values[0], part)) return false;
    item = makeTuple({values[1], part});
    values[1] = binary(BinaryOperator::add, values[1], Value(1));
    return true;
  });
}

Value reversedValue(const PlainArguments& a) {
  const Value method = a[0].isObject() ? specialMethod(a[0], *names().reversed) : Value::unbound();
  if (!method.isUnbound()) return call(method);
  if (a[0].isObject()) {
    switch (a[0].object()->kind()) {
      case Kind::list:
        return Value(make<SequenceIterator>("list_reverseiterator", a[0], length(a[0]) - 1, -1));
      case Kind::tuple:
        return Value(make<SequenceIterator>("reversed", a[0], length(a[0]) - 1, -1));
      case Kind::range: {
        const Range& range = a[0].to<Range>();
        return Value(make<RangeIterator>(range.length == 0 ? 0 : range.start + (range.length - 1) * range.step,
                                         -range.step, range.length));
      }
      case Kind::dict:
        return Value(
            make<DictIterator>("dict_reversekeyiterator", Ref<Dict>(&a[0].to<Dict>()), View::What::keys, true));
      case Kind::view:
        return Value(make<DictIterator>("dict_reverseitemiterator", a[0].to<View>().dict, a[0].to<View>().what, true));
      case Kind::set:
      case Kind::iterator:
      case Kind::generator:
        break;
      default: {
        const bool sequence = isStr(a[0]) || a[0].is(Kind::array) || !specialMethod(a[0], *names().getItem).isUnbound();
        if (!sequence) break;
        return makeIterator("reversed", Values{a[0], Value(length(a[0]) - 1)}, [](Values& held, Value& item) -> bool {
          if (held[1].integer() < 0) return false;
          item = getItem(held[0], held[1]);
          held[1] = Value(held[1].integer() - 1);
          return true;
        });
      }
    }
  }
  raise("TypeError", "'" + typeName(a[0]) + "' object is not reversible");
}

}  // namespace

void registerIterators(Interpreter::Impl& impl) {
  addFunction(impl, "zip(*iterables, strict=False)", zip);
  addFunction(impl, "map(*arguments)", map);
  addFunction(impl, "enumerate(*arguments, **keywords)", enumerateValue);
  addPlain(impl, "filter", 2, 2, [](const PlainArguments& a) -> Value {
    return makeIterator("filter", Values{a[0], iterate(a[1])}, [](Values& held, Value& item) -> bool {
      while (next(held[1], item)) {
        if (truth(held[0].isNone() ? item : call(held[0], {item}))) return true;
      }
      return false;
    });
  });
  addPlain(impl, "reversed", 1, 1, reversedValue);
  addPlain(impl, "iter", 1, 2, [](const PlainArguments& a) -> Value {
    if (!a.has(1)) return iterate(a[0]);
    if (!isCallable(a[0])) raise("TypeError", "iter(v, w): v must be callable");
    return makeIterator("callable_iterator", Values{a[0], a[1]}, [](Values& held, Value& item) -> bool {
      item = call(held[0]);
      return !equals(item, held[1]);
    });
  });
  addPlain(impl, "next", 1, 2, [](const PlainArguments& a) -> Value {
    Value item;
    if (next(a[0], item)) return item;
    if (a.has(1)) return a[1];
    if (const Generator* generator = a[0].as<Generator>()) raiseValue("StopIteration", generator->returned);
    raise("StopIteration", "");
  });
}

}  // namespace cadrecode::script
