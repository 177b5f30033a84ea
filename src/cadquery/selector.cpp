#include "cadquery/selector.hpp"

#include <Standard_Failure.hxx>
#include <TopTools_MapOfShape.hxx>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

bool isCurve(const Shape& shape) { return shape.is(TopAbs_EDGE) || shape.is(TopAbs_WIRE); }

// A total order even with NaN in it, which sorts last.
bool keyLess(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

}  // namespace

std::vector<Shape> NearestToPointSelector::filter(const std::vector<Shape>& objects) const {
  if (objects.empty()) throwValueError("min() arg is an empty sequence");
  const Shape* nearest = nullptr;
  double least = 0;
  for (const Shape& shape : objects) {
    const double distance = (shape.center() - point_).length();
    if (nearest && !(distance < least)) continue;
    nearest = &shape;
    least = distance;
  }
  return {*nearest};
}

bool BoxSelector::inside(const Vector& p) const {
  const auto between = [](double v, double a, double b) { return (v < a) != (v < b); };
  return between(p.x(), p0_.x(), p1_.x()) && between(p.y(), p0_.y(), p1_.y()) && between(p.z(), p0_.z(), p1_.z());
}

std::vector<Shape> BoxSelector::filter(const std::vector<Shape>& objects) const {
  std::vector<Shape> result;
  for (const Shape& shape : objects) {
    bool chosen;
    if (boundingBox_) {
      const BoundBox box = shape.boundingBox();
      chosen = inside(Vector(box.xmin, box.ymin, box.zmin)) && inside(Vector(box.xmax, box.ymax, box.zmax));
    } else {
      chosen = inside(shape.center());
    }
    if (chosen) result.push_back(shape);
  }
  return result;
}

std::vector<Shape> BaseDirSelector::filter(const std::vector<Shape>& objects) const {
  std::vector<Shape> result;
  for (const Shape& shape : objects) {
    if (shape.is(TopAbs_FACE)) {
      if (shape.geomType() == "PLANE" && test(shape.asFace().normalAt())) result.push_back(shape);
    } else if (shape.is(TopAbs_EDGE)) {
      if (shape.geomType() == "LINE" && test(shape.tangentAt())) result.push_back(shape);
    }
  }
  return result;
}

bool PerpendicularDirSelector::test(const Vector& v) const {
  return std::abs(direction_.getAngle(v) - std::numbers::pi / 2) < tolerance_;
}

TypeSelector::TypeSelector(const std::string& type) : type_(type) {
  for (char& c : type_) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

std::vector<Shape> TypeSelector::filter(const std::vector<Shape>& objects) const {
  std::vector<Shape> result;
  for (const Shape& shape : objects) {
    if (shape.geomType() == type_) result.push_back(shape);
  }
  return result;
}

std::vector<Shape> NthSelector::filter(const std::vector<Shape>& objects) const {
  if (objects.empty()) throwValueError("Can not return the Nth element of an empty list");
  std::vector<std::vector<Shape>> clusters = cluster(objects);
  if (!directionMax_) std::reverse(clusters.begin(), clusters.end());
  const std::int64_t count = static_cast<std::int64_t>(clusters.size());
  const std::int64_t index = n_ < 0 ? n_ + count : n_;
  if (index < 0 || index >= count) {
    throw Error("IndexError",
                "Attempted to access index " + std::to_string(n_) + " of a list with length " + std::to_string(count));
  }
  return std::move(clusters[static_cast<std::size_t>(index)]);
}

std::vector<std::vector<Shape>> NthSelector::cluster(const std::vector<Shape>& objects) const {
  std::vector<std::pair<double, const Shape*>> keyed;
  keyed.reserve(objects.size());
  for (const Shape& shape : objects) {
    try {
      keyed.emplace_back(key(shape), &shape);
    } catch (const Error& error) {
      if (error.type() != "ValueError") throw;
    }
  }
  // CadQuery looks at the first of the keyed shapes without asking whether there is one.
  if (keyed.empty()) throw Error("IndexError", "list index out of range");
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return keyLess(a.first, b.first); });
  std::vector<std::vector<Shape>> clusters(1);
  double start = keyed.front().first;
  for (const auto& [value, shape] : keyed) {
    if (!(std::abs(value - start) <= tolerance_)) {
      clusters.emplace_back();
      start = value;
    }
    clusters.back().push_back(*shape);
  }
  return clusters;
}

double RadiusNthSelector::key(const Shape& shape) const {
  if (!isCurve(shape)) throwValueError("Can not get a radius from this object");
  return shape.radius();
}

double LengthNthSelector::key(const Shape& shape) const {
  if (!isCurve(shape)) throwValueError("LengthNthSelector supports only Edges and Wires, not " + shape.shapeType());
  return shape.curveLength();
}

double AreaNthSelector::key(const Shape& shape) const {
  if (shape.is(TopAbs_FACE) || shape.is(TopAbs_SHELL) || shape.is(TopAbs_SOLID)) return shape.area();
  if (!shape.is(TopAbs_WIRE)) {
    throwValueError("AreaNthSelector supports only Wires, Faces, Shells and Solids, not " + shape.shapeType());
  }
  std::string reason;
  try {
    return std::abs(Face::makeFromWires(shape.asWire()).area());
  } catch (const Error& error) {
    reason = error.what();
  } catch (const Standard_Failure& failure) {
    reason = failure.GetMessageString();
  }
  throwValueError("Can not compute area of the Wire: " + reason +
                  ". AreaNthSelector supports only closed planar Wires.");
}

std::vector<Shape> AndSelector::filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const {
  TopTools_MapOfShape wanted;
  for (const Shape& shape : right) wanted.Add(shape.wrapped());
  std::vector<Shape> result;
  for (const Shape& shape : left) {
    if (wanted.Remove(shape.wrapped())) result.push_back(shape);
  }
  return result;
}

std::vector<Shape> SumSelector::filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const {
  TopTools_MapOfShape seen;
  std::vector<Shape> result;
  for (const std::vector<Shape>* part : {&left, &right}) {
    for (const Shape& shape : *part) {
      if (seen.Add(shape.wrapped())) result.push_back(shape);
    }
  }
  return result;
}

std::vector<Shape> SubtractSelector::filterResults(const std::vector<Shape>& left,
                                                   const std::vector<Shape>& right) const {
  TopTools_MapOfShape seen;
  for (const Shape& shape : right) seen.Add(shape.wrapped());
  std::vector<Shape> result;
  for (const Shape& shape : left) {
    if (seen.Add(shape.wrapped())) result.push_back(shape);
  }
  return result;
}

}  // namespace cadrecode::cadquery
