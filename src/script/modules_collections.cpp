// The module collections: namedtuple, deque, defaultdict, OrderedDict, Counter; and typing.NamedTuple.
#include <algorithm>

#include "script/builtin_support.hpp"
#include "script/class_hooks.hpp"

namespace cadrecode::script {

namespace {

// --- namedtuple

Value fieldNames(Class& cls) { return *cls.lookup("_fields"); }

Value constructNamedTuple(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  const Value fields = fieldNames(*cls);
  const Values& names = fields.to<Tuple>().items;
  const Value defaults = *cls->lookup("_field_defaults");
  Values values(names.size(), Value::unbound());
  const std::string where = cls->name() + ".__new__()";
  const std::size_t required = names.size() - defaults.to<Dict>().size();
  if (count > names.size()) {
    const std::string takes = required == names.size()
                                  ? std::to_string(names.size() + 1)
                                  : "from " + std::to_string(required + 1) + " to " + std::to_string(names.size() + 1);
    raise("TypeError",
          where + " takes " + takes + " positional arguments but " + std::to_string(count + 1) + " were given");
  }
  for (std::size_t i = 0; i < count; ++i) values[i] = arguments[i];
  for (const auto& [key, value] : keywords) {
    std::size_t found = SIZE_MAX;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (textOf(names[i]) == textOf(key)) found = i;
    }
    if (found == SIZE_MAX) raise("TypeError", where + " got an unexpected keyword argument '" + textOf(key) + "'");
    if (!values[found].isUnbound())
      raise("TypeError", where + " got multiple values for argument '" + textOf(key) + "'");
    values[found] = value;
  }
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!values[i].isUnbound()) continue;
    if (Value* standard = defaults.to<Dict>().find(names[i])) {
      values[i] = *standard;
    } else {
      missing.push_back(textOf(names[i]));
    }
  }
  if (!missing.empty()) {
    raise("TypeError", where + " missing " + std::to_string(missing.size()) + " required positional argument" +
                           (missing.size() == 1 ? "" : "s") + ": " + joinQuoted(missing));
  }
  return Value(make<Tuple>(std::move(values), cls));
}

Value tupleRepr(const Value& self) {
  const Value fields = fieldNames(*self.object()->cls());
  const Values& names = fields.to<Tuple>().items;
  std::string text = self.object()->cls()->name() + "(";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i > 0 ? ", " : "") + textOf(names[i]) + "=" + repr(self.to<Tuple>().items[i]);
  }
  return makeStr(text + ")");
}

Value nativeMethod(const char* signature, const std::string& owner, NativeBody body) {
  return Value(make<NativeFunction>(signature, owner, NativeFunction::Role::method, std::move(body)));
}

Value makeNamedTuple(const std::string& name, const std::vector<std::string>& fields, const Ref<Dict>& defaults,
                     const std::string& module) {
  auto cls = make<Class>(module, name, std::vector<Class*>{types().tuple});
  cls->setScripted();
  cls->construct = constructNamedTuple;
  Values names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    names.push_back(makeStr(fields[i]));
    auto property = make<Property>(Value(), Value(), Value());
    property->name = fields[i];
    property->nativeGet = [i](const Value& self) { return self.to<Tuple>().items[i]; };
    cls->attributes().set(fields[i], Value(std::move(property)));
  }
  const Value fieldTuple = makeTuple(std::move(names));
  cls->attributes().set("_fields", fieldTuple);
  cls->attributes().set("__match_args__", fieldTuple);
  cls->attributes().set("_field_defaults", Value(defaults));
  cls->attributes().set("__repr__", nativeMethod("__repr__(self)", name, [](Arguments& a) { return tupleRepr(a[0]); }));
  cls->attributes().set("_asdict", nativeMethod("_asdict(self)", name, [](Arguments& a) -> Value {
                          auto dict = make<Dict>();
                          const Value fieldsOf = fieldNames(*a[0].object()->cls());
                          for (std::size_t i = 0; i < fieldsOf.to<Tuple>().items.size(); ++i)
                            dict->set(fieldsOf.to<Tuple>().items[i], a[0].to<Tuple>().items[i]);
                          return Value(std::move(dict));
                        }));
  cls->attributes().set("_replace", nativeMethod("_replace(self, **kwargs)", name, [](Arguments& a) -> Value {
                          Values values = a[0].to<Tuple>().items;
                          const Value fieldsOf = fieldNames(*a[0].object()->cls());
                          for (const auto& entry : a[1].to<Dict>().entries()) {
                            bool found = false;
                            for (std::size_t i = 0; i < values.size(); ++i) {
                              if (equals(fieldsOf.to<Tuple>().items[i], entry.key)) {
                                values[i] = entry.value;
                                found = true;
                              }
                            }
                            if (!found) raise("ValueError", "Got unexpected field names: [" + repr(entry.key) + "]");
                          }
                          return Value(make<Tuple>(std::move(values), a[0].object()->cls()));
                        }));
  const Value maker(
      make<NativeFunction>("_make(cls, iterable)", name, NativeFunction::Role::classMethod, [](Arguments& a) -> Value {
        const std::vector<Value> items = listOf(a[1]);
        return call(a[0], items);
      }));
  cls->attributes().set("_make", Value(make<Wrapper>(maker, true)));
  return Value(std::move(cls));
}

