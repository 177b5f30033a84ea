// Solids at points, holes, and the finishing of edges and walls.
#include "cadquery/bind_workplane.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Value;

namespace {

void bindPrimitives(script::Class& cls) {
  cls.method("box(self, length, width, height, centered=True, combine=True, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).box(number(a, 1, "length"), number(a, 2, "width"), number(a, 3, "height"),
                                 centeredFrom(a[4], 3), combineFrom(a[5]), a.boolean(6)));
  });
  cls.method(
      "sphere(self, radius, direct=(0, 0, 1), angle1=-90, angle2=90, angle3=360, centered=True, combine=True, "
      "clean=True)",
      [](Arguments& a) -> Value {
        return give(
            a, selfOf(a).sphere(number(a, 1, "radius"), toVector(a[2]), number(a, 3, "angle1"), number(a, 4, "angle2"),
                                number(a, 5, "angle3"), centeredFrom(a[6], 3), combineFrom(a[7]), a.boolean(8)));
      });
  cls.method("cylinder(self, height, radius, direct=(0, 0, 1), angle=360, centered=True, combine=True, clean=True)",
             [](Arguments& a) -> Value {
               return give(a, selfOf(a).cylinder(number(a, 1, "height"), number(a, 2, "radius"), toVector(a[3]),
                                                 number(a, 4, "angle"), centeredFrom(a[5], 3), combineFrom(a[6]),
                                                 a.boolean(7)));
             });
  cls.method(
      "wedge(self, dx, dy, dz, xmin, zmin, xmax, zmax, pnt=(0, 0, 0), dir=(0, 0, 1), centered=True, combine=True, "
      "clean=True)",
      [](Arguments& a) -> Value {
        return give(a, selfOf(a).wedge(number(a, 1, "dx"), number(a, 2, "dy"), number(a, 3, "dz"), number(a, 4, "xmin"),
                                       number(a, 5, "zmin"), number(a, 6, "xmax"), number(a, 7, "zmax"), toVector(a[9]),
                                       centeredFrom(a[10], 3), combineFrom(a[11]), a.boolean(12)));
      });
}

void bindHoles(script::Class& cls) {
  cls.method("hole(self, diameter, depth=None, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).hole(number(a, 1, "diameter"), numberOrNone(a, 2, "depth"), a.boolean(3)));
  });
  cls.method("cboreHole(self, diameter, cboreDiameter, cboreDepth, depth=None, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).cboreHole(number(a, 1, "diameter"), number(a, 2, "cboreDiameter"),
                                       number(a, 3, "cboreDepth"), numberOrNone(a, 4, "depth"), a.boolean(5)));
  });
  cls.method("cskHole(self, diameter, cskDiameter, cskAngle, depth=None, clean=True)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).cskHole(number(a, 1, "diameter"), number(a, 2, "cskDiameter"), number(a, 3, "cskAngle"),
                                     numberOrNone(a, 4, "depth"), a.boolean(5)));
  });
}

}  // namespace

void bindWorkplaneSolids(script::Class& cls) {
  bindPrimitives(cls);
  bindHoles(cls);
  cls.method("fillet(self, radius)",
             [](Arguments& a) -> Value { return give(a, selfOf(a).fillet(number(a, 1, "radius"))); });
  cls.method("chamfer(self, length, length2=None)", [](Arguments& a) -> Value {
    return give(a, selfOf(a).chamfer(number(a, 1, "length"), numberOrNone(a, 2, "length2")));
  });
  cls.method("shell(self, thickness, kind='arc')",
             [](Arguments& a) -> Value { return give(a, selfOf(a).shell(number(a, 1, "thickness"), a.text(2))); });
}

}  // namespace cadrecode::cadquery
