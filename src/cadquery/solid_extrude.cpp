// Solids swept from faces: straight, tapered and twisted prisms, revolutions, lofts.
#include <BRepOffsetAPI_MakePipeShell.hxx>
#include <BRepOffsetAPI_ThruSections.hxx>
#include <BRepPrimAPI_MakePrism.hxx>
#include <BRepPrimAPI_MakeRevol.hxx>
#include <LocOpe_DPrism.hxx>
#include <TopoDS.hxx>
#include <cmath>
#include <gp_Ax1.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::cadquery {

namespace {

std::vector<Wire> asWires(const std::vector<Shape>& shapes) {
  std::vector<Wire> wires;
  for (const Shape& shape : shapes) wires.push_back(shape.asWire());
  return wires;
}

}  // namespace

Shape Solid::extrudeLinear(const Wire& outer, const std::vector<Wire>& inner, const Vector& normal, double taper) {
  // CadQuery drops the inner wires of a tapered prism; callers taper them apart.
  return extrudeLinear(taper == 0 ? Face::makeFromWires(outer, inner) : Face::makeFromWires(outer), normal, taper);
}

Shape Solid::extrudeLinear(const Face& face, const Vector& normal, double taper) {
  if (taper == 0) return Solid(BRepPrimAPI_MakePrism(face.wrapped(), normal.wrapped(), true).Shape());
  const double side = normal.getAngle(face.normalAt()) < radians(90.0) ? 1 : -1;
  // The kernel's height runs along the slanted wall.
  LocOpe_DPrism prism(TopoDS::Face(face.wrapped()), side * normal.length() / std::cos(radians(taper)),
                      side * radians(taper));
  return Solid(prism.Shape());
}

Shape Solid::extrudeLinearWithRotation(const Wire& outer, const std::vector<Wire>& inner, const Vector& center,
                                       const Vector& normal, double angleDegrees) {
  const Wire spine = Wire::combine({Edge::makeLine(center, center + normal)}).at(0);
  if (angleDegrees == 0) throw Error("ZeroDivisionError", "float division by zero");
  const double pitch = 360.0 / angleDegrees * normal.length();
  const Wire helix = Wire::makeHelix(pitch, normal.length(), 1, center, normal);
  const auto twisted = [&](const Wire& wire) {
    BRepOffsetAPI_MakePipeShell pipe(TopoDS::Wire(spine.wrapped()));
    pipe.SetMode(TopoDS::Wire(helix.wrapped()), false);
    pipe.Add(wire.wrapped());
    pipe.Build();
    pipe.MakeSolid();
    return Shape(pipe.Shape());
  };
  const Shape body = twisted(outer);
  std::vector<Shape> holes;
  for (const Wire& wire : inner) holes.push_back(twisted(wire));
  return Solid(solid::cut({body.wrapped()}, {Compound::make(holes).wrapped()}));
}

Shape Solid::extrudeLinearWithRotation(const Face& face, const Vector& center, const Vector& normal,
                                       double angleDegrees) {
  return extrudeLinearWithRotation(face.outerWire(), asWires(face.innerWires()), center, normal, angleDegrees);
}

Shape Solid::revolve(const Face& face, double angleDegrees, const Vector& axisStart, const Vector& axisEnd) {
  const gp_Ax1 axis(axisStart.toPnt(), (axisEnd - axisStart).toDir());
  return Solid(BRepPrimAPI_MakeRevol(face.wrapped(), axis, radians(angleDegrees), true).Shape());
}

Shape Solid::makeLoft(const std::vector<Shape>& wires, bool ruled) {
  if (wires.size() < 2) throwValueError("More than one wire is required");
  BRepOffsetAPI_ThruSections loft(true, ruled);
  for (const Shape& wire : wires) loft.AddWire(TopoDS::Wire(wire.wrapped()));
  loft.Build();
  return Solid(loft.Shape());
}

Shape Solid::interpPlate(const std::vector<Shape>& edges, const std::vector<Vector>& points, double thickness,
                         int degree, int nbPtsOnCur, int nbIter, bool anisotropy, double tol2d, double tol3d,
                         double tolAng, double tolCurv, int maxDeg, int maxSegments) {
  const Face face = Face::makeNSidedSurface(edges, points, GeomAbs_C0, degree, nbPtsOnCur, nbIter, anisotropy, tol2d,
                                            tol3d, tolAng, tolCurv, maxDeg, maxSegments);
  if (thickness == 0) return face;
  return face.thicken(thickness);
}

}  // namespace cadrecode::cadquery