Value namedTuple(Arguments& a) {
  std::vector<std::string> fields;
  if (isStr(a[1])) {
    std::string word;
    for (const char c : textOf(a[1]) + " ") {
      if (c != ' ' && c != ',' && c != '\t' && c != '\n') {
        word += c;
      } else if (!word.empty()) {
        fields.push_back(std::move(word));
        word.clear();
      }
    }
  } else {
    for (const Value& item : listOf(a[1])) fields.push_back(toText(item, "field name"));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (truth(a[2])) {
      if (fields[i].empty() || fields[i][0] == '_') fields[i] = "_" + std::to_string(i);
      continue;
    }
    if (!fields[i].empty() && fields[i][0] == '_') {
      raise("ValueError", "Field names cannot start with an underscore: " + quoted(fields[i]));
    }
    if (fields[i].empty() || (fields[i][0] >= '0' && fields[i][0] <= '9')) {
      raise("ValueError", "Type names and field names must be valid identifiers: " + quoted(fields[i]));
    }
    if (std::count(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(i), fields[i]) > 0) {
      raise("ValueError", "Encountered duplicate field name: " + quoted(fields[i]));
    }
  }
  auto defaults = make<Dict>();
  if (!a[3].isNone()) {
    const std::vector<Value> values = listOf(a[3]);
    if (values.size() > fields.size()) raise("TypeError", "Got more default values than field names");
    for (std::size_t i = 0; i < values.size(); ++i) defaults->set(fields[fields.size() - values.size() + i], values[i]);
  }
  return makeNamedTuple(toText(a[0], "typename"), fields, defaults, "__main__");
}

// --- deque: a list with a maximum length

List& deque(const Value& value) { return value.to<List>(); }

std::int64_t maximum(const Value& value) {
  Value* found = value.to<List>().attributes ? value.to<List>().attributes->find("maxlen") : nullptr;
  return found && found->isIntegral() ? found->integer() : -1;
}
void trim(const Value& value, bool left) {
  const std::int64_t most = maximum(value);
  Values& items = deque(value).items;
  while (most >= 0 && static_cast<std::int64_t>(items.size()) > most) {
    if (left) {
      items.erase(items.begin());
    } else {
      items.pop_back();
    }
  }
}

