#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_MakePolygon.hxx>
#include <BRepBuilderAPI_MakeWire.hxx>
#include <BRepLib.hxx>
#include <GCE2d_MakeSegment.hxx>
#include <Geom2d_Line.hxx>
#include <Geom2d_TrimmedCurve.hxx>
#include <Geom_ConicalSurface.hxx>
#include <Geom_CylindricalSurface.hxx>
#include <ShapeAnalysis_FreeBounds.hxx>
#include <TopTools_HSequenceOfShape.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Wire.hxx>
#include <cmath>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

Wire Wire::assembleEdges(const std::vector<Shape>& edges) {
  TopTools_ListOfShape list;
  for (const Shape& edge : edges) list.Append(edge.wrapped());
  BRepBuilderAPI_MakeWire builder;
  builder.Add(list);
  return Wire(builder.Wire());
}

std::vector<Wire> edgesToWires(const std::vector<Shape>& edges, double tol) {
  opencascade::handle<TopTools_HSequenceOfShape> in = new TopTools_HSequenceOfShape;
  opencascade::handle<TopTools_HSequenceOfShape> out = new TopTools_HSequenceOfShape;
  for (const Shape& edge : edges) in->Append(edge.wrapped());
  ShapeAnalysis_FreeBounds::ConnectEdgesToWires(in, tol, false, out);
  std::vector<Wire> wires;
  for (const TopoDS_Shape& wire : *out) wires.emplace_back(wire);
  return wires;
}

std::vector<Wire> Wire::combine(const std::vector<Shape>& edgesAndWires, double tol) {
  return edgesToWires(Compound::make(edgesAndWires).edges(), tol);
}

Wire Wire::makeCircle(double radius, const Vector& center, const Vector& normal) {
  return assembleEdges({Edge::makeCircle(radius, center, normal)});
}

Wire Wire::makeEllipse(double xRadius, double yRadius, const Vector& center, const Vector& normal, const Vector& xDir,
                       double angle1, double angle2, double rotationAngle, bool closed) {
  std::vector<Shape> edges{Edge::makeEllipse(xRadius, yRadius, center, normal, xDir, angle1, angle2)};
  if (angle1 != angle2 && closed) edges.push_back(Edge::makeLine(edges.front().endPoint(), edges.front().startPoint()));
  const Wire wire = assembleEdges(edges);
  return rotationAngle != 0.0 ? wire.rotate(center, center + normal, rotationAngle).asWire() : wire;
}

Wire Wire::makePolygon(const std::vector<Vector>& points, bool forConstruction, bool close) {
  BRepBuilderAPI_MakePolygon builder;
  for (const Vector& point : points) builder.Add(point.toPnt());
  if (close) builder.Close();
  return Wire(builder.Wire(), forConstruction);
}

Wire Wire::makeHelix(double pitch, double height, double radius, const Vector& center, const Vector& dir, double angle,
                     bool lefthand) {
  constexpr double kTurn = 2 * std::numbers::pi;
  const gp_Ax3 axes(center.toPnt(), dir.toDir());
  opencascade::handle<Geom_Surface> surface;
  if (angle == 360.0)
    surface = new Geom_CylindricalSurface(axes, radius);
  else
    surface = new Geom_ConicalSurface(axes, radians(angle), radius);
  if (pitch == 0) throw Error("ZeroDivisionError", "float division by zero");
  // A straight segment in the surface's parameters, long enough for the height.
  const opencascade::handle<Geom2d_Line> line = new Geom2d_Line(gp_Pnt2d(), gp_Dir2d(lefthand ? -kTurn : kTurn, pitch));
  const double turns = height / pitch;
  const gp_Pnt2d stop = line->Value(turns * std::sqrt(kTurn * kTurn + pitch * pitch));
  const TopoDS_Edge edge = BRepBuilderAPI_MakeEdge(GCE2d_MakeSegment(line->Value(0.0), stop).Value(), surface).Edge();
  const TopoDS_Wire wire = BRepBuilderAPI_MakeWire(edge).Wire();
  BRepLib::BuildCurves3d(wire, 1e-6, GeomAbs_C1, 14, 2000);
  return Wire(wire);
}

Wire Wire::close() const {
  if (isClosedCurve()) return *this;
  const std::vector<Wire> wires = combine({*this, Edge::makeLine(endPoint(), startPoint())});
  if (wires.empty()) throw Error("IndexError", "list index out of range");
  return wires.front();
}

Wire Wire::stitch(const Wire& o) const {
  BRepBuilderAPI_MakeWire builder;
  builder.Add(TopoDS::Wire(shape_));
  builder.Add(TopoDS::Wire(o.shape_));
  return Wire(builder.Wire());
}

}  // namespace cadrecode::cadquery
