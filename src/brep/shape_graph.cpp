#include "brep/shape_graph.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <BRepAdaptor_Surface.hxx>
#include <BRepGProp.hxx>
#include <BRepLProp_SLProps.hxx>
#include <BRepTools.hxx>
#include <BRepTopAdaptor_FClass2d.hxx>
#include <BRep_Tool.hxx>
#include <GProp_GProps.hxx>
#include <Precision.hxx>
#include <TopExp.hxx>
#include <TopTools_IndexedDataMapOfShapeListOfShape.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <algorithm>
#include <cmath>
#include <gp_Dir.hxx>
#include <gp_Pnt.hxx>
#include <gp_Vec.hxx>
#include <set>

#include "core/error.hpp"
#include "solid/kernel.hpp"

namespace cadrecode::brep {
namespace {

// Number i of `count` from `first` to `last`, both included.
double between(double first, double last, std::size_t i, std::size_t count) {
  const double share = static_cast<double>(i) / static_cast<double>(count - 1);
  return i + 1 == count ? last : first + share * (last - first);
}

Vector rounded(const gp_XYZ& v) {
  return {static_cast<float>(v.X()), static_cast<float>(v.Y()), static_cast<float>(v.Z())};
}

struct Bounds {
  double u1 = 0, u2 = 0, v1 = 0, v2 = 0;
};

// The surface's normal. Where it has none (the tip of a cone), that of a place a little towards the middle.
gp_XYZ normalAt(BRepLProp_SLProps& place, const Bounds& bounds, double u, double v) {
  const double middleU = (bounds.u1 + bounds.u2) / 2, middleV = (bounds.v1 + bounds.v2) / 2;
  for (const double step : {0.0, 1e-4, 1e-2, 0.1}) {
    place.SetParameters(u + step * (middleU - u), v + step * (middleV - v));
    if (place.IsNormalDefined()) return place.Normal().XYZ();
  }
  return {0, 0, 0};
}

class GraphMaker {
 public:
  GraphMaker(const TopoDS_Shape& shape, const GridSizes& sizes) : shape_(shape) {
    graph_.sizes = sizes;
    TopExp::MapShapes(shape, TopAbs_FACE, faces_);
    if (faces_.IsEmpty()) throw Error(ErrorCode::input, "ValueError", "a shape without faces has no graph");
  }

  Graph make() {
    for (int i = 1; i <= faces_.Extent(); ++i) addFace(TopoDS::Face(faces_(i)));
    TopTools_IndexedDataMapOfShapeListOfShape edges;
    TopExp::MapShapesAndAncestors(shape_, TopAbs_EDGE, TopAbs_FACE, edges);
    for (int i = 1; i <= edges.Extent(); ++i) {
      const TopoDS_Edge edge = TopoDS::Edge(edges.FindKey(i));
      // An edge of no face has no place in a graph of faces.
      if (!BRep_Tool::Degenerated(edge) && !edges(i).IsEmpty()) addEdge(edge, edges(i));
    }
    return std::move(graph_);
  }

 private:
  // Kept near the origin, where float has the digits to tell small things apart.
  Vector local(const gp_Pnt& point) {
    if (graph_.facePoints.empty()) graph_.frame.origin = {point.X(), point.Y(), point.Z()};
    const cloud::Point& origin = graph_.frame.origin;
    return rounded(point.XYZ() - gp_XYZ(origin[0], origin[1], origin[2]));
  }

  void addFace(const TopoDS_Face& face) {
    Bounds bounds;
    BRepTools::UVBounds(face, bounds.u1, bounds.u2, bounds.v1, bounds.v2);
    for (const double bound : {bounds.u1, bounds.u2, bounds.v1, bounds.v2}) {
      if (!std::isfinite(bound) || Precision::IsInfinite(bound)) {
        throw Error(ErrorCode::input, "ValueError", "a face without bounds has no grid");
      }
    }
    const BRepAdaptor_Surface surface(face, Standard_False);
    BRepLProp_SLProps place(surface, 2, Precision::Confusion());
    BRepTopAdaptor_FClass2d within(face, Precision::PConfusion());
    const bool reversed = face.Orientation() == TopAbs_REVERSED;
    const std::size_t count = graph_.sizes.face;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) {
        const double u = between(bounds.u1, bounds.u2, i, count), v = between(bounds.v1, bounds.v2, j, count);
        graph_.facePoints.push_back(local(surface.Value(u, v)));
        const gp_XYZ normal = normalAt(place, bounds, u, v);
        graph_.faceNormals.push_back(rounded(reversed ? normal.Reversed() : normal));
        const TopAbs_State state = within.Perform(gp_Pnt2d(u, v));
        graph_.faceMask.push_back(state == TopAbs_IN || state == TopAbs_ON ? 1 : 0);
      }
    }
    GProp_GProps area;
    BRepGProp::SurfaceProperties(face, area);
    graph_.faceAreas.push_back(static_cast<float>(std::abs(area.Mass())));
  }

  void addEdge(const TopoDS_Edge& edge, const TopTools_ListOfShape& owners) {
    std::set<std::int32_t> joined;
    for (const TopoDS_Shape& face : owners) joined.insert(faces_.FindIndex(face) - 1);
    const BRepAdaptor_Curve curve(edge);
    const double first = curve.FirstParameter(), last = curve.LastParameter();
    if (Precision::IsInfinite(first) || Precision::IsInfinite(last)) {
      throw Error(ErrorCode::input, "ValueError", "an edge without ends has no grid");
    }
    std::vector<Vector> points, tangents;
    for (std::size_t i = 0; i < graph_.sizes.edge; ++i) {
      gp_Pnt point;
      gp_Vec tangent;
      curve.D1(between(first, last, i, graph_.sizes.edge), point, tangent);
      points.push_back(local(point));
      const double size = tangent.Magnitude();
      tangents.push_back(size > gp::Resolution() ? rounded(tangent.XYZ() / size) : Vector{});
    }
    auto add = [&](std::int32_t a, std::int32_t b) {
      graph_.edgePoints.insert(graph_.edgePoints.end(), points.begin(), points.end());
      graph_.edgeTangents.insert(graph_.edgeTangents.end(), tangents.begin(), tangents.end());
      graph_.edgeFaces.push_back({a, b});
    };
    if (joined.size() == 1) add(*joined.begin(), *joined.begin());
    for (auto a = joined.begin(); a != joined.end(); ++a) {
      for (auto b = std::next(a); b != joined.end(); ++b) add(*a, *b);
    }
  }

  const TopoDS_Shape& shape_;
  TopTools_IndexedMapOfShape faces_;
  Graph graph_;
};

}  // namespace

Graph graphOf(const TopoDS_Shape& shape, const GridSizes& sizes) {
  solid::prepareKernel();
  if (shape.IsNull()) throw Error(ErrorCode::input, "ValueError", "a shape without faces has no graph");
  for (const std::size_t size : {sizes.face, sizes.edge}) {
    if (size < smallestGrid || size > largestGrid) throwValueError("grids have 2 to 64 points along a parameter");
  }
  return GraphMaker(shape, sizes).make();
}

}  // namespace cadrecode::brep
