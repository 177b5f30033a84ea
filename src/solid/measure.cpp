#include "solid/measure.hpp"

#include <BRepBndLib.hxx>
#include <BRepGProp.hxx>
#include <BRep_Tool.hxx>
#include <Bnd_Box.hxx>
#include <GProp_GProps.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <cmath>

#include "solid/face_moments.hpp"
#include "solid/fast_paths.hpp"
#include "solid/validity.hpp"

namespace cadrecode::solid {
namespace {

std::string typeName(TopAbs_ShapeEnum type) {
  switch (type) {
    case TopAbs_COMPOUND:
      return "Compound";
    case TopAbs_COMPSOLID:
      return "CompSolid";
    case TopAbs_SOLID:
      return "Solid";
    case TopAbs_SHELL:
      return "Shell";
    case TopAbs_FACE:
      return "Face";
    case TopAbs_WIRE:
      return "Wire";
    case TopAbs_EDGE:
      return "Edge";
    default:
      return "Vertex";
  }
}

bool isEmpty(const TopoDS_Shape& shape) {
  return shape.IsNull() || (shape.ShapeType() == TopAbs_COMPOUND && !TopoDS_Iterator(shape).More());
}

int countDistinct(const TopoDS_Shape& shape, TopAbs_ShapeEnum type) {
  TopTools_IndexedMapOfShape found;
  TopExp::MapShapes(shape, type, found);
  if (type != TopAbs_EDGE) return found.Extent();
  int edges = 0;
  for (int i = 1; i <= found.Extent(); ++i) edges += BRep_Tool::Degenerated(TopoDS::Edge(found(i))) ? 0 : 1;
  return edges;
}

struct Integrals {
  double volume = 0.0, area = 0.0;
  gp_Pnt volumeCenter, areaCenter;
};

// The kernel's "volume" of open shapes depends on the point it is taken about, so the closed forms are for shapes that
// are known to be closed.
Integrals integrate(const TopoDS_Shape& shape, bool closed) {
  Integrals result;
  if (closed) {
    const auto moments = closedFormMoments(shape);
    if (moments && std::abs(moments->volume) > 1e-9 * moments->area) {
      result.volume = moments->volume;
      result.area = moments->area;
      result.volumeCenter.SetXYZ(moments->volumeMoment / moments->volume);
      result.areaCenter.SetXYZ(moments->areaMoment / moments->area);
      return result;
    }
  }
  GProp_GProps volume, surface;
  BRepGProp::VolumeProperties(shape, volume);
  BRepGProp::SurfaceProperties(shape, surface);
  result.volume = volume.Mass();
  result.area = surface.Mass();
  result.volumeCenter = volume.CentreOfMass();
  result.areaCenter = surface.CentreOfMass();
  return result;
}

// CadQuery takes the properties by the kind of the whole shape, so a compound of faces alone gets the centre of the
// volume they bound with the origin, and a null centre where that volume is zero.
std::array<double, 3> centerOf(const TopoDS_Shape& shape, const Integrals& integrals) {
  gp_Pnt center;
  switch (shape.ShapeType()) {
    case TopAbs_VERTEX:
      center = BRep_Tool::Pnt(TopoDS::Vertex(shape));
      break;
    case TopAbs_EDGE:
    case TopAbs_WIRE: {
      GProp_GProps line;
      BRepGProp::LinearProperties(shape, line);
      center = line.CentreOfMass();
      break;
    }
    case TopAbs_FACE:
    case TopAbs_SHELL:
      center = integrals.areaCenter;
      break;
    default:
      center = integrals.volumeCenter;
  }
  return {center.X(), center.Y(), center.Z()};
}

std::optional<std::array<double, 6>> boxOf(const TopoDS_Shape& shape) {
  Bnd_Box box;
  BRepBndLib::AddOptimal(shape, box);
  if (box.IsVoid()) return std::nullopt;
  std::array<double, 6> b;
  box.Get(b[0], b[1], b[2], b[3], b[4], b[5]);
  return b;
}

}  // namespace

Measures measure(const TopoDS_Shape& shape) {
  Measures m;
  if (shape.IsNull()) return m;
  m.shapeType = typeName(shape.ShapeType());
  m.nSolids = countDistinct(shape, TopAbs_SOLID);
  m.nFaces = countDistinct(shape, TopAbs_FACE);
  m.nEdges = countDistinct(shape, TopAbs_EDGE);
  m.nVertices = countDistinct(shape, TopAbs_VERTEX);
  const bool closed = fastPaths() && isClosedSolids(shape);
  m.valid = isValid(shape, closed);
  if (isEmpty(shape)) return m;
  m.bbox = boxOf(shape);
  const Integrals integrals = integrate(shape, closed && m.valid);
  m.volume = m.nSolids > 0 ? integrals.volume : 0.0;
  m.area = integrals.area;
  m.center = centerOf(shape, integrals);
  return m;
}

}  // namespace cadrecode::solid
