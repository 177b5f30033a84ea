// Fillets, chamfers, shells and prisms on solids and compounds for scripts.
#include "cadquery/bind_shapes.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

std::optional<Face> optionalFace(const Value& value) {
  if (value.isNone()) return std::nullopt;
  return toShape(value).asFace();
}

Value prism(Arguments& a) {
  const std::optional<Face> basis = optionalFace(a[1]);
  const std::optional<double> depth = optionalReal(a[3]);
  const double taper = a.real(4);
  const std::optional<Face> upTo = optionalFace(a[5]);
  if (isListOf(a[2], TopAbs_WIRE))
    return toValue(dprism(shapeOf(a), basis, toWires(a[2]), depth, taper, upTo, a.boolean(6), a.boolean(7)));
  if (!isListOf(a[2], TopAbs_FACE)) throwDispatch("dprism");
  std::vector<Face> faces;
  for (const Shape& face : toShapes(a[2])) faces.push_back(face.asFace());
  return toValue(dprism(shapeOf(a), basis, faces, depth, taper, upTo, a.boolean(6), a.boolean(7)));
}

}  // namespace

void bindSolidFeatures(Class& cls) {
  cls.method("fillet(self, radius, edgeList)",
             [](Arguments& a) { return toValue(shapeOf(a).fillet(a.real(1), toShapes(a[2]))); });
  cls.method("chamfer(self, length, length2, edgeList)",
             [](Arguments& a) { return toValue(shapeOf(a).chamfer(a.real(1), optionalReal(a[2]), toShapes(a[3]))); });
  cls.method("shell(self, faceList, thickness, tolerance=0.0001, kind=\"arc\")", [](Arguments& a) {
    const std::vector<Shape> faces = script::truth(a[1]) ? toShapes(a[1]) : std::vector<Shape>{};
    return toValue(shapeOf(a).shell(faces, a.real(2), a.real(3), a.text(4)));
  });
  cls.method("isInside(self, point, tolerance=1.0e-6)",
             [](Arguments& a) { return Value(shapeOf(a).isInside(toVector(a[1]), a.real(2))); });
  cls.method("dprism(self, basis, profiles, depth=None, taper=0, upToFace=None, thruAll=True, additive=True)", prism);
}

}  // namespace cadrecode::cadquery
