// Solids from what was drawn: extrusion, revolution, sweep, loft, plates, text.
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

Until untilFrom(const Value& value) {
  if (value.isNumber()) return value.number();
  if (script::isStr(value)) return script::textOf(value);
  if (const Shape* shape = tryShape(value); shape && shape->isClass(TopAbs_FACE)) return shape->asFace();
  throwValueError("Do not know how to handle until argument of type " + typeText(value));
}

Value cutBlind(const Arguments& a) {
  // Scripts of an older CadQuery gave the taper where `both` is now.
  if (a[3].isFloat() && a[4].isNone())
    return give(a, selfOf(a).cutBlind(untilFrom(a[1]), a.boolean(2), false, a[3].real()));
  return give(a, selfOf(a).cutBlind(untilFrom(a[1]), a.boolean(2), a.boolean(3), numberOrNone(a, 4, "taper")));
}

std::optional<Vector> localPoint(const Value& value) {
  if (value.isNone()) return std::nullopt;
  return planePoint(value);
}

Value sweep(const Arguments& a) {
  Workplane::SweepOptions options;
  options.multisection = a[3].isNone() ? a.boolean(2) : a.boolean(3);
  options.makeSolid = a.boolean(4);
  options.isFrenet = a.boolean(5);
  options.combine = combineFrom(a[6]);
  options.clean = a.boolean(7);
  options.transition = a.text(8);
  if (script::truth(a[9])) {
    options.mode = toVector(a[9]);
  } else if (script::truth(a[10])) {
    const Workplane* spine = tryWorkplane(a[10]);
    if (!spine) throw Error("AttributeError", "'" + script::typeName(a[10]) + "' object has no attribute 'val'");
    const Item value = spine->val();
    const Shape* wire = shapeOf(value);
    if (!wire) throwValueError("Wire or Edge instance required");
    options.mode = *wire;
  }
  if (const Workplane* path = tryWorkplane(a[1])) return give(a, selfOf(a).sweep(*path, options));
  const Shape* path = tryShape(a[1]);
  if (!path) throwValueError("Wire or Edge instance required");
  return give(a, selfOf(a).sweep(*path, options));
}

Value interpPlate(const Arguments& a) {
  std::vector<Shape> boundary;
  std::vector<Vector> points, constraints;
  if (const Workplane* edges = tryWorkplane(a[1])) {
    boundary = selectShapes(edges->edges().objects());
  } else {
    for (const Value& value : script::listOf(a[1])) {
      if (const Shape* shape = tryShape(value))
        boundary.push_back(*shape);
      else
        points.push_back(toVector(value));
    }
  }
  for (const Value& value : script::listOf(a[2])) {
    if (tryShape(value)) script::throwUnsupported("Workplane.interpPlate with edges as surf_pts");
    constraints.push_back(toVector(value));
  }
  Workplane::PlateOptions options;
  options.degree = count(a, 6);
  options.nbPtsOnCur = count(a, 7);
  options.nbIter = count(a, 8);
  options.anisotropy = a.boolean(9);
  options.tol2d = number(a, 10, "tol2d");
  options.tol3d = number(a, 11, "tol3d");
  options.tolAng = number(a, 12, "tolAng");
  options.tolCurv = number(a, 13, "tolCurv");
  options.maxDeg = count(a, 14);
  options.maxSegments = count(a, 15);
  return give(a, selfOf(a).interpPlate(boundary, points, constraints, number(a, 3, "thickness"), combineFrom(a[4]),
                                       a.boolean(5), options));
}

Value text(const Arguments& a) {
  Compound::TextOptions options;
  options.font = a.text(7);
  if (!a[8].isNone()) options.fontPath = a.text(8);
  options.kind = a.text(9);
  options.halign = a.text(10);
  options.valign = a.text(11);
  return give(a, selfOf(a).text(a.text(1), number(a, 2, "fontsize"), number(a, 3, "distance"), a.boolean(4),
                                combineFrom(a[5]), a.boolean(6), options));
}

}  // namespace

void bindWorkplaneFeatures(script::Class& cls) {
  cls.method("extrude(self, until, combine=True, clean=True, both=False, taper=None)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).extrude(untilFrom(a[1]), combineFrom(a[2]), a.boolean(3), a.boolean(4),
                                     numberOrNone(a, 5, "taper")));
  });
  cls.method("twistExtrude(self, distance, angleDegrees, combine=True, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).twistExtrude(number(a, 1, "distance"), number(a, 2, "angleDegrees"), combineFrom(a[3]),
                                          a.boolean(4)));
  });
  cls.method("cutBlind(self, until, clean=True, both=False, taper=None)",
             [](Arguments& a) -> Value { return cutBlind(a); });
  cls.method("cutThruAll(self, clean=True, taper=0)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).cutThruAll(a.boolean(1), number(a, 2, "taper"))); });
  cls.method("revolve(self, angleDegrees=360.0, axisStart=None, axisEnd=None, combine=True, clean=True)",
             [](Arguments& a) -> Value {
               return give(a, selfOf(a).revolve(number(a, 1, "angleDegrees"), localPoint(a[2]), localPoint(a[3]),
                                                combineFrom(a[4]), a.boolean(5)));
             });
  cls.method(
      "sweep(self, path, multisection=False, sweepAlongWires=None, makeSolid=True, isFrenet=False, combine=True, "
      "clean=True, transition='right', normal=None, auxSpine=None)",
      [](Arguments& a) -> Value { return sweep(a); });
  cls.method("loft(self, ruled=False, combine=True, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).loft(a.boolean(1), combineFrom(a[2]), a.boolean(3)));
  });
  cls.method(
      "interpPlate(self, surf_edges, surf_pts=[], thickness=0, combine=False, clean=True, degree=3, nbPtsOnCur=15, "
      "nbIter=2, anisotropy=False, tol2d=0.00001, tol3d=0.0001, tolAng=0.01, tolCurv=0.1, maxDeg=8, maxSegments=9)",
      [](Arguments& a) -> Value { return interpPlate(a); });
  cls.method(
      "text(self, txt, fontsize, distance, cut=True, combine=False, clean=True, font='Arial', fontPath=None, "
      "kind='regular', halign='center', valign='center')",
      [](Arguments& a) -> Value { return text(a); });
}

}  // namespace cadrecode::cadquery
