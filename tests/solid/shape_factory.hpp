// Shapes for the tests of solid, and a switch that turns the quick ways off while it lives.
#pragma once

#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_MakeFace.hxx>
#include <BRepBuilderAPI_MakePolygon.hxx>
#include <BRepBuilderAPI_MakeWire.hxx>
#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepPrimAPI_MakeCylinder.hxx>
#include <BRepPrimAPI_MakePrism.hxx>
#include <BRep_Builder.hxx>
#include <GC_MakeArcOfCircle.hxx>
#include <Geom_TrimmedCurve.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Wire.hxx>
#include <gp_Ax2.hxx>
#include <gp_Circ.hxx>
#include <gp_Pln.hxx>
#include <vector>

#include "solid/fast_paths.hpp"

namespace cadrecode::solid::testing {

using Shapes = std::vector<TopoDS_Shape>;

class PlainKernel {
 public:
  PlainKernel() { setFastPaths(false); }
  ~PlainKernel() { setFastPaths(true); }
  PlainKernel(const PlainKernel&) = delete;
  PlainKernel& operator=(const PlainKernel&) = delete;
};

inline TopoDS_Shape box(double x, double y, double z, double dx, double dy, double dz) {
  return BRepPrimAPI_MakeBox(gp_Pnt(x, y, z), dx, dy, dz).Shape();
}

inline TopoDS_Shape cylinder(const gp_Pnt& base, const gp_Dir& axis, double radius, double height) {
  return BRepPrimAPI_MakeCylinder(gp_Ax2(base, axis), radius, height).Shape();
}

inline TopoDS_Face polygonFace(const std::vector<gp_Pnt>& corners) {
  BRepBuilderAPI_MakePolygon polygon;
  for (const gp_Pnt& p : corners) polygon.Add(p);
  polygon.Close();
  return BRepBuilderAPI_MakeFace(polygon.Wire(), Standard_True).Face();
}

inline TopoDS_Face rectFace(double x, double y, double dx, double dy, double z = 0.0) {
  return polygonFace({{x, y, z}, {x + dx, y, z}, {x + dx, y + dy, z}, {x, y + dy, z}});
}

inline TopoDS_Face discFace(double x, double y, double radius) {
  const TopoDS_Edge edge = BRepBuilderAPI_MakeEdge(gp_Circ(gp_Ax2(gp_Pnt(x, y, 0), gp_Dir(0, 0, 1)), radius)).Edge();
  return BRepBuilderAPI_MakeFace(BRepBuilderAPI_MakeWire(edge).Wire(), Standard_True).Face();
}

// A rectangle whose right side is an arc through (x + dx + bulge, y + dy / 2).
inline TopoDS_Face bulgedFace(double x, double y, double dx, double dy, double bulge) {
  const gp_Pnt a(x, y, 0), b(x + dx, y, 0), c(x + dx + bulge, y + dy / 2, 0), d(x + dx, y + dy, 0), e(x, y + dy, 0);
  BRepBuilderAPI_MakeWire wire;
  wire.Add(BRepBuilderAPI_MakeEdge(a, b).Edge());
  wire.Add(BRepBuilderAPI_MakeEdge(GC_MakeArcOfCircle(b, c, d).Value()).Edge());
  wire.Add(BRepBuilderAPI_MakeEdge(d, e).Edge());
  wire.Add(BRepBuilderAPI_MakeEdge(e, a).Edge());
  return BRepBuilderAPI_MakeFace(wire.Wire(), Standard_True).Face();
}

inline TopoDS_Shape prism(const TopoDS_Shape& face, double dx, double dy, double dz) {
  return BRepPrimAPI_MakePrism(face, gp_Vec(dx, dy, dz), Standard_True).Shape();
}

inline TopoDS_Shape compound(const Shapes& shapes) {
  BRep_Builder builder;
  TopoDS_Compound result;
  builder.MakeCompound(result);
  for (const TopoDS_Shape& shape : shapes) builder.Add(result, shape);
  return result;
}

}  // namespace cadrecode::solid::testing
