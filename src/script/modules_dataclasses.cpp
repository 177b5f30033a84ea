// The module dataclasses.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

namespace {

// A field() that has not become part of a class yet, or one that has: an instance with attributes.
Value attribute(const Value& field, const char* name) {
  Value* found = field.to<Instance>().attributes->find(name);
  return found ? *found : Value();
}
bool isField(const Value& value) {
  return value.is(Kind::instance) && value.object()->cls() == machine().helperClasses.at("Field");
}

Value missing() { return *machine().owner.module("dataclasses").find("MISSING"); }

Value makeField(const Value& standard, const Value& factory, bool init, bool repr, bool compare,
                const Value& keywordOnly) {
  auto instance = make<Instance>(machine().helperClasses.at("Field"));
  instance->attributes = make<Dict>();
  Dict& all = *instance->attributes;
  all.set("name", Value());
  all.set("default", standard);
  all.set("default_factory", factory);
  all.set("init", Value(init));
  all.set("repr", Value(repr));
  all.set("compare", Value(compare));
  all.set("kw_only", keywordOnly);
  return Value(std::move(instance));
}

const Str* fieldName(const Value& field) { return &attribute(field, "name").to<Str>(); }
bool flag(const Value& field, const char* name) { return truth(attribute(field, name)); }
bool hasDefault(const Value& field) {
  return !attribute(field, "default").same(missing()) || !attribute(field, "default_factory").same(missing());
}

std::vector<Value> fieldsOf(Class& cls) {
  Value* found = cls.lookup("__dataclass_fields__");
  std::vector<Value> fields;
  if (!found) return fields;
  for (const auto& entry : found->to<Dict>().entries()) fields.push_back(entry.value);
  return fields;
}

Value fieldValue(const Value& self, const Value& field) { return getAttribute(self, fieldName(field)->text()); }

void store(const Value& self, const Value& name, const Value& value) {
  Dict* own = attributesOf(self, true);
  if (own) own->set(name, value);
}

// __init__: binds arguments to fields as a function with that signature would.
Value initialize(Arguments& a) {
  const Value self = a[0];
  Class& cls = *self.object()->cls();
  const Values& given = a[1].to<Tuple>().items;
  Dict& named = a[2].to<Dict>();
  std::vector<Value> positional;
  std::vector<Value> keywordOnly;
  const std::vector<Value> fields = fieldsOf(cls);
  for (const Value& field : fields) {
    if (!flag(field, "init")) continue;
    (truth(attribute(field, "kw_only")) ? keywordOnly : positional).push_back(field);
  }
  const std::string where = cls.qualifiedName() + ".__init__()";
  std::size_t required = 0;
  for (const Value& field : positional) required += hasDefault(field) ? 0 : 1;
  for (const auto& entry : named.entries()) {
    bool found = false;
    for (std::size_t i = 0; i < positional.size(); ++i) {
      if (fieldName(positional[i])->text() != textOf(entry.key)) continue;
      found = true;
      if (i < given.size()) raise("TypeError", where + " got multiple values for argument '" + textOf(entry.key) + "'");
    }
    for (const Value& field : keywordOnly) found = found || fieldName(field)->text() == textOf(entry.key);
    if (!found) raise("TypeError", where + " got an unexpected keyword argument '" + textOf(entry.key) + "'");
  }
  if (given.size() > positional.size()) {
    const std::size_t most = positional.size() + 1;
    const std::string takes = required == positional.size()
                                  ? std::to_string(most)
                                  : "from " + std::to_string(required + 1) + " to " + std::to_string(most);
    const bool many = most != 1 || required != positional.size();
    raise("TypeError", where + " takes " + takes + " positional argument" + (many ? "s" : "") + " but " +
                           std::to_string(given.size() + 1) + " were given");
  }
  std::vector<std::string> absent;
  for (std::size_t i = given.size(); i < positional.size(); ++i) {
    if (!hasDefault(positional[i]) && !named.find(*fieldName(positional[i])))
      absent.push_back(fieldName(positional[i])->text());
  }
  const auto complain = [&](const char* kind) {
    if (absent.empty()) return;
    raise("TypeError", where + " missing " + std::to_string(absent.size()) + " required " + kind + " argument" +
                           (absent.size() == 1 ? "" : "s") + ": " + joinQuoted(absent));
  };
  complain("positional");
  for (const Value& field : keywordOnly) {
    if (!hasDefault(field) && !named.find(*fieldName(field))) absent.push_back(fieldName(field)->text());
  }
  complain("keyword-only");
  std::vector<Value> initOnly;
  std::size_t place = 0;
  for (const Value& field : fields) {
    const Value name = attribute(field, "name");
    Value value = Value::unbound();
    if (flag(field, "init")) {
      const bool byKeyword = truth(attribute(field, "kw_only"));
      if (!byKeyword && place < given.size()) value = given[place];
      if (!byKeyword) ++place;
      if (value.isUnbound()) {
        if (Value* found = named.find(name)) value = *found;
      }
    }
    if (value.isUnbound()) {
      const Value factory = attribute(field, "default_factory");
      if (!factory.same(missing())) {
        value = call(factory);
      } else if (!attribute(field, "default").same(missing())) {
        value = attribute(field, "default");
      }
    }
    if (value.isUnbound()) continue;
    if (truth(attribute(field, "init_only"))) {
      initOnly.push_back(value);
    } else if (cls.frozenDataclass) {
      store(self, name, value);
    } else {
      setAttribute(self, name.to<Str>(), value);
    }
  }
  if (cls.lookup(*names().postInit)) callMethod(self, "__post_init__", initOnly);
  return Value();
}

Value represent(Arguments& a) {
  const RecursionGuard guard;
  std::string text = a[0].object()->cls()->qualifiedName() + "(";
  bool first = true;
  for (const Value& field : fieldsOf(*a[0].object()->cls())) {
    if (!flag(field, "repr") || truth(attribute(field, "init_only"))) continue;
    text += (first ? "" : ", ") + fieldName(field)->text() + "=" + repr(fieldValue(a[0], field));
    first = false;
  }
  return makeStr(text + ")");
}

Value asTuple(const Value& self) {
  Values items;
  for (const Value& field : fieldsOf(*self.object()->cls())) {
    if (flag(field, "compare") && !truth(attribute(field, "init_only"))) items.push_back(fieldValue(self, field));
  }
  return makeTuple(std::move(items));
}

template <CompareOperator kOp>
Value compareFields(Arguments& a) {
  if (typeOf(a[0]) != typeOf(a[1])) return notImplemented();
  return compare(kOp, asTuple(a[0]), asTuple(a[1]));
}

// Puts the fields and the methods made of them into a class.
Value decorate(Class& cls, const Dict& options) {
  const auto option = [&](const char* name, bool standard) {
    Value* found = const_cast<Dict&>(options).find(name);
    return found ? truth(*found) : standard;
  };
  auto fields = make<Dict>();
  for (std::size_t i = cls.mro().size(); i-- > 1;) {
    if (Value* inherited = cls.mro()[i]->attributes().find("__dataclass_fields__")) updateDictFrom(*fields, *inherited);
  }
  bool keywordOnly = option("kw_only", false);
  if (Value* notes = cls.attributes().find(*names().annotations)) {
    for (const auto& entry : notes->to<Dict>().entries()) {
      const std::string& name = textOf(entry.key);
      const std::string note = entry.value.is(Kind::singleton) ? entry.value.to<Singleton>().text
                               : isStr(entry.value)            ? textOf(entry.value)
                                                               : "";
      if (note.rfind("typing.ClassVar", 0) == 0 || note.rfind("ClassVar", 0) == 0) continue;
      if (note == "dataclasses.KW_ONLY") {
        keywordOnly = true;
        continue;
      }
      Value* given = cls.attributes().find(entry.key);
      Value field;
      if (given && isField(*given)) {
        field = *given;
        const Value standard = attribute(field, "default");
        if (standard.same(missing())) {
          cls.attributes().erase(entry.key);
        } else {
          cls.attributes().set(entry.key, standard);
        }
      } else {
        field = makeField(given ? *given : missing(), missing(), true, true, true, Value());
      }
      const Value standard = attribute(field, "default");
      if (standard.is(Kind::list) || standard.is(Kind::dict) ||
          (standard.is(Kind::set) && !standard.to<Set>().frozen())) {
        raise("ValueError", "mutable default " + classRepr(*typeOf(standard)) + " for field " + name +
                                " is not allowed: use default_factory");
      }
      Dict& all = *field.to<Instance>().attributes;
      all.set("name", entry.key);
      all.set("type", entry.value);
      all.set("init_only", Value(note.rfind("dataclasses.InitVar", 0) == 0));
      if (attribute(field, "kw_only").isNone()) all.set("kw_only", Value(keywordOnly));
      fields->set(entry.key, field);
    }
  }
  bool defaults = false;
  Values order;
  for (const auto& entry : fields->entries()) {
    if (!flag(entry.value, "init") || truth(attribute(entry.value, "kw_only"))) continue;
    order.push_back(entry.key);
    if (hasDefault(entry.value)) {
      defaults = true;
    } else if (defaults) {
      raise("TypeError", "non-default argument '" + textOf(entry.key) + "' follows default argument");
    }
  }
  cls.attributes().set("__dataclass_fields__", Value(fields));
  if (!cls.attributes().find(*names().matchArgs))
    cls.attributes().set(Value(names().matchArgs), makeTuple(std::move(order)));
  cls.isDataclass = true;
  const auto method = [&](const char* signature, NativeBody body) {
    const std::string text = signature;
    const std::string name = text.substr(0, text.find('('));
    if (cls.attributes().find(name)) return;
    cls.attributes().set(name,
                         Value(make<NativeFunction>(text, cls.name(), NativeFunction::Role::method, std::move(body))));
  };
  if (option("init", true)) method("__init__(self, /, *args, **kwargs)", initialize);
  if (option("repr", true)) method("__repr__(self)", represent);
  const bool equality = option("eq", true);
  if (equality) method("__eq__(self, other)", compareFields<CompareOperator::equal>);
  if (option("order", false)) {
    method("__lt__(self, other)", compareFields<CompareOperator::less>);
    method("__le__(self, other)", compareFields<CompareOperator::lessEqual>);
    method("__gt__(self, other)", compareFields<CompareOperator::greater>);
    method("__ge__(self, other)", compareFields<CompareOperator::greaterEqual>);
  }
  if (option("frozen", false)) cls.frozenDataclass = true;
  if (option("unsafe_hash", false) || (equality && cls.frozenDataclass)) {
    method("__hash__(self)", [](Arguments& a) { return Value(hashOf(asTuple(a[0]))); });
  }
  return Value(&cls);
}

Value toPlain(const Value& value, bool dict) {
  const RecursionGuard guard;
  if (value.is(Kind::instance) && value.object()->cls()->isDataclass) {
    auto result = make<Dict>();
    Values items;
    for (const Value& field : fieldsOf(*value.object()->cls())) {
      const Value inner = toPlain(fieldValue(value, field), dict);
      result->set(attribute(field, "name"), inner);
      items.push_back(inner);
    }
    return dict ? Value(result) : makeTuple(std::move(items));
  }
  if (value.is(Kind::list) || value.is(Kind::tuple)) {
    Values items;
    for (const Value& item : listOf(value)) items.push_back(toPlain(item, dict));
    return value.is(Kind::list) ? makeList(std::move(items)) : makeTuple(std::move(items));
  }
  if (const Dict* source = value.as<Dict>()) {
    auto result = make<Dict>();
    for (const auto& entry : source->entries()) {
      if (!entry.key.isUnbound()) result->set(toPlain(entry.key, dict), toPlain(entry.value, dict));
    }
    return Value(std::move(result));
  }
  return value;
}

}  // namespace

