// CadQuery's geometry values: Vector, Matrix, Plane, Location, BoundBox (cadquery.occ_impl.geom). Plain values, lengths
// in the script's units (millimetres by convention), angles in degrees unless a name says radians. Not thread-shared.
#pragma once

#include <Bnd_Box.hxx>
#include <TopLoc_Location.hxx>
#include <TopoDS_Shape.hxx>
#include <array>
#include <gp_Dir.hxx>
#include <gp_GTrsf.hxx>
#include <gp_Pln.hxx>
#include <gp_Pnt.hxx>
#include <gp_Trsf.hxx>
#include <gp_Vec.hxx>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cadrecode::cadquery {

class Matrix;
class Plane;

// Python's math.radians and math.degrees, to the last bit.
inline double radians(double degrees) { return degrees * (std::numbers::pi / 180.0); }
inline double degrees(double radians) { return radians * (180.0 / std::numbers::pi); }

class Vector {
 public:
  Vector() = default;
  Vector(double x, double y, double z = 0.0) : v_(x, y, z) {}
  Vector(const gp_Vec& v) : v_(v) {}                    // NOLINT: a Vector is a gp_Vec with CadQuery's methods
  Vector(const gp_Pnt& p) : v_(p.X(), p.Y(), p.Z()) {}  // NOLINT
  Vector(const gp_Dir& d) : v_(d.X(), d.Y(), d.Z()) {}  // NOLINT

  double x() const { return v_.X(); }
  double y() const { return v_.Y(); }
  double z() const { return v_.Z(); }
  void setX(double x) { v_.SetX(x); }
  void setY(double y) { v_.SetY(y); }
  void setZ(double z) { v_.SetZ(z); }
  double length() const { return v_.Magnitude(); }
  const gp_Vec& wrapped() const { return v_; }
  gp_Pnt toPnt() const { return {v_.X(), v_.Y(), v_.Z()}; }
  gp_Dir toDir() const { return gp_Dir(v_.XYZ()); }  // Standard_ConstructionError for a null vector

  Vector operator+(const Vector& o) const { return v_ + o.v_; }
  Vector operator-(const Vector& o) const { return v_ - o.v_; }
  Vector operator*(double s) const { return v_ * s; }
  Vector operator/(double s) const { return v_ * (1.0 / s); }
  Vector operator-() const { return v_ * -1.0; }
  Vector cross(const Vector& o) const { return v_.Crossed(o.v_); }
  double dot(const Vector& o) const { return v_.Dot(o.v_); }
  Vector normalized() const { return v_.Normalized(); }
  double getAngle(const Vector& o) const { return v_.Angle(o.v_); }  // radians, [0, pi]
  double getSignedAngle(const Vector& o) const;                      // radians, about +Z
  Vector projectToLine(const Vector& line) const;
  Vector projectToPlane(const Plane& plane) const;
  Vector transform(const Matrix& m) const;
  bool operator==(const Vector& o) const { return v_.IsEqual(o.v_, 0.00001, 0.00001); }
  std::string toString() const;  // "Vector: (1.0, 2.5, -0.0)", numbers as Python prints them

 private:
  gp_Vec v_{0, 0, 0};
};

class Matrix {
 public:
  Matrix() = default;
  explicit Matrix(const gp_GTrsf& t) : t_(t) {}
  explicit Matrix(const gp_Trsf& t) : t_(t) {}
  // rows: 3 or 4 rows of 4 numbers; a 4th row other than 0,0,0,1 is a ValueError.
  explicit Matrix(const std::vector<std::vector<double>>& rows);
  void rotateX(double radians);
  void rotateY(double radians);
  void rotateZ(double radians);
  Matrix inverse() const;
  Vector multiply(const Vector& v) const;
  Matrix multiply(const Matrix& o) const;
  std::array<double, 16> transposedList() const;
  double at(int row, int column) const;  // zero based; IndexError outside 4x4
  std::string toString() const;
  const gp_GTrsf& wrapped() const { return t_; }

 private:
  gp_GTrsf t_;
};

