#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"

namespace cadrecode::cadquery {

std::vector<Location> Workplane::locations() const {
  std::vector<Location> locations;
  for (const Item& item : step_->objects) {
    if (const auto* vector = std::get_if<Vector>(&item))
      locations.emplace_back(plane(), *vector);
    else if (const Shape* shape = shapeOf(item))
      locations.emplace_back(plane(), shape->center());
    else if (const auto* location = std::get_if<Location>(&item))
      locations.push_back(*location);
  }
  if (locations.empty()) locations.push_back(plane().location());
  return locations;
}

SketchPtr Workplane::sketch() const {
  const auto next = std::make_shared<Workplane>(newObject({}));
  auto sketch = std::make_shared<Sketch>(next, locations());
  next->objects().emplace_back(sketch);
  return sketch;
}

Workplane Workplane::placeSketch(const std::vector<SketchPtr>& sketches) const {
  Items placed;
  for (const SketchPtr& sketch : sketches)
    placed.emplace_back(
        std::make_shared<Sketch>(nullptr, locations(), Compound(sketch->copy()->faceShape().wrapped())));
  return newObject(std::move(placed));
}

}  // namespace cadrecode::cadquery
