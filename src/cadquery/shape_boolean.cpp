// Booleans, splitting, and the faces a line hits.
#include <BRepIntCurveSurface_Inter.hxx>
#include <TopoDS_Face.hxx>
#include <algorithm>
#include <gce_MakeDir.hxx>
#include <gp_Lin.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"
#include "solid/boolean.hpp"

namespace cadrecode::cadquery {

namespace {

std::vector<TopoDS_Shape> wrappedOf(const std::vector<Shape>& shapes) {
  std::vector<TopoDS_Shape> list;
  list.reserve(shapes.size());
  for (const Shape& shape : shapes) list.push_back(shape.wrapped());
  return list;
}

// A Compound gives its members as arguments, any other shape itself.
std::vector<TopoDS_Shape> argumentsOf(const Shape& shape) {
  if (shape.isClass(TopAbs_COMPOUND)) return wrappedOf(shape.children());
  return {shape.wrapped()};
}

}  // namespace

Shape Shape::cut(const std::vector<Shape>& tools, double tol) const {
  return Shape(solid::cut(argumentsOf(*this), wrappedOf(tools), {.glue = false, .tol = tol}));
}

Shape Shape::fuse(const std::vector<Shape>& others, bool glue, double tol) const {
  const solid::BooleanOptions options{.glue = glue, .tol = tol};
  if (class_ != TopAbs_COMPOUND) return Shape(solid::fuse({shape_}, wrappedOf(others), options));
  std::vector<Shape> arguments = children();
  arguments.insert(arguments.end(), others.begin(), others.end());
  if (arguments.empty()) throw Error("IndexError", "tuple index out of range");
  if (arguments.size() == 1) return arguments.front();
  const std::vector<Shape> tools(arguments.begin() + 1, arguments.end());
  return Shape(solid::fuse({arguments.front().wrapped()}, wrappedOf(tools), options));
}

Shape Shape::intersect(const std::vector<Shape>& others, double tol) const {
  return Shape(solid::common(argumentsOf(*this), wrappedOf(others), {.glue = false, .tol = tol}));
}

Shape Shape::split(const std::vector<Shape>& splitters) const {
  return Shape(solid::split({shape_}, wrappedOf(splitters)));
}

std::vector<Face> Shape::facesIntersectedByLine(const Vector& point, const Vector& axis, double tol,
                                                const std::optional<std::string>& direction) const {
  const gp_Pnt origin = point.toPnt();
  const gp_Dir along = axis.toDir();
  struct Hit {
    TopoDS_Face face;
    double squareDistance;
  };
  std::vector<Hit> hits;
  BRepIntCurveSurface_Inter inter;
  for (inter.Init(shape_, gp_Lin(origin, along), tol); inter.More(); inter.Next()) {
    const double distance = origin.SquareDistance(inter.Pnt());
    if (direction) {
      const bool opposite = *direction == "Opposite";
      if (!opposite && *direction != "AlongAxis")
        throwValueError("Invalid direction specification.\nValid specification are 'AlongAxis' and 'Opposite'.");
      const gce_MakeDir toHit(origin, inter.Pnt());  // not done when the hit is the point itself
      if (!toHit.IsDone() || toHit.Value().IsOpposite(along, tol) != opposite || distance <= tol) continue;
    }
    hits.push_back({inter.Face(), distance});
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.squareDistance < b.squareDistance; });
  std::vector<Face> faces;
  for (const Hit& hit : hits) faces.emplace_back(hit.face);
  return faces;
}

}  // namespace cadrecode::cadquery
