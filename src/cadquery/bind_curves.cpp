// Edges, and what edges and wires have in common as curves, for scripts.
#include "cadquery/bind_shapes.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

// A list made of one value for each item.
template <class F>
Value mapped(const Value& iterable, F make) {
  std::vector<Value> values;
  script::forEach(iterable, [&](const Value& item) { values.push_back(make(item)); });
  return script::makeList(values);
}

// CadQuery's splines call methods of Vector on what they are given.
Vector strictVector(const Value& value, const char* method) {
  if (const Vector* vector = script::tryUnwrap<Vector>(value)) return *vector;
  throw Error("AttributeError", "'" + script::typeName(value) + "' object has no attribute '" + method + "'");
}

std::vector<Vector> strictVectors(const Value& iterable) {
  std::vector<Vector> points;
  script::forEach(iterable, [&](const Value& item) { points.push_back(strictVector(item, "toPnt")); });
  return points;
}

Location locationAt(const Arguments& a, const Value& d) {
  return shapeOf(a).locationAt(script::toReal(d), a.text(2), a.text(3), a.boolean(4));
}

}  // namespace

void bindCurveMethods(Class& cls) {
  cls.method("startPoint(self)", [](Arguments& a) { return toValue(shapeOf(a).startPoint()); });
  cls.method("endPoint(self)", [](Arguments& a) { return toValue(shapeOf(a).endPoint()); });
  cls.method("normal(self)", [](Arguments& a) { return toValue(shapeOf(a).normal()); });
  cls.method("Length(self)", [](Arguments& a) { return Value(shapeOf(a).curveLength()); });
  cls.method("radius(self)", [](Arguments& a) { return Value(shapeOf(a).radius()); });
  cls.method("IsClosed(self)", [](Arguments& a) { return Value(shapeOf(a).isClosedCurve()); });
  cls.method("_bounds(self)", [](Arguments& a) {
    const auto [first, last] = shapeOf(a).parameterBounds();
    return script::makeTuple({first, last});
  });
  cls.method("paramAt(self, d)", [](Arguments& a) {
    if (const Vector* point = script::tryUnwrap<Vector>(a[1])) return Value(shapeOf(a).paramAt(*point));
    return Value(shapeOf(a).paramAt(a.real(1)));
  });
  cls.method("tangentAt(self, locationParam=0.5, mode=\"length\")",
             [](Arguments& a) { return toValue(shapeOf(a).tangentAt(a.real(1), a.text(2))); });
  cls.method("positionAt(self, d, mode=\"length\")",
             [](Arguments& a) { return toValue(shapeOf(a).positionAt(a.real(1), a.text(2))); });
  cls.method("positions(self, ds, mode=\"length\")", [](Arguments& a) {
    return mapped(a[1], [&](const Value& d) { return toValue(shapeOf(a).positionAt(script::toReal(d), a.text(2))); });
  });
  cls.method("locationAt(self, d, mode=\"length\", frame=\"frenet\", planar=False)",
             [](Arguments& a) { return toValue(locationAt(a, a[1])); });
  cls.method("locations(self, ds, mode=\"length\", frame=\"frenet\", planar=False)",
             [](Arguments& a) { return mapped(a[1], [&](const Value& d) { return toValue(locationAt(a, d)); }); });
  cls.method("curvatureAt(self, d, mode=\"length\", resolution=1e-6)",
             [](Arguments& a) { return Value(shapeOf(a).curvatureAt(a.real(1), a.text(2), a.real(3))); });
  cls.method("curvatures(self, ds, mode=\"length\", resolution=1e-6)", [](Arguments& a) {
    return mapped(
        a[1], [&](const Value& d) { return Value(shapeOf(a).curvatureAt(script::toReal(d), a.text(2), a.real(3))); });
  });
  cls.method("project(self, face, d, closest=True)", [](Arguments& a) {
    const Face face = toShape(a[1]).asFace();
    const Vector d = toVector(a[2]);
    return a.boolean(3) ? toValue(shapeOf(a).project(face, d)) : toValue(shapeOf(a).projections(face, d));
  });
}

