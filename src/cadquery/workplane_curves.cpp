#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

std::vector<Vector> Workplane::toWorld(const std::vector<Vector>& points, bool includeCurrent) const {
  std::vector<Vector> world;
  world.reserve(points.size() + 1);
  if (includeCurrent) world.push_back(findFromPoint(false));
  for (const Vector& point : points) world.push_back(plane().toWorldCoords(point));
  return world;
}

Workplane Workplane::finishCurve(const Edge& edge, bool forConstruction, bool makeWire) const {
  if (makeWire) {
    const Wire wire = Wire::assembleEdges({edge});
    if (!forConstruction) addPendingWire(wire);
    return newObject({wire});
  }
  if (!forConstruction) addPendingEdge(edge);
  return newObject({edge});
}

Workplane Workplane::bezier(const std::vector<Vector>& points, const CurveOptions& options) const {
  return finishCurve(Edge::makeBezier(toWorld(points, options.includeCurrent)), options.forConstruction,
                     options.makeWire);
}

Workplane Workplane::spline(const std::vector<Vector>& points, const Edge::SplineOptions& spline,
                            const CurveOptions& options) const {
  const std::vector<Vector> world = toWorld(points, options.includeCurrent);
  Edge::SplineOptions worldSpline = spline;
  for (std::optional<Vector>& tangent : worldSpline.tangents)
    if (tangent) tangent = plane().toWorldCoords(*tangent) - plane().origin();
  return finishCurve(Edge::makeSpline(world, worldSpline), options.forConstruction, options.makeWire);
}

Workplane Workplane::splineApprox(const std::vector<Vector>& points, const Edge::SplineApproxOptions& spline,
                                  const CurveOptions& options) const {
  return finishCurve(Edge::makeSplineApprox(toWorld(points, options.includeCurrent), spline), options.forConstruction,
                     options.makeWire);
}

Workplane Workplane::parametricCurve(const std::function<Vector(double)>& function, int count, double start,
                                     double stop, const Edge::SplineApproxOptions& spline, bool makeWire) const {
  if (count == 0) throw Error("ZeroDivisionError", "division by zero");
  const double span = stop - start;
  std::vector<Vector> points;
  for (int i = 0; i <= count; ++i) points.push_back(plane().toWorldCoords(function(start + span * i / count)));
  return finishCurve(Edge::makeSplineApprox(points, spline), false, makeWire);
}

Workplane Workplane::parametricSurface(const std::function<Vector(double, double)>& function, int count, double start,
                                       double stop, const Edge::SplineApproxOptions& spline) const {
  if (count == 0) throw Error("ZeroDivisionError", "division by zero");
  const double span = stop - start;
  std::vector<std::vector<Vector>> points;
  for (int i = 0; i <= count; ++i) {
    std::vector<Vector> row;
    for (int j = 0; j <= count; ++j)
      row.push_back(plane().toWorldCoords(function(start + span * i / count, start + span * j / count)));
    points.push_back(std::move(row));
  }
  return newObject({Face::makeSplineApprox(points, spline.tol, spline.smoothing, spline.minDeg, spline.maxDeg)});
}

Workplane Workplane::ellipseArc(double xRadius, double yRadius, const EllipseArcOptions& options) const {
  const Vector center = findFromPoint(false);
  Shape edge = Edge::makeEllipse(xRadius, yRadius, center, plane().zDir(), plane().xDir(), options.angle1,
                                 options.angle2, options.sense);
  if (options.rotation != 0.0) edge = edge.rotate(center, center + plane().zDir(), options.rotation);
  if (options.startAtCurrent) edge = edge.translate(center - edge.startPoint());
  return finishCurve(edge.asEdge(), options.forConstruction, options.makeWire);
}

}  // namespace cadrecode::cadquery
