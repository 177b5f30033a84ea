// The drawing methods of Sketch. CadQuery chooses between their forms by the types of the positional arguments alone
// (multimethod), and a TypeError inside such a method comes out as a DispatchError.
#include "cadquery/bind.hpp"
#include "cadquery/bind_sketch.hpp"
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

// A Vector, or a tuple of exactly two numbers.
bool isPoint(const Value& value) {
  if (script::tryUnwrap<Vector>(value)) return true;
  const auto* tuple = value.as<script::Tuple>();
  return tuple && tuple->items.size() == 2 && tuple->items[0].isNumber() && tuple->items[1].isNumber();
}

// Whether it may be a sequence of points; only its first item is looked at.
bool isPoints(const Value& value) {
  const script::Values* items = nullptr;
  if (const auto* tuple = value.as<script::Tuple>()) items = &tuple->items;
  if (const auto* list = value.as<script::List>()) items = &list->items;
  return items && (items->empty() || isPoint(items->front()));
}

// Vector(*point) of each: sequences of numbers, but no Vectors.
std::vector<Vector> unpackedPoints(const Value& points, const char* errorType) {
  std::vector<Vector> result;
  script::forEach(points, [&](const Value& point) {
    if (!script::isIterable(point)) {
      throw Error(errorType, "cadquery.occ_impl.geom.Vector() argument after * must be an iterable, not " +
                                 script::typeName(point));
    }
    result.push_back(toVector(script::makeTuple(script::listOf(point))));
  });
  return result;
}

// The positional arguments of a call, and the two trailing parameters that all forms share.
struct Drawing {
  const char* name;
  std::vector<Value> args;
  std::string tag;
  bool forConstruction = false;

  Drawing(const char* method, const Arguments& a) : name(method), args(script::listOf(a[1])) {}

  // Whether the leading arguments are `leading` things of the kinds given and the rest a tag and a bool.
  bool fits(std::initializer_list<bool (*)(const Value&)> leading) const {
    if (args.size() < leading.size() || args.size() > leading.size() + 2) return false;
    std::size_t i = 0;
    for (bool (*kind)(const Value&) : leading) {
      if (!kind(args[i++])) return false;
    }
    if (i < args.size() && !args[i].isNone() && !script::isStr(args[i])) return false;
    return i + 1 >= args.size() || args[i + 1].isBool();
  }

  void takeOptions(std::size_t leading, const Value& keywords) {
    Value tagValue = args.size() > leading ? args[leading] : Value();
    Value construction = args.size() > leading + 1 ? args[leading + 1] : Value(false);
    for (const auto& entry : keywords.to<script::Dict>().entries()) {
      if (entry.key.isUnbound()) continue;
      const std::string& key = script::textOf(entry.key);
      if (key == "tag" && args.size() <= leading) {
        tagValue = entry.value;
      } else if (key == "forConstruction" && args.size() <= leading + 1) {
        construction = entry.value;
      } else {
        throw Error("DispatchError", std::string(name) + "() got an unexpected argument '" + key + "'");
      }
    }
    tag = textOrEmpty(tagValue);
    forConstruction = script::truth(construction);
  }

  Vector point(std::size_t i) const { return toVector(args[i]); }
  double real(std::size_t i) const { return args[i].number(); }
};

Value segment(Arguments& a) {
  Drawing d("segment", a);
  Sketch& sketch = sketchOf(a);
  if (d.fits({isPoint, isPoint})) {
    d.takeOptions(2, a[2]);
    sketch.segment(d.point(0), d.point(1), d.tag, d.forConstruction);
  } else if (d.fits({isPoint})) {
    d.takeOptions(1, a[2]);
    sketch.segment(d.point(0), d.tag, d.forConstruction);
  } else if (d.fits({isReal, isReal})) {
    d.takeOptions(2, a[2]);
    sketch.segment(d.real(0), d.real(1), d.tag, d.forConstruction);
  } else {
    throwDispatch(d.name);
  }
  return a[0];
}

Value arc(Arguments& a) {
  Drawing d("arc", a);
  Sketch& sketch = sketchOf(a);
  if (d.fits({isPoint, isPoint, isPoint})) {
    d.takeOptions(3, a[2]);
    sketch.arc(d.point(0), d.point(1), d.point(2), d.tag, d.forConstruction);
  } else if (d.fits({isPoint, isPoint})) {
    d.takeOptions(2, a[2]);
    sketch.arc(d.point(0), d.point(1), d.tag, d.forConstruction);
  } else if (d.fits({isPoint, isReal, isReal, isReal})) {
    d.takeOptions(4, a[2]);
    sketch.arc(d.point(0), d.real(1), d.real(2), d.real(3), d.tag, d.forConstruction);
  } else {
    throwDispatch(d.name);
  }
  return a[0];
}

Value spline(Arguments& a) {
  constexpr auto isTangents = [](const Value& value) { return value.isNone() || isPoints(value); };
  constexpr auto isFlag = [](const Value& value) { return value.isBool(); };
  Drawing d("spline", a);
  const bool pointsOnly = d.fits({isPoints});
  const bool full = d.fits({isPoints, isTangents, isFlag});
  // spline(points, None, False) could be either form.
  if (pointsOnly == full) throwDispatch(d.name);
  d.takeOptions(full ? 3 : 1, a[2]);
  const std::vector<Vector> points = unpackedPoints(d.args[0], "DispatchError");
  std::vector<Vector> tangents;
  if (full && !d.args[1].isNone()) tangents = unpackedPoints(d.args[1], "DispatchError");
  sketchOf(a).spline(points, tangents, full && d.args[2].boolean(), d.tag, d.forConstruction);
  return a[0];
}

}  // namespace

void bindSketchEdges(Class& cls) {
  cls.method("segment(self, *args, **kwargs)", segment);
  cls.method("arc(self, *args, **kwargs)", arc);
  cls.method("spline(self, *args, **kwargs)", spline);
  cls.method("bezier(self, pts, tag=None, forConstruction=False)", [](Arguments& a) {
    sketchOf(a).bezier(unpackedPoints(a[1], "TypeError"), textOrEmpty(a[2]), a.boolean(3));
    return a[0];
  });
  cls.method("edge(self, val, tag=None, forConstruction=False)", [](Arguments& a) {
    sketchOf(a).edge(toShape(a[1]).asEdge(), textOrEmpty(a[2]), a.boolean(3));
    return a[0];
  });
  cls.method("close(self, tag=None)", [](Arguments& a) {
    sketchOf(a).close(textOrEmpty(a[1]));
    return a[0];
  });
  cls.method("assemble(self, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).assemble(script::isStr(a[1]) ? a.text(1) : script::str(a[1]), textOrEmpty(a[2]));
    return a[0];
  });
}

}  // namespace cadrecode::cadquery
