// Class statements and the making of instances.
#include "script/class_hooks.hpp"
#include "script/machine.hpp"

namespace cadrecode::script {

Class* typeOf(const Value& value) {
  const Types& t = types();
  switch (value.tag()) {
    case Value::Tag::none:
    case Value::Tag::unbound:
      return t.none;
    case Value::Tag::boolean:
      return t.boolean;
    case Value::Tag::integer:
      return t.integer;
    case Value::Tag::real:
      return t.real;
    default:
      return value.object()->cls();
  }
}

const std::string& typeName(const Value& value) { return typeOf(value)->name(); }
bool isInstance(const Value& value, const Class* cls) { return typeOf(value)->derivesFrom(cls); }

namespace {

std::vector<Class*> checkedBases(const Values& bases, Class*& namedTuple) {
  std::vector<Class*> result;
  for (Value base : bases) {
    if (base.is(Kind::singleton) && base.object()->cls() == types().alias) {
      const Value origin = base.to<Singleton>().origin;
      if (origin.isNone()) continue;  // Generic[T], Protocol
      base = origin;
    }
    Class* cls = base.as<Class>();
    if (!cls) {
      if (base.is(Kind::nativeFunction) && base.to<NativeFunction>().name() == "namedtuple") continue;
      throwUnsupported("a class derived from " + repr(base));
    }
    if (cls == types().boolean || cls == types().none || cls == types().function || cls == types().range ||
        cls == types().slice) {
      raise("TypeError", "type '" + cls->name() + "' is not an acceptable base type");
    }
    if (cls == types().type) throwUnsupported("metaclasses");
    if (cls->name() == "NamedTuple" && cls->module() == "typing") namedTuple = cls;
    for (const Class* other : result) {
      if (other == cls) raise("TypeError", "duplicate base class " + cls->name());
    }
    result.push_back(cls);
  }
  Class::Layout layout = Class::Layout::plain;
  for (const Class* cls : result) {
    if (cls->layout == Class::Layout::plain || cls->layout == layout) continue;
    if (layout != Class::Layout::plain) raise("TypeError", "multiple bases have instance lay-out conflict");
    layout = cls->layout;
  }
  if (result.empty()) result.push_back(types().object);
  return result;
}

}  // namespace

Value makeClass(const std::string& name, const Values& bases, const Ref<Dict>& attributes,
                const KeywordArguments& keywords) {
  Class* namedTuple = nullptr;
  const std::vector<Class*> order = checkedBases(bases, namedTuple);
  KeywordArguments rest;
  for (const auto& [key, value] : keywords) {
    if (textOf(key) != "metaclass") {
      rest.emplace_back(key, value);
    } else if (!(value.is(Kind::type) &&
                 (value.to<Class>().name() == "ABCMeta" || &value.to<Class>() == types().type))) {
      throwUnsupported("metaclasses");
    }
  }
  if (namedTuple) return makeNamedTupleClass(name, *attributes);
  std::string module = "__main__";
  if (Value* found = attributes->find("__module__")) {
    if (isStr(*found)) module = textOf(*found);
  }
  auto cls = make<Class>(module, name, order);
  cls->setScripted();
  if (Value* qualified = attributes->find("__qualname__"); qualified && isStr(*qualified))
    cls->setQualifiedName(textOf(*qualified));
  for (const auto& entry : attributes->entries()) {
    if (entry.key.isUnbound()) continue;
    const std::string& key = textOf(entry.key);
    if (key == "__qualname__" || key == "__module__") continue;
    Value value = entry.value;
    if (Property* property = value.as<Property>(); property && property->name.empty()) property->name = key;
    if ((key == "__new__") && value.is(Kind::function)) value = Value(make<Wrapper>(value, false));
    if ((key == "__init_subclass__" || key == "__class_getitem__") && value.is(Kind::function))
      value = Value(make<Wrapper>(value, true));
    cls->attributes().set(entry.key, entry.hash, value);
  }
  const Value result(cls);
  if (cls->isEnum) finishEnum(*cls);
  const auto entries = cls->attributes().entries();
  for (const auto& entry : entries) {
    if (!entry.value.is(Kind::instance)) continue;
    const Value hook = specialMethod(entry.value, *names().setName);
    if (!hook.isUnbound()) call(hook, {result, entry.key});
  }
  // The nearest base that wants to know of its subclasses.
  for (std::size_t i = 1; i < cls->mro().size(); ++i) {
    Value* hook = cls->mro()[i]->attributes().find(*names().initSubclass);
    if (!hook || !hook->is(Kind::wrapper)) continue;
    call(Value(make<Method>(result, hook->to<Wrapper>().function)), {}, rest);
    return result;
  }
  if (!rest.empty()) raise("TypeError", cls->name() + ".__init_subclass__() takes no keyword arguments");
  return result;
}

namespace {

Value makeObject(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  switch (cls->layout) {
    case Class::Layout::native:
      return Value(make<Native>(cls, nullptr));
    case Class::Layout::plain:
      return Value(make<Instance>(cls));
    default:
      if (!cls->construct) raise("TypeError", "cannot create '" + cls->name() + "' instances");
      return cls->construct(cls, arguments, count, keywords);
  }
}

// Whether the __init__ that counts is one of a script class.
bool hasOwnInit(const Class& cls) {
  for (Class* step : cls.mro()) {
    if (step->attributes().find(*names().init)) return step->scripted();
  }
  return false;
}

}  // namespace

Value instantiate(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  if (!cls->scripted() && cls->construct) return cls->construct(cls, arguments, count, keywords);
  if (cls->isEnum && cls->scripted()) return enumByValue(*cls, arguments, count);
  const Value hold(cls);
  Value* init = cls->lookup(*names().init);
  const bool custom = hasOwnInit(*cls);
  Value object;
  Value* maker = cls->lookup(*names().newName);
  if (maker && maker->is(Kind::wrapper) && maker->to<Wrapper>().function.is(Kind::function)) {
    std::vector<Value> all{hold};
    all.insert(all.end(), arguments, arguments + count);
    object = call(maker->to<Wrapper>().function, all, keywords);
    if (!isInstance(object, cls)) return object;
  } else if (init && init->is(Kind::nativeFunction) &&
             init->to<NativeFunction>().role() == NativeFunction::Role::constructor) {
    std::vector<Value> all{Value()};
    all.insert(all.end(), arguments, arguments + count);
    Value made = init->to<NativeFunction>().invoke(all.data(), all.size(), keywords, cls);
    if (cls->scripted() && made.is(Kind::native)) made.object()->setClass(cls);
    return made;
  } else if (cls->scripted() && custom &&
             (cls->layout == Class::Layout::list || cls->layout == Class::Layout::dict ||
              cls->layout == Class::Layout::set)) {
    object = makeObject(cls, nullptr, 0, {});  // __init__ fills it
  } else if (cls->scripted()) {
    object = makeObject(cls, arguments, count, keywords);
  } else {
    raise("TypeError", "cannot create '" + cls->name() + "' instances");
  }
  init = cls->lookup(*names().init);
  if (custom) {
    const Value result =
        call(bindAttribute(*init, object, cls), std::vector<Value>(arguments, arguments + count), keywords);
    if (!result.isNone()) raise("TypeError", "__init__() should return None, not '" + typeName(result) + "'");
  } else if (cls->layout == Class::Layout::plain && (count > 0 || !keywords.empty()) &&
             !(maker && maker->is(Kind::wrapper) && maker->to<Wrapper>().function.is(Kind::function))) {
    raise("TypeError", cls->name() + "() takes no arguments");
  }
  return object;
}

Value matchClassPattern(const Value& subject, const Value& pattern, const Tuple& keys, std::size_t positional) {
  Class* cls = pattern.as<Class>();
  if (!cls) raise("TypeError", "called match pattern must be a class");
  if (!isInstance(subject, cls)) return Value();
  Values found;
  if (positional > 0) {
    const Types& t = types();
    const bool self = cls == t.boolean || cls == t.integer || cls == t.real || cls == t.str || cls == t.list ||
                      cls == t.tuple || cls == t.dict || cls == t.set || cls == t.frozenset;
    Value* order = cls->lookup(*names().matchArgs);
    const std::size_t allowed = self ? 1 : order && order->is(Kind::tuple) ? order->to<Tuple>().items.size() : 0;
    if (positional > allowed) {
      raise("TypeError", cls->name() + "() accepts " + std::to_string(allowed) + " positional sub-pattern" +
                             (allowed == 1 ? "" : "s") + " (" + std::to_string(positional) + " given)");
    }
    for (std::size_t i = 0; i < positional; ++i) {
      if (self) {
        found.push_back(subject);
        continue;
      }
      const Value value = findAttribute(subject, textOf(order->to<Tuple>().items[i]));
      if (value.isUnbound()) return Value();
      found.push_back(value);
    }
  }
  for (const Value& key : keys.items) {
    const Value value = findAttribute(subject, textOf(key));
    if (value.isUnbound()) return Value();
    found.push_back(value);
  }
  return makeTuple(std::move(found));
}

}  // namespace cadrecode::script
