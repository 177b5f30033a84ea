// The modules functools and operator.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

Value heldCallable(const char* name, NativeBody body) {
  return Value(make<NativeFunction>(std::string(name) + "(*args, **kwargs)", "", NativeFunction::Role::function,
                                    std::move(body)));
}

KeywordArguments keywordsOf(const Value& dict) {
  KeywordArguments keywords;
  for (const auto& entry : dict.to<Dict>().entries()) {
    if (!entry.key.isUnbound()) keywords.emplace_back(entry.key, entry.value);
  }
  return keywords;
}

// An object with a function's behaviour. Its values are attributes of an instance, so that cycles through them are
// found.
Value makeCallable(Class* cls, std::initializer_list<std::pair<const char*, Value>> values) {
  auto instance = make<Instance>(cls);
  instance->attributes = make<Dict>();
  for (const auto& [name, value] : values) instance->attributes->set(name, value);
  return Value(std::move(instance));
}

Value attribute(const Value& instance, const char* name) { return *instance.to<Instance>().attributes->find(name); }

void registerPartial(Interpreter::Impl& impl, Module& m) {
  Class* cls = addClass(impl, "partial", nullptr, "functools");
  cls->layout = Class::Layout::fixed;
  cls->construct = [](Class* self, const Value* arguments, std::size_t count,
                      const KeywordArguments& keywords) -> Value {
    if (count == 0) raise("TypeError", "type 'partial' takes at least one argument");
    if (!isCallable(arguments[0])) raise("TypeError", "the first argument must be callable");
    auto named = make<Dict>();
    for (const auto& [key, value] : keywords) named->set(key, value);
    return makeCallable(self, {{"func", arguments[0]},
                               {"args", makeTuple(Values(arguments + 1, arguments + count))},
                               {"keywords", Value(named)}});
  };
  cls->method("__call__(self, /, *args, **kwargs)", [](Arguments& a) -> Value {
    std::vector<Value> all;
    for (const Value& item : attribute(a[0], "args").to<Tuple>().items) all.push_back(item);
    for (const Value& item : a[1].to<Tuple>().items) all.push_back(item);
    auto merged = make<Dict>();
    updateDictFrom(*merged, attribute(a[0], "keywords"));
    updateDictFrom(*merged, a[2]);
    return call(attribute(a[0], "func"), all, keywordsOf(Value(merged)));
  });
  m.add("partial", Value(cls));
}

void registerCache(Interpreter::Impl& impl, Module& m) {
  Class* cls = addClass(impl, "_lru_cache_wrapper", nullptr, "functools");
  cls->layout = Class::Layout::fixed;
  cls->method("__call__(self, /, *args, **kwargs)", [](Arguments& a) -> Value {
    Values key = a[1].to<Tuple>().items;
    for (const auto& [name, value] : keywordsOf(a[2])) {
      key.push_back(name);
      key.push_back(value);
    }
    const Value place = makeTuple(std::move(key));
    const Value store = attribute(a[0], "cache");
    if (Value* found = store.to<Dict>().find(place)) return *found;
    const Values& given = a[1].to<Tuple>().items;
    Value result =
        call(attribute(a[0], "__wrapped__"), std::vector<Value>(given.begin(), given.end()), keywordsOf(a[2]));
    store.to<Dict>().set(place, result);
    return result;
  });
  cls->plain("__get__", 2, 2,
             [](const PlainArguments& a) { return a[1].isNone() ? a[0] : Value(make<Method>(a[1], a[0])); });
  cls->plain("cache_clear", 0, 0, [](const PlainArguments& a) -> Value {
    attribute(a[0], "cache").to<Dict>().clearItems();
    return Value();
  });
  impl.helperClasses["lru_cache"] = cls;
  const auto wrapped = [](const Value& function) {
    return makeCallable(machine().helperClasses.at("lru_cache"),
                        {{"__wrapped__", function}, {"cache", Value(make<Dict>())}});
  };
  m.function("lru_cache(maxsize=128, typed=False)", [wrapped](Arguments& a) -> Value {
    if (isCallable(a[0])) return wrapped(a[0]);
    return heldCallable("decorating_function",
                        [wrapped](Arguments& inner) { return wrapped(inner[0].to<Tuple>().items.at(0)); });
  });
  m.function("cache(user_function)", [wrapped](Arguments& a) { return wrapped(a[0]); });
}

