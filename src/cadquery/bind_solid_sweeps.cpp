// Solids made by moving a profile, for scripts: extrusions, revolutions, lofts, sweeps.
#include "cadquery/bind_shapes.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

using script::Arguments;
using script::Class;
using script::Value;

namespace {

// The arguments of a method that CadQuery has twice: for an outer wire and a list of inner ones, or for a face.
// What follows the profile is given by position or by name.
class ProfileArguments {
 public:
  ProfileArguments(const Arguments& a, std::string name, std::vector<std::pair<const char*, Value>> rest)
      : name_(std::move(name)), type_(script::typeOf(a[0])), args_(restOf(a[1])), values_(std::move(rest)) {
    const std::vector<Value>& args = args_;
    std::size_t used = 0;
    if (!args.empty() && isShapeClass(args[0], TopAbs_FACE)) {
      face = toShape(args[0]).asFace();
      used = 1;
    } else if (args.size() >= 2 && isShapeClass(args[0], TopAbs_WIRE) && isListOf(args[1], TopAbs_WIRE)) {
      outer = toShape(args[0]).asWire();
      inner = toWires(args[1]);
      used = 2;
    } else {
      refuse();
    }
    if (args.size() - used > values_.size()) refuse();
    for (std::size_t i = used; i < args.size(); ++i) values_[i - used].second = args[i];
    for (const auto& entry : a[2].to<script::Dict>().entries())
      if (!entry.key.isUnbound()) assign(script::textOf(entry.key), entry.value);
    for (const auto& [parameter, value] : values_)
      if (value.isUnbound()) refuse();
  }

  const Value& operator[](std::size_t i) const { return values_[i].second; }
  double real(std::size_t i) const {
    if (!isReal(values_[i].second)) refuse();
    return values_[i].second.number();
  }
  Vector vector(std::size_t i) const {
    if (!isVectorLike(values_[i].second)) refuse();
    return toVector(values_[i].second);
  }

  [[noreturn]] void refuse() const { throwDispatch(name_, type_, args_); }

  std::optional<Face> face;
  std::optional<Wire> outer;
  std::vector<Wire> inner;

 private:
  void assign(const std::string& key, const Value& value) {
    for (auto& [parameter, known] : values_)
      if (key == parameter) {
        known = value;
        return;
      }
    throwTypeError(name_ + "() got an unexpected keyword argument '" + key + "'");
  }

  std::string name_;
  Class* type_;  // of the class the method is called on: `type`
  std::vector<Value> args_;
  std::vector<std::pair<const char*, Value>> values_;
};

const Value kRequired = Value::unbound();

Value extrudeLinear(Arguments& a) {
  const ProfileArguments p(a, "extrudeLinear", {{"vecNormal", kRequired}, {"taper", Value(0)}});
  const Vector normal = p.vector(0);
  const double taper = p.real(1);
  if (taper != 0 && p[0].is(script::Kind::tuple))
    throw Error("AttributeError", "'tuple' object has no attribute 'getAngle'");
  return toValue(p.face ? Solid::extrudeLinear(*p.face, normal, taper)
                        : Solid::extrudeLinear(*p.outer, p.inner, normal, taper));
}

Value extrudeLinearWithRotation(Arguments& a) {
  const ProfileArguments p(a, "extrudeLinearWithRotation",
                           {{"vecCenter", kRequired}, {"vecNormal", kRequired}, {"angleDegrees", kRequired}});
  const Vector center = p.vector(0), normal = p.vector(1);
  if (p[0].is(script::Kind::tuple)) throw Error("AttributeError", "'tuple' object has no attribute 'add'");
  return toValue(p.face ? Solid::extrudeLinearWithRotation(*p.face, center, normal, p.real(2))
                        : Solid::extrudeLinearWithRotation(*p.outer, p.inner, center, normal, p.real(2)));
}

Value revolve(Arguments& a) {
  const ProfileArguments p(a, "revolve",
                           {{"angleDegrees", kRequired}, {"axisStart", kRequired}, {"axisEnd", kRequired}});
  const Face face = p.face ? *p.face : Face::makeFromWires(*p.outer, p.inner);
  return toValue(Solid::revolve(face, p.real(0), p.vector(1), p.vector(2)));
}

bool isCurve(const Value& value) { return isShapeClass(value, TopAbs_EDGE) || isShapeClass(value, TopAbs_WIRE); }

std::variant<std::monostate, Vector, Shape> sweepMode(const Value& value, const std::string& name) {
  if (value.isNone()) return {};
  if (const Vector* normal = script::tryUnwrap<Vector>(value)) return *normal;
  if (!isCurve(value)) throwDispatch(name);
  return toShape(value);
}

Value sweep(Arguments& a) {
  const ProfileArguments p(a, "sweep",
                           {{"path", kRequired},
                            {"makeSolid", Value(true)},
                            {"isFrenet", Value(false)},
                            {"mode", Value()},
                            {"transitionMode", script::makeStr("transformed")}});
  if (!isCurve(p[0])) p.refuse();
  Solid::SweepOptions options;
  options.makeSolid = script::truth(p[1]);
  options.isFrenet = script::truth(p[2]);
  options.mode = sweepMode(p[3], "sweep");
  options.transition = script::toText(p[4]);
  if (options.transition != "transformed" && options.transition != "round" && options.transition != "right") p.refuse();
  const Shape& path = toShape(p[0]);
  return toValue(p.face ? Solid::sweep(*p.face, path, options) : Solid::sweep(*p.outer, p.inner, path, options));
}

Value interpPlate(Arguments& a) {
  if (!a[1].is(script::Kind::list)) script::throwUnsupported("Solid.interpPlate of a Workplane");
  const Wire boundary = Wire::makePolygon(toVectors(a[1]), false, true);
  const auto integer = [&](std::size_t i) { return static_cast<int>(a.integer(i)); };
  return toValue(Solid::interpPlate(boundary.edges(), toVectors(a[2]), a.real(3), integer(4), integer(5), integer(6),
                                    a.boolean(7), a.real(8), a.real(9), a.real(10), a.real(11), integer(12),
                                    integer(13)));
}

}  // namespace

void bindSolidSweeps(Class& cls) {
  cls.classMethod("extrudeLinear(cls, *args, **kwargs)", extrudeLinear);
  cls.classMethod("extrudeLinearWithRotation(cls, *args, **kwargs)", extrudeLinearWithRotation);
  cls.classMethod("revolve(cls, *args, **kwargs)", revolve);
  cls.classMethod("makeLoft(cls, listOfWire, ruled=False)",
                  [](Arguments& a) { return toValue(Solid::makeLoft(toShapes(a[1]), a.boolean(2))); });
  cls.classMethod("sweep(cls, *args, **kwargs)", sweep);
  cls.classMethod("sweep_multi(cls, profiles, path, makeSolid=True, isFrenet=False, mode=None)", [](Arguments& a) {
    return toValue(
        Solid::sweepMulti(toShapes(a[1]), toShape(a[2]), a.boolean(3), a.boolean(4), sweepMode(a[5], "sweep_multi")));
  });
  cls.classMethod(
      "interpPlate(cls, surf_edges, surf_pts, thickness, degree=3, nbPtsOnCur=15, nbIter=2, anisotropy=False, "
      "tol2d=0.00001, tol3d=0.0001, tolAng=0.01, tolCurv=0.1, maxDeg=8, maxSegments=9)",
      interpPlate);
}

}  // namespace cadrecode::cadquery
