// Copies, transformations and places of shapes for scripts.
#include "cadquery/bind_shapes.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

// The places several arguments or one sequence name; none when they are a single place.
std::optional<std::vector<Location>> severalPlaces(const std::vector<Value>& args, Class* receiver) {
  std::vector<Value> items = args;
  if (args.size() == 1) {
    const bool sequence = args[0].is(script::Kind::list) || args[0].is(script::Kind::tuple);
    if (!sequence || isVectorLike(args[0])) return std::nullopt;
    items = script::listOf(args[0]);
  } else if (args.size() < 2 || isReal(args[0])) {
    return std::nullopt;
  }
  std::vector<Location> places;
  for (const Value& item : items) {
    if (const Location* location = tryLocation(item))
      places.push_back(*location);
    else if (isVectorLike(item))
      places.emplace_back(toVector(item));
    else
      throwDispatch("moved", receiver, args);
  }
  return places;
}

const Location& locationOf(const Value& value) {
  if (const Location* location = tryLocation(value)) return *location;
  throw Error("AttributeError", "'" + script::typeName(value) + "' object has no attribute 'wrapped'");
}

// A tuple becomes a Vector; a list is left as it is and then fails.
Vector tupleOrVector(const Value& value) {
  if (value.is(script::Kind::list)) throw Error("AttributeError", "'list' object has no attribute 'toTuple'");
  return toVector(value);
}

}  // namespace

void bindShapeMoves(Class& cls) {
  cls.method("clean(self)", [](Arguments& a) { return toValue(shapeOf(a).clean()); });
  cls.method("fix(self)", [](Arguments& a) { return toValue(shapeOf(a).fix()); });
  cls.method("copy(self, mesh=False)", [](Arguments& a) { return toValue(shapeOf(a).copy(a.boolean(1))); });
  cls.method("mirror(self, mirrorPlane=\"XY\", basePointVector=(0, 0, 0))", [](Arguments& a) {
    const Vector base = tupleOrVector(a[2]);
    if (script::isStr(a[1])) return toValue(shapeOf(a).mirror(a.text(1), base));
    if (a[1].is(script::Kind::list)) return toValue(shapeOf(a).mirror(std::string(), base));
    return toValue(shapeOf(a).mirror(toVector(a[1]), base));
  });
  cls.method("rotate(self, startVector, endVector, angleDegrees)",
             [](Arguments& a) { return toValue(shapeOf(a).rotate(toVector(a[1]), toVector(a[2]), a.real(3))); });
  cls.method("translate(self, vector)", [](Arguments& a) { return toValue(shapeOf(a).translate(toVector(a[1]))); });
  cls.method("scale(self, factor)", [](Arguments& a) { return toValue(shapeOf(a).scale(a.real(1))); });
  cls.method("transformShape(self, tMatrix)",
             [](Arguments& a) { return toValue(shapeOf(a).transformShape(a.as<Matrix>(1))); });
  cls.method("transformGeometry(self, tMatrix)",
             [](Arguments& a) { return toValue(shapeOf(a).transformGeometry(a.as<Matrix>(1))); });
  cls.method("toSplines(self, degree=3, tolerance=1e-3, nurbs=False)", [](Arguments& a) {
    return toValue(shapeOf(a).toSplines(static_cast<int>(a.integer(1)), a.real(2), a.boolean(3)));
  });

  cls.method("location(self)", [](Arguments& a) { return toValue(shapeOf(a).location()); });
  cls.method("locate(self, loc)", [](Arguments& a) {
    shapeOf(a).locate(locationOf(a[1]));
    return a.self();
  });
  cls.method("located(self, loc)", [](Arguments& a) { return toValue(shapeOf(a).located(locationOf(a[1]))); });
  cls.method("move(self, *args, **kwargs)", [](Arguments& a) {
    const std::vector<Value> args = restOf(a[1]);
    Class* receiver = script::typeOf(a.self());
    if (args.size() == 1 && tryPlane(args[0])) throwDispatch("move", receiver, args);
    shapeOf(a).move(toLocation(args, a[2], "move", receiver));
    return a.self();
  });
  cls.method("moved(self, *args, **kwargs)", [](Arguments& a) {
    const std::vector<Value> args = restOf(a[1]);
    Class* receiver = script::typeOf(a.self());
    if (const auto places = severalPlaces(args, receiver)) return toValue(shapeOf(a).moved(*places));
    if (args.size() == 1 && tryPlane(args[0])) throwDispatch("moved", receiver, args);
    return toValue(shapeOf(a).moved(toLocation(args, a[2], "moved", receiver)));
  });
}

}  // namespace cadrecode::cadquery
