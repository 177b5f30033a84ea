// Edges and wires as curves: points, tangents, parameters, frames, projections.
#include <BRepAdaptor_CompCurve.hxx>
#include <BRepAdaptor_Curve.hxx>
#include <BRepExtrema_DistShapeShape.hxx>
#include <BRepLib_FindSurface.hxx>
#include <BRepProj_Projection.hxx>
#include <BRepTools_WireExplorer.hxx>
#include <BRep_Tool.hxx>
#include <GCPnts_AbscissaPoint.hxx>
#include <GeomAPI_ProjectPointOnCurve.hxx>
#include <GeomConvert_ApproxCurve.hxx>
#include <GeomFill_CorrectedFrenet.hxx>
#include <GeomFill_Frenet.hxx>
#include <Geom_BSplineCurve.hxx>
#include <Geom_Plane.hxx>
#include <LProp3d_CLProps.hxx>
#include <ShapeAnalysis_Wire.hxx>
#include <TopoDS.hxx>
#include <gp_Circ.hxx>
#include <gp_Elips.hxx>
#include <limits>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

// A wire of one edge is that edge's curve, a longer one the curve composed of its edges.
opencascade::handle<Adaptor3d_Curve> Shape::curve() const {
  if (class_ == TopAbs_EDGE) return new BRepAdaptor_Curve(TopoDS::Edge(shape_));
  if (class_ != TopAbs_WIRE) throw Error("AttributeError", "'" + shapeType() + "' object has no curve");
  const TopoDS_Wire& wire = TopoDS::Wire(shape_);
  ShapeAnalysis_Wire analysis;
  analysis.Load(wire);
  if (analysis.NbEdges() != 1) return new BRepAdaptor_CompCurve(wire);
  const std::vector<Shape> only = edges();
  if (only.empty()) throw Error("IndexError", "list index out of range");
  return only.back().curve();
}

double Shape::parameterFor(double d, const std::string& mode) const { return mode == "length" ? paramAt(d) : d; }

double Shape::curveLength() const { return GCPnts_AbscissaPoint::Length(*curve()); }

std::pair<double, double> Shape::parameterBounds() const {
  const auto c = curve();
  return {c->FirstParameter(), c->LastParameter()};
}

Vector Shape::startPoint() const {
  const auto c = curve();
  return c->Value(c->FirstParameter());
}

Vector Shape::endPoint() const {
  const auto c = curve();
  return c->Value(c->LastParameter());
}

bool Shape::isClosedCurve() const { return BRep_Tool::IsClosed(shape_); }

double Shape::paramAt(double d) const {
  const auto c = curve();
  const double length = GCPnts_AbscissaPoint::Length(*c);
  return GCPnts_AbscissaPoint(*c, length * d, c->FirstParameter()).Parameter();
}

double Shape::paramAt(const Vector& p) const {
  const auto c = curve();
  opencascade::handle<Geom_Curve> geometry;
  if (const auto edge = opencascade::handle<BRepAdaptor_Curve>::DownCast(c); !edge.IsNull())
    geometry = edge->Curve().Curve();
  else
    geometry = GeomConvert_ApproxCurve(c, 1e-6, GeomAbs_C2, 100, 3).Curve();
  return GeomAPI_ProjectPointOnCurve(p.toPnt(), geometry, c->FirstParameter(), c->LastParameter())
      .LowerDistanceParameter();
}

Vector Shape::positionAt(double d, const std::string& mode) const { return curve()->Value(parameterFor(d, mode)); }

Vector Shape::tangentAt(double d, const std::string& mode) const {
  gp_Pnt point;
  gp_Vec tangent;
  curve()->D1(parameterFor(d, mode), point, tangent);
  return gp_Dir(tangent);
}

Vector Shape::normal() const {
  const std::string type = geomType();
  if (type == "CIRCLE") return curve()->Circle().Axis().Direction();
  if (type == "ELLIPSE") return curve()->Ellipse().Axis().Direction();
  curve();  // refuses what is no curve
  const auto plane = opencascade::handle<Geom_Plane>::DownCast(BRepLib_FindSurface(shape_, -1, true).Surface());
  if (plane.IsNull()) throwValueError("Normal not defined");
  return plane->Pln().Axis().Direction();
}

double Shape::radius() const {
  const auto c = curve();
  opencascade::handle<BRepAdaptor_Curve> edge = opencascade::handle<BRepAdaptor_Curve>::DownCast(c);
  if (edge.IsNull()) {
    const BRepTools_WireExplorer explorer(TopoDS::Wire(shape_));
    if (explorer.More()) edge = new BRepAdaptor_Curve(explorer.Current());
  }
  if (edge.IsNull() || edge->GetType() != GeomAbs_Circle) throwValueError("Shape could not be reduced to a circle");
  return edge->Circle().Radius();
}

Location Shape::locationAt(double d, const std::string& mode, const std::string& frame, bool planar) const {
  const auto c = curve();
  const double u = parameterFor(d, mode);
  opencascade::handle<GeomFill_TrihedronLaw> law;
  if (frame == "frenet")
    law = new GeomFill_Frenet();
  else
    law = new GeomFill_CorrectedFrenet();
  law->SetCurve(c);
  gp_Vec tangent, normal, binormal;
  law->D0(u, tangent, normal, binormal);
  const gp_Dir z = planar ? gp_Dir(0, 0, 1) : gp_Dir(tangent.XYZ());
  gp_Trsf t;
  t.SetTransformation(gp_Ax3(c->Value(u), z, gp_Dir(normal.XYZ())), gp_Ax3());
  return Location(t);
}

double Shape::curvatureAt(double d, const std::string& mode, double resolution) const {
  return LProp3d_CLProps(curve(), parameterFor(d, mode), 2, resolution).Curvature();
}

std::vector<Shape> Shape::projections(const Face& face, const Vector& d) const {
  BRepProj_Projection builder(shape_, face.wrapped(), d.toDir());
  return Shape(builder.Shape()).children();
}

Shape Shape::project(const Face& face, const Vector& d) const {
  BRepExtrema_DistShapeShape meter;
  meter.LoadS1(shape_);
  double least = std::numeric_limits<double>::infinity();
  Shape closest;
  for (const Shape& image : projections(face, d)) {
    meter.LoadS2(image.wrapped());
    meter.Perform();
    if (meter.Value() < least) {
      least = meter.Value();
      closest = image;
    }
  }
  if (closest.isNull())
    throw Error("UnboundLocalError", "cannot access local variable 'rv' where it is not associated with a value");
  return closest;
}

}  // namespace cadrecode::cadquery
