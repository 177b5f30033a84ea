#include <cmath>
#include <numbers>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

const Vector kDown(0, 0, -1);

Solid bore(double diameter, double depth) { return Solid::makeCylinder(diameter / 2.0, depth, Vector(), kDown); }

std::function<Item(const Location&)> copiesOf(const Shape& tool) {
  return [tool](const Location& location) -> Item { return tool.moved(location); };
}

}  // namespace

Workplane Workplane::cutEach(const std::function<Item(const Location&)>& callback, bool useLocalCoords,
                             bool clean) const {
  findSolid();  // so that a missing solid is told before the callback runs
  return cutShapes(eachpoint(callback, useLocalCoords).vals(), clean);
}

Workplane Workplane::cutShapes(const Items& tools, bool clean) const {
  std::vector<Shape> shapes;
  for (const Item& tool : tools) {
    const Shape* shape = shapeOf(tool);
    if (!shape) throwTypeError("cutEach needs shapes from its function, not " + itemTypeName(tool));
    shapes.push_back(*shape);
  }
  const Shape result = findSolid().cut(shapes);
  return newObject({clean ? result.clean() : result});
}

Workplane Workplane::hole(double diameter, std::optional<double> depth, bool clean) const {
  const double length = depth ? *depth : largestDimension();
  return cutEach(copiesOf(bore(diameter, length)), true, clean);
}

Workplane Workplane::cboreHole(double diameter, double cboreDiameter, double cboreDepth, std::optional<double> depth,
                               bool clean) const {
  const double length = depth ? *depth : largestDimension();
  const Solid hole = bore(diameter, length);
  return cutEach(copiesOf(hole.fuse({bore(cboreDiameter, cboreDepth)})), true, clean);
}

Workplane Workplane::cskHole(double diameter, double cskDiameter, double cskAngle, std::optional<double> depth,
                             bool clean) const {
  const double length = depth ? *depth : largestDimension();
  const Solid hole = bore(diameter, length);
  const double radius = cskDiameter / 2.0;
  const double tangent = std::tan(cskAngle / 2.0 * std::numbers::pi / 180.0);
  if (tangent == 0) throw Error("ZeroDivisionError", "float division by zero");
  const Solid sink = Solid::makeCone(radius, 0.0, radius / tangent, Vector(), kDown);
  return cutEach(copiesOf(hole.fuse({sink})), true, clean);
}

}  // namespace cadrecode::cadquery
