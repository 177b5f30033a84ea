// Splines and other free curves.
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

std::optional<std::tuple<double, double, double>> smoothingFrom(const Value& value) {
  if (!script::truth(value)) return std::nullopt;
  const std::vector<Value> weights = script::listOf(value);
  if (weights.size() != 3) throwTypeError("smoothing must be three numbers");
  return std::tuple(script::toReal(weights[0]), script::toReal(weights[1]), script::toReal(weights[2]));
}

Edge::SplineOptions splineFrom(const Arguments& a) {
  Edge::SplineOptions spline;
  if (script::truth(a[2]))
    for (const Value& tangent : script::listOf(a[2]))
      spline.tangents.push_back(tangent.isNone() ? std::nullopt : std::optional(planePoint(tangent)));
  spline.periodic = a.boolean(3);
  if (!a[4].isNone())
    for (const Value& parameter : script::listOf(a[4])) spline.parameters.push_back(script::toReal(parameter));
  spline.scale = a.boolean(5);
  if (script::truth(a[6])) spline.tol = number(a, 6, "tol");
  return spline;
}

// Parameters from `first` on: forConstruction, includeCurrent, makeWire.
Workplane::CurveOptions curveFrom(const Arguments& a, std::size_t first) {
  return {a.boolean(first), a.boolean(first + 1), a.boolean(first + 2)};
}

// Parameters from `first` on: tol, minDeg, maxDeg, smoothing.
Edge::SplineApproxOptions approximationFrom(const Arguments& a, std::size_t first) {
  Edge::SplineApproxOptions spline;
  if (script::truth(a[first])) spline.tol = number(a, first, "tol");
  spline.minDeg = count(a, first + 1);
  spline.maxDeg = count(a, first + 2);
  spline.smoothing = smoothingFrom(a[first + 3]);
  return spline;
}

}  // namespace

void bindWorkplaneCurves(script::Class& cls) {
  cls.method("bezier(self, listOfXYTuple, forConstruction=False, includeCurrent=False, makeWire=False)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).bezier(planePoints(a[1]), curveFrom(a, 2))); });
  cls.method(
      "spline(self, listOfXYTuple, tangents=None, periodic=False, parameters=None, scale=True, tol=None, "
      "forConstruction=False, includeCurrent=False, makeWire=False)",
      [](Arguments& a) -> Value {
        return give(a, selfOf(a).spline(planePoints(a[1]), splineFrom(a), curveFrom(a, 7)));
      });
  cls.method(
      "splineApprox(self, points, tol=1e-6, minDeg=1, maxDeg=6, smoothing=(1, 1, 1), forConstruction=False, "
      "includeCurrent=False, makeWire=False)",
      [](Arguments& a) -> Value {
        return give(a, selfOf(a).splineApprox(planePoints(a[1]), approximationFrom(a, 2), curveFrom(a, 6)));
      });
  cls.method(
      "parametricCurve(self, func, N=400, start=0, stop=1, tol=1e-6, minDeg=1, maxDeg=6, smoothing=(1, 1, 1), "
      "makeWire=True)",
      [](Arguments& a) -> Value {
        const auto function = [&](double t) { return planePoint(script::call(a[1], {Value(t)})); };
        return give(a, selfOf(a).parametricCurve(function, count(a, 2), number(a, 3, "start"), number(a, 4, "stop"),
                                                 approximationFrom(a, 5), a.boolean(9)));
      });
  cls.method("parametricSurface(self, func, N=20, start=0, stop=1, tol=1e-2, minDeg=1, maxDeg=6, smoothing=(1, 1, 1))",
             [](Arguments& a) -> Value {
               const auto function = [&](double u, double v) {
                 return planePoint(script::call(a[1], {Value(u), Value(v)}));
               };
               return give(a, selfOf(a).parametricSurface(function, count(a, 2), number(a, 3, "start"),
                                                          number(a, 4, "stop"), approximationFrom(a, 5)));
             });
  cls.method(
      "ellipseArc(self, x_radius, y_radius, angle1=360, angle2=360, rotation_angle=0.0, sense=1, "
      "forConstruction=False, startAtCurrent=True, makeWire=False)",
      [](Arguments& a) -> Value {
        Workplane::EllipseArcOptions options;
        options.angle1 = number(a, 3, "angle1");
        options.angle2 = number(a, 4, "angle2");
        options.rotation = number(a, 5, "rotation_angle");
        options.sense = number(a, 6, "sense") == 1 ? 1 : -1;
        options.forConstruction = a.boolean(7);
        options.startAtCurrent = a.boolean(8);
        options.makeWire = a.boolean(9);
        return give(a, selfOf(a).ellipseArc(number(a, 1, "x_radius"), number(a, 2, "y_radius"), options));
      });
}

}  // namespace cadrecode::cadquery
