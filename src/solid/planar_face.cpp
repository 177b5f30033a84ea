#include "solid/planar_face.hpp"

#include <BRep_CurveRepresentation.hxx>
#include <BRep_GCurve.hxx>
#include <BRep_ListOfCurveRepresentation.hxx>
#include <BRep_TEdge.hxx>
#include <BRep_TVertex.hxx>
#include <BRep_Tool.hxx>
#include <ElCLib.hxx>
#include <ElSLib.hxx>
#include <Geom2d_Circle.hxx>
#include <Geom2d_Line.hxx>
#include <Geom2d_TrimmedCurve.hxx>
#include <Geom_Circle.hxx>
#include <Geom_CylindricalSurface.hxx>
#include <Geom_Line.hxx>
#include <Geom_Plane.hxx>
#include <Geom_RectangularTrimmedSurface.hxx>
#include <Geom_TrimmedCurve.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <TopoDS_Vertex.hxx>
#include <algorithm>
#include <cmath>
#include <gp_Circ.hxx>
#include <gp_Lin.hxx>
#include <gp_Lin2d.hxx>
#include <numbers>

namespace cadrecode::solid {
namespace {

constexpr double kCloseness = 0.25;  // of a tolerance: how near curves, surfaces and vertices have to be

struct Part {
  TopoDS_Edge edge;  // as in the forward face
  TopoDS_Vertex first, last;
  PlanarCurve curve;  // in the edge's direction
};

template <typename Curve, typename Trimmed>
Handle(Curve) basisOf(Handle(Curve) curve) {
  while (!curve.IsNull() && curve->IsInstance(STANDARD_TYPE(Trimmed))) {
    curve = Handle(Trimmed)::DownCast(curve)->BasisCurve();
  }
  return curve;
}

// The edge's curve in the shape's frame.
struct Carrier {
  std::optional<gp_Lin> line;
  std::optional<gp_Circ> circle;
  double from = 0.0, to = 0.0;

  gp_Pnt at(double parameter) const {
    return line ? ElCLib::Value(parameter, *line) : ElCLib::Value(parameter, *circle);
  }
};

class Flattener {
 public:
  explicit Flattener(const TopoDS_Face& face) : face_(TopoDS::Face(face.Oriented(TopAbs_FORWARD))) {}

  bool run(FlatFace& flat) {
    surface_ = BRep_Tool::Surface(face_, location_);
    Handle(Geom_Surface) basis = surface_;
    while (!basis.IsNull() && basis->IsInstance(STANDARD_TYPE(Geom_RectangularTrimmedSurface))) {
      basis = Handle(Geom_RectangularTrimmedSurface)::DownCast(basis)->BasisSurface();
    }
    const gp_Trsf trsf = location_.Transformation();
    if (basis.IsNull() || trsf.IsNegative() || trsf.ScaleFactor() != 1.0) return false;
    if (const auto plane = Handle(Geom_Plane)::DownCast(basis); !plane.IsNull()) {
      flat.axes = plane->Position().Transformed(trsf);
    } else if (const auto cylinder = Handle(Geom_CylindricalSurface)::DownCast(basis); !cylinder.IsNull()) {
      flat.axes = cylinder->Position().Transformed(trsf);
      flat.radius = cylinder->Radius();
      flat.isPlane = false;
    } else {
      return false;
    }
    flat_ = &flat;
    flat.tolerance = BRep_Tool::Tolerance(face_);
    for (TopoDS_Iterator wire(face_); wire.More(); wire.Next()) {
      if (wire.Value().ShapeType() != TopAbs_WIRE || !addWire(wire.Value())) return false;
    }
    return !flat.loops.empty();
  }

 private:
  bool addWire(const TopoDS_Shape& wire) {
    std::vector<Part> parts;
    for (TopoDS_Iterator child(wire); child.More(); child.Next()) {
      Part part;
      part.edge = TopoDS::Edge(child.Value());
      if (!describe(part)) return false;
      parts.push_back(std::move(part));
    }
    return !parts.empty() && chain(parts);
  }

  bool describe(Part& part) {
    const TopAbs_Orientation orientation = part.edge.Orientation();
    if (orientation != TopAbs_FORWARD && orientation != TopAbs_REVERSED) return false;
    const auto shape = Handle(BRep_TEdge)::DownCast(part.edge.TShape());
    if (shape->Degenerated() || !shape->SameParameter() || !shape->SameRange()) return false;
    const double tolerance = shape->Tolerance();
    if (tolerance < BRep_Tool::Tolerance(face_)) return false;
    flat_->tolerance = std::max(flat_->tolerance, tolerance);
    Carrier carrier;
    if (!findCarrier(part.edge, *shape, carrier) || !findEnds(part, carrier, tolerance)) return false;
    if (flat_->isPlane ? !flattenOnPlane(carrier, tolerance, part.curve) : !unroll(part, carrier, part.curve)) {
      return false;
    }
    if (!storedCurvesAgree(part.edge, *shape, carrier, kCloseness * tolerance)) return false;
    if (orientation == TopAbs_REVERSED) {
      part.curve = part.curve.reversed();
      std::swap(part.first, part.last);
    }
    return true;
  }

