#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

template <class Change>
Items changedShapes(const Items& items, const Change& change) {
  Items changed;
  changed.reserve(items.size());
  for (const Item& item : items) {
    if (const Shape* shape = shapeOf(item))
      changed.emplace_back(change(*shape));
    else
      changed.push_back(item);
  }
  return changed;
}

[[noreturn]] void throwNoAttribute(const Item& item, const std::string& attribute) {
  const std::string type = itemTypeName(item);
  throw Error("AttributeError",
              "'" + type.substr(type.rfind('.') + 1) + "' object has no attribute '" + attribute + "'");
}

template <class Normal>
Workplane mirrored(const Workplane& workplane, const Normal& normal, const Vector& base, bool unite) {
  Items mirrored;
  for (const Shape& shape : selectShapes(workplane.objects())) mirrored.emplace_back(shape.mirror(normal, base));
  const Workplane next = workplane.newObject(std::move(mirrored));
  return unite ? workplane.unite(next) : next;
}

}  // namespace

Workplane Workplane::translate(const Vector& vector) const {
  return newObject(changedShapes(step_->objects, [&](const Shape& shape) { return shape.translate(vector); }));
}

Workplane Workplane::rotate(const Vector& axisStart, const Vector& axisEnd, double degrees) const {
  return newObject(
      changedShapes(step_->objects, [&](const Shape& shape) { return shape.rotate(axisStart, axisEnd, degrees); }));
}

Workplane Workplane::rotateAboutCenter(const Vector& axisEnd, double degrees) const {
  return each(
      [&](const Item& item) -> Item {
        const Shape* shape = shapeOf(item);
        if (!shape) throwNoAttribute(item, std::holds_alternative<Vector>(item) ? "rotate" : "Center");
        const Vector center = shape->center();
        return shape->rotate(center, center + axisEnd, degrees);
      },
      false, Combine::no);
}

Workplane Workplane::mirror(const std::string& plane, const std::optional<Vector>& base, bool unite) const {
  return mirrored(*this, plane, base.value_or(Vector()), unite);
}

Workplane Workplane::mirror(const Vector& normal, const std::optional<Vector>& base, bool unite) const {
  return mirrored(*this, normal, base.value_or(Vector()), unite);
}

Workplane Workplane::mirror(const Face& face, const std::optional<Vector>& base, bool unite) const {
  return mirrored(*this, face.normalAt(), base ? *base : face.center(), unite);
}

Workplane Workplane::mirror(const Workplane& face, const std::optional<Vector>& base, bool unite) const {
  const Item value = face.val();
  const Shape* shape = shapeOf(value, TopAbs_FACE);
  if (!shape) {
    const auto* vector = std::get_if<Vector>(&value);
    throwValueError("Face required, got " + (vector ? vector->toString() : "<" + itemTypeName(value) + " object>"));
  }
  return mirror(shape->asFace(), base, unite);
}

}  // namespace cadrecode::cadquery
