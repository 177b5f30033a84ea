// Offsets of planar wires, and fillets and chamfers at their corners.
#include <BRepOffsetAPI_MakeOffset.hxx>
#include <ChFi2d_FilletAPI.hxx>
#include <TopTools_MapOfShape.hxx>
#include <TopoDS.hxx>
#include <deque>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

std::vector<Shape> Wire::offset2D(double d, const std::string& kind) const {
  GeomAbs_JoinType join = GeomAbs_Arc;
  if (kind == "intersection")
    join = GeomAbs_Intersection;
  else if (kind == "tangent")
    join = GeomAbs_Tangent;
  else if (kind != "arc")
    throw Error("KeyError", kind);
  BRepOffsetAPI_MakeOffset offset;
  offset.Init(join);
  offset.AddWire(TopoDS::Wire(shape_));
  offset.Perform(d);
  const Shape result(offset.Shape());
  std::vector<Shape> wires;
  if (!result.is(TopAbs_COMPOUND)) return {Wire(result.wrapped())};
  for (const Shape& member : result.children()) wires.push_back(Wire(member.wrapped()));
  return wires;
}

Wire Wire::fillet2D(double radius, const std::vector<Shape>& vertices) const {
  return Face::makeFromWires(*this).fillet2D(radius, vertices).outerWire();
}

Wire Wire::chamfer2D(double d, const std::vector<Shape>& vertices) const {
  return Face::makeFromWires(*this).chamfer2D(d, vertices).outerWire();
}

Wire Wire::fillet(double radius, const std::vector<Shape>& vertices) const {
  // The kernel shortens both edges of a corner in place, so that the pieces are collected by address.
  std::vector<TopoDS_Edge> edges;
  for (const Shape& edge : children()) edges.push_back(TopoDS::Edge(edge.wrapped()));
  if (edges.empty()) throw Error("IndexError", "list index out of range");
  const std::vector<Shape> corners = this->vertices();
  TopTools_MapOfShape wanted;
  for (const Shape& vertex : vertices) wanted.Add(vertex.wrapped());

  const bool closed = isClosedCurve();
  std::deque<TopoDS_Edge> arcs;
  std::vector<const TopoDS_Edge*> pieces;
  const std::size_t count = edges.size();
  for (std::size_t i = 0; i < count; ++i) {
    TopoDS_Edge& current = edges[i];
    pieces.push_back(&current);
    if (i + 1 == count && !closed) break;
    TopoDS_Edge& next = edges[(i + 1) % count];
    const Vector normal = Edge(current).tangentAt(1).cross(Edge(next).tangentAt(0));
    const bool skipped = !wanted.IsEmpty() && !wanted.Contains(corners[(i + 1) % corners.size()].wrapped());
    if (normal.length() == 0 || skipped) continue;
    ChFi2d_FilletAPI maker(current, next, gp_Pln(Edge(current).center().toPnt(), normal.toDir()));
    if (!maker.Perform(radius)) throwValueError("Failed fillet at vertex " + std::to_string(i + 1) + "!");
    const gp_Pnt corner = Edge(next).children().front().center().toPnt();
    arcs.push_back(maker.Result(corner, current, next));
    pieces.push_back(&arcs.back());
  }
  std::vector<Shape> result;
  for (const TopoDS_Edge* piece : pieces) result.push_back(Edge(*piece));
  return assembleEdges(result);
}

}  // namespace cadrecode::cadquery
