// CadQuery's free functions (cadquery.func): every one makes a new shape and hands it back without needless wrapping
// (normalized_shape.hpp). Stateless. Lengths in script units, angles in degrees. ValueError for a shape of another kind
// than the function takes.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cadquery/shape.hpp"

namespace cadrecode::cadquery::func {

using Constraint = std::variant<Shape, Vector>;

// From parts (compounds are unpacked).
Shape wire(const std::vector<Shape>& parts);
Shape face(const std::vector<Shape>& parts);
Shape shell(const std::vector<Shape>& parts, double tol = 1e-6);
Shape solid(const std::vector<Shape>& parts, double tol = 1e-6);
Shape solidWithVoids(const std::vector<Shape>& parts, const std::vector<Shape>& inner, double tol = 1e-6);

// Primitives, centred on the z axis.
Shape polyline(const std::vector<Vector>& points, bool close = false);
Shape spline(const std::vector<Vector>& points, const std::vector<Vector>& tangents,
             const std::vector<double>& parameters, double tol, bool periodic, bool scale);
Shape plane(double width, double length);
Shape sphere(double d);
Shape text(const std::string& text, double size, const Compound::TextOptions& options);
Shape textOnSpine(const std::string& text, double size, const Shape& spine, bool planar,
                  const Compound::TextOptions& options);
Shape textOnFace(const std::string& text, double size, const Shape& spine, const Shape& base,
                 const Compound::TextOptions& options);

// Booleans of two shapes as they are: compounds are not unpacked.
Shape fuse(const Shape& a, const Shape& b, double tol = 0);
Shape cut(const Shape& a, const Shape& b, double tol = 0);
Shape intersect(const Shape& a, const Shape& b, double tol = 0);
Shape split(const Shape& a, const Shape& b);

Shape clean(const Shape& shape);
Shape fill(const Shape& boundary, const std::vector<Constraint>& constraints);
Shape cap(const Shape& boundary, const Shape& context, const std::vector<Constraint>& constraints);
Shape fillet(const Shape& shape, const Shape& edges, double radius);
Shape chamfer(const Shape& shape, const Shape& edges, double d);
Shape extrude(const Shape& shape, const Vector& d);
Shape revolve(const Shape& shape, const Vector& p, const Vector& d, double angle = 360);
Shape offset(const Shape& shape, double t, bool cap = true, bool both = false, double tol = 1e-6);
Shape sweep(const Shape& shape, const Shape& path, const std::optional<Shape>& aux, bool cap);
Shape sweep(const std::vector<Shape>& sections, const Shape& path, const std::optional<Shape>& aux, bool cap);
struct LoftOptions {
  bool cap = false, ruled = false;
  std::string continuity = "C2";
  std::string parametrization = "uniform";
  int degree = 3;
  bool compat = true, smoothing = false;
  std::array<double, 3> weights{1, 1, 1};
};
Shape loft(const std::vector<Shape>& sections, const LoftOptions& options);
bool check(const Shape& shape);

}  // namespace cadrecode::cadquery::func
