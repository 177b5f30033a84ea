// Conversions between script values and CadQuery's C++ types.
#include "cadquery/bind.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Kind;
using script::Value;

namespace {

// The items of a tuple or list; null for anything else.
const script::Values* itemsOf(const Value& value) {
  if (const auto* tuple = value.as<script::Tuple>()) return &tuple->items;
  if (const auto* list = value.as<script::List>()) return &list->items;
  return nullptr;
}

script::Class* classFor(TopAbs_ShapeEnum kind) {
  const BoundClasses& classes = boundClasses();
  switch (kind) {
    case TopAbs_VERTEX:
      return classes.vertex;
    case TopAbs_EDGE:
      return classes.edge;
    case TopAbs_WIRE:
      return classes.wire;
    case TopAbs_FACE:
      return classes.face;
    case TopAbs_SHELL:
      return classes.shell;
    case TopAbs_SOLID:
      return classes.solid;
    case TopAbs_COMPSOLID:
      return classes.compSolid;
    case TopAbs_COMPOUND:
      return classes.compound;
    case TopAbs_SHAPE:
      break;
  }
  return classes.shape;
}

}  // namespace

Value toValue(const Vector& vector) { return script::wrap(boundClasses().vector, vector); }
Value toValue(std::shared_ptr<Plane> plane) { return script::wrap(boundClasses().plane, std::move(plane)); }
Value toValue(const Plane& plane) { return toValue(std::make_shared<Plane>(plane)); }
Value toValue(const Location& location) { return script::wrap(boundClasses().location, location); }
Value toValue(const Matrix& matrix) { return script::wrap(boundClasses().matrix, matrix); }
Value toValue(const BoundBox& box) { return script::wrap(boundClasses().boundBox, box); }

Value toValue(const Shape& shape) {
  if (shape.isNull()) throwValueError("Null TopoDS_Shape object");
  // Sliced to the base, so that all shapes of scripts hold the same C++ type.
  return script::wrap(classFor(shape.classKind()), Shape(shape));
}

Value toValue(const std::vector<Shape>& shapes) { return toList(shapes); }

std::optional<Vector> tryVector(const Value& value) {
  if (const Vector* vector = script::tryUnwrap<Vector>(value)) return *vector;
  const script::Values* items = itemsOf(value);
  if (!items || items->size() < 2 || items->size() > 3) return std::nullopt;
  for (const Value& item : *items)
    if (!item.isNumber()) return std::nullopt;
  return Vector((*items)[0].number(), (*items)[1].number(), items->size() == 3 ? (*items)[2].number() : 0.0);
}

Vector toVector(const Value& value) {
  if (const std::optional<Vector> vector = tryVector(value)) return *vector;
  const script::Values* items = itemsOf(value);
  if (!items) throwTypeError("Expected three floats, OCC gp_, or 3-tuple");
  if (items->size() < 2 || items->size() > 3)
    throw Error("UnboundLocalError", "cannot access local variable 'fV' where it is not associated with a value");
  return {script::toReal((*items)[0]), script::toReal((*items)[1]),
          items->size() == 3 ? script::toReal((*items)[2]) : 0.0};
}

std::vector<Vector> toVectors(const Value& iterable) {
  std::vector<Vector> vectors;
  script::forEach(iterable, [&](const Value& item) { vectors.push_back(toVector(item)); });
  return vectors;
}

const Shape* tryShape(const Value& value) { return script::tryUnwrap<Shape>(value); }

const Shape& toShape(const Value& value) {
  if (const Shape* shape = tryShape(value)) return *shape;
  if (value.is(Kind::native) && (tryVector(value) || tryLocation(value)))
    throwTypeError("a shape is needed here, not a " + script::typeName(value));
  throw Error("AttributeError", "'" + script::typeName(value) + "' object has no attribute 'wrapped'");
}

std::vector<Shape> toShapes(const Value& iterable) {
  std::vector<Shape> shapes;
  script::forEach(iterable, [&](const Value& item) { shapes.push_back(toShape(item)); });
  return shapes;
}

const Location* tryLocation(const Value& value) { return script::tryUnwrap<Location>(value); }

const Plane* tryPlane(const Value& value) {
  const auto* plane = script::tryUnwrap<std::shared_ptr<Plane>>(value);
  return plane ? plane->get() : nullptr;
}

std::optional<double> optionalReal(const Value& value) {
  if (value.isNone()) return std::nullopt;
  return script::toReal(value);
}

std::optional<Vector> optionalVector(const Value& value) {
  if (value.isNone()) return std::nullopt;
  return toVector(value);
}

TopAbs_ShapeEnum toKind(const std::string& name) {
  for (const auto& [known, kind] :
       {std::pair{"Vertex", TopAbs_VERTEX}, std::pair{"Edge", TopAbs_EDGE}, std::pair{"Wire", TopAbs_WIRE},
        std::pair{"Face", TopAbs_FACE}, std::pair{"Shell", TopAbs_SHELL}, std::pair{"Solid", TopAbs_SOLID},
        std::pair{"CompSolid", TopAbs_COMPSOLID}, std::pair{"Compound", TopAbs_COMPOUND}})
    if (name == known) return kind;
  throw Error("KeyError", name);
}

bool isReal(const Value& value) { return value.isNumber(); }

bool isVectorLike(const Value& value) {
  if (script::tryUnwrap<Vector>(value)) return true;
  return value.is(Kind::tuple) && tryVector(value).has_value();
}

void throwDispatch(const std::string& name) { throw Error("DispatchError", name + ": 0 methods found"); }

void throwDispatch(const std::string& name, script::Class* receiver, const std::vector<Value>& positional) {
  std::vector<Value> types;
  if (receiver) types.emplace_back(receiver);
  for (const Value& value : positional) types.emplace_back(script::typeOf(value));
  throw Error("DispatchError",
              "('" + name + ": 0 methods found', " + script::repr(script::makeTuple(types)) + ", set())");
}

}  // namespace cadrecode::cadquery
