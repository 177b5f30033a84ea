// Assembly and Color as scripts see them: they hold an AssemblyPtr and a Color.
#include "cadquery/assembly.hpp"
#include "cadquery/bind.hpp"
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

constexpr const char* kModule = "cadquery.assembly";

Class* colorClass = nullptr;

Assembly& assemblyOf(const Value& self) { return *script::unwrap<AssemblyPtr>(self); }

// Another assembly of the same tree. It owns what `self` owns, so that the tree lives as long as any part of it is
// held.
Value assemblyValue(const Value& self, const AssemblyPtr& assembly) {
  if (!assembly) return {};
  return script::wrap(script::typeOf(self), AssemblyPtr(script::unwrap<AssemblyPtr>(self), assembly.get()));
}

Value colorValue(const std::optional<Color>& color) { return color ? script::wrap(colorClass, *color) : Value(); }

AssemblyObject objectFrom(const Value& value) {
  if (const Shape* shape = tryShape(value)) return *shape;
  if (const Workplane* workplane = tryWorkplane(value)) return *workplane;
  return {};
}

Assembly::Options optionsFrom(const Value& loc, const Value& name, const Value& color, const Value& metadata) {
  Assembly::Options options;
  if (const Location* location = tryLocation(loc)) options.loc = *location;
  options.name = textOrEmpty(name);
  if (const Color* given = script::tryUnwrap<Color>(color)) options.color = *given;
  if (script::truth(metadata)) options.metadata = metadata;
  return options;
}

Value added(Arguments& a) {
  Value values[4];
  constexpr const char* names[] = {"loc", "name", "color", "metadata"};
  for (const auto& entry : a[2].to<script::Dict>().entries()) {
    if (entry.key.isUnbound()) continue;
    const std::string& key = script::textOf(entry.key);
    bool known = false;
    for (std::size_t i = 0; i < 4; ++i) {
      if (key != names[i]) continue;
      values[i] = entry.value;
      known = true;
    }
    if (!known) throwTypeError("Assembly.__init__() got an unexpected keyword argument '" + key + "'");
  }
  const Assembly::Options options = optionsFrom(values[0], values[1], values[2], values[3]);
  if (const AssemblyPtr* subassembly = script::tryUnwrap<AssemblyPtr>(a[1])) {
    assemblyOf(a[0]).add(**subassembly, options);
  } else {
    assemblyOf(a[0]).add(objectFrom(a[1]), options);
  }
  return a[0];
}

Value membersOf(const Value& self) {
  std::vector<Value> items;
  for (const Assembly::Member& member : assemblyOf(self).members()) {
    items.push_back(script::makeTuple(
        {toValue(member.shape), script::makeStr(member.path), toValue(member.loc), colorValue(member.color)}));
  }
  return script::makeList(items);
}

void bindAttributes(Class& cls) {
  cls.property(
      "obj",
      [](const Value& self) {
        const AssemblyObject& object = assemblyOf(self).object;
        if (const Shape* shape = std::get_if<Shape>(&object)) return toValue(*shape);
        const auto* workplane = std::get_if<Workplane>(&object);
        return workplane ? script::wrap(boundClasses().workplane, *workplane) : Value();
      },
      [](const Value& self, const Value& value) { assemblyOf(self).object = objectFrom(value); });
  cls.property(
      "loc", [](const Value& self) { return toValue(assemblyOf(self).loc); },
      [](const Value& self, const Value& value) {
        const Location* location = tryLocation(value);
        if (!location) throwTypeError("Assembly.loc must be a Location, not " + script::typeName(value));
        assemblyOf(self).loc = *location;
      });
  cls.property(
      "name", [](const Value& self) { return script::makeStr(assemblyOf(self).name); },
      [](const Value& self, const Value& value) { assemblyOf(self).name = script::str(value); });
  cls.property(
      "color", [](const Value& self) { return colorValue(assemblyOf(self).color); },
      [](const Value& self, const Value& value) {
        const Color* color = script::tryUnwrap<Color>(value);
        assemblyOf(self).color = color ? std::optional(*color) : std::nullopt;
      });
  cls.property(
      "metadata",
      [](const Value& self) {
        std::any& metadata = assemblyOf(self).metadata;
        if (!metadata.has_value()) metadata = Value(script::make<script::Dict>());
        return std::any_cast<Value>(metadata);
      },
      [](const Value& self, const Value& value) { assemblyOf(self).metadata = value; });
  cls.property("parent", [](const Value& self) { return assemblyValue(self, assemblyOf(self).parent()); });
  cls.property("children", [](const Value& self) {
    std::vector<Value> children;
    for (const AssemblyPtr& child : assemblyOf(self).children()) children.push_back(assemblyValue(self, child));
    return script::makeList(children);
  });
  cls.property("objects", [](const Value& self) {
    auto objects = script::make<script::Dict>();
    for (const auto& [name, assembly] : assemblyOf(self).objects()) objects->set(name, assemblyValue(self, assembly));
    return Value(objects);
  });
  cls.property("shapes", [](const Value& self) { return toValue(assemblyOf(self).shapes()); });
}

