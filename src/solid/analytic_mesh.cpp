#include "solid/analytic_mesh.hpp"

#include <BRep_TFace.hxx>
#include <BRep_Tool.hxx>
#include <ElSLib.hxx>
#include <Geom2d_Curve.hxx>
#include <Geom_CylindricalSurface.hxx>
#include <Geom_Plane.hxx>
#include <Geom_RectangularTrimmedSurface.hxx>
#include <Precision.hxx>
#include <TopExp.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Face.hxx>
#include <TopoDS_Iterator.hxx>
#include <algorithm>
#include <cmath>

#include "solid/edge_points.hpp"
#include "solid/polygon_triangulation.hpp"

namespace cadrecode::solid {
namespace {

// One edge of a wire in the wire's direction: points in space and in the face's parameters.
struct Path {
  std::vector<gp_Pnt> points;
  std::vector<Point2> parameters;
};

// A face's boundary as polygons, with the point in space of every corner.
struct Boundary {
  Polygon polygon;
  std::vector<gp_Pnt> points;
};

double squareDistance(const Point2& a, const Point2& b) {
  return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
}

// Chains the paths of one wire into closed loops. False where an end has no or no unique continuation.
bool chain(const std::vector<Path>& paths, double tolerance, Boundary& boundary) {
  std::vector<bool> used(paths.size(), false);
  const double limit = tolerance * tolerance;
  for (std::size_t begin = 0; begin < paths.size(); ++begin) {
    if (used[begin]) continue;
    boundary.polygon.loopStarts.push_back(static_cast<std::uint32_t>(boundary.points.size()));
    std::size_t current = begin;
    do {
      used[current] = true;
      const Path& path = paths[current];
      boundary.points.insert(boundary.points.end(), path.points.begin(), path.points.end() - 1);
      boundary.polygon.points.insert(boundary.polygon.points.end(), path.parameters.begin(), path.parameters.end() - 1);
      std::size_t next = paths.size();
      for (std::size_t i = 0; i < paths.size(); ++i) {
        if (squareDistance(paths[i].parameters.front(), path.parameters.back()) > limit) continue;
        if (next != paths.size()) return false;
        next = i;
      }
      if (next == paths.size() || (used[next] && next != begin)) return false;
      current = next;
    } while (current != begin);
  }
  return true;
}

class FaceMesher {
 public:
  FaceMesher(EdgeDiscretizer& edges, Mesh& mesh) : edges_(edges), mesh_(mesh) {}

  bool add(const TopoDS_Face& face) {
    TopLoc_Location location;
    Handle(Geom_Surface) surface = BRep_Tool::Surface(face, location);
    while (!surface.IsNull() && surface->IsInstance(STANDARD_TYPE(Geom_RectangularTrimmedSurface))) {
      surface = Handle(Geom_RectangularTrimmedSurface)::DownCast(surface)->BasisSurface();
    }
    const gp_Trsf trsf = location.Transformation();
    if (surface.IsNull() || trsf.IsNegative()) return false;
    if (const auto plane = Handle(Geom_Plane)::DownCast(surface); !plane.IsNull()) {
      return addPlane(face, plane->Position().Transformed(trsf));
    }
    if (const auto cylinder = Handle(Geom_CylindricalSurface)::DownCast(surface); !cylinder.IsNull()) {
      return addCylinder(face, cylinder->Position().Transformed(trsf), cylinder->Radius());
    }
    return false;
  }

 private:
  template <typename ParametersOf>
  bool collect(const TopoDS_Face& face, double tolerance, ParametersOf parametersOf, Boundary& boundary) {
    for (TopoDS_Iterator wire(face.Oriented(TopAbs_FORWARD)); wire.More(); wire.Next()) {
      if (wire.Value().ShapeType() != TopAbs_WIRE) return false;
      std::vector<Path> paths;
      for (TopoDS_Iterator part(wire.Value()); part.More(); part.Next()) {
        const TopoDS_Edge& edge = TopoDS::Edge(part.Value());
        const TopAbs_Orientation orientation = edge.Orientation();
        if (orientation != TopAbs_FORWARD && orientation != TopAbs_REVERSED) return false;
        const EdgePoints& discrete = edges_(edge);
        if (!discrete.usable) return false;
        Path path;
        path.points = discrete.points;
        if (!parametersOf(edge, discrete, path.parameters)) return false;
        if (orientation == TopAbs_REVERSED) {
          std::reverse(path.points.begin(), path.points.end());
          std::reverse(path.parameters.begin(), path.parameters.end());
        }
        paths.push_back(std::move(path));
      }
      if (!chain(paths, tolerance, boundary)) return false;
    }
    return !boundary.points.empty();
  }

