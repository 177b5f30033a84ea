#include <cmath>
#include <numbers>

#include "cadquery/sketch.hpp"
#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

constexpr double kTolerance = 1e-6;
constexpr double kRadians = std::numbers::pi / 180.0;

[[noreturn]] void throwNoAttribute(const Item& item, const std::string& attribute) {
  const std::string type = itemTypeName(item);
  throw Error("AttributeError",
              "'" + type.substr(type.rfind('.') + 1) + "' object has no attribute '" + attribute + "'");
}

Item movedItem(const Item& item, const Location& location) {
  const Shape* shape = shapeOf(item);
  if (!shape) throwNoAttribute(item, "move");
  Shape moved = *shape;
  moved.move(location);
  return moved;
}

}  // namespace

Workplane Workplane::pushPoints(const std::vector<PointOrLocation>& points) const {
  Items items;
  items.reserve(points.size());
  for (const PointOrLocation& point : points) {
    if (const auto* location = std::get_if<Location>(&point))
      items.emplace_back(*location);
    else
      items.emplace_back(plane().toWorldCoords(std::get<Vector>(point)));
  }
  return newObject(std::move(items));
}

Workplane Workplane::rarray(double xSpacing, double ySpacing, int xCount, int yCount, Centered center) const {
  if ((xSpacing <= 0 && ySpacing <= 0) || xCount < 1 || yCount < 1)
    throwValueError("Spacing and count must be > 0 in at least one direction");
  const Vector offset(center.x ? -xSpacing * (xCount - 1) * 0.5 : 0, center.y ? -ySpacing * (yCount - 1) * 0.5 : 0);
  std::vector<PointOrLocation> points;
  for (int x = 0; x < xCount; ++x)
    for (int y = 0; y < yCount; ++y) points.emplace_back(Vector(xSpacing * x, ySpacing * y) + offset);
  return pushPoints(points);
}

Workplane Workplane::polarArray(double radius, double startAngle, double angle, int count, bool fill,
                                bool rotate) const {
  if (count < 1) throwValueError("At least 1 element required, requested " + std::to_string(count));
  double step = angle;
  if (fill) {
    if (std::fabs(std::remainder(angle, 360.0)) < kTolerance)
      step = angle / count;
    else
      step = count > 1 ? angle / (count - 1) : startAngle;
  }
  std::vector<PointOrLocation> locations;
  for (int i = 0; i < count; ++i) {
    const double degrees = startAngle + step * i;
    const Vector point(radius * std::cos(degrees * kRadians), radius * std::sin(degrees * kRadians));
    locations.emplace_back(rotate ? Location(point, Vector(0, 0, 1), degrees) : Location(point));
  }
  return pushPoints(locations);
}

Workplane Workplane::each(const std::function<Item(const Item&)>& callback, bool useLocalCoordinates, Combine combine,
                          bool clean) const {
  Items results;
  for (const Item& object : Items(step_->objects)) {
    Item result;
    if (!useLocalCoordinates) {
      result = callback(object);
    } else {
      const Shape* shape = shapeOf(object);
      const auto* point = std::get_if<Vector>(&object);
      if (!shape && !point)
        throwValueError("Don't know how to convert type <class '" + itemTypeName(object) + "'> to local coordinates");
      result = callback(shape ? Item(shape->transformShape(plane().fG())) : Item(plane().toLocalCoords(*point)));
      const Shape* made = shapeOf(result);
      if (!made) throwNoAttribute(result, "transformShape");
      result = Item(made->transformShape(plane().rG()));
    }
    if (const Shape* wire = shapeOf(result, TopAbs_WIRE); wire && !wire->forConstruction)
      addPendingWire(wire->asWire());
    results.push_back(std::move(result));
  }
  return combineWithBase(results, combine, clean);
}

std::vector<Location> Workplane::localPoints() const {
  if (step_->objects.empty()) return {Location()};
  std::vector<Location> points;
  const Location toLocal = plane().location().inverse();
  for (const Item& item : step_->objects) {
    if (const auto* vector = std::get_if<Vector>(&item)) {
      points.push_back(toLocal * Location(plane(), *vector));
    } else if (const Shape* shape = shapeOf(item)) {
      points.push_back(toLocal * Location(plane(), shape->center()));
    } else if (const auto* sketch = std::get_if<SketchPtr>(&item)) {
      points.push_back(toLocal * Location(plane(), (*sketch)->faceShape().center()));
    } else if (const auto* location = std::get_if<Location>(&item)) {
      points.push_back(*location);
    } else {
      throwTypeError("eachpoint needs points, locations or shapes on the stack, not " + itemTypeName(item));
    }
  }
  return points;
}

Workplane Workplane::combinePoints(const Items& results, Combine combine, bool clean) const {
  for (const Item& item : results)
    if (const Shape* wire = shapeOf(item, TopAbs_WIRE); wire && !wire->forConstruction) addPendingWire(wire->asWire());
  return combineWithBase(results, combine, clean);
}

Workplane Workplane::eachpoint(const std::function<Item(const Location&)>& callback, bool useLocalCoordinates,
                               Combine combine, bool clean) const {
  const Location toWorldLocation = plane().location();
  Items results;
  for (const Location& point : localPoints())
    results.push_back(useLocalCoordinates ? movedItem(callback(point), toWorldLocation)
                                          : callback(point * toWorldLocation));
  return combinePoints(results, combine, clean);
}

Workplane Workplane::eachpoint(const Shape& shape, bool useLocalCoordinates, Combine combine, bool clean) const {
  return eachpoint([&](const Location& location) -> Item { return shape.moved(location); }, useLocalCoordinates,
                   combine, clean);
}

Workplane Workplane::eachpoint(const Workplane& shapes, bool useLocalCoordinates, Combine combine, bool clean) const {
  const Location toWorldLocation = plane().location();
  const std::vector<Location> points = localPoints();
  Items results;
  for (const Shape& shape : selectShapes(shapes.objects()))
    for (const Location& point : points)
      results.push_back(useLocalCoordinates ? movedItem(shape.moved(point), toWorldLocation)
                                            : Item(shape.moved(point * toWorldLocation)));
  return combinePoints(results, combine, clean);
}

}  // namespace cadrecode::cadquery
