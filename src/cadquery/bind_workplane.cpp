#include "cadquery/bind_workplane.hpp"

#include <climits>

#include "cadquery/sketch.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

class ScriptItem final : public ForeignItem {
 public:
  explicit ScriptItem(Value value) : value_(std::move(value)) {}
  const Value& value() const { return value_; }
  std::string typeName() const override {
    const script::Class* cls = script::typeOf(value_);
    return cls->module() == "builtins" ? cls->qualifiedName() : cls->module() + "." + cls->qualifiedName();
  }

 private:
  Value value_;
};

Workplane construct(const Value& plane, const Value& origin, const Value& object) {
  if (tryShape(plane) || tryLocation(plane) || script::tryUnwrap<Vector>(plane))
    return Workplane(itemFrom(plane), toVector(origin));
  const std::optional<Item> item = script::truth(object) ? std::optional(itemFrom(object)) : std::nullopt;
  if (const Plane* given = tryPlane(plane)) return Workplane(*given, item);
  if (script::isStr(plane)) return Workplane(script::textOf(plane), toVector(origin), item);
  throwValueError("Provided value " + script::str(plane) + " is not a valid work plane");
}

void bindObject(script::Class& cls) {
  cls.constructor("__init__(self, inPlane='XY', origin=(0, 0, 0), obj=None)",
                  [](Arguments& a) -> Value { return script::wrap(a.cls(), construct(a[1], a[2], a[3])); });
  cls.property(
      "plane", [](const Value& self) { return planeValue(toWorkplane(self)); },
      [](const Value& self, const Value& value) {
        const Plane* plane = tryPlane(value);
        if (!plane) throwTypeError("Workplane.plane must be a Plane, not " + script::typeName(value));
        Workplane(toWorkplane(self)).setPlane(*plane);
      });
  cls.property(
      "objects", [](const Value& self) { return objectsValue(toWorkplane(self)); },
      [](const Value& self, const Value& value) {
        const Workplane& workplane = toWorkplane(self);
        workplane.objects() = itemsFrom(value);
        workplane.step()->attachment.reset();
      });
  cls.property(
      "parent",
      [](const Value& self) -> Value {
        const std::optional<Workplane> parent = toWorkplane(self).parent();
        return parent ? give(self, *parent) : Value();
      },
      [](const Value& self, const Value& value) {
        toWorkplane(self).step()->parent = value.isNone() ? nullptr : toWorkplane(value).step();
      });
  cls.property(
      "ctx", [](const Value& self) { return contextValue(toWorkplane(self)); },
      [](const Value& self, const Value& value) {
        const auto& context = script::unwrap<std::shared_ptr<WorkplaneContext>>(value);
        script::unwrap<Workplane>(self) = Workplane(toWorkplane(self).step(), context);
      });
  // CadQuery's objects compare by identity; handles on one step are one object here.
  cls.method("__eq__(self, other)", [](Arguments& a) -> Value {
    const Workplane* other = tryWorkplane(a[1]);
    return other ? Value(other->sameAs(selfOf(a))) : script::notImplemented();
  });
  cls.method("__hash__(self)", [](Arguments& a) -> Value {
    return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(selfOf(a).step().get()) >> 4);
  });
}

}  // namespace

Value itemValue(const Item& item) {
  if (const auto* vector = std::get_if<Vector>(&item)) return toValue(*vector);
  if (const auto* location = std::get_if<Location>(&item)) return toValue(*location);
  if (const auto* shape = std::get_if<Shape>(&item)) return toValue(*shape);
  if (const auto* sketch = std::get_if<SketchPtr>(&item)) return script::wrap(boundClasses().sketch, *sketch);
  const auto& foreign = std::get<std::shared_ptr<const ForeignItem>>(item);
  return dynamic_cast<const ScriptItem&>(*foreign).value();
}

Item itemFrom(const Value& value) {
  if (const Shape* shape = tryShape(value)) return *shape;
  if (const Location* location = tryLocation(value)) return *location;
  if (const auto* vector = script::tryUnwrap<Vector>(value)) return *vector;
  if (const auto* sketch = script::tryUnwrap<SketchPtr>(value)) return *sketch;
  return std::static_pointer_cast<const ForeignItem>(std::make_shared<ScriptItem>(value));
}

std::vector<Value> itemValues(const Items& items) {
  std::vector<Value> values;
  values.reserve(items.size());
  for (const Item& item : items) values.push_back(itemValue(item));
  return values;
}

