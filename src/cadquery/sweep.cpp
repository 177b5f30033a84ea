// Profiles swept along a path.
#include <BRepOffsetAPI_MakePipeShell.hxx>
#include <TopoDS.hxx>
#include <gp_Ax2.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

using SweepMode = std::variant<std::monostate, Vector, Shape>;

Wire toWire(const Shape& path) { return path.isClass(TopAbs_EDGE) ? Wire::assembleEdges({path}) : path.asWire(); }

// Whether the profile must be turned into the frame of the path.
bool setMode(BRepOffsetAPI_MakePipeShell& pipe, const Shape& path, const SweepMode& mode, bool isFrenet) {
  if (const Vector* normal = std::get_if<Vector>(&mode)) {
    gp_Ax2 axes;
    axes.SetLocation(path.startPoint().toPnt());
    axes.SetDirection(normal->toDir());
    pipe.SetMode(axes);
    return true;
  }
  if (const Shape* guide = std::get_if<Shape>(&mode)) {
    pipe.SetMode(TopoDS::Wire(toWire(*guide).wrapped()), true);
  } else {
    pipe.SetMode(isFrenet);
  }
  return false;
}

BRepBuilderAPI_TransitionMode transitionOf(const std::string& name) {
  if (name == "transformed") return BRepBuilderAPI_Transformed;
  if (name == "round") return BRepBuilderAPI_RoundCorner;
  if (name == "right") return BRepBuilderAPI_RightCorner;
  throw Error("KeyError", name);
}

}  // namespace

Shape Solid::sweep(const Wire& outer, const std::vector<Wire>& inner, const Shape& path, const SweepOptions& options) {
  const Wire spine = toWire(path);
  const auto swept = [&](const Wire& profile) {
    BRepOffsetAPI_MakePipeShell pipe(TopoDS::Wire(spine.wrapped()));
    const bool rotate = setMode(pipe, path, options.mode, options.isFrenet);
    pipe.SetTransitionMode(transitionOf(options.transition));
    pipe.Add(profile.wrapped(), false, rotate);
    pipe.Build();
    if (options.makeSolid) pipe.MakeSolid();
    return Shape(pipe.Shape());
  };
  const Shape body = swept(outer);
  std::vector<Shape> holes;
  for (const Wire& wire : inner) holes.push_back(swept(wire));
  return holes.empty() ? body : body.cut(holes);
}

Shape Solid::sweep(const Face& face, const Shape& path, const SweepOptions& options) {
  std::vector<Wire> inner;
  for (const Shape& wire : face.innerWires()) inner.push_back(wire.asWire());
  return sweep(face.outerWire(), inner, path, options);
}

Shape Solid::sweepMulti(const std::vector<Shape>& profiles, const Shape& path, bool makeSolid, bool isFrenet,
                        const SweepMode& mode) {
  BRepOffsetAPI_MakePipeShell pipe(TopoDS::Wire(toWire(path).wrapped()));
  const bool rotate = setMode(pipe, path, mode, isFrenet);
  for (const Shape& profile : profiles) {
    const Wire wire = profile.isClass(TopAbs_WIRE) ? profile.asWire() : profile.asFace().outerWire();
    pipe.Add(wire.wrapped(), false, rotate);
  }
  pipe.Build();
  if (makeSolid) pipe.MakeSolid();
  return Solid(pipe.Shape());
}

}  // namespace cadrecode::cadquery
