// What a Sketch puts down as faces: ready-made outlines and assembled edges, and the places they go to.
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "cadquery/sketch.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

constexpr double kTolerance = 1e-6;
const Vector kNormal(0, 0, 1);

double overTangent(double length, double angle) {
  const double tangent = std::tan(radians(angle));
  if (tangent == 0) throw Error("ZeroDivisionError", "float division by zero");
  return length / tangent;
}

Location turned(double angle) { return Location(Vector(), kNormal, angle); }

}  // namespace

Sketch& Sketch::eachMoved(const Shape& shape, double angle, const std::string& mode, const std::string& tag,
                          bool ignoreSelection) {
  const Shape base = angle == 0 ? shape : shape.moved(turned(angle));
  return each([&base](const Location& location) { return base.moved(location); }, mode, tag, ignoreSelection);
}

Sketch& Sketch::eachLocated(const Shape& shape, const std::string& mode, const std::string& tag) {
  return each([&shape](const Location& location) { return shape.located(location); }, mode, tag);
}

Sketch& Sketch::face(const Wire& wire, double angle, const std::string& mode, const std::string& tag,
                     bool ignoreSelection) {
  return eachMoved(Face::makeFromWires(wire), angle, mode, tag, ignoreSelection);
}

Sketch& Sketch::face(const std::vector<Shape>& edges, double angle, const std::string& mode, const std::string& tag,
                     bool ignoreSelection) {
  const std::vector<Wire> wires = edgesToWires(edges);
  if (wires.empty()) throw Error("IndexError", "list index out of range");
  const std::vector<Wire> inner(wires.begin() + 1, wires.end());
  return eachMoved(Face::makeFromWires(wires.front(), inner), angle, mode, tag, ignoreSelection);
}

Sketch& Sketch::face(const Shape& shape, double angle, const std::string& mode, const std::string& tag,
                     bool ignoreSelection) {
  if (shape.isClass(TopAbs_WIRE)) return face(shape.asWire(), angle, mode, tag, ignoreSelection);
  return eachMoved(Compound::make(shape.faces()), angle, mode, tag, ignoreSelection);
}

Sketch& Sketch::face(const Sketch& sketch, double angle, const std::string& mode, const std::string& tag,
                     bool ignoreSelection) {
  // A sketch counts as its faces, also where it holds a single face.
  const Shape faces = sketch.faces_.isClass(TopAbs_COMPOUND) ? sketch.faces_ : Compound::make({sketch.faces_});
  return eachMoved(faces, angle, mode, tag, ignoreSelection);
}

Sketch& Sketch::rect(double w, double h, double angle, const std::string& mode, const std::string& tag) {
  return eachLocated(Face::makePlane(h, w).rotate(Vector(), kNormal, angle), mode, tag);
}

Sketch& Sketch::circle(double r, const std::string& mode, const std::string& tag) {
  return eachLocated(Face::makeFromWires(Wire::makeCircle(r, Vector(), kNormal)), mode, tag);
}

Sketch& Sketch::ellipse(double a1, double a2, double angle, const std::string& mode, const std::string& tag) {
  const Wire wire = Wire::makeEllipse(a1, a2, Vector(), kNormal, Vector(1, 0, 0), 360.0, 360.0, angle);
  return eachLocated(Face::makeFromWires(wire), mode, tag);
}

Sketch& Sketch::trapezoid(double w, double h, double a1, std::optional<double> a2, double angle,
                          const std::string& mode, const std::string& tag) {
  const double right = a2 && *a2 != 0 ? *a2 : a1;
  const Vector v1(-w / 2, -h / 2);
  const Vector v2(w / 2, -h / 2);
  const Vector v3(-w / 2 + overTangent(h, a1), h / 2);
  const Vector v4(w / 2 - overTangent(h, right), h / 2);
  return polygon({v1, v2, v4, v3, v1}, angle, mode, tag);
}

