#include <cmath>
#include <numbers>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

Workplane Workplane::rect(double xLength, double yLength, Centered centered, bool forConstruction) const {
  const Vector offset(centered.x ? 0 : xLength / 2, centered.y ? 0 : yLength / 2, 0);
  const Vector corner(xLength / -2.0, yLength / -2.0, 0);
  const double x = xLength / 2.0, y = yLength / 2.0;
  const std::vector<Vector> points{corner + offset, Vector(x, -y, 0) + offset, Vector(x, y, 0) + offset,
                                   Vector(-x, y, 0) + offset, corner + offset};
  return eachpoint(Wire::makePolygon(points, forConstruction), true);
}

Workplane Workplane::circle(double radius, bool forConstruction) const {
  Wire wire = Wire::makeCircle(radius, Vector(), Vector(0, 0, 1));
  wire.forConstruction = forConstruction;
  return eachpoint(wire, true);
}

Workplane Workplane::ellipse(double xRadius, double yRadius, double rotation, bool forConstruction) const {
  Wire wire = Wire::makeEllipse(xRadius, yRadius, Vector(), Vector(0, 0, 1), Vector(1, 0, 0), 360.0, 360.0, rotation);
  wire.forConstruction = forConstruction;
  return eachpoint(wire, true);
}

Workplane Workplane::polygon(int sides, double diameter, bool forConstruction, bool circumscribed) const {
  if (sides == 0) throw Error("ZeroDivisionError", "float division by zero");
  const double angle = 2.0 * std::numbers::pi / sides;
  const double radius = circumscribed ? diameter / 2.0 / std::cos(angle / 2.0) : diameter / 2.0;
  std::vector<Vector> points;
  for (int i = 0; i <= sides; ++i) {
    const double at = circumscribed ? angle * i + angle / 2.0 : angle * i;
    points.emplace_back(radius * std::cos(at), radius * std::sin(at), 0);
  }
  return eachpoint(Wire::makePolygon(points, forConstruction), true);
}

Workplane Workplane::slot2D(double length, double diameter, double angle) const {
  const double radius = diameter / 2;
  const Vector p1((-length / 2) + radius, diameter / 2);
  const Vector p2 = p1 + Vector(length - diameter, 0);
  const Vector p3 = p1 + Vector(length - diameter, -diameter);
  const Vector p4 = p1 + Vector(0, -diameter);
  const Wire slot =
      Wire::assembleEdges({Edge::makeLine(p1, p2), Edge::makeThreePointArc(p2, p2 + Vector(radius, -radius), p3),
                           Edge::makeLine(p3, p4), Edge::makeThreePointArc(p4, p4 + Vector(-radius, radius), p1)});
  return eachpoint(slot.rotate(Vector(), Vector(0, 0, 1), angle), true);
}

}  // namespace cadrecode::cadquery
