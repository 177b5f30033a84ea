// Primitive solids and shells of solids for scripts.
#include "cadquery/bind_shapes.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

void bindSolid(Class& cls) {
  cls.classMethod("makeSolid(cls, shell)",
                  [](Arguments& a) { return toValue(Solid::makeSolid(toShape(a[1]).asShell())); });
  cls.classMethod("makeBox(cls, length, width, height, pnt=(0, 0, 0), dir=(0, 0, 1))", [](Arguments& a) {
    return toValue(Solid::makeBox(a.real(1), a.real(2), a.real(3), toVector(a[4]), toVector(a[5])));
  });
  cls.classMethod(
      "makeCone(cls, radius1, radius2, height, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees=360)", [](Arguments& a) {
        return toValue(Solid::makeCone(a.real(1), a.real(2), a.real(3), toVector(a[4]), toVector(a[5]), a.real(6)));
      });
  cls.classMethod(
      "makeCylinder(cls, radius, height, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees=360)", [](Arguments& a) {
        return toValue(Solid::makeCylinder(a.real(1), a.real(2), toVector(a[3]), toVector(a[4]), a.real(5)));
      });
  cls.classMethod(
      "makeTorus(cls, radius1, radius2, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees1=0, angleDegrees2=360)",
      [](Arguments& a) {
        return toValue(Solid::makeTorus(a.real(1), a.real(2), toVector(a[3]), toVector(a[4]), a.real(5), a.real(6)));
      });
  cls.classMethod(
      "makeSphere(cls, radius, pnt=(0, 0, 0), dir=(0, 0, 1), angleDegrees1=0, angleDegrees2=90, angleDegrees3=360)",
      [](Arguments& a) {
        return toValue(Solid::makeSphere(a.real(1), toVector(a[2]), toVector(a[3]), a.real(4), a.real(5), a.real(6)));
      });
  cls.classMethod("makeWedge(cls, dx, dy, dz, xmin, zmin, xmax, zmax, pnt=(0, 0, 0), dir=(0, 0, 1))", [](Arguments& a) {
    return toValue(Solid::makeWedge(a.real(1), a.real(2), a.real(3), a.real(4), a.real(5), a.real(6), a.real(7),
                                    toVector(a[8]), toVector(a[9])));
  });
  cls.staticMethod("isSolid(obj)", [](Arguments& a) {
    const Shape* shape = tryShape(a[0]);
    return Value(shape && (shape->is(TopAbs_SOLID) || (shape->is(TopAbs_COMPOUND) && !shape->solids().empty())));
  });
  cls.method("outerShell(self)", [](Arguments& a) { return toValue(shapeOf(a).asSolid().outerShell()); });
  cls.method("innerShells(self)", [](Arguments& a) { return toValue(shapeOf(a).asSolid().innerShells()); });
}

}  // namespace cadrecode::cadquery