Value reduce(const PlainArguments& a) {
  const Value iterator = iterate(a[1]);
  Value total;
  if (a.has(2)) {
    total = a[2];
  } else if (!next(iterator, total)) {
    raise("TypeError", "reduce() of empty iterable with no initial value");
  }
  Value item;
  while (next(iterator, item)) total = call(a[0], {total, item});
  return total;
}

template <BinaryOperator kOp>
Value binaryFunction(const PlainArguments& a) {
  return binary(kOp, a[0], a[1]);
}
template <CompareOperator kOp>
Value compareFunction(const PlainArguments& a) {
  return compare(kOp, a[0], a[1]);
}

Value getter(const char* name, const Values& keys, Value (*get)(const Value& object, const Value& key)) {
  if (keys.empty()) raise("TypeError", std::string(name) + " expected 1 argument, got 0");
  const Value held = makeTuple(Values(keys));
  return heldCallable(name, [held, get](Arguments& a) -> Value {
    const Values& given = a[0].to<Tuple>().items;
    if (given.size() != 1) raise("TypeError", "getter expected 1 argument, got " + std::to_string(given.size()));
    Values parts;
    for (const Value& key : held.to<Tuple>().items) parts.push_back(get(given[0], key));
    return parts.size() == 1 ? parts[0] : makeTuple(std::move(parts));
  });
}

Value dottedAttribute(const Value& object, const Value& key) {
  Value value = object;
  const std::string& path = toText(key, "attribute name");
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = path.find('.', start);
    if (end == std::string::npos) end = path.size();
    const Value name = makeStr(path.substr(start, end - start));
    if (isDunder(textOf(name))) checkAttributeName(value, name.to<Str>());
    value = getAttribute(value, textOf(name));
    start = end + 1;
  }
  return value;
}

}  // namespace

