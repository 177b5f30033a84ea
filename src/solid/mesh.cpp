#include "solid/mesh.hpp"

#include <BRepMesh_IncrementalMesh.hxx>
#include <BRepTools.hxx>
#include <BRep_Tool.hxx>
#include <Poly_Triangulation.hxx>
#include <Precision.hxx>
#include <TopExp.hxx>
#include <TopLoc_Location.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Face.hxx>
#include <cmath>
#include <optional>
#include <utility>

#include "solid/analytic_mesh.hpp"
#include "solid/fast_paths.hpp"

namespace cadrecode::solid {
namespace {

void appendFace(const TopoDS_Face& face, Mesh& mesh) {
  TopLoc_Location location;
  const Handle(Poly_Triangulation)& triangulation = BRep_Tool::Triangulation(face, location);
  if (triangulation.IsNull()) return;
  const gp_Trsf trsf = location.Transformation();
  const auto offset = static_cast<std::uint32_t>(mesh.vertices.size());
  for (int i = 1; i <= triangulation->NbNodes(); ++i) {
    const gp_Pnt p = triangulation->Node(i).Transformed(trsf);
    mesh.vertices.push_back({p.X(), p.Y(), p.Z()});
  }
  const bool reversed = face.Orientation() == TopAbs_REVERSED;
  for (int i = 1; i <= triangulation->NbTriangles(); ++i) {
    int a = 0, b = 0, c = 0;
    triangulation->Triangle(i).Get(a, b, c);
    if (reversed) std::swap(b, c);
    mesh.triangles.push_back({offset + static_cast<std::uint32_t>(a - 1), offset + static_cast<std::uint32_t>(b - 1),
                              offset + static_cast<std::uint32_t>(c - 1)});
  }
}

using Point = std::array<double, 3>;
Point cross(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Point minus(const Point& a, const Point& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
double dot(const Point& a, const Point& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

}  // namespace

double Mesh::volume() const {
  double sum = 0.0;
  for (const auto& t : triangles) sum += dot(vertices[t[0]], cross(vertices[t[1]], vertices[t[2]]));
  return sum / 6.0;
}

double Mesh::area() const {
  double sum = 0.0;
  for (const auto& t : triangles) {
    const Point n = cross(minus(vertices[t[1]], vertices[t[0]]), minus(vertices[t[2]], vertices[t[0]]));
    sum += std::sqrt(dot(n, n));
  }
  return sum / 2.0;
}

Mesh tessellate(const TopoDS_Shape& shape, double tolerance, double angular) {
  Mesh mesh;
  if (shape.IsNull()) return mesh;
  const bool sensible = tolerance >= Precision::Confusion() && angular >= Precision::Angular();
  if (fastPaths() && sensible) {
    if (std::optional<Mesh> fast = meshAnalytically(shape, tolerance, angular)) return *std::move(fast);
  }
  if (!BRepTools::Triangulation(shape, tolerance)) {
    BRepMesh_IncrementalMesh(shape, tolerance, Standard_True, angular, Standard_False);
  }
  TopTools_IndexedMapOfShape faces;
  TopExp::MapShapes(shape, TopAbs_FACE, faces);
  for (int i = 1; i <= faces.Extent(); ++i) appendFace(TopoDS::Face(faces(i)), mesh);
  return mesh;
}

}  // namespace cadrecode::solid
