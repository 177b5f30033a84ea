#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

Workplane Workplane::fillet(double radius) const {
  const Shape solid = findSolid();
  const std::vector<Shape> chosen = collect(TopAbs_EDGE);
  if (chosen.empty()) throwValueError("Fillets requires that edges be selected");
  return newObject({solid.fillet(radius, chosen).clean()});
}

Workplane Workplane::chamfer(double length, std::optional<double> length2) const {
  const Shape solid = findSolid();
  const std::vector<Shape> chosen = collect(TopAbs_EDGE);
  if (chosen.empty()) throwValueError("Chamfer requires that edges be selected");
  return newObject({solid.chamfer(length, length2, chosen)});
}

Workplane Workplane::shell(double thickness, const std::string& kind) const {
  const Shape solid = findSolid();
  std::vector<Shape> faces;
  for (const Item& item : step_->objects)
    if (const Shape* face = shapeOf(item, TopAbs_FACE)) faces.push_back(*face);
  return newObject({solid.shell(faces, thickness, 0.0001, kind)});
}

}  // namespace cadrecode::cadquery
