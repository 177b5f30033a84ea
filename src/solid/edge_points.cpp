#include "solid/edge_points.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <BRepBndLib.hxx>
#include <BRepMesh_Deflection.hxx>
#include <BRepMesh_ShapeTool.hxx>
#include <BRep_Tool.hxx>
#include <Bnd_Box.hxx>
#include <ElCLib.hxx>
#include <GCPnts_TangentialDeflection.hxx>
#include <Geom_Circle.hxx>
#include <Geom_Line.hxx>
#include <Geom_TrimmedCurve.hxx>
#include <Precision.hxx>
#include <TopExp.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <TopoDS_Vertex.hxx>
#include <algorithm>
#include <cmath>
#include <gp_Circ.hxx>

namespace cadrecode::solid {
namespace {

// Both ends and nothing else, so that BRepMesh has no inner vertex to add.
bool hasPlainEnds(const TopoDS_Edge& edge) {
  int ends = 0;
  for (TopoDS_Iterator vertex(edge, Standard_False); vertex.More(); vertex.Next()) {
    const TopAbs_Orientation orientation = vertex.Value().Orientation();
    if (orientation != TopAbs_FORWARD && orientation != TopAbs_REVERSED) return false;
    ++ends;
  }
  return ends == 2;
}

}  // namespace

EdgeDiscretizer::EdgeDiscretizer(const TopoDS_Shape& shape, double tolerance, double angular)
    : tolerance_(tolerance), angular_(angular), minSize_(std::max(0.1 * tolerance, Precision::Confusion())) {
  Bnd_Box box;
  BRepBndLib::Add(shape, box, Standard_False);
  BRepMesh_ShapeTool::BoxMaxDimension(box, shapeSize_);
}

const EdgePoints& EdgeDiscretizer::operator()(const TopoDS_Edge& edge) {
  const int index = edges_.Add(edge);
  if (index > static_cast<int>(points_.size())) {
    points_.push_back(discretize(TopoDS::Edge(edge.Oriented(TopAbs_FORWARD))));
  }
  return points_[static_cast<std::size_t>(index - 1)];
}

double EdgeDiscretizer::deflectionOf(const TopoDS_Edge& edge) const {
  double deflection = BRepMesh_Deflection::ComputeAbsoluteDeflection(edge, tolerance_, shapeSize_);
  TopoDS_Vertex first, last;
  TopExp::Vertices(edge, first, last);
  double from = 0.0, to = 0.0;
  const Handle(Geom_Curve) curve = BRep_Tool::Curve(edge, from, to);
  if (!curve.IsNull() && !first.IsNull() && !last.IsNull()) {
    const double gap =
        std::max(BRep_Tool::Pnt(first).Distance(curve->Value(from)), BRep_Tool::Pnt(last).Distance(curve->Value(to)));
    deflection = std::max(deflection, gap);
  }
  return deflection;
}

double EdgeDiscretizer::faceSizeDeflection(const TopoDS_Shape& face) const {
  return BRepMesh_Deflection::ComputeAbsoluteDeflection(face, tolerance_, -1.0);
}

double EdgeDiscretizer::faceAngularStep(double radius, double faceDeflection) const {
  return GCPnts_TangentialDeflection::ArcAngularStep(radius, faceDeflection, angular_, minSize_);
}

EdgePoints EdgeDiscretizer::discretize(const TopoDS_Edge& edge) const {
  EdgePoints result;
  if (BRep_Tool::Degenerated(edge) || !BRep_Tool::SameParameter(edge) || !BRep_Tool::SameRange(edge) ||
      !hasPlainEnds(edge)) {
    return result;
  }
  TopLoc_Location location;
  double from = 0.0, to = 0.0;
  Handle(Geom_Curve) curve = BRep_Tool::Curve(edge, location, from, to);
  while (!curve.IsNull() && curve->IsInstance(STANDARD_TYPE(Geom_TrimmedCurve))) {
    curve = Handle(Geom_TrimmedCurve)::DownCast(curve)->BasisCurve();
  }
  if (curve.IsNull() || !(from < to)) return result;
  TopoDS_Vertex first, last;
  TopExp::Vertices(edge, first, last);
  if (first.IsNull() || last.IsNull()) return result;

  result.usable = true;
  if (curve->IsInstance(STANDARD_TYPE(Geom_Line))) {
    result.parameters = {from, to};
    result.points = {BRep_Tool::Pnt(first), BRep_Tool::Pnt(last)};
    return result;
  }
  result.precision = std::max(0.5 * deflectionOf(edge), Precision::Confusion());
  const double angle = std::max(0.5 * angular_, Precision::Angular());
  if (const auto circle = Handle(Geom_Circle)::DownCast(curve); !circle.IsNull()) {
    result.radius = circle->Radius();
    followCircle(circle->Circ().Transformed(location.Transformation()), from, to, angle, result);
  } else {
    const GCPnts_TangentialDeflection points(BRepAdaptor_Curve(edge), from, to, angle, result.precision, 2,
                                             Precision::PConfusion(), minSize_);
    for (int i = 1; i <= points.NbPoints(); ++i) {
      result.parameters.push_back(points.Parameter(i));
      result.points.push_back(points.Value(i));
    }
  }
  result.points.front() = BRep_Tool::Pnt(first);
  result.points.back() = BRep_Tool::Pnt(last);
  return result;
}

void EdgeDiscretizer::followCircle(const gp_Circ& circle, double from, double to, double angle,
                                   EdgePoints& result) const {
  const double longest =
      GCPnts_TangentialDeflection::ArcAngularStep(circle.Radius(), result.precision, angle, minSize_);
  const int count = std::max(static_cast<int>(std::min(std::ceil((to - from) / longest), 1e6)), 3);
  const double step = (to - from) / count;
  double u = from;
  for (int i = 0; i < count; ++i, u += step) {
    result.parameters.push_back(u);
    result.points.push_back(ElCLib::Value(u, circle));
  }
  result.parameters.push_back(to);
  result.points.push_back(ElCLib::Value(to, circle));
}

}  // namespace cadrecode::solid
