// The free functions (cadquery.func) for scripts.
#include "cadquery/bind_shapes.hpp"
#include "cadquery/free_functions.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Module;
using script::Value;

namespace {

bool isSequence(const Value& value) { return value.is(script::Kind::list) || value.is(script::Kind::tuple); }

// Shapes given one by one or as one sequence.
std::vector<Shape> shapesOf(const Value& rest, const char* name) {
  std::vector<Value> args = restOf(rest);
  if (args.size() == 1 && isSequence(args[0])) args = script::listOf(args[0]);
  std::vector<Shape> shapes;
  for (const Value& arg : args) {
    const Shape* shape = tryShape(arg);
    if (!shape) throwDispatch(name, nullptr, args);
    shapes.push_back(*shape);
  }
  return shapes;
}

std::optional<Shape> optionalShape(const Value& value) {
  if (value.isNone()) return std::nullopt;
  return toShape(value);
}

std::vector<func::Constraint> constraintsOf(const Value& iterable) {
  std::vector<func::Constraint> constraints;
  script::forEach(iterable, [&](const Value& item) {
    if (const Shape* shape = tryShape(item))
      constraints.emplace_back(*shape);
    else
      constraints.emplace_back(toVector(item));
  });
  return constraints;
}

std::vector<double> realsOf(const Value& iterable) {
  std::vector<double> numbers;
  if (!iterable.isNone())
    script::forEach(iterable, [&](const Value& item) { numbers.push_back(script::toReal(item)); });
  return numbers;
}

void bindConstruction(Module& m) {
  m.function("wire(*s)", [](Arguments& a) { return toValue(func::wire(shapesOf(a[0], "wire"))); });
  m.function("face(*s)", [](Arguments& a) { return toValue(func::face(shapesOf(a[0], "face"))); });
  m.function("shell(*s, tol=1e-6)",
             [](Arguments& a) { return toValue(func::shell(shapesOf(a[0], "shell"), a.real(1))); });
  m.function("solid(*s, inner=None, tol=1e-6)", [](Arguments& a) {
    const std::vector<Value> args = restOf(a[0]);
    if (args.empty() || !isSequence(args[0])) return toValue(func::solid(shapesOf(a[0], "solid"), a.real(2)));
    const Value inner = args.size() > 1 ? args[1] : a[1];
    return toValue(func::solidWithVoids(toShapes(args[0]), inner.isNone() ? std::vector<Shape>{} : toShapes(inner),
                                        args.size() > 2 ? script::toReal(args[2]) : a.real(2)));
  });
  m.function("compound(*s)", [](Arguments& a) { return toValue(Compound::make(shapesOf(a[0], "compound"))); });
}

Value makeSpline(Arguments& a) {
  const std::vector<Value> args = restOf(a[0]);
  // One sequence of points, perhaps with tangents and parameters after it, or the points one by one.
  const bool sequence = !args.empty() && isSequence(args[0]) && !isVectorLike(args[0]);
  if (!sequence) return toValue(func::spline(toVectors(a[0]), {}, {}, a.real(3), a.boolean(4), true));
  const auto given = [&](std::size_t position, std::size_t name) {
    return args.size() > position ? args[position] : a[name];
  };
  const Value tangents = given(1, 1);
  return toValue(func::spline(toVectors(args[0]), tangents.isNone() ? std::vector<Vector>{} : toVectors(tangents),
                              realsOf(given(2, 2)), script::toReal(given(3, 3)), script::truth(given(4, 4)),
                              script::truth(given(5, 5))));
}

void bindCurvesAndFaces(Module& m) {
  m.function("vertex(*args)", [](Arguments& a) {
    const std::vector<Value> args = restOf(a[0]);
    if (args.size() == 1 && isVectorLike(args[0])) return toValue(Vertex::make(toVector(args[0])));
    if (args.size() != 3 || !isReal(args[0]) || !isReal(args[1]) || !isReal(args[2]))
      throwDispatch("vertex", nullptr, args);
    return toValue(Vertex::make(Vector(args[0].number(), args[1].number(), args[2].number())));
  });
  m.function("segment(p1, p2)", [](Arguments& a) { return toValue(Edge::makeLine(toVector(a[0]), toVector(a[1]))); });
  m.function("polyline(*pts)", [](Arguments& a) { return toValue(func::polyline(toVectors(a[0]))); });
  m.function("polygon(*pts)", [](Arguments& a) { return toValue(func::polyline(toVectors(a[0]), true)); });
  m.function("rect(w, h)", [](Arguments& a) {
    const double x = a.real(0) / 2, y = a.real(1) / 2;
    return toValue(func::polyline({{-x, -y}, {x, -y}, {x, y}, {-x, y}}, true));
  });
  m.function("spline(*pts, tgts=None, params=None, tol=1e-6, periodic=False, scale=True)", makeSpline);
  m.function("circle(r)", [](Arguments& a) { return toValue(Edge::makeCircle(a.real(0))); });
  m.function("ellipse(r1, r2)", [](Arguments& a) {
    if (a.real(1) > a.real(0))
      throw Error("Standard_ConstructionError", "gp_Elips() - invalid construction parameters");
    return toValue(Edge::makeEllipse(a.real(0), a.real(1)));
  });
  m.function("plane(*args)", [](Arguments& a) {
    constexpr double kEndless = 2e60;
    const std::vector<Value> args = restOf(a[0]);
    if (args.empty()) return toValue(func::plane(kEndless, kEndless));
    if (args.size() != 2 || !isReal(args[0]) || !isReal(args[1])) throwDispatch("plane", nullptr, args);
    return toValue(func::plane(args[0].number(), args[1].number()));
  });
}

void bindPrimitives(Module& m) {
  m.function("box(w, l, h)", [](Arguments& a) {
    const double w = a.real(0), l = a.real(1);
    return toValue(Solid::makeBox(w, l, a.real(2), Vector(-w / 2, -l / 2, 0)));
  });
  m.function("cylinder(d, h)", [](Arguments& a) { return toValue(Solid::makeCylinder(a.real(0) / 2, a.real(1))); });
  m.function("sphere(d)", [](Arguments& a) { return toValue(func::sphere(a.real(0))); });
  m.function("torus(d1, d2)", [](Arguments& a) { return toValue(Solid::makeTorus(a.real(0) / 2, a.real(1) / 2)); });
  m.function("cone(*args)", [](Arguments& a) {
    const std::vector<double> sizes = realsOf(a[0]);
    if (sizes.size() == 2) return toValue(Solid::makeCone(sizes[0] / 2, 0, sizes[1]));
    if (sizes.size() != 3) throwDispatch("cone");
    return toValue(Solid::makeCone(sizes[0] / 2, sizes[1] / 2, sizes[2]));
  });
}

// text(txt, size, ...), text(txt, size, spine, planar, ...), text(txt, size, spine, base, ...).
Value makeText(Arguments& a) {
  std::vector<Value> args = restOf(a[2]);
  script::Dict& named = a[3].to<script::Dict>();
  std::size_t used = 0;
  const auto take = [&](const char* name, Value fallback) {
    if (used < args.size()) return args[used++];
    if (const Value* value = named.find(std::string_view(name))) return *value;
    return fallback;
  };
  const std::optional<Shape> spine = (!args.empty() && tryShape(args[0])) || named.find(std::string_view("spine"))
                                         ? optionalShape(take("spine", {}))
                                         : std::nullopt;
  std::optional<Shape> base;
  bool planar = false;
  if (spine) {
    if ((used < args.size() && tryShape(args[used])) || named.find(std::string_view("base")))
      base = optionalShape(take("base", {}));
    else
      planar = script::truth(take("planar", false));
  }
  Compound::TextOptions options;
  options.font = script::toText(take("font", script::makeStr(options.font)));
  if (const Value path = take("path", {}); !path.isNone()) options.fontPath = script::toText(path);
  options.kind = script::toText(take("kind", script::makeStr(options.kind)));
  options.halign = script::toText(take("halign", script::makeStr(options.halign)));
  options.valign = script::toText(take("valign", script::makeStr(options.valign)));
  if (used < args.size()) throwDispatch("text");
  if (base) return toValue(func::textOnFace(a.text(0), a.real(1), *spine, *base, options));
  if (spine) return toValue(func::textOnSpine(a.text(0), a.real(1), *spine, planar, options));
  return toValue(func::text(a.text(0), a.real(1), options));
}

void bindOperations(Module& m) {
  m.function("text(txt, size, *args, **kwargs)", makeText);
  m.function("fuse(s1, s2, tol=0.0)",
             [](Arguments& a) { return toValue(func::fuse(toShape(a[0]), toShape(a[1]), a.real(2))); });
  m.function("cut(s1, s2, tol=0.0)",
             [](Arguments& a) { return toValue(func::cut(toShape(a[0]), toShape(a[1]), a.real(2))); });
  m.function("intersect(s1, s2, tol=0.0)",
             [](Arguments& a) { return toValue(func::intersect(toShape(a[0]), toShape(a[1]), a.real(2))); });
  m.function("split(s1, s2)", [](Arguments& a) { return toValue(func::split(toShape(a[0]), toShape(a[1]))); });
  m.function("clean(s)", [](Arguments& a) { return toValue(func::clean(toShape(a[0]))); });
  m.function("fill(s, constraints=())",
             [](Arguments& a) { return toValue(func::fill(toShape(a[0]), constraintsOf(a[1]))); });
  m.function("cap(s, ctx, constraints=())",
             [](Arguments& a) { return toValue(func::cap(toShape(a[0]), toShape(a[1]), constraintsOf(a[2]))); });
  m.function("fillet(s, e, r)",
             [](Arguments& a) { return toValue(func::fillet(toShape(a[0]), toShape(a[1]), a.real(2))); });
  m.function("chamfer(s, e, d)",
             [](Arguments& a) { return toValue(func::chamfer(toShape(a[0]), toShape(a[1]), a.real(2))); });
  m.function("extrude(s, d)", [](Arguments& a) { return toValue(func::extrude(toShape(a[0]), toVector(a[1]))); });
  m.function("revolve(s, p, d, a=360)", [](Arguments& a) {
    return toValue(func::revolve(toShape(a[0]), toVector(a[1]), toVector(a[2]), a.real(3)));
  });
  m.function("offset(s, t, cap=True, both=False, tol=1e-6)", [](Arguments& a) {
    return toValue(func::offset(toShape(a[0]), a.real(1), a.boolean(2), a.boolean(3), a.real(4)));
  });
  m.function("sweep(s, path, aux=None, cap=False)", [](Arguments& a) {
    const Shape& path = toShape(a[1]);
    const std::optional<Shape> aux = optionalShape(a[2]);
    if (isSequence(a[0])) return toValue(func::sweep(toShapes(a[0]), path, aux, a.boolean(3)));
    if (!tryShape(a[0])) throwDispatch("sweep");
    return toValue(func::sweep(toShape(a[0]), path, aux, a.boolean(3)));
  });
  m.function(
      "loft(*s, cap=False, ruled=False, continuity=\"C2\", parametrization=\"uniform\", degree=3, compat=True, "
      "smoothing=False, weights=(1, 1, 1))",
      [](Arguments& a) {
        func::LoftOptions options;
        std::vector<Value> args = restOf(a[0]);
        const bool sequence = !args.empty() && isSequence(args[0]);
        if (sequence && args.size() > 3) throwDispatch("loft");
        options.cap = sequence && args.size() > 1 ? script::truth(args[1]) : a.boolean(1);
        options.ruled = sequence && args.size() > 2 ? script::truth(args[2]) : a.boolean(2);
        options.continuity = a.text(3);
        options.parametrization = a.text(4);
        options.degree = static_cast<int>(a.integer(5));
        options.compat = a.boolean(6);
        if (sequence) {  // CadQuery drops these two when the sections come one by one
          options.smoothing = a.boolean(7);
          const std::vector<double> weights = realsOf(a[8]);
          if (weights.size() != 3) throwTypeError("weights needs three numbers");
          std::copy(weights.begin(), weights.end(), options.weights.begin());
          return toValue(func::loft(toShapes(args[0]), options));
        }
        return toValue(func::loft(shapesOf(a[0], "loft"), options));
      });
  m.function("check(s)", [](Arguments& a) { return Value(func::check(toShape(a[0]))); });
}

}  // namespace

void bindFreeFunctions(Module& module) {
  bindConstruction(module);
  bindCurvesAndFaces(module);
  bindPrimitives(module);
  bindOperations(module);
}

}  // namespace cadrecode::cadquery