namespace {

void bindSplines(Class& cls) {
  cls.classMethod("makeSpline(cls, listOfVector, tangents=None, periodic=False, parameters=None, scale=True, tol=1e-6)",
                  [](Arguments& a) {
                    Edge::SplineOptions options;
                    if (script::truth(a[2])) {
                      script::forEach(a[2], [&](const Value& tangent) {
                        options.tangents.push_back(tangent.isNone() ? std::nullopt
                                                                    : std::optional(strictVector(tangent, "wrapped")));
                      });
                    }
                    options.periodic = a.boolean(3);
                    if (!a[4].isNone())
                      script::forEach(a[4], [&](const Value& u) { options.parameters.push_back(script::toReal(u)); });
                    options.scale = a.boolean(5);
                    options.tol = a.real(6);
                    return toValue(Edge::makeSpline(strictVectors(a[1]), options));
                  });
  cls.classMethod(
      "makeSplineApprox(cls, listOfVector, tol=1e-3, smoothing=None, minDeg=1, maxDeg=6)", [](Arguments& a) {
        Edge::SplineApproxOptions options;
        options.tol = a.real(2);
        if (script::truth(a[3])) {
          const std::vector<Value> weights = script::listOf(a[3]);
          if (weights.size() != 3) throwTypeError("smoothing needs three weights");
          options.smoothing = {script::toReal(weights[0]), script::toReal(weights[1]), script::toReal(weights[2])};
        }
        options.minDeg = static_cast<int>(a.integer(4));
        options.maxDeg = static_cast<int>(a.integer(5));
        return toValue(Edge::makeSplineApprox(strictVectors(a[1]), options));
      });
  cls.classMethod("makeBezier(cls, points)", [](Arguments& a) { return toValue(Edge::makeBezier(toVectors(a[1]))); });
}

}  // namespace

void bindEdge(Class& cls) {
  cls.method("close(self)", [](Arguments& a) {
    const Edge edge = shapeOf(a).asEdge();
    return edge.isClosedCurve() ? a[0] : toValue(edge.close());
  });
  cls.method("arcCenter(self)", [](Arguments& a) { return toValue(shapeOf(a).asEdge().arcCenter()); });
  cls.method("trim(self, u0, u1)",
             [](Arguments& a) { return toValue(shapeOf(a).asEdge().trim(a.real(1), a.real(2))); });
  cls.classMethod("makeLine(cls, v1, v2)",
                  [](Arguments& a) { return toValue(Edge::makeLine(toVector(a[1]), toVector(a[2]))); });
  cls.classMethod("makeThreePointArc(cls, v1, v2, v3)", [](Arguments& a) {
    return toValue(Edge::makeThreePointArc(toVector(a[1]), toVector(a[2]), toVector(a[3])));
  });
  cls.classMethod("makeTangentArc(cls, v1, v2, v3)", [](Arguments& a) {
    return toValue(Edge::makeTangentArc(toVector(a[1]), toVector(a[2]), toVector(a[3])));
  });
  cls.classMethod(
      "makeCircle(cls, radius, pnt=(0, 0, 0), dir=(0, 0, 1), angle1=360.0, angle2=360, orientation=True)",
      [](Arguments& a) {
        return toValue(Edge::makeCircle(a.real(1), toVector(a[2]), toVector(a[3]), a.real(4), a.real(5), a.boolean(6)));
      });
  cls.classMethod(
      "makeEllipse(cls, x_radius, y_radius, pnt=(0, 0, 0), dir=(0, 0, 1), xdir=(1, 0, 0), angle1=360.0, angle2=360.0, "
      "sense=1)",
      [](Arguments& a) {
        return toValue(Edge::makeEllipse(a.real(1), a.real(2), toVector(a[3]), toVector(a[4]), toVector(a[5]),
                                         a.real(6), a.real(7), static_cast<int>(a.integer(8))));
      });
  bindSplines(cls);
}

}  // namespace cadrecode::cadquery
