// Faces on surfaces that the kernel fits: ruled, filled, approximated.
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepFill.hxx>
#include <BRepOffsetAPI_MakeFilling.hxx>
#include <GeomAPI_PointsToBSplineSurface.hxx>
#include <Geom_BSplineSurface.hxx>
#include <Precision.hxx>
#include <TColgp_Array2OfPnt.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Shell.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

std::vector<TopoDS_Edge> edgesOf(const Shape& shape) {
  if (shape.isClass(TopAbs_EDGE)) return {TopoDS::Edge(shape.wrapped())};
  std::vector<TopoDS_Edge> edges;
  for (const Shape& edge : shape.edges()) edges.push_back(TopoDS::Edge(edge.wrapped()));
  return edges;
}

}  // namespace

Shape Face::makeRuledSurface(const Shape& a, const Shape& b) {
  if (a.isClass(TopAbs_WIRE)) return Shape(BRepFill::Shell(TopoDS::Wire(a.wrapped()), TopoDS::Wire(b.wrapped())));
  return Shape(BRepFill::Face(TopoDS::Edge(a.wrapped()), TopoDS::Edge(b.wrapped())));
}

Face Face::makeNSidedSurface(const std::vector<Shape>& edges, const std::vector<Vector>& constraints, int continuity,
                             int degree, int nbPtsOnCur, int nbIter, bool anisotropy, double tol2d, double tol3d,
                             double tolAng, double tolCurv, int maxDeg, int maxSegments,
                             const std::vector<Shape>& curveConstraints) {
  BRepOffsetAPI_MakeFilling filling(degree, nbPtsOnCur, nbIter, anisotropy, tol2d, tol3d, tolAng, tolCurv, maxDeg,
                                    maxSegments);
  for (const Shape& shape : edges)
    for (const TopoDS_Edge& edge : edgesOf(shape)) filling.Add(edge, static_cast<GeomAbs_Shape>(continuity));
  for (const Vector& point : constraints) filling.Add(point.toPnt());
  for (const Shape& shape : curveConstraints)
    for (const TopoDS_Edge& edge : edgesOf(shape)) filling.Add(edge, GeomAbs_C0, false);
  filling.Build();
  return Face(Face(filling.Shape()).fix().wrapped());
}

Face Face::makeSplineApprox(const std::vector<std::vector<Vector>>& points, double tol,
                            const std::optional<std::tuple<double, double, double>>& smoothing, int minDeg,
                            int maxDeg) {
  if (points.empty()) throw Error("IndexError", "list index out of range");
  TColgp_Array2OfPnt array(1, static_cast<int>(points.size()), 1, static_cast<int>(points.front().size()));
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = 0; j < points[i].size(); ++j)
      array.SetValue(static_cast<int>(i) + 1, static_cast<int>(j) + 1, points[i][j].toPnt());
  GeomAPI_PointsToBSplineSurface builder;
  if (smoothing) {
    const auto& [w1, w2, w3] = *smoothing;
    builder.Init(array, w1, w2, w3, maxDeg, GeomAbs_C2, tol);
  } else {
    builder.Init(array, minDeg, maxDeg, GeomAbs_C2, tol);
  }
  if (!builder.IsDone()) throwValueError("B-spline approximation failed");
  return Face(BRepBuilderAPI_MakeFace(builder.Surface(), Precision::Confusion()).Face());
}

}  // namespace cadrecode::cadquery
