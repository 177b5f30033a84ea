// The module enum.
#include "script/builtin_support.hpp"
#include "script/class_hooks.hpp"

namespace cadrecode::script {

namespace {

Value memberAttribute(const Value& member, const char* name) { return *member.to<Instance>().attributes->find(name); }

bool isFlag(const Class& cls) { return cls.derivesFrom(machine().helperClasses.at("Flag")); }

// The members to be: plain values, no functions, no descriptors, no _private_ names.
bool isMember(const std::string& name, const Value& value) {
  if (isDunder(name) || (name.size() > 2 && name[0] == '_' && name.back() == '_')) return false;
  if (!value.isObject()) return true;
  switch (value.object()->kind()) {
    case Kind::function:
    case Kind::nativeFunction:
    case Kind::property:
    case Kind::wrapper:
    case Kind::type:
      return false;
    default:
      return true;
  }
}

Value nextAuto(Class& cls, const std::vector<Value>& values, const std::string& name) {
  if (cls.lookup("_generate_next_value_")) throwUnsupported("_generate_next_value_");
  if (cls.derivesFrom(machine().helperClasses.at("StrEnum"))) {
    return callMethod(makeStr(name), "lower");
  }
  std::int64_t last = 0;
  for (const Value& value : values) {
    if (value.isIntegral() && value.integer() > last) last = value.integer();
  }
  if (!isFlag(cls)) return Value(last + 1);
  std::int64_t bit = 1;
  while (bit <= last) bit *= 2;
  return Value(bit);
}

Value makeMember(Class& cls, const Value& name, const Value& value) {
  auto member = make<Instance>(&cls);
  member->attributes = make<Dict>();
  member->attributes->set("_name_", name);
  member->attributes->set("_value_", value);
  if (cls.layout == Class::Layout::integer || cls.layout == Class::Layout::real || cls.layout == Class::Layout::str) {
    member->base = value;
  }
  return Value(std::move(member));
}

}  // namespace

void finishEnum(Class& cls) {
  auto byName = make<Dict>();
  Values members;
  for (Class* base : cls.bases()) {
    if (!base->scripted() || !base->isEnum) continue;
    Value* list = base->lookup("_member_list_");
    if (list && !list->to<List>().items.empty()) {
      raise("TypeError", repr(Value(&cls)) + " cannot extend " + repr(Value(base)));
    }
  }
  std::vector<Value> values;
  const std::vector<Dict::Entry> entries(cls.attributes().entries().begin(), cls.attributes().entries().end());
  Class* automatic = machine().helperClasses.at("auto");
  for (const auto& entry : entries) {
    if (entry.key.isUnbound()) continue;
    const std::string& name = textOf(entry.key);
    if (!isMember(name, entry.value)) continue;
    const bool isAuto = entry.value.is(Kind::instance) && entry.value.object()->cls() == automatic;
    Value value = isAuto ? nextAuto(cls, values, name) : entry.value;
    Value member = Value::unbound();
    for (const Value& other : members) {
      if (equals(memberAttribute(other, "_value_"), value)) member = other;
    }
    if (member.isUnbound()) {
      member = makeMember(cls, entry.key, value);
      if (Value* init = cls.lookup(*names().init); init && init->is(Kind::function)) {
        const bool tuple = value.is(Kind::tuple);
        call(bindAttribute(*init, member, &cls), tuple ? listOf(value) : std::vector<Value>{value});
      }
      members.push_back(member);
    }
    values.push_back(value);
    byName->set(entry.key, member);
    cls.attributes().set(entry.key, member);
  }
  cls.attributes().set("_member_map_", Value(byName));
  cls.attributes().set("_member_list_", makeList(std::move(members)));
}

Value enumByValue(Class& cls, const Value* arguments, std::size_t count) {
  if (count != 1) raise("TypeError", "EnumType.__call__() takes one value");
  if (isInstance(arguments[0], &cls)) return arguments[0];
  Value* list = cls.lookup("_member_list_");
  for (const Value& member : list->to<List>().items) {
    if (equals(memberAttribute(member, "_value_"), arguments[0])) return member;
  }
  if (isFlag(cls) && arguments[0].isIntegral() && arguments[0].integer() >= 0)
    return makeMember(cls, Value(), arguments[0]);
  if (Value* missing = cls.lookup("_missing_"); missing && missing->is(Kind::wrapper)) {
    const Value found = call(Value(make<Method>(Value(&cls), missing->to<Wrapper>().function)), {arguments[0]});
    if (!found.isNone()) return found;
  }
  raise("ValueError", repr(arguments[0]) + " is not a valid " + cls.qualifiedName());
}

namespace {
Value flagOperation(const PlainArguments& a, BinaryOperator op) {
  if (typeOf(a[0]) != typeOf(a[1])) return notImplemented();
  const Value value = binary(op, memberAttribute(a[0], "_value_"), memberAttribute(a[1], "_value_"));
  return enumByValue(*typeOf(a[0]), &value, 1);
}
}  // namespace

void registerEnum(Interpreter::Impl& impl) {
  Module& m = impl.owner.module("enum");
  Class* automatic = addClass(impl, "auto", nullptr, "enum");
  automatic->layout = Class::Layout::fixed;
  automatic->construct = [](Class* cls, const Value*, std::size_t, const KeywordArguments&) {
    return Value(make<Instance>(cls));
  };
  impl.helperClasses["auto"] = automatic;
  m.add(automatic);

  const auto define = [&](const char* name, std::vector<Class*> bases) {
    auto cls = make<Class>("enum", name, std::move(bases));
    cls->isEnum = true;
    impl.permanent.emplace_back(cls);
    impl.helperClasses[name] = cls.get();
    m.add(cls.get());
    return cls.get();
  };
  Class* base = define("Enum", {impl.types.object});
  base->property("name", [](const Value& self) { return memberAttribute(self, "_name_"); });
  base->property("value", [](const Value& self) { return memberAttribute(self, "_value_"); });
  base->plain("__repr__", 0, 0, [](const PlainArguments& a) {
    return makeStr("<" + typeName(a[0]) + "." + str(memberAttribute(a[0], "_name_")) + ": " +
                   repr(memberAttribute(a[0], "_value_")) + ">");
  });
  base->plain("__str__", 0, 0, [](const PlainArguments& a) {
    return makeStr(typeName(a[0]) + "." + str(memberAttribute(a[0], "_name_")));
  });
  base->plain("__format__", 1, 1,
              [](const PlainArguments& a) { return makeStr(format(makeStr(str(a[0])), textOf(a[1]))); });
  base->plain("__hash__", 0, 0,
              [](const PlainArguments& a) { return Value(static_cast<std::int64_t>(a[0].object()->serial())); });
  Class* integer = define("IntEnum", {impl.types.integer, base});
  Class* text = define("StrEnum", {impl.types.str, base});
  for (Class* cls : {integer, text}) {
    cls->plain("__str__", 0, 0, [](const PlainArguments& a) { return makeStr(str(memberAttribute(a[0], "_value_"))); });
    cls->plain("__hash__", 0, 0,
               [](const PlainArguments& a) { return Value(hashOf(memberAttribute(a[0], "_value_"))); });
  }
  Class* flag = define("Flag", {base});
  flag->plain("__or__", 1, 1, [](const PlainArguments& a) { return flagOperation(a, BinaryOperator::bitOr); });
  flag->plain("__and__", 1, 1, [](const PlainArguments& a) { return flagOperation(a, BinaryOperator::bitAnd); });
  flag->plain("__xor__", 1, 1, [](const PlainArguments& a) { return flagOperation(a, BinaryOperator::bitXor); });
  flag->plain("__bool__", 0, 0, [](const PlainArguments& a) { return Value(truth(memberAttribute(a[0], "_value_"))); });
  flag->plain("__contains__", 1, 1, [](const PlainArguments& a) {
    const std::int64_t other = toIndex(memberAttribute(a[1], "_value_"));
    return Value((toIndex(memberAttribute(a[0], "_value_")) & other) == other);
  });
  define("IntFlag", {impl.types.integer, flag});
  m.plain("unique", 1, 1, [](const PlainArguments& a) -> Value {
    const Class* cls = a[0].as<Class>();
    if (!cls || !cls->isEnum) raise("TypeError", "unique() needs an enumeration");
    const Dict& all = a[0].to<Class>().lookup("_member_map_")->to<Dict>();
    std::string aliases;
    for (const auto& entry : all.entries()) {
      const Value name = memberAttribute(entry.value, "_name_");
      if (!equals(name, entry.key))
        aliases += (aliases.empty() ? "" : ", ") + textOf(entry.key) + " -> " + textOf(name);
    }
    if (!aliases.empty()) raise("ValueError", "duplicate values found in " + repr(a[0]) + ": " + aliases);
    return a[0];
  });
}

}  // namespace cadrecode::script