void registerColor(script::Interpreter& interpreter) {
  colorClass = interpreter.defineClass("cadquery.occ_impl.assembly", "Color");
  colorClass->constructor("__init__(self, *args, **kwargs)", [](Arguments& a) {
    const std::vector<Value> args = script::listOf(a[1]);
    const auto make = [&]() -> Color {
      const Value* alpha = a[2].to<script::Dict>().find(std::string_view("a"));
      const auto real = [&](std::size_t i) { return script::toReal(args[i]); };
      if (args.empty()) return Color();
      if (args.size() == 1) return Color(script::toText(args[0], "name"));
      if (args.size() == 3)
        return Color(real(0), real(1), real(2), alpha && script::truth(*alpha) ? script::toReal(*alpha) : 1);
      if (args.size() == 4) return Color(real(0), real(1), real(2), real(3));
      throwValueError("Unsupported arguments: " + script::repr(a[1]) + ", " + script::repr(a[2]));
    };
    return script::wrap(a.cls(), make());
  });
  colorClass->method("toTuple(self)", [](Arguments& a) {
    const auto [r, g, b, alpha] = a.as<Color>(0).toTuple();
    return script::makeTuple({r, g, b, alpha});
  });
  colorClass->method("__eq__(self, other)", [](Arguments& a) {
    const Color* other = script::tryUnwrap<Color>(a[1]);
    return other ? Value(a.as<Color>(0).toTuple() == other->toTuple()) : script::notImplemented();
  });
  colorClass->method("__hash__(self)", [](Arguments& a) {
    const auto [r, g, b, alpha] = a.as<Color>(0).toTuple();
    return Value(script::hashOf(script::makeTuple({r, g, b, alpha})));
  });
  interpreter.module(kModule).add(colorClass);
}

}  // namespace

void registerAssembly(script::Interpreter& interpreter) {
  registerColor(interpreter);
  Class* cls = interpreter.defineClass(kModule, "Assembly");
  boundClasses().assembly = cls;
  cls->constructor("__init__(self, obj=None, loc=None, name=None, color=None, metadata=None)", [](Arguments& a) {
    return script::wrap(a.cls(), Assembly::make(objectFrom(a[1]), optionsFrom(a[2], a[3], a[4], a[5])));
  });
  bindAttributes(*cls);
  cls->method("add(self, arg, **kwargs)", added);
  cls->method("toCompound(self)", [](Arguments& a) { return toValue(assemblyOf(a[0]).toCompound()); });
  cls->method("traverse(self)", [](Arguments& a) {
    std::vector<Value> items;
    for (const auto& [name, assembly] : assemblyOf(a[0]).traverse()) {
      items.push_back(script::makeTuple({script::makeStr(name), assemblyValue(a[0], assembly)}));
    }
    return script::iterate(script::makeList(items));
  });
  cls->method("__iter__(self)", [](Arguments& a) { return script::iterate(membersOf(a[0])); });
  for (const char* name : {"constrain", "solve", "save", "export", "load"}) {
    cls->method(std::string(name) + "(self, *args, **kwargs)",
                [name = std::string(name)](Arguments&) -> Value { script::throwUnsupported("Assembly." + name); });
  }
}

}  // namespace cadrecode::cadquery
