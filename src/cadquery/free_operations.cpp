// Operations on shapes: patches, fillets, extrusions, offsets, checks.
#include <BRepAlgoAPI_Check.hxx>
#include <BRepFilletAPI_MakeChamfer.hxx>
#include <BRepFilletAPI_MakeFillet.hxx>
#include <BRepOffsetAPI_MakeFilling.hxx>
#include <BRepOffset_MakeOffset.hxx>
#include <BRepPrimAPI_MakePrism.hxx>
#include <BRepPrimAPI_MakeRevol.hxx>
#include <TopoDS.hxx>
#include <gp_Ax1.hxx>

#include "cadquery/free_functions.hpp"
#include "cadquery/free_parts.hpp"
#include "cadquery/normalized_shape.hpp"

namespace cadrecode::cadquery::func {

namespace {

void addConstraints(BRepOffsetAPI_MakeFilling& filling, const std::vector<Constraint>& constraints) {
  for (const Constraint& constraint : constraints) {
    if (const Vector* point = std::get_if<Vector>(&constraint)) {
      filling.Add(point->toPnt());
    } else {
      for (const Shape& edge : edgesOf(std::get<Shape>(constraint)))
        filling.Add(TopoDS::Edge(edge.wrapped()), GeomAbs_C0, false);
    }
  }
}

// The edges of a selection, whatever it is a part of.
std::vector<Shape> selectedEdges(const Shape& selection) { return selection.entities(TopAbs_EDGE, true); }

std::vector<TopoDS_Shape> offsets(const Shape& shape, double t, bool cap, double tol) {
  std::vector<TopoDS_Shape> results;
  for (const Shape& part : partsOf(shape, {TopAbs_FACE, TopAbs_SHELL})) {
    BRepOffset_MakeOffset builder;
    builder.Initialize(part.wrapped(), t, tol, BRepOffset_Skin, false, false, GeomAbs_Intersection, cap);
    builder.MakeOffsetShape();
    results.push_back(builder.Shape());
  }
  return results;
}

}  // namespace

Shape fill(const Shape& boundary, const std::vector<Constraint>& constraints) {
  BRepOffsetAPI_MakeFilling filling;
  for (const Shape& edge : edgesOf(boundary)) filling.Add(TopoDS::Edge(edge.wrapped()), GeomAbs_C0);
  addConstraints(filling, constraints);
  filling.Build();
  return compoundOrShape(filling.Shape());
}

Shape cap(const Shape& boundary, const Shape& context, const std::vector<Constraint>& constraints) {
  BRepOffsetAPI_MakeFilling filling;
  filling.SetResolParam(2, 15, 5);
  for (const Shape& edge : edgesOf(boundary)) {
    const Shape support = partOf(edge.ancestors(context, TopAbs_FACE), {TopAbs_FACE});
    filling.Add(TopoDS::Edge(edge.wrapped()), TopoDS::Face(support.wrapped()), GeomAbs_G2, true);
  }
  addConstraints(filling, constraints);
  filling.Build();
  return compoundOrShape(filling.Shape());
}

Shape fillet(const Shape& shape, const Shape& edges, double radius) {
  BRepFilletAPI_MakeFillet builder(partOf(shape, {TopAbs_SHELL, TopAbs_SOLID}).wrapped());
  for (const Shape& edge : selectedEdges(edges)) builder.Add(radius, TopoDS::Edge(edge.wrapped()));
  builder.Build();
  return compoundOrShape(builder.Shape());
}

Shape chamfer(const Shape& shape, const Shape& edges, double d) {
  BRepFilletAPI_MakeChamfer builder(partOf(shape, {TopAbs_SHELL, TopAbs_SOLID}).wrapped());
  for (const Shape& edge : selectedEdges(edges)) builder.Add(d, TopoDS::Edge(edge.wrapped()));
  builder.Build();
  return compoundOrShape(builder.Shape());
}

Shape extrude(const Shape& shape, const Vector& d) {
  std::vector<TopoDS_Shape> results;
  for (const Shape& part : partsOf(shape, {TopAbs_VERTEX, TopAbs_EDGE, TopAbs_WIRE, TopAbs_FACE}))
    results.push_back(BRepPrimAPI_MakePrism(part.wrapped(), d.wrapped()).Shape());
  return compoundOrShape(results);
}

Shape revolve(const Shape& shape, const Vector& p, const Vector& d, double angle) {
  const gp_Ax1 axis(p.toPnt(), d.toDir());
  std::vector<TopoDS_Shape> results;
  for (const Shape& part : partsOf(shape, {TopAbs_VERTEX, TopAbs_EDGE, TopAbs_WIRE, TopAbs_FACE}))
    results.push_back(BRepPrimAPI_MakeRevol(part.wrapped(), axis, radians(angle)).Shape());
  return compoundOrShape(results);
}

Shape offset(const Shape& shape, double t, bool cap, bool both, double tol) {
  const std::vector<TopoDS_Shape> outward = offsets(shape, t, cap, tol);
  if (!both) return compoundOrShape(outward);
  const std::vector<TopoDS_Shape> inward = offsets(shape, -t, cap, tol);
  std::vector<Shape> results;
  for (std::size_t i = 0; i < outward.size(); ++i) results.push_back(fuse(Shape(outward[i]), Shape(inward[i])));
  return results.size() == 1 ? results.front() : Compound::make(results);
}

bool check(const Shape& shape) {
  BRepAlgoAPI_Check checker(shape.wrapped());
  checker.SetUseOBB(true);
  checker.Perform();
  return checker.IsValid();
}

}  // namespace cadrecode::cadquery::func
