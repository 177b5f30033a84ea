// Faces for scripts.
#include "cadquery/bind_shapes.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

Face faceOf(const Arguments& a) { return shapeOf(a).asFace(); }

// normalAt(point), normalAt(), normalAt(u, v).
Value normalAt(Arguments& a) {
  const std::vector<Value> args = restOf(a[1]);
  script::Dict& named = a[2].to<script::Dict>();
  const Value* place = named.find(std::string_view("locationVector"));
  if (named.size() > (place ? 1u : 0u) || (place && !args.empty()))
    throwTypeError("normalAt() got an unexpected keyword argument");
  if (place) return toValue(faceOf(a).normalAt(optionalVector(*place)));
  if (args.empty() || (args.size() == 1 && args[0].isNone())) return toValue(faceOf(a).normalAt());
  if (args.size() == 1 && isVectorLike(args[0])) return toValue(faceOf(a).normalAt(toVector(args[0])));
  if (args.size() != 2 || !isReal(args[0]) || !isReal(args[1]))
    throwDispatch("normalAt", script::typeOf(a.self()), args);
  const auto [normal, position] = faceOf(a).normalAt(args[0].number(), args[1].number());
  return script::makeTuple({toValue(normal), toValue(position)});
}

Value normals(Arguments& a) {
  const std::vector<Value> us = script::listOf(a[1]);
  const std::vector<Value> vs = script::listOf(a[2]);
  std::vector<Value> directions, positions;
  for (std::size_t i = 0; i < std::min(us.size(), vs.size()); ++i) {
    const auto [normal, position] = faceOf(a).normalAt(script::toReal(us[i]), script::toReal(vs[i]));
    directions.push_back(toValue(normal));
    positions.push_back(toValue(position));
  }
  return script::makeTuple({script::makeList(directions), script::makeList(positions)});
}

Value makeNSidedSurface(Arguments& a) {
  std::vector<Vector> points;
  std::vector<Shape> curves;
  script::forEach(a[2], [&](const Value& constraint) {
    if (const Shape* shape = tryShape(constraint);
        shape && (shape->isClass(TopAbs_EDGE) || shape->isClass(TopAbs_WIRE)))
      curves.push_back(*shape);
    else if (script::tryUnwrap<Vector>(constraint) || constraint.is(script::Kind::tuple))
      points.push_back(toVector(constraint));
    else
      throwValueError("Invalid constraint " + script::str(constraint));
  });
  const auto integer = [&](std::size_t i) { return static_cast<int>(a.integer(i)); };
  return toValue(Face::makeNSidedSurface(toShapes(a[1]), points, a[3].isNone() ? 0 : integer(3), integer(4), integer(5),
                                         integer(6), a.boolean(7), a.real(8), a.real(9), a.real(10), a.real(11),
                                         integer(12), integer(13), curves));
}

Value makeSplineApprox(Arguments& a) {
  std::vector<std::vector<Vector>> points;
  script::forEach(a[1], [&](const Value& row) { points.push_back(toVectors(row)); });
  std::optional<std::tuple<double, double, double>> smoothing;
  if (script::truth(a[3])) {
    const std::vector<Value> weights = script::listOf(a[3]);
    if (weights.size() != 3) throwTypeError("smoothing needs three weights");
    smoothing = {script::toReal(weights[0]), script::toReal(weights[1]), script::toReal(weights[2])};
  }
  return toValue(Face::makeSplineApprox(points, a.real(2), smoothing, static_cast<int>(a.integer(4)),
                                        static_cast<int>(a.integer(5))));
}

void bindFaceMakers(Class& cls) {
  cls.classMethod("makePlane(cls, length=None, width=None, basePnt=(0, 0, 0), dir=(0, 0, 1))", [](Arguments& a) {
    return toValue(Face::makePlane(optionalReal(a[1]), optionalReal(a[2]), toVector(a[3]), toVector(a[4])));
  });
  cls.classMethod("makeFromWires(cls, outerWire, innerWires=[])",
                  [](Arguments& a) { return toValue(Face::makeFromWires(toShape(a[1]).asWire(), toWires(a[2]))); });
  cls.classMethod("makeRuledSurface(cls, edgeOrWire1, edgeOrWire2)",
                  [](Arguments& a) { return toValue(Face::makeRuledSurface(toShape(a[1]), toShape(a[2]))); });
  cls.classMethod(
      "makeNSidedSurface(cls, edges, constraints, continuity=None, degree=3, nbPtsOnCur=15, nbIter=2, "
      "anisotropy=False, tol2d=0.00001, tol3d=0.0001, tolAng=0.01, tolCurv=0.1, maxDeg=8, maxSegments=9)",
      makeNSidedSurface);
  cls.classMethod("makeSplineApprox(cls, points, tol=1e-2, smoothing=None, minDeg=1, maxDeg=3)", makeSplineApprox);
  cls.classMethod("constructOn(cls, f, outer, *inner)", [](Arguments& a) {
    return toValue(Face::constructOn(toShape(a[1]).asFace(), toShape(a[2]).asWire(), toWires(a[3])));
  });
}

}  // namespace

void bindFace(Class& cls) {
  bindFaceMakers(cls);
  cls.method("normalAt(self, *args, **kwargs)", normalAt);
  cls.method("normals(self, us, vs)", normals);
  cls.method("_uvBounds(self)", [](Arguments& a) {
    const auto [u0, u1, v0, v1] = faceOf(a).uvBounds();
    return script::makeTuple({u0, u1, v0, v1});
  });
  cls.method("outerWire(self)", [](Arguments& a) { return toValue(faceOf(a).outerWire()); });
  cls.method("innerWires(self)", [](Arguments& a) { return toValue(faceOf(a).innerWires()); });
  cls.method("fillet2D(self, radius, vertices)",
             [](Arguments& a) { return toValue(faceOf(a).fillet2D(a.real(1), toShapes(a[2]))); });
  cls.method("chamfer2D(self, d, vertices)",
             [](Arguments& a) { return toValue(faceOf(a).chamfer2D(a.real(1), toShapes(a[2]))); });
  cls.method("thicken(self, thickness)", [](Arguments& a) { return toValue(faceOf(a).thicken(a.real(1))); });
  cls.method("project(self, other, d)",
             [](Arguments& a) { return toValue(faceOf(a).project(toShape(a[1]).asFace(), toVector(a[2]))); });
  cls.method("trim(self, u0, u1, v0, v1, tol=1e-6)", [](Arguments& a) {
    return toValue(faceOf(a).trim(a.real(1), a.real(2), a.real(3), a.real(4), a.real(5)));
  });
  for (const char* name : {"toPln", "toArcs"})
    cls.method(std::string(name) + "(self, *args)",
               [what = std::string("Face.") + name](Arguments&) -> Value { script::throwUnsupported(what); });
}

}  // namespace cadrecode::cadquery