void registerDataclasses(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("dataclasses");
  Class* field = addClass(impl, "Field", nullptr, "dataclasses");
  field->layout = Class::Layout::fixed;
  impl.helperClasses["Field"] = field;
  m.add("MISSING", Value(make<Singleton>(impl.types.ellipsis, "<dataclasses._MISSING_TYPE object>")));
  m.add("KW_ONLY", Value(make<Singleton>(impl.types.alias, "dataclasses.KW_ONLY")));
  m.add("InitVar", Value(make<Singleton>(impl.types.alias, "dataclasses.InitVar")));
  m.add("FrozenInstanceError", Value(impl.exceptions.at("FrozenInstanceError")));
  m.function("dataclass(cls=None, /, **options)", [](Arguments& a) -> Value {
    if (Class* cls = a[0].as<Class>()) return decorate(*cls, a[1].to<Dict>());
    const Value options = a[1];
    return Value(make<NativeFunction>("wrap(cls)", "dataclass.<locals>", NativeFunction::Role::function,
                                      [options](Arguments& inner) -> Value {
                                        Class* cls = inner[0].as<Class>();
                                        if (!cls) raise("TypeError", "dataclass() should be called with a class");
                                        return decorate(*cls, options.to<Dict>());
                                      }));
  });
  m.function(
      "field(*, default=None, default_factory=None, init=True, repr=True, hash=None, compare=True, metadata=None, "
      "kw_only=None)",
      [](Arguments& a) -> Value {
        if (a.given(0) && a.given(1)) raise("ValueError", "cannot specify both default and default_factory");
        return makeField(a.given(0) ? a[0] : missing(), a.given(1) ? a[1] : missing(), truth(a[2]), truth(a[3]),
                         truth(a[5]), a[7]);
      });
  m.function("asdict(obj, /)", [](Arguments& a) -> Value {
    if (!typeOf(a[0])->isDataclass) raise("TypeError", "asdict() should be called on dataclass instances");
    return toPlain(a[0], true);
  });
  m.function("astuple(obj, /)", [](Arguments& a) -> Value {
    if (!typeOf(a[0])->isDataclass) raise("TypeError", "astuple() should be called on dataclass instances");
    return toPlain(a[0], false);
  });
  m.function("fields(class_or_instance)", [](Arguments& a) -> Value {
    Class* cls = a[0].is(Kind::type) ? &a[0].to<Class>() : typeOf(a[0]);
    if (!cls->isDataclass) raise("TypeError", "must be called with a dataclass type or instance");
    return makeTuple(fieldsOf(*cls));
  });
  m.function("is_dataclass(obj)",
             [](Arguments& a) { return Value((a[0].is(Kind::type) ? &a[0].to<Class>() : typeOf(a[0]))->isDataclass); });
  m.function("replace(obj, /, **changes)", [](Arguments& a) -> Value {
    KeywordArguments keywords;
    for (const Value& item : fieldsOf(*typeOf(a[0]))) {
      if (!flag(item, "init")) continue;
      Value* changed = a[1].to<Dict>().find(attribute(item, "name"));
      keywords.emplace_back(attribute(item, "name"), changed ? *changed : fieldValue(a[0], item));
    }
    for (const auto& entry : a[1].to<Dict>().entries()) {
      bool known = false;
      for (const auto& [key, value] : keywords) known = known || equals(key, entry.key);
      if (!known) keywords.emplace_back(entry.key, entry.value);
    }
    return call(Value(typeOf(a[0])), {}, keywords);
  });
}

}  // namespace cadrecode::script