void registerDeque(Interpreter::Impl& impl, Module& m) {
  Class* cls = addClass(impl, "deque", impl.types.list, "collections");
  cls->setScripted();  // instances have attributes
  cls->construct = [](Class* self, const Value* arguments, std::size_t count,
                      const KeywordArguments& keywords) -> Value {
    checkCount("deque", count, 0, 2);
    auto list = make<List>(Values(), self);
    Value most = count > 1 ? arguments[1] : keyword(keywords, "maxlen");
    if (most.isUnbound()) most = Value();
    list->attributes = make<Dict>();
    list->attributes->set("maxlen", most);
    const Value result(list);
    const Value source = count > 0 ? arguments[0] : keyword(keywords, "iterable");
    if (!source.isUnbound()) {
      forEach(source, [&](const Value& item) {
        list->items.push_back(item);
        trim(result, true);
      });
    }
    return result;
  };
  cls->plain("append", 1, 1, [](const PlainArguments& a) -> Value {
    deque(a[0]).items.push_back(a[1]);
    trim(a[0], true);
    return Value();
  });
  cls->plain("appendleft", 1, 1, [](const PlainArguments& a) -> Value {
    countSteps(deque(a[0]).items.size() / 64);
    deque(a[0]).items.insert(deque(a[0]).items.begin(), a[1]);
    trim(a[0], false);
    return Value();
  });
  cls->plain("extendleft", 1, 1, [](const PlainArguments& a) -> Value {
    for (const Value& item : listOf(a[1])) {
      deque(a[0]).items.insert(deque(a[0]).items.begin(), item);
      trim(a[0], false);
    }
    return Value();
  });
  cls->plain("popleft", 0, 0, [](const PlainArguments& a) -> Value {
    Values& items = deque(a[0]).items;
    if (items.empty()) raise("IndexError", "pop from an empty deque");
    countSteps(items.size() / 64);
    Value item = items.front();
    items.erase(items.begin());
    return item;
  });
  cls->plain("pop", 0, 0, [](const PlainArguments& a) -> Value {
    Values& items = deque(a[0]).items;
    if (items.empty()) raise("IndexError", "pop from an empty deque");
    Value item = items.back();
    items.pop_back();
    return item;
  });
  cls->plain("rotate", 0, 1, [](const PlainArguments& a) -> Value {
    Values& items = deque(a[0]).items;
    if (items.empty()) return Value();
    const auto size = static_cast<std::int64_t>(items.size());
    const std::int64_t by = (((a.has(1) ? toIndex(a[1]) : 1) % size) + size) % size;
    std::rotate(items.begin(), items.begin() + (size - by), items.end());
    return Value();
  });
  cls->plain("__repr__", 0, 0, [](const PlainArguments& a) -> Value {
    const Values& items = deque(a[0]).items;
    std::string text = "deque(" + repr(makeList(Values(items)));
    if (maximum(a[0]) >= 0) text += ", maxlen=" + std::to_string(maximum(a[0]));
    return makeStr(text + ")");
  });
  m.add(cls);
}

// --- Counter, defaultdict, OrderedDict

void count(Dict& dict, const Value& source, std::int64_t sign) {
  if (Dict* other = source.as<Dict>()) {
    for (const auto& entry : std::vector<Dict::Entry>(other->entries().begin(), other->entries().end())) {
      if (entry.key.isUnbound()) continue;
      Value* found = dict.find(entry.key, entry.hash);
      const Value amount = sign > 0 ? entry.value : negative(entry.value);
      dict.set(entry.key, found ? binary(BinaryOperator::add, *found, amount) : amount);
    }
    return;
  }
  forEach(source, [&](const Value& item) {
    Value* found = dict.find(item);
    dict.set(item, found ? binary(BinaryOperator::add, *found, Value(sign)) : Value(sign));
  });
}

std::vector<Value> mostCommon(const Value& self, const Value& limit) {
  std::vector<Value> pairs;
  for (const auto& entry : self.to<Dict>().entries()) {
    if (!entry.key.isUnbound()) pairs.push_back(makeTuple({entry.key, entry.value}));
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Value& x, const Value& y) {
    const Value& a = x.to<Tuple>().items[1];
    const Value& b = y.to<Tuple>().items[1];
    return a.isNumber() && b.isNumber() && a.number() > b.number();
  });
  if (!limit.isNone() && toIndex(limit) < static_cast<std::int64_t>(pairs.size())) {
    pairs.resize(static_cast<std::size_t>(toIndex(limit) < 0 ? 0 : toIndex(limit)));
  }
  return pairs;
}