  bool addPlane(const TopoDS_Face& face, const gp_Ax3& axes) {
    const gp_XYZ origin = axes.Location().XYZ(), x = axes.XDirection().XYZ(), y = axes.YDirection().XYZ();
    const auto project = [&](const TopoDS_Edge&, const EdgePoints& discrete, std::vector<Point2>& parameters) {
      for (const gp_Pnt& p : discrete.points) {
        const gp_XYZ d = p.XYZ() - origin;
        parameters.push_back({d.Dot(x), d.Dot(y)});
      }
      return true;
    };
    Boundary boundary;
    // BRepMesh refines a face of two straight edges, which can't be a plane's.
    return collect(face, 1e-6, project, boundary) && !sidesMeet(boundary.polygon) && commit(face, boundary);
  }

  bool addCylinder(const TopoDS_Face& face, const gp_Ax3& axes, double radius) {
    // The edges below are oriented as in the forward face, which decides between the two curves of a seam.
    const TopoDS_Face forward = TopoDS::Face(face.Oriented(TopAbs_FORWARD));
    // BRepMesh puts more points on edges that stray from the surface; then the neighbours change too.
    bool plain = true;
    const auto onSurface = [&](const TopoDS_Edge& edge, const EdgePoints& discrete, std::vector<Point2>& parameters) {
      double from = 0.0, to = 0.0;
      const Handle(Geom2d_Curve) curve = BRep_Tool::CurveOnSurface(edge, forward, from, to);
      if (curve.IsNull()) return false;
      for (const double u : discrete.parameters) {
        const gp_Pnt2d p = curve->Value(u);
        parameters.push_back({p.X(), p.Y()});
      }
      plain = plain && keepsDeflection(discrete, parameters, axes, radius);
      return plain;
    };
    Boundary boundary;
    if (!collect(face, 1e-6, onSurface, boundary) || !plain) return false;
    if (addStrip(face, boundary)) return true;
    if (sidesMeet(boundary.polygon)) return false;
    scaleAsBRepMesh(face, radius, boundary.polygon);
    return commit(face, boundary);
  }

  // BRepMesh splits a piece of an edge where the surface's point halfway between its ends, in parameters, is off the
  // chord by the deflection. A ruling is never off; a circle's pieces are alike.
  bool keepsDeflection(const EdgePoints& edge, const std::vector<Point2>& uv, const gp_Ax3& axes, double radius) const {
    const double deflection = edge.precision > 0.0 ? edge.precision : Precision::Confusion();
    const double shortest = std::max(deflection, edges_.minSize());
    const auto at = [&](double u, double v) { return ElSLib::CylinderValue(u, v, axes, radius).XYZ(); };
    const bool alike = edge.radius > 0.0 && std::abs(uv.front()[1] - uv.back()[1]) < 1e-9;
    const bool ruling = edge.precision == 0.0 && std::abs(uv.front()[0] - uv.back()[0]) < 1e-9;
    if (ruling) return true;
    for (std::size_t i = 0; i + 1 < (alike ? 2 : uv.size()); ++i) {
      const gp_XYZ first = at(uv[i][0], uv[i][1]);
      const gp_XYZ chord = at(uv[i + 1][0], uv[i + 1][1]) - first;
      const gp_XYZ middle = at((uv[i][0] + uv[i + 1][0]) / 2.0, (uv[i][1] + uv[i + 1][1]) / 2.0) - first;
      if (chord.Modulus() < shortest * (1.0 - 1e-9) || middle.Modulus() < shortest * (1.0 - 1e-9)) continue;
      const double off = chord.Crossed(middle).Modulus() / chord.Modulus();
      if (off >= deflection * (1.0 - 1e-9)) return false;
    }
    return true;
  }

