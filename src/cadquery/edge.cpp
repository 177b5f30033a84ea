#include <BRepAdaptor_Curve.hxx>
#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_MakeVertex.hxx>
#include <BRep_Tool.hxx>
#include <GC_MakeArcOfCircle.hxx>
#include <GC_MakeArcOfEllipse.hxx>
#include <GeomAPI_Interpolate.hxx>
#include <GeomAPI_PointsToBSpline.hxx>
#include <Geom_BSplineCurve.hxx>
#include <Geom_BezierCurve.hxx>
#include <TColStd_HArray1OfBoolean.hxx>
#include <TColStd_HArray1OfReal.hxx>
#include <TColgp_Array1OfVec.hxx>
#include <TColgp_HArray1OfPnt.hxx>
#include <TopoDS.hxx>
#include <gp_Circ.hxx>
#include <gp_Elips.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

opencascade::handle<TColgp_HArray1OfPnt> pointArray(const std::vector<Vector>& points) {
  opencascade::handle<TColgp_HArray1OfPnt> array = new TColgp_HArray1OfPnt(1, static_cast<int>(points.size()));
  for (std::size_t i = 0; i < points.size(); ++i) array->SetValue(static_cast<int>(i) + 1, points[i].toPnt());
  return array;
}

}  // namespace

Vertex Vertex::make(const Vector& p) { return Vertex(BRepBuilderAPI_MakeVertex(p.toPnt()).Vertex()); }

Edge Edge::makeLine(const Vector& a, const Vector& b) {
  return Edge(BRepBuilderAPI_MakeEdge(a.toPnt(), b.toPnt()).Edge());
}

Edge Edge::makeThreePointArc(const Vector& a, const Vector& b, const Vector& c) {
  return Edge(BRepBuilderAPI_MakeEdge(GC_MakeArcOfCircle(a.toPnt(), b.toPnt(), c.toPnt()).Value()).Edge());
}

Edge Edge::makeTangentArc(const Vector& start, const Vector& tangent, const Vector& end) {
  return Edge(
      BRepBuilderAPI_MakeEdge(GC_MakeArcOfCircle(start.toPnt(), tangent.wrapped(), end.toPnt()).Value()).Edge());
}

Edge Edge::makeCircle(double radius, const Vector& pnt, const Vector& dir, double angle1, double angle2,
                      bool orientation) {
  const gp_Circ circle(gp_Ax2(pnt.toPnt(), dir.toDir()), radius);
  if (angle1 == angle2) return Edge(BRepBuilderAPI_MakeEdge(circle).Edge());
  return Edge(BRepBuilderAPI_MakeEdge(GC_MakeArcOfCircle(circle, radians(angle1), radians(angle2), orientation).Value())
                  .Edge());
}

Edge Edge::makeEllipse(double xRadius, double yRadius, const Vector& pnt, const Vector& dir, const Vector& xDir,
                       double angle1, double angle2, int sense) {
  const gp_Ax2 frame(pnt.toPnt(), dir.toDir(), xDir.toDir());
  // The kernel wants the major radius first: a taller ellipse is a wider one turned by a right angle.
  const bool turned = yRadius > xRadius;
  const double turn = turned ? radians(90.0) : 0.0;
  const gp_Elips ellipse = turned ? gp_Elips(frame, yRadius, xRadius).Rotated(gp_Ax1(pnt.toPnt(), dir.toDir()), turn)
                                  : gp_Elips(frame, xRadius, yRadius);
  if (angle1 == angle2) return Edge(BRepBuilderAPI_MakeEdge(ellipse).Edge());
  return Edge(BRepBuilderAPI_MakeEdge(
                  GC_MakeArcOfEllipse(ellipse, radians(angle1) - turn, radians(angle2) - turn, sense == 1).Value())
                  .Edge());
}