std::string dictText(const Value& self) {
  auto plain = make<Dict>();
  updateDictFrom(*plain, self);
  return repr(Value(plain));
}

// Counts that stay positive.
Value addCounters(const PlainArguments& a, std::int64_t sign) {
  auto sum = make<Dict>(a[0].object()->cls());
  count(*sum, a[0], 1);
  count(*sum, a[1], sign);
  auto positive = make<Dict>(a[0].object()->cls());
  for (const auto& entry : sum->entries()) {
    if (!entry.key.isUnbound() && less(Value(0), entry.value)) positive->set(entry.key, entry.value);
  }
  return Value(std::move(positive));
}

void registerCounter(Interpreter::Impl& impl, Module& m) {
  Class* cls = addClass(impl, "Counter", impl.types.dict, "collections");
  cls->construct = [](Class* self, const Value* arguments, std::size_t given,
                      const KeywordArguments& keywords) -> Value {
    auto dict = make<Dict>(self);
    if (given > 0 && !arguments[0].isNone()) count(*dict, arguments[0], 1);
    for (const auto& [key, value] : keywords) dict->set(key, value);
    return Value(std::move(dict));
  };
  cls->plain("__missing__", 1, 1, [](const PlainArguments&) { return Value(0); });
  cls->plain("update", 1, 1, [](const PlainArguments& a) -> Value {
    count(a[0].to<Dict>(), a[1], 1);
    return Value();
  });
  cls->plain("subtract", 1, 1, [](const PlainArguments& a) -> Value {
    count(a[0].to<Dict>(), a[1], -1);
    return Value();
  });
  cls->method("most_common(self, n=None)", [](Arguments& a) { return makeList(mostCommon(a[0], a[1])); });
  cls->plain("total", 0, 0, [](const PlainArguments& a) -> Value {
    Value total(0);
    for (const auto& entry : a[0].to<Dict>().entries()) {
      if (!entry.key.isUnbound()) total = binary(BinaryOperator::add, total, entry.value);
    }
    return total;
  });
  cls->plain("elements", 0, 0, [](const PlainArguments& a) -> Value {
    Values items;
    for (const auto& entry : a[0].to<Dict>().entries()) {
      for (std::int64_t i = 0; !entry.key.isUnbound() && i < toIndex(entry.value); ++i) items.push_back(entry.key);
    }
    return Value(make<ListIterator>("chain", std::move(items)));
  });
  cls->plain("__repr__", 0, 0, [](const PlainArguments& a) -> Value {
    if (a[0].to<Dict>().size() == 0) return makeStr("Counter()");
    auto ordered = make<Dict>();
    for (const Value& pair : mostCommon(a[0], Value()))
      ordered->set(pair.to<Tuple>().items[0], pair.to<Tuple>().items[1]);
    return makeStr("Counter(" + repr(Value(ordered)) + ")");
  });
  cls->plain("__add__", 1, 1, [](const PlainArguments& a) { return addCounters(a, 1); });
  cls->plain("__sub__", 1, 1, [](const PlainArguments& a) { return addCounters(a, -1); });
  m.add(cls);
}