  static bool findCarrier(const TopoDS_Edge& edge, const BRep_TEdge& shape, Carrier& carrier) {
    bool found = false;
    for (BRep_ListOfCurveRepresentation::Iterator item(shape.Curves()); item.More(); item.Next()) {
      const Handle(BRep_CurveRepresentation)& representation = item.Value();
      if (!representation->IsCurve3D()) continue;
      if (found || representation->Curve3D().IsNull()) return false;
      found = true;
      const auto curve = basisOf<Geom_Curve, Geom_TrimmedCurve>(representation->Curve3D());
      const gp_Trsf trsf = (edge.Location() * representation->Location()).Transformation();
      if (trsf.ScaleFactor() != 1.0) return false;
      if (const auto line = Handle(Geom_Line)::DownCast(curve); !line.IsNull()) {
        carrier.line = line->Lin().Transformed(trsf);
      } else if (const auto circle = Handle(Geom_Circle)::DownCast(curve); !circle.IsNull()) {
        carrier.circle = circle->Circ().Transformed(trsf);
      } else {
        return false;
      }
      Handle(BRep_GCurve)::DownCast(representation)->Range(carrier.from, carrier.to);
    }
    const double longest = carrier.circle ? 2.0 * std::numbers::pi + 1e-10 : 1e100;
    return found && carrier.to - carrier.from > 1e-9 && carrier.to - carrier.from < longest;
  }

  // One vertex at each end, near the curve's.
  bool findEnds(Part& part, const Carrier& carrier, double edgeTolerance) {
    int ends = 0;
    for (TopoDS_Iterator child(part.edge.Oriented(TopAbs_FORWARD)); child.More(); child.Next(), ++ends) {
      const TopoDS_Vertex& vertex = TopoDS::Vertex(child.Value());
      const auto shape = Handle(BRep_TVertex)::DownCast(vertex.TShape());
      if (!shape->Points().IsEmpty()) return false;
      const bool atStart = vertex.Orientation() == TopAbs_FORWARD;
      if (!atStart && vertex.Orientation() != TopAbs_REVERSED) return false;
      if (shape->Tolerance() < edgeTolerance) return false;
      flat_->tolerance = std::max(flat_->tolerance, shape->Tolerance());
      const gp_Pnt end = carrier.at(atStart ? carrier.from : carrier.to);
      if (BRep_Tool::Pnt(vertex).Distance(end) > kCloseness * edgeTolerance) return false;
      (atStart ? part.first : part.last) = vertex;
    }
    return ends == 2 && !part.first.IsNull() && !part.last.IsNull();
  }

  bool flattenOnPlane(const Carrier& carrier, double tolerance, PlanarCurve& curve) const {
    const gp_XYZ origin = flat_->axes.Location().XYZ();
    const gp_XYZ x = flat_->axes.XDirection().XYZ(), y = flat_->axes.YDirection().XYZ(), z = x.Crossed(y);
    const auto project = [&](const gp_Pnt& p) {
      const gp_XYZ d = p.XYZ() - origin;
      return Point2{d.Dot(x), d.Dot(y)};
    };
    const auto height = [&](const gp_Pnt& p) { return std::abs((p.XYZ() - origin).Dot(z)); };
    const gp_Pnt from = carrier.at(carrier.from), to = carrier.at(carrier.to);
    const double limit = kCloseness * tolerance;
    if (height(from) > limit || height(to) > limit) return false;
    curve.from = project(from);
    curve.to = project(to);
    if (!carrier.circle) return true;
    const gp_Circ& circle = *carrier.circle;
    const gp_XYZ axis = circle.Axis().Direction().XYZ();
    if (height(circle.Location()) > limit || axis.Crossed(z).Modulus() * circle.Radius() > limit) return false;
    curve.radius = circle.Radius();
    curve.center = project(circle.Location());
    const double sign = axis.Dot(z) > 0.0 ? 1.0 : -1.0;
    const gp_XYZ zero = circle.XAxis().Direction().XYZ();
    curve.start = std::atan2(zero.Dot(y), zero.Dot(x)) + sign * carrier.from;
    curve.sweep = sign * (carrier.to - carrier.from);
    return true;
  }

