// Planes of a Workplane, and moving what is on its stack.
#include "cadquery/bind_workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

CenterOption centerOptionFrom(const Value& value) {
  const std::string name = script::isStr(value) ? script::textOf(value) : "";
  if (name == "CenterOfMass") return CenterOption::centerOfMass;
  if (name == "ProjectedOrigin") return CenterOption::projectedOrigin;
  if (name == "CenterOfBoundBox") return CenterOption::centerOfBoundBox;
  throwValueError("Undefined centerOption value provided.");
}

Value workplane(const Arguments& a) {
  const CenterOption option = centerOptionFrom(a[3]);
  std::optional<Vector> origin;
  if (option == CenterOption::projectedOrigin && !a[4].isNone()) {
    if (!a[4].is(script::Kind::tuple) && !script::tryUnwrap<Vector>(a[4]))
      throw Error("AttributeError", "'" + script::typeName(a[4]) + "' object has no attribute 'projectToPlane'");
    origin = toVector(a[4]);
  }
  const Workplane next = selfOf(a).workplane(number(a, 1, "offset"), a.boolean(2), option, origin);
  return give(a.self(), next, true);
}

Value mirror(const Arguments& a) {
  const Workplane& self = selfOf(a);
  const std::optional<Vector> base = optionalVector(a[2]);
  const bool unite = a.boolean(3);
  if (const Workplane* face = tryWorkplane(a[1])) return give(a, self.mirror(*face, base, unite));
  if (const Shape* shape = tryShape(a[1]); shape && shape->isClass(TopAbs_FACE))
    return give(a, self.mirror(shape->asFace(), base, unite));
  if (script::isStr(a[1])) return give(a, self.mirror(a.text(1), base, unite));
  return give(a, self.mirror(toVector(a[1]), base, unite));
}

}  // namespace

void bindWorkplanePlane(script::Class& cls) {
  cls.method("workplane(self, offset=0.0, invert=False, centerOption='ProjectedOrigin', origin=None)",
             [](Arguments& a) -> Value { return workplane(a); });
  cls.method("copyWorkplane(self, obj)",
             [](Arguments& a) -> Value { return give(a[1], selfOf(a).copyWorkplane(toWorkplane(a[1]))); });
  cls.method("workplaneFromTagged(self, name)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).workplaneFromTagged(script::str(a[1]))); });
  cls.method("center(self, x, y)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).center(number(a, 1, "x"), number(a, 2, "y"))); });
  cls.method("transformed(self, rotate=(0, 0, 0), offset=(0, 0, 0))",
             [](Arguments& a) -> Value { return give(a, selfOf(a).transformed(toVector(a[1]), planePoint(a[2]))); });

  cls.method("translate(self, vec)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).translate(toVector(a[1]))); });
  cls.method("rotate(self, axisStartPoint, axisEndPoint, angleDegrees)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).rotate(toVector(a[1]), toVector(a[2]), number(a, 3, "angleDegrees")));
  });
  cls.method("rotateAboutCenter(self, axisEndPoint, angleDegrees)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).rotateAboutCenter(toVector(a[1]), number(a, 2, "angleDegrees")));
  });
  cls.method("mirror(self, mirrorPlane='XY', basePointVector=None, union=False)",
             [](Arguments& a) -> Value { return mirror(a); });
}

}  // namespace cadrecode::cadquery
