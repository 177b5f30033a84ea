// Attributes: lookup along classes, binding of methods and properties, and what scripts may not touch.
#include <algorithm>
#include <array>

#include "script/machine.hpp"

namespace cadrecode::script {

bool isDunder(std::string_view name) {
  return name.size() > 4 && name.substr(0, 2) == "__" && name.substr(name.size() - 2) == "__";
}

void checkAttributeName(const Value& object, const Str& name) {
  // Special methods of operators lead nowhere; the rest of the special names does.
  static constexpr std::array kHarmless = {"__name__",
                                           "__qualname__",
                                           "__doc__",
                                           "__init__",
                                           "__repr__",
                                           "__str__",
                                           "__eq__",
                                           "__ne__",
                                           "__lt__",
                                           "__le__",
                                           "__gt__",
                                           "__ge__",
                                           "__hash__",
                                           "__bool__",
                                           "__len__",
                                           "__iter__",
                                           "__next__",
                                           "__getitem__",
                                           "__setitem__",
                                           "__delitem__",
                                           "__call__",
                                           "__contains__",
                                           "__enter__",
                                           "__exit__",
                                           "__add__",
                                           "__sub__",
                                           "__mul__",
                                           "__truediv__",
                                           "__floordiv__",
                                           "__mod__",
                                           "__pow__",
                                           "__neg__",
                                           "__pos__",
                                           "__abs__",
                                           "__invert__",
                                           "__and__",
                                           "__or__",
                                           "__xor__",
                                           "__lshift__",
                                           "__rshift__",
                                           "__radd__",
                                           "__rsub__",
                                           "__rmul__",
                                           "__rtruediv__",
                                           "__rfloordiv__",
                                           "__rmod__",
                                           "__rpow__",
                                           "__iadd__",
                                           "__isub__",
                                           "__imul__",
                                           "__itruediv__",
                                           "__iand__",
                                           "__ior__",
                                           "__ixor__",
                                           "__matmul__",
                                           "__format__",
                                           "__post_init__",
                                           "__setattr__",
                                           "__getattr__",
                                           "__delattr__",
                                           "__round__",
                                           "__int__",
                                           "__float__",
                                           "__index__",
                                           "__members__",
                                           "__reversed__",
                                           "__missing__",
                                           "__new__",
                                           "__cause__",
                                           "__context__",
                                           "__version__",
                                           "__all__",
                                           "__init_subclass__",
                                           "__set_name__",
                                           "__rand__",
                                           "__ror__",
                                           "__rxor__"};
  const std::string& text = name.text();
  if (std::any_of(kHarmless.begin(), kHarmless.end(), [&](const char* allowed) { return text == allowed; })) return;
  if (text == "__class__" && (object.is(Kind::instance) || object.is(Kind::native) || object.is(Kind::exception)))
    return;
  if (object.is(Kind::super) && text == "__class__") return;
  throwUnsupported("attribute " + text);
}

Dict* attributesOf(const Value& value, bool create) {
  if (!value.isObject()) return nullptr;
  Ref<Dict>* place = nullptr;
  bool allowed = true;
  switch (value.object()->kind()) {
    case Kind::instance:
      place = &value.to<Instance>().attributes;
      break;
    case Kind::exception:
      place = &value.to<Exception>().attributes;
      break;
    case Kind::function:
      place = &value.to<Function>().attributes;
      break;
    case Kind::native:
      place = &value.to<Native>().attributes;
      allowed = value.object()->cls()->scripted();
      break;
    case Kind::list:
      place = &value.to<List>().attributes;
      allowed = value.object()->cls()->scripted();
      break;
    case Kind::dict:
      place = &value.to<Dict>().attributes;
      allowed = value.object()->cls()->scripted();
      break;
    default:
      return nullptr;
  }
  if (!*place && create && allowed) *place = make<Dict>();
  return place->get();
}

Value bindAttribute(const Value& attribute, const Value& self, Class* cls) {
  if (!attribute.isObject()) return attribute;
  switch (attribute.object()->kind()) {
    case Kind::function:
      return Value(make<Method>(self, attribute));
    case Kind::nativeFunction: {
      const auto role = attribute.to<NativeFunction>().role();
      if (role == NativeFunction::Role::function) return attribute;
      return Value(make<Method>(self, attribute));
    }
    case Kind::property: {
      const Property& property = attribute.to<Property>();
      if (property.nativeGet) return property.nativeGet(self);
      if (property.get.isNone()) {
        raise("AttributeError", "property '" + property.name + "' of '" + typeName(self) + "' object has no getter");
      }
      return call(property.get, {self});
    }
    case Kind::wrapper: {
      const Wrapper& wrapper = attribute.to<Wrapper>();
      if (!wrapper.classMethod) return wrapper.function;
      return Value(make<Method>(Value(cls), wrapper.function));
    }
    case Kind::instance:
    case Kind::native: {
      // Descriptors written by scripts.
      if (Value* get = attribute.object()->cls()->lookup(*names().get)) {
        return call(bindAttribute(*get, attribute, attribute.object()->cls()), {self, Value(cls)});
      }
      return attribute;
    }
    default:
      return attribute;
  }
}

namespace {

Value classAttribute(Class& cls, const Str& name) {
  if (Value* found = cls.lookup(name)) {
    if (!found->isObject()) return *found;
    switch (found->object()->kind()) {
      case Kind::wrapper: {
        const Wrapper& wrapper = found->to<Wrapper>();
        if (!wrapper.classMethod) return wrapper.function;
        return Value(make<Method>(Value(&cls), wrapper.function));
      }
      case Kind::instance:
        if (Value* get = found->object()->cls()->lookup(*names().get)) {
          return call(bindAttribute(*get, *found, found->object()->cls()), {Value(), Value(&cls)});
        }
        return *found;
      default:
        return *found;
    }
  }
  const std::string& text = name.text();
  if (text == "__name__") return makeStr(cls.name());
  if (text == "__qualname__") return makeStr(cls.qualifiedName());
  if (text == "__module__") return makeStr(cls.module());
  if (text == "__doc__") return Value();
  if (text == "__members__" && cls.isEnum) {
    if (Value* found = cls.lookup("_member_map_")) return *found;
  }
  if (text == "mro") throwUnsupported("attribute mro");
  if (text == "__init__") return Value::unbound();
  return Value::unbound();
}

Value exceptionAttribute(const Value& object, const std::string& text) {
  const Exception& exception = object.to<Exception>();
  if (text == "args") return Value(exception.arguments);
  if (text == "__cause__") return exception.cause;
  if (text == "__context__") return exception.context;
  if (text == "value" && exception.cls()->derivesFrom(types().stopIteration)) return exception.value;
  if (text == "name" && exception.cls()->derivesFrom(types().attributeError)) return Value();
  return Value::unbound();
}

Value functionAttribute(const Value& object, const std::string& text) {
  if (text == "__name__" || text == "__qualname__") {
    if (const Function* function = object.as<Function>()) {
      return makeStr(text == "__name__" ? function->name : function->qualifiedName);
    }
    if (const NativeFunction* function = object.as<NativeFunction>()) {
      return makeStr(text == "__name__" ? function->name() : function->qualifiedName());
    }
  }
  if (text == "__doc__") {
    const Function* function = object.as<Function>();
    return function ? function->doc : Value();
  }
  return Value::unbound();
}

Value builtinAttribute(const Value& object, const std::string& text) {
  switch (object.object()->kind()) {
    case Kind::exception:
      return exceptionAttribute(object, text);
    case Kind::function:
    case Kind::nativeFunction:
      return functionAttribute(object, text);
    case Kind::method:
      if (text == "__self__") return object.to<Method>().self;
      return findAttribute(object.to<Method>().function, text);
    case Kind::range:
      if (text == "start") return Value(object.to<Range>().start);
      if (text == "stop") return Value(object.to<Range>().stop);
      if (text == "step") return Value(object.to<Range>().step);
      break;
    case Kind::slice:
      if (text == "start") return object.to<Slice>().start;
      if (text == "stop") return object.to<Slice>().stop;
      if (text == "step") return object.to<Slice>().step;
      break;
    case Kind::property: {
      const Property& property = object.to<Property>();
      if (text == "fget") return property.get;
      if (text == "fset") return property.set;
      break;
    }
    case Kind::generator:
      if (text == "__name__") return makeStr(object.to<Generator>().name);
      break;
    default:
      break;
  }
  return Value::unbound();
}

Value superAttribute(const Super& super, const Str& name) {
  const auto& order = super.selfClass->mro();
  auto place = std::find(order.begin(), order.end(), super.start);
  if (place != order.end()) ++place;
  for (; place != order.end(); ++place) {
    Value* found = (*place)->overlay() ? (*place)->overlay()->find(name) : nullptr;
    if (!found) found = (*place)->attributes().find(name);
    if (!found) continue;
    if (super.self.is(Kind::type)) {
      if (const Wrapper* wrapper = found->as<Wrapper>()) {
        return wrapper->classMethod ? Value(make<Method>(super.self, wrapper->function)) : wrapper->function;
      }
      return *found;
    }
    return bindAttribute(*found, super.self, super.selfClass);
  }
  return Value::unbound();
}

}  // namespace

Value findAttribute(const Value& object, const Str& name) {
  if (!object.isObject()) {
    Class* cls = typeOf(object);
    if (Value* found = cls->lookup(name)) return bindAttribute(*found, object, cls);
    if (object.isNumber()) {
      const std::string& text = name.text();
      if (text == "real" || (text == "numerator" && object.isIntegral())) {
        return object.isBool() ? Value(object.integer()) : object;
      }
      if (text == "imag") return object.isFloat() ? Value(0.0) : Value(0);
      if (text == "denominator" && object.isIntegral()) return Value(1);
    }
    return Value::unbound();
  }
  Object* target = object.object();
  switch (target->kind()) {
    case Kind::module: {
      Module& module = static_cast<Module&>(*target);
      if (Value* found = module.find(name)) return *found;
      if (name.text() == "__name__") return makeStr(module.name());
      return Value::unbound();
    }
    case Kind::type:
      return classAttribute(static_cast<Class&>(*target), name);
    case Kind::super:
      return superAttribute(static_cast<Super&>(*target), name);
    default:
      break;
  }
  Class* cls = target->cls();
  Value* found = cls->lookup(name);
  if (found && found->is(Kind::property)) return bindAttribute(*found, object, cls);
  if (Dict* own = attributesOf(object, false)) {
    if (Value* value = own->find(name)) return *value;
  }
  if (found) return bindAttribute(*found, object, cls);
  const Value special = builtinAttribute(object, name.text());
  if (!special.isUnbound()) return special;
  if (name.text() == "__class__") return Value(cls);
  if (name.text() == "__doc__") return Value();
  if (Value* hook = cls->lookup(*names().getAttr)) {
    Ref<Str> held(const_cast<Str*>(&name));
    try {
      return call(bindAttribute(*hook, object, cls), {Value(held)});
    } catch (const Raised& raised) {
      if (!raised.exception.object()->cls()->derivesFrom(types().attributeError)) throw;
      // The script's own message is kept.
      throw;
    }
  }
  return Value::unbound();
}

Value findAttribute(const Value& object, std::string_view name) {
  const Value text = makeStr(name);
  return findAttribute(object, text.to<Str>());
}

Value getAttribute(const Value& object, std::string_view name) {
  Value value = findAttribute(object, name);
  if (!value.isUnbound()) return value;
  const std::string text(name);
  if (const Module* module = object.as<Module>()) {
    raise("AttributeError", "module '" + module->name() + "' has no attribute '" + text + "'");
  }
  if (const Class* cls = object.as<Class>()) {
    if (cls->isEnum && cls->scripted()) raise("AttributeError", text);
    raise("AttributeError", "type object '" + cls->name() + "' has no attribute '" + text + "'");
  }
  if (object.is(Kind::super)) raise("AttributeError", "'super' object has no attribute '" + text + "'");
  raise("AttributeError", "'" + typeName(object) + "' object has no attribute '" + text + "'");
}

void setAttribute(const Value& object, const Str& name, const Value& value) {
  const Value key(Ref<Str>(const_cast<Str*>(&name)));
  const std::string& text = name.text();
  if (Class* cls = object.as<Class>()) {
    if (cls->isEnum && cls->scripted() && cls->lookup(name))
      raise("AttributeError", "cannot reassign member '" + text + "'");
    return cls->assign(key, value);
  }
  if (Module* module = object.as<Module>()) return module->assign(key, value);
  Class* cls = typeOf(object);
  if (cls->scripted()) {
    Value* hook = cls->lookup(*names().setAttr);
    if (hook && !hook->is(Kind::nativeFunction)) {
      call(bindAttribute(*hook, object, cls), {key, value});
      return;
    }
    if (cls->frozenDataclass) raise("FrozenInstanceError", "cannot assign to field '" + text + "'");
  }
  if (Value* found = cls->lookup(name)) {
    if (const Property* property = found->as<Property>()) {
      if (property->nativeSet) return property->nativeSet(object, value);
      if (property->nativeGet) {
        raise("AttributeError", "can't set attribute");
      }
      if (property->set.isNone()) {
        raise("AttributeError", "property '" + property->name + "' of '" + cls->name() + "' object has no setter");
      }
      call(property->set, {object, value});
      return;
    }
    if (found->is(Kind::instance)) {
      if (Value* set = found->object()->cls()->lookup(*names().set)) {
        call(bindAttribute(*set, *found, found->object()->cls()), {object, value});
        return;
      }
    }
  }
  if (Function* function = object.as<Function>();
      function && (text == "__name__" || text == "__qualname__") && isStr(value)) {
    (text == "__name__" ? function->name : function->qualifiedName) = textOf(value);
    return;
  }
  if (text == "__class__") throwUnsupported("attribute __class__");
  if (Dict* own = attributesOf(object, true)) {
    own->set(key, value);
    return;
  }
  if (cls->lookup(name)) raise("AttributeError", "'" + cls->name() + "' object attribute '" + text + "' is read-only");
  raise("AttributeError", "'" + cls->name() + "' object has no attribute '" + text + "'");
}

void setAttribute(const Value& object, std::string_view name, const Value& value) {
  const Value text = makeStr(name);
  setAttribute(object, text.to<Str>(), value);
}

void deleteAttribute(const Value& object, const Str& name) {
  const Value key(Ref<Str>(const_cast<Str*>(&name)));
  const std::string& text = name.text();
  if (Class* cls = object.as<Class>()) {
    if (!cls->erase(key)) raise("AttributeError", text);
    return;
  }
  if (Module* module = object.as<Module>()) {
    if (!module->overlay() || !module->overlay()->erase(key)) raise("AttributeError", text);
    return;
  }
  Class* cls = typeOf(object);
  if (Value* hook = cls->lookup(*names().deleteAttr); hook && cls->scripted() && !hook->is(Kind::nativeFunction)) {
    call(bindAttribute(*hook, object, cls), {key});
    return;
  }
  if (cls->frozenDataclass) raise("FrozenInstanceError", "cannot delete field '" + text + "'");
  if (Value* found = cls->lookup(name)) {
    if (const Property* property = found->as<Property>()) {
      if (property->remove.isNone()) {
        raise("AttributeError", "property '" + property->name + "' of '" + cls->name() + "' object has no deleter");
      }
      call(property->remove, {object});
      return;
    }
  }
  Dict* own = attributesOf(object, false);
  if (own && own->erase(key)) return;
  if (object.is(Kind::instance))
    raise("AttributeError", "'" + cls->name() + "' object has no attribute '" + text + "'");
  raise("AttributeError", "'" + cls->name() + "' object has no attribute '" + text + "'");
}

Value specialMethod(const Value& value, const Str& name) {
  Class* cls = typeOf(value);
  Value* found = cls->lookup(name);
  if (!found || found->isNone()) return Value::unbound();
  return bindAttribute(*found, value, cls);
}

}  // namespace cadrecode::script