  // Rulings and circles of the cylinder only: axis-parallel lines in the surface's parameters.
  bool unroll(const Part& part, const Carrier& carrier, PlanarCurve& curve) const {
    double from = 0.0, to = 0.0;
    const auto line = Handle(Geom2d_Line)::DownCast(
        basisOf<Geom2d_Curve, Geom2d_TrimmedCurve>(BRep_Tool::CurveOnSurface(part.edge, face_, from, to)));
    if (line.IsNull()) return false;
    const gp_Pnt2d start = line->Lin2d().Location();
    const gp_Dir2d direction = line->Lin2d().Direction();
    if (std::abs(carrier.circle ? direction.Y() : direction.X()) > 1e-12) return false;
    const auto at = [&](double t) {
      return Point2{flat_->radius * (start.X() + t * direction.X()), start.Y() + t * direction.Y()};
    };
    curve.from = at(carrier.from);
    curve.to = at(carrier.to);
    return true;
  }

  // The curves in the surface's parameters that are kept with the edge give the same points as its curve in space.
  // A cylinder needs one, a plane doesn't.
  bool storedCurvesAgree(const TopoDS_Edge& edge, const BRep_TEdge& shape, const Carrier& carrier, double limit) const {
    const TopLoc_Location place = location_.Predivided(edge.Location());
    bool found = flat_->isPlane;
    for (BRep_ListOfCurveRepresentation::Iterator item(shape.Curves()); item.More(); item.Next()) {
      const Handle(BRep_CurveRepresentation)& representation = item.Value();
      if (!representation->IsCurveOnSurface(surface_, place)) continue;
      double from = 0.0, to = 0.0;
      Handle(BRep_GCurve)::DownCast(representation)->Range(from, to);
      if (std::abs(from - carrier.from) > 1e-10 || std::abs(to - carrier.to) > 1e-10) return false;
      if (!agrees(representation->PCurve(), carrier, limit)) return false;
      if (representation->IsCurveOnClosedSurface() && !agrees(representation->PCurve2(), carrier, limit)) return false;
      found = true;
    }
    return found;
  }

  // Lines and circles that agree in three points agree everywhere.
  bool agrees(const Handle(Geom2d_Curve) & stored, const Carrier& carrier, double limit) const {
    const auto curve = basisOf<Geom2d_Curve, Geom2d_TrimmedCurve>(stored);
    if (curve.IsNull()) return false;
    const bool circular = carrier.circle && flat_->isPlane;
    if (!curve->IsInstance(circular ? STANDARD_TYPE(Geom2d_Circle) : STANDARD_TYPE(Geom2d_Line))) return false;
    for (const double fraction : {0.0, 0.4, 1.0}) {
      const double parameter = carrier.from + fraction * (carrier.to - carrier.from);
      const gp_Pnt2d uv = curve->Value(parameter);
      const gp_Pnt onFace = flat_->isPlane ? ElSLib::PlaneValue(uv.X(), uv.Y(), flat_->axes)
                                           : ElSLib::CylinderValue(uv.X(), uv.Y(), flat_->axes, flat_->radius);
      if (onFace.Distance(carrier.at(parameter)) > limit) return false;
    }
    return true;
  }

  bool chain(const std::vector<Part>& parts) {
    std::vector<bool> used(parts.size(), false);
    FaceLoop loop;
    std::size_t current = 0;
    do {
      used[current] = true;
      const Part& part = parts[current];
      loop.curves.push_back(part.curve);
      loop.edges.push_back(part.edge);
      std::size_t next = parts.size();
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].first.IsSame(part.last) || !near(parts[i].curve.from, part.curve.to)) continue;
        if (next != parts.size()) return false;
        next = i;
      }
      if (next == parts.size() || (used[next] && next != 0)) return false;
      current = next;
    } while (current != 0);
    if (loop.edges.size() != parts.size()) return false;
    flat_->loops.push_back(std::move(loop));
    return true;
  }

  bool near(const Point2& a, const Point2& b) const {
    return std::hypot(a[0] - b[0], a[1] - b[1]) <= 2.0 * flat_->tolerance;
  }

  TopoDS_Face face_;
  TopLoc_Location location_;
  Handle(Geom_Surface) surface_;
  FlatFace* flat_ = nullptr;
};

}  // namespace

std::optional<FlatFace> flatten(const TopoDS_Face& face) {
  FlatFace flat;
  if (!Flattener(face).run(flat)) return std::nullopt;
  return flat;
}

}  // namespace cadrecode::solid
