#include <cmath>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

Workplane Workplane::revolve(double degrees, const std::optional<Vector>& axisStart,
                             const std::optional<Vector>& axisEnd, Combine combine, bool clean) const {
  // Python's modulo has the sign of the divisor; nothing left means a whole turn.
  double angle = std::fmod(degrees, 360.0);
  if (angle < 0) angle += 360.0;
  if (angle == 0) angle = 360.0;

  const Vector start = plane().toWorldCoords(axisStart.value_or(Vector()));
  // CadQuery looks at the world's y of the start here, and uses it as a local one.
  const Vector end = axisEnd          ? plane().toWorldCoords(*axisEnd)
                     : start.y() != 0 ? plane().toWorldCoords(0, start.y())
                                      : plane().toWorldCoords(0, 1);

  std::vector<Shape> solids;
  for (const Face& face : getFaces()) solids.push_back(Solid::revolve(face, angle, start, end));
  return combineWithBase(Compound::make(solids), combine, clean);
}

Workplane Workplane::sweep(const Workplane& path, const SweepOptions& options) const {
  const Item value = path.wire().val();
  const Shape* shape = shapeOf(value);
  if (!shape) throwValueError("Wire or Edge instance required");
  return sweep(*shape, options);
}

Workplane Workplane::sweep(const Shape& path, const SweepOptions& options) const {
  const auto isCurve = [](const Shape& shape) { return shape.isClass(TopAbs_WIRE) || shape.isClass(TopAbs_EDGE); };
  if (!isCurve(path)) throwValueError("Wire or Edge instance required");
  const auto* spine = std::get_if<Shape>(&options.mode);
  if (spine && !isCurve(*spine)) throwValueError("Wire or Edge instance required");

  std::vector<Shape> swept;
  if (!options.multisection) {
    Solid::SweepOptions solid;
    solid.makeSolid = options.makeSolid;
    solid.isFrenet = options.isFrenet;
    solid.mode = options.mode;
    solid.transition = options.transition;
    for (const Face& face : getFaces()) swept.push_back(Solid::sweep(face, path, solid));
  } else {
    std::vector<Shape> sections;
    if (!context_->pendingWires.empty()) {
      for (const Wire& wire : context_->popPendingWires()) sections.push_back(wire);
    } else {
      for (const Face& face : getFaces()) sections.push_back(face.outerWire());
    }
    swept.push_back(Solid::sweepMulti(sections, path, options.makeSolid, options.isFrenet, options.mode));
  }
  return combineWithBase(Compound::make(swept), options.combine, options.clean);
}

}  // namespace cadrecode::cadquery