Edge Edge::makeSpline(const std::vector<Vector>& points, const SplineOptions& options) {
  const opencascade::handle<TColgp_HArray1OfPnt> array = pointArray(points);
  std::optional<GeomAPI_Interpolate> builder;
  if (options.parameters.empty()) {
    builder.emplace(array, options.periodic, options.tol);
  } else {
    if (options.parameters.size() != points.size() + (options.periodic ? 1 : 0))
      throwValueError(
          "There must be one parameter for each interpolation point (plus one if periodic), or none specified. "
          "Parameter count: " +
          std::to_string(options.parameters.size()) + ", point count: " + std::to_string(points.size()));
    opencascade::handle<TColStd_HArray1OfReal> parameters =
        new TColStd_HArray1OfReal(1, static_cast<int>(options.parameters.size()));
    for (std::size_t i = 0; i < options.parameters.size(); ++i)
      parameters->SetValue(static_cast<int>(i) + 1, options.parameters[i]);
    builder.emplace(array, parameters, options.periodic, options.tol);
  }
  const auto& tangents = options.tangents;
  if (tangents.size() == 2 && points.size() != 2) {
    builder->Load(tangents[0].value().wrapped(), tangents[1].value().wrapped(), options.scale);
  } else if (!tangents.empty()) {
    if (tangents.size() != points.size())
      throwValueError(
          "There must be one tangent for each interpolation point, or just two end point tangents. Tangent count: " +
          std::to_string(tangents.size()) + ", point count: " + std::to_string(points.size()));
    const int count = static_cast<int>(tangents.size());
    TColgp_Array1OfVec vectors(1, count);
    const opencascade::handle<TColStd_HArray1OfBoolean> enabled = new TColStd_HArray1OfBoolean(1, count);
    for (int i = 1; i <= count; ++i) {
      const std::optional<Vector>& tangent = tangents[static_cast<std::size_t>(i - 1)];
      enabled->SetValue(i, tangent.has_value());
      vectors.SetValue(i, tangent.value_or(Vector()).wrapped());
    }
    builder->Load(vectors, enabled, options.scale);
  }
  builder->Perform();
  if (!builder->IsDone()) throwValueError("B-spline interpolation failed");
  return Edge(BRepBuilderAPI_MakeEdge(builder->Curve()).Edge());
}

Edge Edge::makeSplineApprox(const std::vector<Vector>& points, const SplineApproxOptions& options) {
  const opencascade::handle<TColgp_HArray1OfPnt> array = pointArray(points);
  GeomAPI_PointsToBSpline builder;
  if (options.smoothing) {
    const auto& [w1, w2, w3] = *options.smoothing;
    builder.Init(array->Array1(), w1, w2, w3, options.maxDeg, GeomAbs_C2, options.tol);
  } else {
    builder.Init(array->Array1(), options.minDeg, options.maxDeg, GeomAbs_C2, options.tol);
  }
  if (!builder.IsDone()) throwValueError("B-spline approximation failed");
  return Edge(BRepBuilderAPI_MakeEdge(builder.Curve()).Edge());
}

Edge Edge::makeBezier(const std::vector<Vector>& points) {
  return Edge(BRepBuilderAPI_MakeEdge(new Geom_BezierCurve(pointArray(points)->Array1())).Edge());
}

Shape Edge::close() const {
  if (isClosedCurve()) return *this;
  return Wire::assembleEdges({*this}).close();
}

Vector Edge::arcCenter() const {
  const BRepAdaptor_Curve adaptor(TopoDS::Edge(shape_));
  if (adaptor.GetType() == GeomAbs_Circle) return adaptor.Circle().Position().Location();
  if (adaptor.GetType() == GeomAbs_Ellipse) return adaptor.Ellipse().Position().Location();
  throwValueError(geomType() + " has no arc center");
}

Edge Edge::trim(double u0, double u1) const {
  const BRepAdaptor_Curve adaptor(TopoDS::Edge(shape_));
  return Edge(BRepBuilderAPI_MakeEdge(adaptor.Curve().Curve(), u0, u1).Shape());
}

}  // namespace cadrecode::cadquery