  // Two arcs facing each other with the same points: a row of rectangles, as BRepMesh makes it.
  bool addStrip(const TopoDS_Face& face, const Boundary& boundary) {
    const std::vector<Point2>& uv = boundary.polygon.points;
    if (boundary.polygon.loopStarts.size() != 1 || uv.size() % 2 != 0) return false;
    const auto [low, high] =
        std::minmax_element(uv.begin(), uv.end(), [](const Point2& a, const Point2& b) { return a[1] < b[1]; });
    const double near = 1e-9 * ((*high)[1] - (*low)[1]), bottom = (*low)[1], top = (*high)[1];
    std::vector<std::uint32_t> lower, upper;
    for (std::uint32_t i = 0; i < uv.size(); ++i) {
      if (uv[i][1] - bottom <= near) {
        lower.push_back(i);
      } else if (top - uv[i][1] <= near) {
        upper.push_back(i);
      } else {
        return false;
      }
    }
    if (lower.size() != upper.size() || signedArea(boundary.polygon, 0) <= 0.0) return false;
    const auto byU = [&uv](std::uint32_t a, std::uint32_t b) { return uv[a][0] < uv[b][0]; };
    std::sort(lower.begin(), lower.end(), byU);
    std::sort(upper.begin(), upper.end(), byU);
    std::vector<Triangle> triangles;
    for (std::size_t i = 0; i < lower.size(); ++i) {
      if (std::abs(uv[lower[i]][0] - uv[upper[i]][0]) > 1e-9) return false;
      if (i == 0) continue;
      if (uv[lower[i]][0] - uv[lower[i - 1]][0] < 1e-9) return false;
      triangles.push_back({lower[i - 1], lower[i], upper[i]});
      triangles.push_back({lower[i - 1], upper[i], upper[i - 1]});
    }
    append(face, boundary, triangles);
    return true;
  }

  // The stretching of the parameters in which BRepMesh's triangles are Delaunay.
  void scaleAsBRepMesh(const TopoDS_Face& face, double radius, Polygon& polygon) const {
    double sum = 0.0, largest = BRep_Tool::Tolerance(face);
    int wires = 0;
    for (TopoDS_Iterator wire(face); wire.More(); wire.Next(), ++wires) {
      double deflection = 0.0;
      int parts = 0;
      for (TopoDS_Iterator part(wire.Value()); part.More(); part.Next(), ++parts) {
        const TopoDS_Edge& edge = TopoDS::Edge(part.Value());
        deflection += edges_.deflectionOf(edge);
        largest = std::max(largest, BRep_Tool::Tolerance(edge));
        for (TopoDS_Iterator end(edge); end.More(); end.Next()) {
          largest = std::max(largest, BRep_Tool::Tolerance(TopoDS::Vertex(end.Value())));
        }
      }
      sum += deflection / parts;
    }
    const double deflection = std::max({edges_.faceSizeDeflection(face), 2.0 * largest, sum / wires});
    const auto [low, high] = std::minmax_element(polygon.points.begin(), polygon.points.end(),
                                                 [](const Point2& a, const Point2& b) { return a[1] < b[1]; });
    const double scale = ((*high)[1] - (*low)[1]) / edges_.faceAngularStep(radius, deflection);
    for (Point2& p : polygon.points) p[0] *= scale;
  }

  bool commit(const TopoDS_Face& face, const Boundary& boundary) {
    const auto triangles = triangulate(boundary.polygon, true);
    if (!triangles) return false;
    append(face, boundary, *triangles);
    return true;
  }

  void append(const TopoDS_Face& face, const Boundary& boundary, const std::vector<Triangle>& triangles) {
    const auto offset = static_cast<std::uint32_t>(mesh_.vertices.size());
    for (const gp_Pnt& p : boundary.points) mesh_.vertices.push_back({p.X(), p.Y(), p.Z()});
    const bool reversed = face.Orientation() == TopAbs_REVERSED;
    for (const Triangle& t : triangles) {
      mesh_.triangles.push_back({offset + t[0], offset + t[reversed ? 2 : 1], offset + t[reversed ? 1 : 2]});
    }
  }

  EdgeDiscretizer& edges_;
  Mesh& mesh_;
};

}  // namespace

std::optional<Mesh> meshAnalytically(const TopoDS_Shape& shape, double tolerance, double angular) {
  TopTools_IndexedMapOfShape faces;
  TopExp::MapShapes(shape, TopAbs_FACE, faces);
  Mesh mesh;
  if (faces.IsEmpty()) return mesh;
  EdgeDiscretizer edges(shape, tolerance, angular);
  FaceMesher mesher(edges, mesh);
  for (int i = 1; i <= faces.Extent(); ++i) {
    const TopoDS_Face& face = TopoDS::Face(faces(i));
    TopLoc_Location location;
    if (!BRep_Tool::Triangulation(face, location).IsNull() || !mesher.add(face)) return std::nullopt;
  }
  return mesh;
}

}  // namespace cadrecode::solid
