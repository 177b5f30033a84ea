#include <cmath>
#include <numbers>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {
// Below this, the square of a sagitta's leg counts as rounding error, and a gap as closed.
constexpr double kTolerance = 1e-6;
constexpr double kRadians = std::numbers::pi / 180.0;
}  // namespace

Vector Workplane::findFromPoint(bool useLocalCoords) const {
  const Item object = step_->objects.empty() ? Item(plane().origin()) : step_->objects.back();
  Vector point;
  if (const Shape* edge = shapeOf(object, TopAbs_EDGE)) {
    point = edge->endPoint();
  } else if (const auto* vector = std::get_if<Vector>(&object)) {
    point = *vector;
  } else {
    throwRuntimeError("Cannot convert object type '<class '" + itemTypeName(object) + "'>' to vector ");
  }
  return useLocalCoords ? plane().toLocalCoords(point) : point;
}

Edge Workplane::findFromEdge() const {
  const Item object = step_->objects.empty() ? Item(plane().origin()) : step_->objects.back();
  const Shape* edge = shapeOf(object, TopAbs_EDGE);
  if (!edge)
    throwRuntimeError("Previous Edge requested, but the previous object was of type <class '" + itemTypeName(object) +
                      "'>, not an Edge.");
  return edge->asEdge();
}

Workplane Workplane::moveTo(double x, double y) const { return newObject({plane().toWorldCoords(x, y)}); }

Workplane Workplane::move(double dx, double dy) const {
  return newObject({plane().toWorldCoords(findFromPoint(true) + Vector(dx, dy, 0))});
}

Workplane Workplane::lineTo(double x, double y, bool forConstruction) const {
  const Edge edge = Edge::makeLine(findFromPoint(false), plane().toWorldCoords(x, y));
  if (!forConstruction) addPendingEdge(edge);
  return newObject({edge});
}

Workplane Workplane::line(double dx, double dy, bool forConstruction) const {
  const Vector from = findFromPoint(true);
  return lineTo(from.x() + dx, dy + from.y(), forConstruction);
}

Workplane Workplane::vLine(double distance, bool forConstruction) const { return line(0, distance, forConstruction); }

Workplane Workplane::hLine(double distance, bool forConstruction) const { return line(distance, 0, forConstruction); }

Workplane Workplane::vLineTo(double y, bool forConstruction) const {
  return lineTo(findFromPoint(true).x(), y, forConstruction);
}

Workplane Workplane::hLineTo(double x, bool forConstruction) const {
  return lineTo(x, findFromPoint(true).y(), forConstruction);
}

Workplane Workplane::polarLine(double distance, double angle, bool forConstruction) const {
  return line(std::cos(angle * kRadians) * distance, std::sin(angle * kRadians) * distance, forConstruction);
}

Workplane Workplane::polarLineTo(double distance, double angle, bool forConstruction) const {
  return lineTo(std::cos(angle * kRadians) * distance, std::sin(angle * kRadians) * distance, forConstruction);
}

Workplane Workplane::polyline(const std::vector<Vector>& points, bool forConstruction, bool includeCurrent) const {
  if (points.empty() && !includeCurrent) throw Error("IndexError", "list index out of range");
  Items edges;
  Vector start = includeCurrent ? findFromPoint(false) : plane().toWorldCoords(points[0]);
  for (std::size_t i = includeCurrent ? 0 : 1; i < points.size(); ++i) {
    const Vector end = plane().toWorldCoords(points[i]);
    const Edge edge = Edge::makeLine(start, end);
    edges.emplace_back(edge);
    start = end;
    if (!forConstruction) addPendingEdge(edge);
  }
  return newObject(std::move(edges));
}

Workplane Workplane::close() const {
  const Vector end = findFromPoint(true);
  if (!context_->firstPoint) throwValueError("No start point specified - cannot close");
  const Vector start = *context_->firstPoint;
  if ((end - start).length() > kTolerance) polyline({end, start});
  context_->firstPoint.reset();
  return wire();
}

Workplane Workplane::threePointArc(const Vector& through, const Vector& end, bool forConstruction) const {
  const Edge arc =
      Edge::makeThreePointArc(findFromPoint(false), plane().toWorldCoords(through), plane().toWorldCoords(end));
  if (!forConstruction) addPendingEdge(arc);
  return newObject({arc});
}

Workplane Workplane::sagittaArc(const Vector& end, double sag, bool forConstruction) const {
  const Vector start = findFromPoint(true);
  const Vector middle = (end + start) * 0.5;
  const Vector along = (end - start).normalized() * std::fabs(sag);
  const Vector across = sag > 0 ? Vector(-along.y(), along.x(), along.z()) : Vector(along.y(), -along.x(), along.z());
  return threePointArc(middle + across, end, forConstruction);
}

Workplane Workplane::radiusArc(const Vector& end, double radius, bool forConstruction) const {
  const double half = (end - findFromPoint(true)).length() / 2.0;
  double sag = std::fabs(radius);
  const double legSquared = radius * radius - half * half;
  if (std::fabs(legSquared) >= kTolerance) {
    if (legSquared < 0) throwValueError("Arc radius is not large enough to reach the end point.");
    sag -= std::sqrt(legSquared);
  }
  return sagittaArc(end, radius > 0 ? sag : -sag, forConstruction);
}

Workplane Workplane::tangentArcPoint(const Vector& end, bool forConstruction, bool relative) const {
  const Vector target = plane().toWorldCoords(relative ? end + findFromPoint(true) : end);
  const Edge previous = findFromEdge();
  const Edge arc = Edge::makeTangentArc(previous.endPoint(), previous.tangentAt(1), target);
  if (!forConstruction) addPendingEdge(arc);
  return newObject({arc});
}

}  // namespace cadrecode::cadquery
