#include <BRepAdaptor_Surface.hxx>
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepFilletAPI_MakeFillet2d.hxx>
#include <BRepGProp_Face.hxx>
#include <BRepLib_FindSurface.hxx>
#include <BRepOffset_MakeOffset.hxx>
#include <BRepTools.hxx>
#include <BRep_Tool.hxx>
#include <GeomAPI_ProjectPointOnSurf.hxx>
#include <ShapeFix_Face.hxx>
#include <ShapeFix_Shape.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopoDS.hxx>

#include "cadquery/shape.hpp"
#include "cadquery/simple_outline.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

std::string faceErrorName(BRepBuilderAPI_FaceError error) {
  switch (error) {
    case BRepBuilderAPI_FaceDone:
      return "BRepBuilderAPI_FaceDone";
    case BRepBuilderAPI_NoFace:
      return "BRepBuilderAPI_NoFace";
    case BRepBuilderAPI_NotPlanar:
      return "BRepBuilderAPI_NotPlanar";
    case BRepBuilderAPI_CurveProjectionFailed:
      return "BRepBuilderAPI_CurveProjectionFailed";
    case BRepBuilderAPI_ParametersOutOfRange:
      break;
  }
  return "BRepBuilderAPI_ParametersOutOfRange";
}

std::pair<Vector, Vector> normalOf(const TopoDS_Face& face, double u, double v) {
  gp_Pnt position;
  gp_Vec normal;
  BRepGProp_Face(face).Normal(u, v, position, normal);
  return {Vector(normal).normalized(), position};
}

}  // namespace

Face Face::makePlane(std::optional<double> length, std::optional<double> width, const Vector& base, const Vector& dir) {
  const gp_Pln plane(base.toPnt(), dir.toDir());
  if (length.value_or(0) == 0 || width.value_or(0) == 0) return Face(BRepBuilderAPI_MakeFace(plane).Face());
  return Face(BRepBuilderAPI_MakeFace(plane, -*width * 0.5, *width * 0.5, -*length * 0.5, *length * 0.5).Face());
}

Face Face::makeFromWires(const Wire& outer, const std::vector<Wire>& inner) {
  if (inner.empty())
    if (const std::optional<TopoDS_Face> face = faceOfSimpleOutline(TopoDS::Wire(outer.wrapped()))) return Face(*face);
  if (!inner.empty() && !outer.isClosedCurve()) throwValueError("Cannot build face(s): outer wire is not closed");
  std::vector<Shape> all{outer};
  all.insert(all.end(), inner.begin(), inner.end());
  if (!BRepLib_FindSurface(Compound::make(all).wrapped(), -1, true).Found())
    throwValueError("Cannot build face(s): wires not planar");

  ShapeFix_Shape fixer(outer.wrapped());
  fixer.Perform();
  BRepBuilderAPI_MakeFace builder(TopoDS::Wire(fixer.Shape()), true);
  for (const Wire& wire : inner) {
    if (!wire.isClosedCurve()) throwValueError("Cannot build face(s): inner wire is not closed");
    builder.Add(TopoDS::Wire(wire.wrapped()));
  }
  if (!builder.IsDone())
    throwValueError("Cannot build face(s): BRepBuilderAPI_FaceError." + faceErrorName(builder.Error()));

  ShapeFix_Face faceFixer(builder.Face());
  faceFixer.FixOrientation();
  faceFixer.Perform();
  return Face(faceFixer.Result());
}

std::array<double, 4> Face::uvBounds() const {
  std::array<double, 4> b{};
  BRepTools::UVBounds(TopoDS::Face(shape_), b[0], b[1], b[2], b[3]);
  return b;
}

Vector Face::normalAt(const std::optional<Vector>& location) const {
  const TopoDS_Face& face = TopoDS::Face(shape_);
  double u = 0, v = 0;
  if (location) {
    GeomAPI_ProjectPointOnSurf(location->toPnt(), BRep_Tool::Surface(face)).LowerDistanceParameters(u, v);
  } else {
    const auto [u0, u1, v0, v1] = uvBounds();
    u = 0.5 * (u0 + u1);
    v = 0.5 * (v0 + v1);
  }
  return normalOf(face, u, v).first;
}

std::pair<Vector, Vector> Face::normalAt(double u, double v) const { return normalOf(TopoDS::Face(shape_), u, v); }

Wire Face::outerWire() const { return Wire(BRepTools::OuterWire(TopoDS::Face(shape_))); }

std::vector<Shape> Face::innerWires() const {
  const Wire outer = outerWire();
  std::vector<Shape> inner;
  for (const Shape& wire : wires())
    if (!wire.isSame(outer)) inner.push_back(wire);
  return inner;
}

gp_Pln Face::toPln() const { return BRepAdaptor_Surface(TopoDS::Face(shape_)).Plane(); }

Face Face::fillet2D(double radius, const std::vector<Shape>& vertices) const {
  BRepFilletAPI_MakeFillet2d builder(TopoDS::Face(shape_));
  for (const Shape& vertex : vertices) builder.AddFillet(TopoDS::Vertex(vertex.wrapped()), radius);
  builder.Build();
  return Face(builder.Shape());
}

Face Face::chamfer2D(double d, const std::vector<Shape>& vertices) const {
  BRepFilletAPI_MakeFillet2d builder(TopoDS::Face(shape_));
  TopTools_IndexedDataMapOfShapeListOfShape edges;
  TopExp::MapShapesAndAncestors(shape_, TopAbs_VERTEX, TopAbs_EDGE, edges);
  for (const Shape& vertex : vertices) {
    const TopTools_ListOfShape* meeting = edges.Seek(vertex.wrapped());
    if (!meeting) throw Error("KeyError", "<cadquery.occ_impl.shapes.Vertex object>");
    if (meeting->Size() < 2) throwValueError("Cannot chamfer at this location");
    if (meeting->Size() > 2) throwValueError("too many values to unpack (expected 2)");
    builder.AddChamfer(TopoDS::Edge(meeting->First()), TopoDS::Edge(meeting->Last()), d, d);
  }
  builder.Build();
  return Face(Face(builder.Shape()).fix().wrapped());
}

Shape Face::thicken(double thickness) const {
  BRepOffset_MakeOffset builder;
  builder.Initialize(shape_, thickness, 1e-6, BRepOffset_Skin, false, false, GeomAbs_Intersection, true);
  builder.MakeOffsetShape();
  return Solid(builder.Shape());
}

Face Face::constructOn(const Face& on, const Wire& outer, const std::vector<Wire>& inner) {
  BRepBuilderAPI_MakeFace builder(BRep_Tool::Surface(TopoDS::Face(on.shape_)), TopoDS::Wire(outer.wrapped()));
  for (const Wire& wire : inner) builder.Add(TopoDS::Wire(wire.wrapped()));
  return Face(Face(builder.Face()).fix().wrapped());
}

Face Face::project(const Face& onto, const Vector& d) const {
  const Wire outer = outerWire().Shape::project(onto, d).asWire();
  std::vector<Wire> inner;
  for (const Shape& wire : innerWires()) inner.push_back(wire.project(onto, d).asWire());
  return constructOn(onto, outer, inner);
}

Face Face::trim(double u0, double u1, double v0, double v1, double tol) const {
  return Face(BRepBuilderAPI_MakeFace(BRep_Tool::Surface(TopoDS::Face(shape_)), u0, u1, v0, v1, tol).Shape());
}

}  // namespace cadrecode::cadquery