class Location {
 public:
  Location() = default;
  explicit Location(const TopLoc_Location& l) : l_(l) {}
  explicit Location(const gp_Trsf& t) : l_(t) {}
  explicit Location(const Vector& translation);
  explicit Location(const Plane& plane);
  Location(const Plane& plane, const Vector& position);
  Location(const Vector& translation, const Vector& axis, double degrees);
  // Rotations about x, y, z in degrees, as Location((x,y,z),(rx,ry,rz)) of CadQuery.
  Location(const Vector& translation, const std::array<double, 3>& degrees);
  Location inverse() const { return Location(l_.Inverted()); }
  Location operator*(const Location& o) const { return Location(l_ * o.l_); }
  Location power(int exponent) const { return Location(l_.Powered(exponent)); }
  // ((x, y, z), (rx, ry, rz) in degrees)
  std::pair<std::array<double, 3>, std::array<double, 3>> toTuple() const;
  const TopLoc_Location& wrapped() const { return l_; }

 private:
  TopLoc_Location l_;
};

class Plane {
 public:
  // normal defaults to +Z, xDir to one of CadQuery's choice; ValueError for a null direction.
  explicit Plane(const Vector& origin = {}, const std::optional<Vector>& xDir = std::nullopt,
                 const Vector& normal = Vector(0, 0, 1));
  explicit Plane(const Location& location);
  static Plane named(const std::string& name, const Vector& origin = {});  // ValueError lists the names

  const Vector& origin() const { return origin_; }
  const Vector& xDir() const { return xDir_; }
  const Vector& yDir() const { return yDir_; }
  const Vector& zDir() const { return zDir_; }
  void setOrigin(const Vector& origin);
  void setOrigin2d(double x, double y);
  // As assigning the attributes in Python does: the transformations stay what they were until the origin is set.
  void setXDir(const Vector& v) { xDir_ = v; }
  void setYDir(const Vector& v) { yDir_ = v; }
  void setZDir(const Vector& v) { zDir_ = v; }
  // The unit x and y directions for an x direction in the plane, leaving the transformations as well.
  void setPlaneDirections(const Vector& xDir);
  Vector toLocalCoords(const Vector& v) const;
  Vector toWorldCoords(double x, double y, double z = 0.0) const;
  Vector toWorldCoords(const Vector& v) const { return toWorldCoords(v.x(), v.y(), v.z()); }
  Plane rotated(const Vector& degrees) const;
  Location location() const { return Location(*this); }
  gp_Pln toPln() const;
  const Matrix& rG() const { return toWorld_; }  // local to world
  const Matrix& fG() const { return toLocal_; }  // world to local
  const gp_Trsf& toWorldTrsf() const { return toWorldTrsf_; }
  const gp_Trsf& toLocalTrsf() const { return toLocalTrsf_; }
  bool operator==(const Plane& o) const;
  std::string toString() const;

 private:
  void computeTransforms();

  Vector origin_, xDir_, yDir_, zDir_;
  Matrix toWorld_, toLocal_;
  gp_Trsf toWorldTrsf_, toLocalTrsf_;
};

struct BoundBox {
  explicit BoundBox(const Bnd_Box& box);
  // As CadQuery's Shape.BoundingBox: BRepBndLib::AddOptimal (tolerance: optional enlargement).
  static BoundBox of(const TopoDS_Shape& shape, std::optional<double> tolerance = std::nullopt, bool optimal = true);
  bool isInside(const BoundBox& other) const;
  BoundBox add(const Vector& v, std::optional<double> tolerance = std::nullopt) const;
  BoundBox add(const BoundBox& b, std::optional<double> tolerance = std::nullopt) const;
  BoundBox enlarge(double tolerance) const;
  static std::optional<BoundBox> findOutsideBox2D(const BoundBox& a, const BoundBox& b);

  Bnd_Box wrapped;
  double xmin, xmax, xlen, ymin, ymax, ylen, zmin, zmax, zlen, diagonalLength;
  Vector center;
};

}  // namespace cadrecode::cadquery
