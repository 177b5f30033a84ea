// Sketch as scripts see it: holds a SketchPtr, and methods that change the sketch return the same object.
#include "cadquery/bind_sketch.hpp"

#include "cadquery/bind.hpp"
#include "cadquery/bind_workplane.hpp"
#include "cadquery/sketch.hpp"
#include "core/error.hpp"
#include "script/runtime.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

Sketch& sketchOf(const Arguments& a) { return *a.as<SketchPtr>(0); }

namespace {

// What an optional tag means: nothing for None and other false values.
std::string tagOf(const Value& value) { return textOrEmpty(value); }
std::string modeOf(const Value& value) { return script::isStr(value) ? script::textOf(value) : script::str(value); }

Value wrapped(const Value& self, SketchPtr sketch) { return script::wrap(script::typeOf(self), std::move(sketch)); }

// A count for range(): what is below one has been refused with the value as it was written.
int countOf(const Value& value, const std::string& asked) {
  if (value.isNumber() && value.number() < 1) throwValueError(asked);
  const std::int64_t count = script::toIndex(value);
  if (count > INT_MAX) throw Error("OverflowError", "Python int too large to convert to C int");
  return static_cast<int>(count);
}

SketchItem placeFrom(const Value& value) {
  if (const Location* location = tryLocation(value)) return *location;
  return Location(toVector(value));
}

Value faceOf(Arguments& a) {
  Sketch& sketch = sketchOf(a);
  const double angle = a.real(2);
  const std::string mode = modeOf(a[3]), tag = tagOf(a[4]);
  const bool ignoreSelection = a.boolean(5);
  if (const Shape* shape = tryShape(a[1])) {
    sketch.face(*shape, angle, mode, tag, ignoreSelection);
  } else if (const SketchPtr* other = script::tryUnwrap<SketchPtr>(a[1])) {
    sketch.face(**other, angle, mode, tag, ignoreSelection);
  } else if (script::isIterable(a[1])) {
    sketch.face(toShapes(a[1]), angle, mode, tag, ignoreSelection);
  } else {
    throwValueError("Unsupported argument " + script::str(a[1]));
  }
  return a[0];
}

Value eachOf(Arguments& a) {
  const auto make = [&](const Location& location) -> Sketch::Made {
    const Value made = script::call(a[1], {toValue(location)});
    if (const SketchPtr* sketch = script::tryUnwrap<SketchPtr>(made)) return *sketch;
    return toShape(made);
  };
  sketchOf(a).each(make, modeOf(a[2]), tagOf(a[3]), a.boolean(4));
  return a[0];
}

void bindFaces(Class& cls) {
  cls.method("face(self, b, angle=0, mode='a', tag=None, ignore_selection=False)", faceOf);
  cls.method("each(self, callback, mode='a', tag=None, ignore_selection=False)", eachOf);
  cls.method("rect(self, w, h, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).rect(number(a, 1, "w"), number(a, 2, "h"), a.real(3), modeOf(a[4]), tagOf(a[5]));
    return a[0];
  });
  cls.method("circle(self, r, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).circle(number(a, 1, "r"), modeOf(a[2]), tagOf(a[3]));
    return a[0];
  });
  cls.method("ellipse(self, a1, a2, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).ellipse(number(a, 1, "a1"), number(a, 2, "a2"), a.real(3), modeOf(a[4]), tagOf(a[5]));
    return a[0];
  });
  cls.method("trapezoid(self, w, h, a1, a2=None, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).trapezoid(number(a, 1, "w"), number(a, 2, "h"), number(a, 3, "a1"), optionalReal(a[4]), a.real(5),
                          modeOf(a[6]), tagOf(a[7]));
    return a[0];
  });
  cls.method("slot(self, w, h, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).slot(number(a, 1, "w"), number(a, 2, "h"), a.real(3), modeOf(a[4]), tagOf(a[5]));
    return a[0];
  });
  cls.method("regularPolygon(self, r, n, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).regularPolygon(number(a, 1, "r"), count(a, 2), a.real(3), modeOf(a[4]), tagOf(a[5]));
    return a[0];
  });
  cls.method("polygon(self, pts, angle=0, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).polygon(toVectors(a[1]), a.real(2), modeOf(a[3]), tagOf(a[4]));
    return a[0];
  });
}

