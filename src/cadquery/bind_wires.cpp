// Wires for scripts.
#include "cadquery/bind_shapes.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {
Wire wireOf(const Arguments& a) { return shapeOf(a).asWire(); }
}  // namespace

void bindWire(Class& cls) {
  cls.method("close(self)", [](Arguments& a) { return wireOf(a).isClosedCurve() ? a[0] : toValue(wireOf(a).close()); });
  cls.method("stitch(self, other)", [](Arguments& a) { return toValue(wireOf(a).stitch(toShape(a[1]).asWire())); });
  cls.method("offset2D(self, d, kind=\"arc\")",
             [](Arguments& a) { return toValue(wireOf(a).offset2D(a.real(1), a.text(2))); });
  cls.method("fillet2D(self, radius, vertices)",
             [](Arguments& a) { return toValue(wireOf(a).fillet2D(a.real(1), toShapes(a[2]))); });
  cls.method("chamfer2D(self, d, vertices)",
             [](Arguments& a) { return toValue(wireOf(a).chamfer2D(a.real(1), toShapes(a[2]))); });
  cls.method("fillet(self, radius, vertices=None)", [](Arguments& a) {
    return toValue(wireOf(a).fillet(a.real(1), script::truth(a[2]) ? toShapes(a[2]) : std::vector<Shape>{}));
  });
  cls.classMethod("combine(cls, listOfWires, tol=1e-9)",
                  [](Arguments& a) { return toList(Wire::combine(toShapes(a[1]), a.real(2))); });
  cls.classMethod("assembleEdges(cls, listOfEdges)",
                  [](Arguments& a) { return toValue(Wire::assembleEdges(toShapes(a[1]))); });
  cls.classMethod("makeCircle(cls, radius, center, normal)",
                  [](Arguments& a) { return toValue(Wire::makeCircle(a.real(1), toVector(a[2]), toVector(a[3]))); });
  cls.classMethod(
      "makeEllipse(cls, x_radius, y_radius, center, normal, xDir, angle1=360.0, angle2=360.0, rotation_angle=0.0, "
      "closed=True)",
      [](Arguments& a) {
        return toValue(Wire::makeEllipse(a.real(1), a.real(2), toVector(a[3]), toVector(a[4]), toVector(a[5]),
                                         a.real(6), a.real(7), a.real(8), a.boolean(9)));
      });
  cls.classMethod("makePolygon(cls, listOfVertices, forConstruction=False, close=False)",
                  [](Arguments& a) { return toValue(Wire::makePolygon(toVectors(a[1]), a.boolean(2), a.boolean(3))); });
  cls.classMethod("makeHelix(cls, pitch, height, radius, center=(0, 0, 0), dir=(0, 0, 1), angle=360.0, lefthand=False)",
                  [](Arguments& a) {
                    return toValue(Wire::makeHelix(a.real(1), a.real(2), a.real(3), toVector(a[4]), toVector(a[5]),
                                                   a.real(6), a.boolean(7)));
                  });
}

}  // namespace cadrecode::cadquery
