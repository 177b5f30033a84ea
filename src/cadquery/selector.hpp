// CadQuery's selectors (cadquery.selectors): each filters a list of shapes. Immutable once made, so shared freely by
// pointer within one thread. Distances in script units, angles in radians.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cadquery/geometry.hpp"
#include "cadquery/shape.hpp"

namespace cadrecode::cadquery {

// The base class selects everything.
class Selector {
 public:
  virtual ~Selector() = default;
  virtual std::vector<Shape> filter(const std::vector<Shape>& objects) const { return objects; }
};
using SelectorPtr = std::shared_ptr<const Selector>;

// The selector a string means: `>Z`, `|X and (not #Y)`, `>>(0,1,1)[-2]`, `%CIRCLE`, `front`. Throws an Error of type
// "ParseException" with pyparsing's text ("Expected ...  (at char 3), (line:1, col:4)").
SelectorPtr parseSelector(const std::string& text);

// Filters by any function: selectors that a script defines.
class CallbackSelector : public Selector {
 public:
  using Callback = std::function<std::vector<Shape>(const std::vector<Shape>&)>;
  explicit CallbackSelector(Callback callback) : callback_(std::move(callback)) {}
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override { return callback_(objects); }

 private:
  Callback callback_;
};

class NearestToPointSelector : public Selector {
 public:
  explicit NearestToPointSelector(const Vector& point) : point_(point) {}
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override;  // ValueError for an empty list

 private:
  Vector point_;
};

// Shapes whose centre (or whole bounding box) lies between two corners, given in any order; half open at the high side.
class BoxSelector : public Selector {
 public:
  BoxSelector(const Vector& point0, const Vector& point1, bool boundingBox = false)
      : p0_(point0), p1_(point1), boundingBox_(boundingBox) {}
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override;

 private:
  bool inside(const Vector& p) const;
  Vector p0_, p1_;
  bool boundingBox_;
};

// Planar faces by their normal, straight edges by their tangent; other shapes are never selected.
class BaseDirSelector : public Selector {
 public:
  explicit BaseDirSelector(const Vector& direction, double tolerance = 0.0001)
      : direction_(direction), tolerance_(tolerance) {}
  virtual bool test(const Vector&) const { return true; }
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override;

 protected:
  Vector direction_;
  double tolerance_;
};

class ParallelDirSelector : public BaseDirSelector {
 public:
  using BaseDirSelector::BaseDirSelector;
  bool test(const Vector& v) const override { return direction_.cross(v).length() < tolerance_; }
};

class DirectionSelector : public BaseDirSelector {
 public:
  using BaseDirSelector::BaseDirSelector;
  bool test(const Vector& v) const override { return direction_.getAngle(v) < tolerance_; }
};

class PerpendicularDirSelector : public BaseDirSelector {
 public:
  using BaseDirSelector::BaseDirSelector;
  bool test(const Vector& v) const override;
};

class TypeSelector : public Selector {
 public:
  explicit TypeSelector(const std::string& type);  // in any case
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override;

 private:
  std::string type_;
};

// Sorts the shapes by key(), gathers those within the tolerance into clusters, and selects the n-th cluster (negative:
// from the end). Shapes whose key throws a ValueError are left out. IndexError when there is no such cluster.
class NthSelector : public Selector {
 public:
  explicit NthSelector(std::int64_t n, bool directionMax = true, double tolerance = 0.0001)
      : n_(n), directionMax_(directionMax), tolerance_(tolerance) {}
  virtual double key(const Shape& shape) const = 0;
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override;
  std::vector<std::vector<Shape>> cluster(const std::vector<Shape>& objects) const;

 private:
  std::int64_t n_;
  bool directionMax_;
  double tolerance_;
};

class RadiusNthSelector : public NthSelector {
 public:
  using NthSelector::NthSelector;
  double key(const Shape& shape) const override;
};

class CenterNthSelector : public NthSelector {
 public:
  CenterNthSelector(const Vector& direction, std::int64_t n, bool directionMax = true, double tolerance = 0.0001)
      : NthSelector(n, directionMax, tolerance), direction_(direction) {}
  double key(const Shape& shape) const override { return shape.center().dot(direction_); }

 private:
  Vector direction_;
};

class DirectionMinMaxSelector : public CenterNthSelector {
 public:
  explicit DirectionMinMaxSelector(const Vector& direction, bool directionMax = true, double tolerance = 0.0001)
      : CenterNthSelector(direction, -1, directionMax, tolerance) {}
};

// The n-th by centre among those parallel to the direction only.
class DirectionNthSelector : public CenterNthSelector {
 public:
  DirectionNthSelector(const Vector& direction, std::int64_t n, bool directionMax = true, double tolerance = 0.0001)
      : CenterNthSelector(direction, n, directionMax, tolerance), parallel_(direction, tolerance) {}
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override {
    return NthSelector::filter(parallel_.filter(objects));
  }

 private:
  ParallelDirSelector parallel_;
};

class LengthNthSelector : public NthSelector {
 public:
  using NthSelector::NthSelector;
  double key(const Shape& shape) const override;
};

class AreaNthSelector : public NthSelector {
 public:
  using NthSelector::NthSelector;
  double key(const Shape& shape) const override;
};

// Selectors made of two others. CadQuery goes through Python sets, whose order is arbitrary; here the results keep the
// order of their first occurrence, each shape once.
class BinarySelector : public Selector {
 public:
  BinarySelector(SelectorPtr left, SelectorPtr right) : left_(std::move(left)), right_(std::move(right)) {}
  std::vector<Shape> filter(const std::vector<Shape>& objects) const override {
    return filterResults(left_->filter(objects), right_->filter(objects));
  }
  virtual std::vector<Shape> filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const = 0;

 private:
  SelectorPtr left_, right_;
};

class AndSelector : public BinarySelector {
 public:
  using BinarySelector::BinarySelector;
  std::vector<Shape> filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const override;
};

class SumSelector : public BinarySelector {
 public:
  using BinarySelector::BinarySelector;
  std::vector<Shape> filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const override;
};

class SubtractSelector : public BinarySelector {
 public:
  using BinarySelector::BinarySelector;
  std::vector<Shape> filterResults(const std::vector<Shape>& left, const std::vector<Shape>& right) const override;
};

class InverseSelector : public SubtractSelector {
 public:
  explicit InverseSelector(SelectorPtr selector)
      : SubtractSelector(std::make_shared<const Selector>(), std::move(selector)) {}
};

}  // namespace cadrecode::cadquery