void bindPlaces(Class& cls) {
  cls.method("rarray(self, xs, ys, nx, ny)", [](Arguments& a) {
    const std::string asked = "At least 1 elements required, requested " + script::str(a[3]) + ", " + script::str(a[4]);
    const int nx = countOf(a[3], asked), ny = countOf(a[4], asked);
    script::countSteps(static_cast<std::uint64_t>(nx) * static_cast<std::uint64_t>(ny));
    sketchOf(a).rarray(a.real(1), a.real(2), nx, ny);
    return a[0];
  });
  cls.method("parray(self, r, a1, da, n, rotate=True)", [](Arguments& a) {
    const int n = countOf(a[4], "At least 1 element required, requested " + script::str(a[4]));
    script::countSteps(static_cast<std::uint64_t>(n));
    sketchOf(a).parray(a.real(1), a.real(2), a.real(3), n, a.boolean(5));
    return a[0];
  });
  cls.method("distribute(self, n, start=0, stop=1, rotate=True)", [](Arguments& a) {
    const int n = countOf(a[1], "At least 1 element required, requested " + script::str(a[1]));
    script::countSteps(static_cast<std::uint64_t>(n));
    sketchOf(a).distribute(n, a.real(2), a.real(3), a.boolean(4));
    return a[0];
  });
  cls.method("push(self, locs, tag=None)", [](Arguments& a) {
    SketchItems places;
    script::forEach(a[1], [&](const Value& value) { places.push_back(placeFrom(value)); });
    sketchOf(a).push(std::move(places), tagOf(a[2]));
    return a[0];
  });
}

void bindModifiers(Class& cls) {
  cls.method("hull(self, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).hull(modeOf(a[1]), tagOf(a[2]));
    return a[0];
  });
  cls.method("offset(self, d, mode='a', tag=None)", [](Arguments& a) {
    sketchOf(a).offset(number(a, 1, "d"), modeOf(a[2]), tagOf(a[3]));
    return a[0];
  });
  cls.method("fillet(self, d)", [](Arguments& a) {
    sketchOf(a).fillet(number(a, 1, "d"));
    return a[0];
  });
  cls.method("chamfer(self, d)", [](Arguments& a) {
    sketchOf(a).chamfer(number(a, 1, "d"));
    return a[0];
  });
  const auto plain = [&cls](const char* name, Sketch& (Sketch::*change)()) {
    cls.method(std::string(name) + "(self)", [change](Arguments& a) {
      (sketchOf(a).*change)();
      return a[0];
    });
  };
  plain("clean", &Sketch::clean);
  plain("add", &Sketch::add);
  plain("subtract", &Sketch::subtract);
  plain("replace", &Sketch::replace);
  plain("reset", &Sketch::reset);
  plain("delete", &Sketch::deleteSelected);
}

void bindSelections(Class& cls) {
  using Choose = Sketch& (Sketch::*)(const SelectorPtr&, const std::string&);
  const auto choose = [&cls](const char* name, Choose method) {
    cls.method(std::string(name) + "(self, s=None, tag=None)", [method](Arguments& a) {
      // CadQuery takes anything else than a text or a Selector for no selector at all.
      const bool known = script::isStr(a[1]) || script::isInstance(a[1], boundClasses().selector);
      const SelectorPtr selector = known && script::truth(a[1]) ? toSelector(a[1]) : nullptr;
      (sketchOf(a).*method)(selector, tagOf(a[2]));
      return a[0];
    });
  };
  choose("faces", &Sketch::faces);
  choose("wires", &Sketch::wires);
  choose("edges", &Sketch::edges);
  choose("vertices", &Sketch::vertices);
  cls.method("tag(self, tag)", [](Arguments& a) {
    sketchOf(a).tag(script::str(a[1]));
    return a[0];
  });
  cls.method("select(self, *tags)", [](Arguments& a) {
    std::vector<std::string> tags;
    script::forEach(a[1], [&](const Value& tag) { tags.push_back(script::str(tag)); });
    sketchOf(a).select(tags);
    return a[0];
  });
}

