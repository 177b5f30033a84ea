#include "solid/merge.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <BRepAdaptor_Surface.hxx>
#include <BRep_Tool.hxx>
#include <GeomAbs_CurveType.hxx>
#include <ShapeUpgrade_UnifySameDomain.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <array>
#include <cmath>
#include <gp_Cylinder.hxx>
#include <gp_Lin.hxx>
#include <gp_Pln.hxx>
#include <vector>

#include "solid/fast_paths.hpp"

namespace cadrecode::solid {
namespace {

// The kernel merges what agrees to 1e-7 in length and 1e-12 in angle. Only what differs by far more is taken here for
// different.
constexpr double kFarLength = 1e-5;
constexpr double kFarSine = 1e-6;

class MergeCandidates {
 public:
  // True where no two neighbouring faces lie on one surface and no two edges that meet alone on one curve.
  bool noneIn(const TopoDS_Shape& shape) {
    for (TopExp_Explorer part(shape, TopAbs_FACE); part.More(); part.Next()) {
      if (!addFace(TopoDS::Face(part.Current()))) return false;
    }
    for (const EdgeUse& use : edgeUses_) {
      if (use.count == 2 && mayMerge(use.faces[0], use.faces[1])) return false;
    }
    for (const VertexUse& use : vertexUses_) {
      if (use.count == 2 && edgesMayMerge(use.edges[0], use.edges[1])) return false;
    }
    return true;
  }

 private:
  struct Surface {
    bool isPlane = true;
    gp_Dir direction;  // normal or axis
    gp_Pnt point;
    double radius = 0.0;
  };
  struct EdgeUse {
    int count = 0;  // of distinct faces
    std::array<int, 2> faces{-1, -1};
  };
  struct VertexUse {
    int count = 0;  // of distinct edges
    std::array<int, 2> edges{-1, -1};
  };

  bool addFace(const TopoDS_Face& face) {
    const int index = faces_.Add(face);
    if (index <= static_cast<int>(surfaces_.size())) return true;  // shared by two solids: not a new neighbour
    const BRepAdaptor_Surface adaptor(face, Standard_False);
    Surface surface;
    if (adaptor.GetType() == GeomAbs_Plane) {
      surface.direction = adaptor.Plane().Axis().Direction();
      surface.point = adaptor.Plane().Location();
    } else if (adaptor.GetType() == GeomAbs_Cylinder) {
      surface.isPlane = false;
      surface.direction = adaptor.Cylinder().Axis().Direction();
      surface.point = adaptor.Cylinder().Location();
      surface.radius = adaptor.Cylinder().Radius();
    } else {
      return false;
    }
    surfaces_.push_back(surface);
    for (TopExp_Explorer part(face, TopAbs_EDGE); part.More(); part.Next()) {
      if (!addEdge(TopoDS::Edge(part.Current()), index)) return false;
    }
    return true;
  }

  bool addEdge(const TopoDS_Edge& edge, int face) {
    const TopAbs_Orientation orientation = edge.Orientation();
    if (orientation != TopAbs_FORWARD && orientation != TopAbs_REVERSED) return false;
    const int index = edges_.Add(edge);
    if (index > static_cast<int>(edgeUses_.size())) {
      if (BRep_Tool::Degenerated(edge)) return false;
      edgeUses_.emplace_back();
      for (TopoDS_Iterator end(edge); end.More(); end.Next()) addVertex(end.Value(), index);
    }
    EdgeUse& use = edgeUses_[static_cast<std::size_t>(index - 1)];
    if (use.faces[0] == face || use.faces[1] == face) return true;
    if (use.count < 2) use.faces[static_cast<std::size_t>(use.count)] = face;
    ++use.count;
    return true;
  }

  void addVertex(const TopoDS_Shape& vertex, int edge) {
    const int index = vertices_.Add(vertex);
    if (index > static_cast<int>(vertexUses_.size())) vertexUses_.emplace_back();
    VertexUse& use = vertexUses_[static_cast<std::size_t>(index - 1)];
    if (use.edges[0] == edge || use.edges[1] == edge) return;
    if (use.count < 2) use.edges[static_cast<std::size_t>(use.count)] = edge;
    ++use.count;
  }

  bool mayMerge(int first, int second) const {
    const Surface& a = surfaces_[static_cast<std::size_t>(first - 1)];
    const Surface& b = surfaces_[static_cast<std::size_t>(second - 1)];
    if (a.isPlane != b.isPlane) return false;
    if (a.direction.XYZ().Crossed(b.direction.XYZ()).Modulus() > kFarSine) return false;
    if (a.isPlane) return true;
    const gp_XYZ between = b.point.XYZ() - a.point.XYZ();
    return std::abs(a.radius - b.radius) < kFarLength && between.Crossed(a.direction.XYZ()).Modulus() < kFarLength;
  }

  bool edgesMayMerge(int first, int second) const {
    const BRepAdaptor_Curve a(TopoDS::Edge(edges_(first))), b(TopoDS::Edge(edges_(second)));
    const GeomAbs_CurveType kind = a.GetType();
    if (kind == GeomAbs_BSplineCurve || kind == GeomAbs_BezierCurve) return true;
    if (b.GetType() != kind) return b.GetType() == GeomAbs_BSplineCurve || b.GetType() == GeomAbs_BezierCurve;
    if (kind != GeomAbs_Line) return true;
    const gp_XYZ along = a.Line().Direction().XYZ();
    return along.Crossed(b.Line().Direction().XYZ()).Modulus() < kFarSine;
  }

  TopTools_IndexedMapOfShape faces_, edges_, vertices_;
  std::vector<Surface> surfaces_;
  std::vector<EdgeUse> edgeUses_;
  std::vector<VertexUse> vertexUses_;
};

bool isSolidsOnly(const TopoDS_Shape& shape) {
  if (shape.ShapeType() == TopAbs_SOLID) return true;
  TopoDS_Iterator child(shape);
  if (shape.ShapeType() != TopAbs_COMPOUND || !child.More()) return false;
  for (; child.More(); child.Next()) {
    if (!isSolidsOnly(child.Value())) return false;
  }
  return true;
}

}  // namespace

TopoDS_Shape mergeSameDomain(const TopoDS_Shape& shape) {
  if (fastPaths() && !shape.IsNull() && isSolidsOnly(shape) && MergeCandidates().noneIn(shape)) return shape;
  ShapeUpgrade_UnifySameDomain merger(shape, Standard_True, Standard_True, Standard_True);
  merger.AllowInternalEdges(Standard_False);
  merger.Build();
  return merger.Shape();
}

}  // namespace cadrecode::solid