Sketch& Sketch::slot(double w, double h, double angle, const std::string& mode, const std::string& tag) {
  const Vector p1(-w / 2, h / 2);
  const Vector p2(w / 2, h / 2);
  const Vector p3(-w / 2, -h / 2);
  const Vector p4(w / 2, -h / 2);
  const Vector p5(-w / 2 - h / 2, 0);
  const Vector p6(w / 2 + h / 2, 0);
  const std::vector<Shape> edges = {Edge::makeLine(p1, p2), Edge::makeThreePointArc(p2, p6, p4), Edge::makeLine(p4, p3),
                                    Edge::makeThreePointArc(p3, p5, p1)};
  return face(Wire::assembleEdges(edges), angle, mode, tag);
}

Sketch& Sketch::regularPolygon(double r, int n, double angle, const std::string& mode, const std::string& tag) {
  if (n == 0) throw Error("ZeroDivisionError", "float division by zero");
  std::vector<Vector> points;
  for (int i = 0; i <= n; ++i) {
    const double turn = i * 2 * std::numbers::pi / n;
    points.emplace_back(r * std::sin(turn), r * std::cos(turn));
  }
  return polygon(points, angle, mode, tag);
}

Sketch& Sketch::polygon(const std::vector<Vector>& points, double angle, const std::string& mode,
                        const std::string& tag) {
  return face(Wire::makePolygon(points, false, true), angle, mode, tag);
}

Sketch& Sketch::rarray(double xs, double ys, int nx, int ny) {
  if (nx < 1 || ny < 1) {
    throwValueError("At least 1 elements required, requested " + std::to_string(nx) + ", " + std::to_string(ny));
  }
  const Vector offset = Vector((nx - 1) * xs, (ny - 1) * ys) * 0.5;
  const std::vector<Location> selected = selectedOrOrigin();
  SketchItems places;
  for (int i = 0; i < nx; ++i) {
    for (int j = 0; j < ny; ++j) {
      const Location location(Vector(i * xs, j * ys) - offset);
      for (const Location& place : selected) places.emplace_back(location * place);
    }
  }
  return push(std::move(places));
}

Sketch& Sketch::parray(double r, double a1, double da, int n, bool rotate) {
  if (n < 1) throwValueError("At least 1 element required, requested " + std::to_string(n));
  double step = a1;
  if (std::abs(std::remainder(da, 360)) < kTolerance) {
    step = da / n;
  } else if (n > 1) {
    step = da / (n - 1);
  }
  const std::vector<Location> selected = selectedOrOrigin();
  SketchItems places;
  for (int i = 0; i < n; ++i) {
    const double phi = a1 + step * i;
    const Location location(Vector(r * std::cos(radians(phi)), r * std::sin(radians(phi))));
    for (const Location& place : selected) places.emplace_back(location * place * turned(rotate ? phi : 0));
  }
  return push(std::move(places));
}

Sketch& Sketch::distribute(int n, double start, double stop, bool rotate) {
  if (n < 1) throwValueError("At least 1 element required, requested " + std::to_string(n));
  if (!anySelected()) throwValueError("Nothing selected to distribute over");
  const bool trimmed = !(1 - std::abs(stop - start) < kTolerance);
  SketchItems places;
  for (const SketchItem& item : *selection_) {
    const Shape* shape = std::get_if<Shape>(&item);
    if (!shape || !(shape->is(TopAbs_EDGE) || shape->is(TopAbs_WIRE))) {
      throwValueError("Unsupported selection: " + (shape ? shape->shapeType() : std::string("not a shape")));
    }
    // On a closed curve the last place would fall on the first.
    const int intervals = shape->isClosedCurve() && !trimmed ? n : n - 1;
    for (int i = 0; i < n; ++i) {
      const double d = intervals > 0 ? start + i * (stop - start) / intervals : start;
      places.emplace_back(rotate ? shape->locationAt(d, "length", "frenet", true) : Location(shape->positionAt(d)));
    }
  }
  return push(std::move(places));
}

Sketch& Sketch::push(SketchItems places, const std::string& tag) {
  for (SketchItem& place : places) {
    if (const Vector* point = std::get_if<Vector>(&place)) place = Location(*point);
  }
  selection_ = std::move(places);
  if (!tag.empty()) tags_[tag] = *selection_;
  return *this;
}

}  // namespace cadrecode::cadquery