void bindCopies(Class& cls) {
  cls.method("copy(self)", [](Arguments& a) { return wrapped(a[0], sketchOf(a).copy()); });
  cls.method("moved(self, *args, **kwargs)", [](Arguments& a) {
    // All the forms of Shape.moved.
    script::KeywordArguments keywords;
    for (const auto& entry : a[2].to<script::Dict>().entries()) {
      if (!entry.key.isUnbound()) keywords.emplace_back(entry.key, entry.value);
    }
    const Value moved =
        script::call(script::getAttribute(toValue(sketchOf(a).faceShape()), "moved"), script::listOf(a[1]), keywords);
    return wrapped(a[0], Sketch::of(toShape(moved)));
  });
  cls.method("located(self, loc)", [](Arguments& a) {
    const Location* location = tryLocation(a[1]);
    if (!location) throwTypeError("Sketch.located(): loc must be a Location, not " + script::typeName(a[1]));
    return wrapped(a[0], sketchOf(a).located(*location));
  });
  cls.method("finalize(self)", [](Arguments& a) {
    const std::shared_ptr<Workplane> parent = sketchOf(a).finalize();
    return parent ? script::wrap(boundClasses().workplane, *parent) : Value();
  });
  using Operation = SketchPtr (Sketch::*)(const Sketch&) const;
  const auto operation = [&cls](const char* name, Operation method) {
    cls.method(std::string(name) + "(self, other)", [method](Arguments& a) {
      const SketchPtr* other = script::tryUnwrap<SketchPtr>(a[1]);
      if (!other) throw Error("AttributeError", "'" + script::typeName(a[1]) + "' object has no attribute 'val'");
      return wrapped(a[0], (sketchOf(a).*method)(**other));
    });
  };
  operation("__add__", &Sketch::operator+);
  operation("__sub__", &Sketch::operator-);
  operation("__mul__", &Sketch::operator*);
  operation("__truediv__", &Sketch::operator/);
}

std::vector<Location> locationsFrom(const Value& value) {
  if (value.isNone()) return {Location()};
  std::vector<Location> locations;
  script::forEach(value, [&](const Value& item) {
    const Location* location = tryLocation(item);
    if (!location) throwTypeError("Sketch(): locs must be Locations, not " + script::typeName(item));
    locations.push_back(*location);
  });
  return locations;
}

}  // namespace

void registerSketch(script::Interpreter& interpreter) {
  Class* cls = interpreter.defineClass("cadquery.sketch", "Sketch");
  boundClasses().sketch = cls;
  cls->constructor("__init__(self, parent=None, locs=None, obj=None)", [](Arguments& a) {
    const Workplane* parent = tryWorkplane(a[1]);
    const Shape* shape = tryShape(a[3]);
    std::optional<Compound> faces;
    if (shape) faces = shape->isClass(TopAbs_COMPOUND) ? shape->asCompound() : Compound::make({*shape});
    return script::wrap(a.cls(), std::make_shared<Sketch>(parent ? std::make_shared<Workplane>(*parent) : nullptr,
                                                          locationsFrom(a[2]), faces));
  });
  bindFaces(*cls);
  bindPlaces(*cls);
  bindModifiers(*cls);
  bindSelections(*cls);
  bindCopies(*cls);
  bindSketchEdges(*cls);
  bindSketchItems(*cls);
  for (const char* name : {"constrain", "solve", "importDXF", "export"}) {
    cls->method(std::string(name) + "(self, *args, **kwargs)",
                [name = std::string(name)](Arguments&) -> Value { script::throwUnsupported("Sketch." + name); });
  }
}

}  // namespace cadrecode::cadquery
