// Shapes built from parts, and primitives.
#include <BOPAlgo_Tools.hxx>
#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepBuilderAPI_MakePolygon.hxx>
#include <BRepBuilderAPI_MakeSolid.hxx>
#include <BRepBuilderAPI_MakeWire.hxx>
#include <BRepBuilderAPI_Sewing.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <BRep_Builder.hxx>
#include <GeomAPI_Interpolate.hxx>
#include <Geom_BSplineCurve.hxx>
#include <ShapeFix_Solid.hxx>
#include <TColStd_HArray1OfReal.hxx>
#include <TColgp_HArray1OfPnt.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Shell.hxx>

#include "cadquery/free_functions.hpp"
#include "cadquery/free_parts.hpp"
#include "cadquery/normalized_shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery::func {

Shape wire(const std::vector<Shape>& parts) {
  TopTools_ListOfShape edges;
  for (const Shape& part : parts)
    for (const Shape& edge : edgesOf(part)) edges.Append(edge.wrapped());
  BRepBuilderAPI_MakeWire builder;
  builder.Add(edges);
  return compoundOrShape(builder.Shape());
}

Shape face(const std::vector<Shape>& parts) {
  std::vector<Shape> wires;
  for (const Shape& part : parts)
    for (const Wire& wire : wiresOf(part)) wires.push_back(wire);
  TopoDS_Shape faces = TopoDS_Compound();
  if (!BOPAlgo_Tools::WiresToFaces(Compound::make(wires).wrapped(), faces)) throwValueError("Face construction failed");
  return partOf(compoundOrShape(faces), {TopAbs_FACE});
}

Shape shell(const std::vector<Shape>& parts, double tol) {
  BRepBuilderAPI_Sewing sewing(tol);
  for (const Shape& part : parts)
    for (const Shape& face : partsOf(part, {TopAbs_FACE})) sewing.Add(face.wrapped());
  sewing.Perform();
  const Shape sewed(sewing.SewedShape());
  if (!sewed.is(TopAbs_FACE)) return normalized(sewed);
  TopoDS_Shell shell;
  const BRep_Builder builder;
  builder.MakeShell(shell);
  builder.Add(shell, sewed.wrapped());
  return compoundOrShape(shell);
}

Shape solid(const std::vector<Shape>& parts, double tol) {
  std::vector<Shape> shells, faces;
  for (const Shape& part : parts)
    for (const Shape& piece : partsOf(part, {TopAbs_SHELL, TopAbs_FACE}))
      (piece.is(TopAbs_SHELL) ? shells : faces).push_back(piece);
  if (shells.empty()) shells.push_back(shell(faces, tol));
  std::vector<TopoDS_Shape> solids;
  ShapeFix_Solid builder;
  for (const Shape& piece : shells) solids.push_back(builder.SolidFromShell(TopoDS::Shell(piece.wrapped())));
  return compoundOrShape(solids);
}

Shape solidWithVoids(const std::vector<Shape>& parts, const std::vector<Shape>& inner, double tol) {
  BRepBuilderAPI_MakeSolid builder;
  builder.Add(TopoDS::Shell(shell(parts, tol).wrapped()));
  if (!inner.empty())
    for (const Shape& piece : partsOf(shell(inner, tol), {TopAbs_SHELL})) builder.Add(TopoDS::Shell(piece.wrapped()));
  ShapeFix_Solid fixer(builder.Solid());
  fixer.Perform();
  return compoundOrShape(fixer.Solid());
}

Shape polyline(const std::vector<Vector>& points, bool close) {
  return normalized(Wire::makePolygon(points, false, close));
}

Shape spline(const std::vector<Vector>& points, const std::vector<Vector>& tangents,
             const std::vector<double>& parameters, double tol, bool periodic, bool scale) {
  const opencascade::handle<TColgp_HArray1OfPnt> array = new TColgp_HArray1OfPnt(1, static_cast<int>(points.size()));
  for (std::size_t i = 0; i < points.size(); ++i) array->SetValue(static_cast<int>(i) + 1, points[i].toPnt());
  std::optional<GeomAPI_Interpolate> builder;
  if (parameters.empty()) {
    builder.emplace(array, periodic, tol);
  } else {
    const opencascade::handle<TColStd_HArray1OfReal> values =
        new TColStd_HArray1OfReal(1, static_cast<int>(parameters.size()));
    for (std::size_t i = 0; i < parameters.size(); ++i) values->SetValue(static_cast<int>(i) + 1, parameters[i]);
    builder.emplace(array, values, periodic, tol);
  }
  if (!tangents.empty()) builder->Load(tangents.front().wrapped(), tangents.at(1).wrapped(), scale);
  builder->Perform();
  return compoundOrShape(BRepBuilderAPI_MakeEdge(builder->Curve()).Edge());
}

Shape plane(double width, double length) {
  return compoundOrShape(
      BRepBuilderAPI_MakeFace(gp_Pln(gp_Pnt(), gp_Dir(0, 0, 1)), -width / 2, width / 2, -length / 2, length / 2)
          .Face());
}

Shape sphere(double d) {
  return compoundOrShape(BRepPrimAPI_MakeSphere(gp_Ax2(gp_Pnt(), gp_Dir(0, 0, 1)), d / 2).Shape());
}

Shape text(const std::string& text, double size, const Compound::TextOptions& options) {
  const std::vector<Shape> faces = normalized(flatText(text, size, options)).faces();
  return clean(faces.size() == 1 ? faces.front() : Compound::make(faces));
}

Shape textOnSpine(const std::string& text, double size, const Shape& spine, bool planar,
                  const Compound::TextOptions& options) {
  const Wire path = wireOf(spine);
  const double length = path.curveLength();
  std::vector<Shape> placed;
  for (const Shape& glyph : func::text(text, size, options).children()) {
    const double x = glyph.boundingBox().center.x();
    placed.push_back(glyph.moved(Location(Vector(-x, 0, 0)))
                         .moved(Location(Vector(), {planar ? -90.0 : 0.0, -90.0, 0.0}))
                         .moved(path.locationAt(x / length)));
  }
  return normalized(Compound::make(placed));
}

Shape textOnFace(const std::string& text, double size, const Shape& spine, const Shape& base,
                 const Compound::TextOptions& options) {
  const Face ground = partOf(base, {TopAbs_FACE}).asFace();
  std::vector<Shape> projected;
  for (const Shape& shape : textOnSpine(text, size, spine, false, options).faces()) {
    const Face face = shape.asFace();
    projected.push_back(face.project(ground, face.normalAt()));
  }
  return normalized(Compound::make(projected));
}

}  // namespace cadrecode::cadquery::func