void registerDictKinds(Interpreter::Impl& impl, Module& m) {
  Class* cls = addClass(impl, "defaultdict", impl.types.dict, "collections");
  cls->construct = [](Class* self, const Value* arguments, std::size_t given,
                      const KeywordArguments& keywords) -> Value {
    auto dict = make<Dict>(self);
    dict->factory = Value();
    if (given > 0) {
      if (!arguments[0].isNone() && !isCallable(arguments[0]))
        raise("TypeError", "first argument must be callable or None");
      dict->factory = arguments[0];
    }
    if (given > 1) updateDictFrom(*dict, arguments[1]);
    for (const auto& [key, value] : keywords) dict->set(key, value);
    return Value(std::move(dict));
  };
  cls->plain("__repr__", 0, 0, [](const PlainArguments& a) {
    return makeStr("defaultdict(" + repr(a[0].to<Dict>().factory) + ", " + dictText(a[0]) + ")");
  });
  m.add(cls);
  Class* ordered = addClass(impl, "OrderedDict", impl.types.dict, "collections");
  ordered->construct = impl.types.dict->construct;
  ordered->plain("__repr__", 0, 0, [](const PlainArguments& a) -> Value {
    if (a[0].to<Dict>().size() == 0) return makeStr("OrderedDict()");
    std::vector<Value> pairs;
    for (const auto& entry : a[0].to<Dict>().entries()) {
      if (!entry.key.isUnbound()) pairs.push_back(makeTuple({entry.key, entry.value}));
    }
    return makeStr("OrderedDict(" + repr(makeList(pairs)) + ")");
  });
  ordered->method("move_to_end(self, key, last=True)", [](Arguments& a) -> Value {
    Dict& dict = a[0].to<Dict>();
    Value* found = dict.find(a[1]);
    if (!found) raiseValue("KeyError", a[1]);
    const Value value = *found;
    dict.erase(a[1]);
    if (truth(a[2])) {
      dict.set(a[1], value);
      return Value();
    }
    const std::vector<Dict::Entry> rest(dict.entries().begin(), dict.entries().end());
    dict.clearItems();
    dict.set(a[1], value);
    for (const auto& entry : rest) {
      if (!entry.key.isUnbound()) dict.set(entry.key, entry.hash, entry.value);
    }
    return Value();
  });
  ordered->method("popitem(self, last=True)", [](Arguments& a) -> Value {
    const auto& entries = a[0].to<Dict>().entries();
    const bool last = truth(a[1]);
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const std::size_t i = last ? entries.size() - 1 - k : k;
      if (entries[i].key.isUnbound()) continue;
      Value pair = makeTuple({entries[i].key, entries[i].value});
      a[0].to<Dict>().eraseAt(i);
      return pair;
    }
    raiseValue("KeyError", makeStr("dictionary is empty"));
  });
  m.add(ordered);
}

}  // namespace

Value makeNamedTupleClass(const std::string& name, Dict& attributes) {
  std::vector<std::string> fields;
  auto defaults = make<Dict>();
  if (Value* notes = attributes.find("__annotations__")) {
    for (const auto& entry : notes->to<Dict>().entries()) {
      fields.push_back(textOf(entry.key));
      if (Value* value = attributes.find(entry.key)) {
        defaults->set(entry.key, *value);
      } else if (defaults->size() > 0) {
        raise("TypeError", "non-default namedtuple field " + fields.back() + " cannot follow default field" +
                               (defaults->size() > 1 ? "s " : " ") + textOf(defaults->entries()[0].key));
      }
    }
  }
  const Value cls = makeNamedTuple(name, fields, defaults, "__main__");
  for (const auto& entry : attributes.entries()) {
    if (entry.key.isUnbound()) continue;
    const std::string& key = textOf(entry.key);
    if (key == "__annotations__" || key == "__module__" || key == "__qualname__" || defaults->find(entry.key)) continue;
    if (Property* property = entry.value.as<Property>(); property && property->name.empty()) property->name = key;
    cls.to<Class>().attributes().set(entry.key, entry.value);
  }
  return cls;
}

void registerCollections(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("collections");
  m.function("namedtuple(typename, field_names, *, rename=False, defaults=None, module=None)", namedTuple);
  registerDeque(impl, m);
  registerCounter(impl, m);
  registerDictKinds(impl, m);
  Module& abc = impl.owner.module("collections.abc");
  for (const char* name : {"Iterable", "Sequence", "Mapping", "Callable", "Iterator", "Generator", "MutableMapping",
                           "MutableSequence", "Hashable", "Sized"}) {
    auto alias = make<Singleton>(impl.types.alias, std::string("collections.abc.") + name);
    if (std::string_view(name) == "Sequence")
      alias->origin =
          makeTuple({Value(impl.types.list), Value(impl.types.tuple), Value(impl.types.str), Value(impl.types.range)});
    if (std::string_view(name) == "Mapping" || std::string_view(name) == "MutableMapping")
      alias->origin = Value(impl.types.dict);
    abc.add(name, Value(alias));
  }
}

}  // namespace cadrecode::script
