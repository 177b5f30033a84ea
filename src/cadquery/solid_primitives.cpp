// Boxes, cylinders and the other primitive solids; solids of shells, shells of faces, compounds.
#include <BRepBuilderAPI_Sewing.hxx>
#include <BRepClass3d.hxx>
#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepPrimAPI_MakeCone.hxx>
#include <BRepPrimAPI_MakeCylinder.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <BRepPrimAPI_MakeTorus.hxx>
#include <BRepPrimAPI_MakeWedge.hxx>
#include <BRep_Builder.hxx>
#include <ShapeFix_Solid.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Iterator.hxx>
#include <TopoDS_Shell.hxx>
#include <TopoDS_Solid.hxx>

#include "cadquery/shape.hpp"

namespace cadrecode::cadquery {

namespace {
gp_Ax2 frame(const Vector& pnt, const Vector& dir) { return gp_Ax2(pnt.toPnt(), dir.toDir()); }
}  // namespace

Solid Solid::makeBox(double length, double width, double height, const Vector& pnt, const Vector& dir) {
  return Solid(BRepPrimAPI_MakeBox(frame(pnt, dir), length, width, height).Shape());
}

Solid Solid::makeCone(double r1, double r2, double height, const Vector& pnt, const Vector& dir, double angleDegrees) {
  return Solid(BRepPrimAPI_MakeCone(frame(pnt, dir), r1, r2, height, radians(angleDegrees)).Shape());
}

Solid Solid::makeCylinder(double radius, double height, const Vector& pnt, const Vector& dir, double angleDegrees) {
  return Solid(BRepPrimAPI_MakeCylinder(frame(pnt, dir), radius, height, radians(angleDegrees)).Shape());
}

Solid Solid::makeTorus(double r1, double r2, const Vector& pnt, const Vector& dir, double angle1, double angle2) {
  return Solid(BRepPrimAPI_MakeTorus(frame(pnt, dir), r1, r2, radians(angle1), radians(angle2)).Shape());
}

Solid Solid::makeSphere(double radius, const Vector& pnt, const Vector& dir, double angle1, double angle2,
                        double angle3) {
  return Solid(
      BRepPrimAPI_MakeSphere(frame(pnt, dir), radius, radians(angle1), radians(angle2), radians(angle3)).Shape());
}

Solid Solid::makeWedge(double dx, double dy, double dz, double xmin, double zmin, double xmax, double zmax,
                       const Vector& pnt, const Vector& dir) {
  return Solid(BRepPrimAPI_MakeWedge(frame(pnt, dir), dx, dy, dz, xmin, zmin, xmax, zmax).Solid());
}

Solid Solid::makeSolid(const Shell& shell) {
  return Solid(ShapeFix_Solid().SolidFromShell(TopoDS::Shell(shell.wrapped())));
}

Shape Solid::outerShell() const { return Shell(BRepClass3d::OuterShell(TopoDS::Solid(shape_))); }

std::vector<Shape> Solid::innerShells() const {
  const Shape outer = outerShell();
  std::vector<Shape> inner;
  for (const Shape& shell : shells())
    if (!shell.isSame(outer)) inner.push_back(shell);
  return inner;
}

Shape Shell::makeShell(const std::vector<Shape>& faces) {
  BRepBuilderAPI_Sewing sewing;
  for (const Shape& face : faces) sewing.Add(face.wrapped());
  sewing.Perform();
  return Shell(sewing.SewedShape());
}

Compound Compound::make(const std::vector<Shape>& shapes) {
  TopoDS_Compound compound;
  const BRep_Builder builder;
  builder.MakeCompound(compound);
  for (const Shape& shape : shapes) builder.Add(compound, shape.wrapped());
  return Compound(compound);
}

bool Compound::empty() const { return !TopoDS_Iterator(shape_).More(); }

}  // namespace cadrecode::cadquery
