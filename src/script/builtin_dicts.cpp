// The methods of dict and of its views.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

void updateDictFrom(Dict& dict, const Value& source) {
  if (Dict* other = source.as<Dict>()) {
    const std::vector<Dict::Entry> entries(other->entries().begin(), other->entries().end());
    for (const auto& entry : entries) {
      if (!entry.key.isUnbound()) dict.set(entry.key, entry.hash, entry.value);
    }
    countSteps(entries.size() / 8);
    return;
  }
  if (source.isObject() && !source.is(Kind::type)) {
    const Value keys = findAttribute(source, "keys");
    if (!keys.isUnbound()) {
      for (const Value& key : listOf(call(keys))) dict.set(key, getItem(source, key));
      return;
    }
  }
  std::size_t index = 0;
  forEach(source, [&](const Value& item) {
    const std::string number = std::to_string(index++);
    if (!isIterable(item))
      raise("TypeError", "cannot convert dictionary update sequence element #" + number + " to a sequence");
    const std::vector<Value> pair = listOf(item);
    if (pair.size() != 2) {
      raise("ValueError", "dictionary update sequence element #" + number + " has length " +
                              std::to_string(pair.size()) + "; 2 is required");
    }
    dict.set(pair[0], pair[1]);
  });
}

namespace {

Dict& self(const PlainArguments& a) { return a[0].to<Dict>(); }

Value constructDict(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkCount("dict", count, 0, 1);
  auto dict = make<Dict>(cls);
  if (count == 1) updateDictFrom(*dict, arguments[0]);
  for (const auto& [key, value] : keywords) dict->set(key, value);
  return Value(std::move(dict));
}

}  // namespace

void registerDicts(Interpreter::Impl& impl) {
  Class& dict = *impl.types.dict;
  dict.construct = constructDict;
  dict.method("__init__(self, *args, **kwargs)", [](Arguments& a) -> Value {
    const Values& given = a[1].to<Tuple>().items;
    checkCount("dict", given.size(), 0, 1);
    if (!given.empty()) updateDictFrom(a[0].to<Dict>(), given[0]);
    updateDictFrom(a[0].to<Dict>(), a[2]);
    return Value();
  });
  dict.plain("get", 1, 2, [](const PlainArguments& a) -> Value {
    if (Value* found = self(a).find(a[1])) return *found;
    return a.has(2) ? a[2] : Value();
  });
  dict.plain("keys", 0, 0,
             [](const PlainArguments& a) { return Value(make<View>(Ref<Dict>(&self(a)), View::What::keys)); });
  dict.plain("values", 0, 0,
             [](const PlainArguments& a) { return Value(make<View>(Ref<Dict>(&self(a)), View::What::values)); });
  dict.plain("items", 0, 0,
             [](const PlainArguments& a) { return Value(make<View>(Ref<Dict>(&self(a)), View::What::items)); });
  dict.plain("pop", 1, 2, [](const PlainArguments& a) -> Value {
    Value* found = self(a).find(a[1]);
    if (!found) {
      if (a.has(2)) return a[2];
      raiseValue("KeyError", a[1]);
    }
    const Value value = *found;
    self(a).erase(a[1]);
    return value;
  });
  dict.plain("popitem", 0, 0, [](const PlainArguments& a) -> Value {
    const auto& entries = self(a).entries();
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (entries[i].key.isUnbound()) continue;
      Value pair = makeTuple({entries[i].key, entries[i].value});
      self(a).eraseAt(i);
      return pair;
    }
    raiseValue("KeyError", makeStr("popitem(): dictionary is empty"));
  });
  dict.plain("setdefault", 1, 2, [](const PlainArguments& a) -> Value {
    if (Value* found = self(a).find(a[1])) return *found;
    const Value value = a.has(2) ? a[2] : Value();
    self(a).set(a[1], value);
    return value;
  });
  dict.method("update(self, *args, **kwargs)", [](Arguments& a) -> Value {
    const Values& given = a[1].to<Tuple>().items;
    checkCount("update", given.size(), 0, 1);
    if (!given.empty()) updateDictFrom(a[0].to<Dict>(), given[0]);
    updateDictFrom(a[0].to<Dict>(), a[2]);
    return Value();
  });
  dict.plain("clear", 0, 0, [](const PlainArguments& a) -> Value {
    self(a).clearItems();
    return Value();
  });
  dict.plain("copy", 0, 0, [](const PlainArguments& a) -> Value {
    Class* cls = self(a).cls();
    auto copy = make<Dict>(cls->scripted() ? types().dict : cls);
    copy->factory = self(a).factory;
    updateDictFrom(*copy, a[0]);
    return Value(std::move(copy));
  });
  const Value fromKeys(make<NativeFunction>(
      "fromkeys", "", NativeFunction::Role::classMethod, 1, 2, [](const PlainArguments& a) -> Value {
        auto made = make<Dict>();
        forEach(a[1], [&](const Value& key) { made->set(key, a.has(2) ? a[2] : Value()); });
        return Value(std::move(made));
      }));
  dict.attributes().set("fromkeys", Value(make<Wrapper>(fromKeys, true)));
  for (Class* view : {impl.types.dictKeys, impl.types.dictItems}) {
    view->plain("isdisjoint", 1, 1, [](const PlainArguments& a) -> Value {
      for (const Value& item : listOf(a[1])) {
        if (contains(a[0], item)) return Value(false);
      }
      return Value(true);
    });
  }
}

}  // namespace cadrecode::script
