// The builtin classes themselves, object, type, property, staticmethod, classmethod, super.
#include "script/builtin_support.hpp"

namespace cadrecode::script {

Class* addClass(Interpreter::Impl& impl, const char* name, Class* base, const char* module) {
  const PermanentScope scope;
  std::vector<Class*> bases;
  if (base) {
    bases.push_back(base);
  } else if (impl.types.object) {
    bases.push_back(impl.types.object);
  }
  auto cls = make<Class>(module, name, bases);
  impl.permanent.emplace_back(cls);
  return cls.get();
}

void addFunction(Interpreter::Impl& impl, const char* signature, NativeBody body) {
  const PermanentScope scope;
  const std::string text = signature;
  auto function = make<NativeFunction>(text, "", NativeFunction::Role::function, std::move(body));
  function->setClass(impl.types.builtinFunction);
  impl.builtins->set(text.substr(0, text.find('(')), Value(std::move(function)));
}

void addPlain(Interpreter::Impl& impl, const char* name, int minimum, int maximum, PlainBody body) {
  impl.builtins->set(name,
                     Value(make<NativeFunction>(name, "", NativeFunction::Role::function, minimum, maximum, body)));
}

void checkCount(const char* name, std::size_t count, std::size_t minimum, std::size_t maximum) {
  if (count >= minimum && count <= maximum) return;
  const std::size_t bound = count < minimum ? minimum : maximum;
  raise("TypeError", std::string(name) + " expected " +
                         (minimum == maximum ? ""
                          : count < minimum  ? "at least "
                                             : "at most ") +
                         std::to_string(bound) + " argument" + (bound == 1 ? "" : "s") + ", got " +
                         std::to_string(count));
}

void checkNoKeywords(const char* name, const KeywordArguments& keywords) {
  if (!keywords.empty()) raise("TypeError", std::string(name) + "() takes no keyword arguments");
}

Value keyword(const KeywordArguments& keywords, std::string_view name) {
  for (const auto& [key, value] : keywords) {
    if (textOf(key) == name) return value;
  }
  return Value::unbound();
}

namespace {

Value constructObject(Class* cls, const Value*, std::size_t count, const KeywordArguments& keywords) {
  if (count > 0 || !keywords.empty()) raise("TypeError", "object() takes no arguments");
  return Value(make<Instance>(cls));
}

Value constructType(Class*, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  if (count == 1) return Value(typeOf(arguments[0]));
  if (count != 3) raise("TypeError", "type() takes 1 or 3 arguments");
  if (!isStr(arguments[0])) raise("TypeError", "type.__new__() argument 1 must be str, not " + typeName(arguments[0]));
  if (!arguments[1].is(Kind::tuple))
    raise("TypeError", "type.__new__() argument 2 must be tuple, not " + typeName(arguments[1]));
  if (!arguments[2].is(Kind::dict))
    raise("TypeError", "type.__new__() argument 3 must be dict, not " + typeName(arguments[2]));
  auto space = make<Dict>();
  for (const auto& entry : arguments[2].to<Dict>().entries()) {
    if (!entry.key.isUnbound() && isStr(entry.key)) space->set(entry.key, entry.value);
  }
  return makeClass(textOf(arguments[0]), arguments[1].to<Tuple>().items, space, keywords);
}

Value constructProperty(Class*, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  checkCount("property", count, 0, 4);
  Value parts[3];
  const char* names[] = {"fget", "fset", "fdel"};
  for (std::size_t i = 0; i < 3; ++i) {
    if (i < count) parts[i] = arguments[i];
    const Value named = keyword(keywords, names[i]);
    if (!named.isUnbound()) parts[i] = named;
  }
  auto property = make<Property>(parts[0], parts[1], parts[2]);
  if (const Function* function = parts[0].as<Function>()) property->name = function->name;
  return Value(std::move(property));
}

Value constructWrapper(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments&) {
  const bool forClass = cls == types().classMethod;
  checkCount(forClass ? "classmethod" : "staticmethod", count, 1, 1);
  return Value(make<Wrapper>(arguments[0], forClass));
}

// super() finds its class and self in the frame that calls it.
Value constructSuper(Class*, const Value* arguments, std::size_t count, const KeywordArguments&) {
  if (count == 2) {
    Class* start = arguments[0].as<Class>();
    if (!start) raise("TypeError", "super() argument 1 must be a type, not " + typeName(arguments[0]));
    Class* selfClass = arguments[1].is(Kind::type) && arguments[1].to<Class>().derivesFrom(start)
                           ? &arguments[1].to<Class>()
                           : typeOf(arguments[1]);
    if (!selfClass->derivesFrom(start))
      raise("TypeError", "super(type, obj): obj must be an instance or subtype of type");
    return Value(make<Super>(start, arguments[1], selfClass));
  }
  if (count != 0) throwUnsupported("super() with one argument");
  const Frame* frame = machine().frame;
  if (!frame || frame->code->positional == 0) raise("RuntimeError", "super(): no arguments");
  const Code& code = *frame->code;
  Class* start = nullptr;
  for (std::size_t i = code.freeStart; i < code.locals.size(); ++i) {
    if (code.locals[i]->text() == "__class__") start = frame->slots[i].to<Cell>().value.as<Class>();
  }
  if (!start) raise("RuntimeError", "super(): __class__ cell not found");
  Value self = frame->slots[0];
  if (const Cell* cell = self.as<Cell>()) {
    const Value inside = cell->value;
    self = inside;
  }
  Class* selfClass = self.is(Kind::type) ? &self.to<Class>() : typeOf(self);
  if (!selfClass->derivesFrom(start))
    raise("TypeError", "super(type, obj): obj must be an instance or subtype of type");
  return Value(make<Super>(start, self, selfClass));
}

Value accessor(const PlainArguments& a, int which) {
  const Property& old = a[0].to<Property>();
  auto made = make<Property>(which == 0 ? a[1] : old.get, which == 1 ? a[1] : old.set, which == 2 ? a[1] : old.remove);
  made->name = old.name;
  return Value(std::move(made));
}

}  // namespace

void registerTypes(Interpreter::Impl& impl) {
  Types& t = impl.types;
  t.object = addClass(impl, "object");
  t.type = addClass(impl, "type");
  t.object->setClass(t.type);
  t.type->setClass(t.type);
  t.dict = addClass(impl, "dict");
  t.str = addClass(impl, "str");
  impl.builtins = make<Dict>();
  const auto define = [&](Class*& place, const char* name, Class::Layout layout, Class* base = nullptr) {
    place = addClass(impl, name, base);
    place->layout = layout;
  };
  t.dict->layout = Class::Layout::dict;
  t.str->layout = Class::Layout::str;
  define(t.none, "NoneType", Class::Layout::fixed);
  define(t.integer, "int", Class::Layout::integer);
  define(t.boolean, "bool", Class::Layout::integer, t.integer);
  define(t.real, "float", Class::Layout::real);
  define(t.tuple, "tuple", Class::Layout::tuple);
  define(t.list, "list", Class::Layout::list);
  define(t.set, "set", Class::Layout::set);
  define(t.frozenset, "frozenset", Class::Layout::set);
  struct Plain {
    Class*& place;
    const char* name;
  };
  const Plain plain[] = {{t.range, "range"},
                         {t.slice, "slice"},
                         {t.function, "function"},
                         {t.method, "method"},
                         {t.builtinFunction, "builtin_function_or_method"},
                         {t.generator, "generator"},
                         {t.module, "module"},
                         {t.property, "property"},
                         {t.staticMethod, "staticmethod"},
                         {t.classMethod, "classmethod"},
                         {t.super, "super"},
                         {t.cell, "cell"},
                         {t.code, "code"},
                         {t.ellipsis, "ellipsis"},
                         {t.notImplemented, "NotImplementedType"},
                         {t.dictKeys, "dict_keys"},
                         {t.dictValues, "dict_values"},
                         {t.dictItems, "dict_items"}};
  for (const Plain& entry : plain) define(entry.place, entry.name, Class::Layout::fixed);
  t.alias = addClass(impl, "_GenericAlias", nullptr, "typing");
  t.array = addClass(impl, "ndarray", nullptr, "numpy");
  t.alias->layout = t.array->layout = Class::Layout::fixed;
  impl.notImplemented = Value(make<Singleton>(t.notImplemented, "NotImplemented"));
  impl.ellipsis = Value(make<Singleton>(t.ellipsis, "Ellipsis"));
  for (Class* cls : {t.object, t.type, t.dict, t.str, t.integer, t.boolean, t.real, t.tuple, t.list, t.set, t.frozenset,
                     t.range, t.slice, t.property, t.staticMethod, t.classMethod, t.super}) {
    impl.builtins->set(cls->name(), Value(cls));
  }
  impl.builtins->set("NotImplemented", impl.notImplemented);
  impl.builtins->set("Ellipsis", impl.ellipsis);
  impl.builtins->set("__debug__", Value(true));
}

void registerObjects(Interpreter::Impl& impl) {
  Types& t = impl.types;
  t.object->construct = constructObject;
  t.type->construct = constructType;
  t.property->construct = constructProperty;
  t.staticMethod->construct = t.classMethod->construct = constructWrapper;
  t.super->construct = constructSuper;
  // Only object itself is made this way; classes without a layout of their own are plain instances.
  t.object->plain("__init__", 0, -1, [](const PlainArguments&) { return Value(); });
  t.object->plain("__setattr__", 2, 2, [](const PlainArguments& a) {
    if (!isStr(a[1])) raise("TypeError", "attribute name must be string, not '" + typeName(a[1]) + "'");
    if (isDunder(textOf(a[1]))) checkAttributeName(a[0], a[1].to<Str>());
    Dict* own = a[0].is(Kind::type) ? nullptr : attributesOf(a[0], true);
    if (!own) raise("TypeError", "can't apply this __setattr__ to " + typeName(a[0]) + " object");
    own->set(a[1], a[2]);
    return Value();
  });
  t.object->plain("__delattr__", 1, 1, [](const PlainArguments& a) {
    Dict* own = attributesOf(a[0], false);
    if (!own || !own->erase(a[1])) raise("AttributeError", str(a[1]));
    return Value();
  });
  t.object->plainStatic("__new__", 1, -1, [](const PlainArguments& a) -> Value {
    Class* cls = a[0].as<Class>();
    if (!cls) raise("TypeError", "object.__new__(X): X is not a type object (" + typeName(a[0]) + ")");
    switch (cls->layout) {
      case Class::Layout::plain:
        return Value(make<Instance>(cls));
      case Class::Layout::native:
        return Value(make<Native>(cls, nullptr));
      default:
        if (!cls->construct) raise("TypeError", "cannot create '" + cls->name() + "' instances");
        return cls->construct(cls, a.values + 1, a.count - 1, {});
    }
  });
  t.object->attributes().set(
      "__init_subclass__",
      Value(make<Wrapper>(
          Value(make<NativeFunction>("__init_subclass__(cls, **kwargs)", "object", NativeFunction::Role::classMethod,
                                     [](Arguments& a) -> Value {
                                       if (a[1].to<Dict>().size() > 0) {
                                         raise("TypeError", a[0].to<Class>().name() +
                                                                ".__init_subclass__() takes no keyword arguments");
                                       }
                                       return Value();
                                     })),
          true)));
  t.property->plain("getter", 1, 1, [](const PlainArguments& a) { return accessor(a, 0); });
  t.property->plain("setter", 1, 1, [](const PlainArguments& a) { return accessor(a, 1); });
  t.property->plain("deleter", 1, 1, [](const PlainArguments& a) { return accessor(a, 2); });
  t.generator->plain("send", 1, 1, [](const PlainArguments& a) -> Value {
    Value item;
    Generator& generator = a[0].to<Generator>();
    if (resume(generator, a[1], item)) return item;
    raiseValue("StopIteration", generator.returned);
  });
  t.generator->plain("throw", 1, 3, [](const PlainArguments& a) -> Value {
    Value exception = a[1];
    if (a.has(2) && exception.is(Kind::type)) exception = a[2].is(Kind::exception) ? a[2] : call(exception, {a[2]});
    return throwInto(a[0].to<Generator>(), raisedValue(exception));
  });
  t.generator->plain("close", 0, 0, [](const PlainArguments& a) {
    closeGenerator(a[0].to<Generator>());
    return Value();
  });
}

}  // namespace cadrecode::script