Items itemsFrom(const Value& iterable) {
  Items items;
  script::forEach(iterable, [&](const Value& value) { items.push_back(itemFrom(value)); });
  return items;
}

const Workplane* tryWorkplane(const Value& value) {
  takeOverChanges();
  return script::tryUnwrap<Workplane>(value);
}

const Workplane& toWorkplane(const Value& value) {
  takeOverChanges();
  return script::unwrap<Workplane>(value);
}

const Workplane& selfOf(const Arguments& a) { return toWorkplane(a.self()); }

Value give(const Value& self, const Workplane& workplane, bool newPlane) {
  const auto* mine = script::tryUnwrap<Workplane>(self);
  if (mine && mine->sameAs(workplane)) return self;
  script::Class* cls = script::typeOf(self);
  if (!cls->scripted()) return script::wrap(cls, workplane);
  Value made = newPlane ? script::call(Value(cls), {toValue(workplane.plane())}) : script::call(Value(cls));
  script::unwrap<Workplane>(made) = workplane;
  return made;
}

double number(const Arguments& a, std::size_t index, const char* name) {
  const Value& value = a[index];
  if (value.isNumber()) return value.number();
  if (value.isNone() || script::isStr(value) || value.is(script::Kind::tuple) || value.is(script::Kind::list) ||
      value.is(script::Kind::native))
    throwTypeError(a.function().qualifiedName() + "(): " + name + " must be a number, not " + script::typeName(value));
  return script::toReal(value);
}

std::optional<double> numberOrNone(const Arguments& a, std::size_t index, const char* name) {
  if (a[index].isNone()) return std::nullopt;
  return number(a, index, name);
}

int count(const Arguments& a, std::size_t index) {
  const std::int64_t value = a.integer(index);
  if (value < INT_MIN / 2 || value > INT_MAX / 2)
    throw Error("OverflowError", a.function().qualifiedName() + "(): " + std::to_string(value) + " is too large");
  return static_cast<int>(value);
}

std::string textOrEmpty(const Value& value) {
  if (!script::truth(value)) return "";
  return script::isStr(value) ? script::textOf(value) : script::str(value);
}

Combine combineFrom(const Value& value) {
  if (!script::truth(value)) return Combine::no;
  if (script::isStr(value)) {
    const std::string& mode = script::textOf(value);
    if (mode == "cut" || mode == "s") return Combine::cut;
    if (mode == "a") return Combine::fuse;
  } else if (script::equals(value, Value(true))) {
    return Combine::fuse;
  }
  throw Error("UnboundLocalError", "cannot access local variable 'newS' where it is not associated with a value");
}

Centered centeredFrom(const Value& value, int axes) {
  if (value.isBool()) return value.boolean();
  const auto axis = [&](int i) { return i < axes ? script::truth(script::getItem(value, i)) : true; };
  const bool x = axis(0), y = axis(1), z = axis(2);
  return {x, y, z};
}

Vector planePoint(const Value& value) {
  if (const auto* vector = script::tryUnwrap<Vector>(value)) return *vector;
  if (script::length(value) != 2) return toVector(value);
  return {script::toReal(script::getItem(value, 0)), script::toReal(script::getItem(value, 1)), 0};
}

std::vector<Vector> planePoints(const Value& iterable) {
  std::vector<Vector> points;
  script::forEach(iterable, [&](const Value& value) { points.push_back(planePoint(value)); });
  return points;
}

std::string typeText(const Value& value) { return script::repr(Value(script::typeOf(value))); }

void registerWorkplane(script::Interpreter& interpreter) {
  script::Class* cls = interpreter.defineClass("cadquery.cq", "Workplane");
  boundClasses().workplane = cls;
  bindWorkplaneContext(interpreter);
  bindObject(*cls);
  bindWorkplaneStack(*cls);
  bindWorkplaneSelection(*cls);
  bindWorkplanePlane(*cls);
  bindWorkplaneDrawing(*cls);
  bindWorkplaneCurves(*cls);
  bindWorkplanePatterns(*cls);
  bindWorkplaneSolids(*cls);
  bindWorkplaneFeatures(*cls);
  bindWorkplaneBooleans(*cls);
  for (const char* name : {"toSvg", "exportSvg", "export", "toOCC"}) {
    cls->method(std::string(name) + "(self, *args, **kwargs)",
                [name = std::string(name)](Arguments&) -> Value { script::throwUnsupported("Workplane." + name); });
  }
}

}  // namespace cadrecode::cadquery