void registerFunctools(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("functools");
  m.plain("reduce", 2, 3, reduce);
  registerPartial(impl, m);
  registerCache(impl, m);
  m.function("wraps(wrapped, **kwargs)", [](Arguments& a) -> Value {
    const Value wrapped = a[0];
    return heldCallable("wraps", [wrapped](Arguments& inner) -> Value {
      const Value function = inner[0].to<Tuple>().items.at(0);
      Function* to = function.as<Function>();
      const Function* from = wrapped.as<Function>();
      if (to && from) {
        to->name = from->name;
        to->qualifiedName = from->qualifiedName;
        to->doc = from->doc;
      }
      return function;
    });
  });
  m.plain("total_ordering", 1, 1, [](const PlainArguments& a) -> Value {
    Class* cls = a[0].as<Class>();
    if (!cls) raise("TypeError", "total_ordering() needs a class");
    struct Derived {
      const char* name;
      PlainBody body;
    };
    const bool lessThan = cls->lookup("__lt__") != nullptr;
    if (!lessThan && !cls->lookup("__gt__") && !cls->lookup("__le__") && !cls->lookup("__ge__")) {
      raise("ValueError", "must define at least one ordering operation: < > <= >=");
    }
    if (!lessThan) throwUnsupported("total_ordering without __lt__");
    const Derived derived[] = {
        {"__gt__",
         [](const PlainArguments& x) {
           return Value(!truth(callMethod(x[0], "__lt__", {x[1]})) && !equals(x[0], x[1]));
         }},
        {"__le__",
         [](const PlainArguments& x) {
           return Value(truth(callMethod(x[0], "__lt__", {x[1]})) || equals(x[0], x[1]));
         }},
        {"__ge__", [](const PlainArguments& x) { return Value(!truth(callMethod(x[0], "__lt__", {x[1]}))); }}};
    for (const Derived& entry : derived) {
      if (cls->lookup(entry.name)) continue;
      cls->attributes().set(entry.name, Value(make<NativeFunction>(entry.name, cls->name(),
                                                                   NativeFunction::Role::method, 1, 1, entry.body)));
    }
    return a[0];
  });
  Class* wrapper = addClass(impl, "KeyWrapper", nullptr, "functools");
  wrapper->layout = Class::Layout::fixed;
  wrapper->plain("__lt__", 1, 1, [](const PlainArguments& x) {
    return Value(less(call(attribute(x[0], "cmp"), {attribute(x[0], "obj"), attribute(x[1], "obj")}), Value(0)));
  });
  impl.helperClasses["cmp_to_key"] = wrapper;
  m.plain("cmp_to_key", 1, 1, [](const PlainArguments& a) -> Value {
    const Value compareWith = a[0];
    return heldCallable("K", [compareWith](Arguments& inner) {
      return makeCallable(machine().helperClasses.at("cmp_to_key"),
                          {{"cmp", compareWith}, {"obj", inner[0].to<Tuple>().items.at(0)}});
    });
  });

  Module& o = impl.owner.module("operator");
  o.plain("add", 2, 2, binaryFunction<BinaryOperator::add>);
  o.plain("sub", 2, 2, binaryFunction<BinaryOperator::subtract>);
  o.plain("mul", 2, 2, binaryFunction<BinaryOperator::multiply>);
  o.plain("truediv", 2, 2, binaryFunction<BinaryOperator::divide>);
  o.plain("floordiv", 2, 2, binaryFunction<BinaryOperator::floorDivide>);
  o.plain("mod", 2, 2, binaryFunction<BinaryOperator::modulo>);
  o.plain("pow", 2, 2, binaryFunction<BinaryOperator::power>);
  o.plain("or_", 2, 2, binaryFunction<BinaryOperator::bitOr>);
  o.plain("and_", 2, 2, binaryFunction<BinaryOperator::bitAnd>);
  o.plain("xor", 2, 2, binaryFunction<BinaryOperator::bitXor>);
  o.plain("lshift", 2, 2, binaryFunction<BinaryOperator::leftShift>);
  o.plain("rshift", 2, 2, binaryFunction<BinaryOperator::rightShift>);
  o.plain("matmul", 2, 2, binaryFunction<BinaryOperator::matrixMultiply>);
  o.plain("lt", 2, 2, compareFunction<CompareOperator::less>);
  o.plain("le", 2, 2, compareFunction<CompareOperator::lessEqual>);
  o.plain("eq", 2, 2, compareFunction<CompareOperator::equal>);
  o.plain("ne", 2, 2, compareFunction<CompareOperator::notEqual>);
  o.plain("gt", 2, 2, compareFunction<CompareOperator::greater>);
  o.plain("ge", 2, 2, compareFunction<CompareOperator::greaterEqual>);
  o.plain("neg", 1, 1, [](const PlainArguments& a) { return negative(a[0]); });
  o.plain("pos", 1, 1, [](const PlainArguments& a) { return positive(a[0]); });
  o.plain("not_", 1, 1, [](const PlainArguments& a) { return Value(!truth(a[0])); });
  o.plain("truth", 1, 1, [](const PlainArguments& a) { return Value(truth(a[0])); });
  o.plain("is_", 2, 2, [](const PlainArguments& a) { return Value(a[0].same(a[1])); });
  o.plain("is_not", 2, 2, [](const PlainArguments& a) { return Value(!a[0].same(a[1])); });
  o.plain("contains", 2, 2, [](const PlainArguments& a) { return Value(contains(a[0], a[1])); });
  o.plain("getitem", 2, 2, [](const PlainArguments& a) { return getItem(a[0], a[1]); });
  o.plain("concat", 2, 2, binaryFunction<BinaryOperator::add>);
  o.function("itemgetter(*items)", [](Arguments& a) { return getter("itemgetter", a[0].to<Tuple>().items, getItem); });
  o.function("attrgetter(*attrs)",
             [](Arguments& a) { return getter("attrgetter", a[0].to<Tuple>().items, dottedAttribute); });
  o.function("methodcaller(name, /, *args, **kwargs)", [](Arguments& a) -> Value {
    const Value name = a[0];
    const Value positional = a[1];
    const Value named = a[2];
    return heldCallable("methodcaller", [name, positional, named](Arguments& inner) -> Value {
      const Value object = inner[0].to<Tuple>().items.at(0);
      const Values& given = positional.to<Tuple>().items;
      return call(dottedAttribute(object, name), std::vector<Value>(given.begin(), given.end()), keywordsOf(named));
    });
  });
}

}  // namespace cadrecode::script
