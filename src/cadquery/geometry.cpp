#include "cadquery/geometry.hpp"

#include <BRepBndLib.hxx>
#include <BRepMesh_IncrementalMesh.hxx>
#include <charconv>
#include <cmath>
#include <gp.hxx>
#include <gp_Ax1.hxx>
#include <gp_Ax3.hxx>
#include <gp_EulerSequence.hxx>
#include <gp_Quaternion.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

constexpr double kBoxTolerance = 1e-2;
constexpr double kPlaneTolerance = 1e-6;

gp_Trsf translationTrsf(const Vector& translation) {
  gp_Trsf t;
  t.SetTranslationPart(translation.wrapped());
  return t;
}

gp_Trsf frameTrsf(const Vector& origin, const Vector& zDir, const Vector& xDir) {
  gp_Trsf t;
  t.SetTransformation(gp_Ax3(origin.toPnt(), zDir.toDir(), xDir.toDir()));
  t.Invert();
  return t;
}

std::string pythonTuple(const Vector& v) {
  return "(" + pythonFloat(v.x()) + ", " + pythonFloat(v.y()) + ", " + pythonFloat(v.z()) + ")";
}

}  // namespace

std::string pythonFloat(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char digits[40];
  const double magnitude = std::fabs(value);
  // Python's repr: shortest digits that read back, an exponent below 1e-4 and from 1e16 on.
  const bool exponent = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
  const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
  const auto end = std::to_chars(digits, digits + sizeof digits, value, format);
  std::string text(digits, end.ptr);
  if (!exponent && text.find('.') == std::string::npos) text += ".0";
  return text;
}

// ---- Vector

double Vector::getSignedAngle(const Vector& o) const { return v_.AngleWithRef(o.v_, gp_Vec(0, 0, -1)); }

Vector Vector::projectToLine(const Vector& line) const {
  const double length = line.length();
  if (length * length == 0) throw Error("ZeroDivisionError", "float division by zero");
  return line * (dot(line) / (length * length));
}

Vector Vector::projectToPlane(const Plane& plane) const {
  const Vector& normal = plane.zDir();
  return *this - normal * ((*this - plane.origin()).dot(normal) / (normal.length() * normal.length()));
}

Vector Vector::transform(const Matrix& m) const { return toPnt().Transformed(m.wrapped().Trsf()); }

std::string Vector::toString() const { return "Vector: " + pythonTuple(*this); }

// ---- Matrix

Matrix::Matrix(const std::vector<std::vector<double>>& rows) {
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) t_.SetValue(static_cast<int>(i) + 1, static_cast<int>(j) + 1, rows.at(i).at(j));
  if (rows.size() == 4 && rows[3] != std::vector<double>{0, 0, 0, 1}) {
    std::string text = "[";
    for (std::size_t j = 0; j < rows[3].size(); ++j) text += (j ? ", " : "") + pythonFloat(rows[3][j]);
    throwValueError("Expected the last row to be [0,0,0,1], but got: " + text + "]");
  }
}

namespace {
gp_GTrsf rotatedAbout(const gp_GTrsf& t, const gp_Ax1& axis, double angle) {
  gp_Trsf rotation;
  rotation.SetRotation(axis, angle);
  return t.Multiplied(gp_GTrsf(rotation));
}
}  // namespace

void Matrix::rotateX(double angle) { t_ = rotatedAbout(t_, gp::OX(), angle); }
void Matrix::rotateY(double angle) { t_ = rotatedAbout(t_, gp::OY(), angle); }
void Matrix::rotateZ(double angle) { t_ = rotatedAbout(t_, gp::OZ(), angle); }
Matrix Matrix::inverse() const { return Matrix(t_.Inverted()); }
Vector Matrix::multiply(const Vector& v) const { return v.transform(*this); }
Matrix Matrix::multiply(const Matrix& o) const { return Matrix(t_.Multiplied(o.t_)); }

double Matrix::at(int row, int column) const {
  if (row < 0 || row > 3 || column < 0 || column > 3)
    throw Error("IndexError",
                "Out of bounds access into 4x4 matrix: (" + std::to_string(row) + ", " + std::to_string(column) + ")");
  if (row == 3) return column == 3 ? 1.0 : 0.0;
  return t_.Value(row + 1, column + 1);
}

std::array<double, 16> Matrix::transposedList() const {
  std::array<double, 16> list{};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) list[static_cast<std::size_t>(4 * i + j)] = at(j, i);
  return list;
}

std::string Matrix::toString() const {
  std::string text = "Matrix([";
  for (int i = 0; i < 4; ++i) {
    text += i ? ",\n        [" : "[";
    for (int j = 0; j < 4; ++j) text += (j ? ", " : "") + pythonFloat(at(i, j));
    text += "]";
  }
  return text + "])";
}

// ---- Location

Location::Location(const Vector& translation) : l_(translationTrsf(translation)) {}
Location::Location(const Plane& plane) : l_(frameTrsf(plane.origin(), plane.zDir(), plane.xDir())) {}
Location::Location(const Plane& plane, const Vector& position) : l_(frameTrsf(position, plane.zDir(), plane.xDir())) {}

Location::Location(const Vector& translation, const Vector& axis, double angle) {
  gp_Trsf t;
  t.SetRotation(gp_Ax1(gp_Pnt(), axis.toDir()), radians(angle));
  t.SetTranslationPart(translation.wrapped());
  l_ = TopLoc_Location(t);
}

Location::Location(const Vector& translation, const std::array<double, 3>& angles) {
  gp_Quaternion q;
  q.SetEulerAngles(gp_Extrinsic_XYZ, radians(angles[0]), radians(angles[1]), radians(angles[2]));
  gp_Trsf t;
  t.SetRotation(q);
  t.SetTranslationPart(translation.wrapped());
  l_ = TopLoc_Location(t);
}

std::pair<std::array<double, 3>, std::array<double, 3>> Location::toTuple() const {
  const gp_Trsf t = l_.Transformation();
  const gp_XYZ& p = t.TranslationPart();
  double rx = 0, ry = 0, rz = 0;
  t.GetRotation().GetEulerAngles(gp_Extrinsic_XYZ, rx, ry, rz);
  return {{p.X(), p.Y(), p.Z()}, {degrees(rx), degrees(ry), degrees(rz)}};
}

// ---- Plane

Plane::Plane(const Vector& origin, const std::optional<Vector>& xDir, const Vector& normal) {
  if (normal.length() == 0.0) throwValueError("normal should be non null");
  zDir_ = normal.normalized();
  if (xDir && xDir->length() == 0.0) throwValueError("xDir should be non null");
  setPlaneDirections(xDir ? *xDir : Vector(gp_Ax3(origin.toPnt(), normal.toDir()).XDirection()));
  setOrigin(origin);
}

Plane::Plane(const Location& location) {
  const gp_Trsf t = location.wrapped().Transformation();
  zDir_ = Vector(gp_Vec(0, 0, 1).Transformed(t)).normalized();
  setPlaneDirections(gp_Vec(1, 0, 0).Transformed(t));
  setOrigin(gp_Pnt(t.TranslationPart()));
}

Plane Plane::named(const std::string& name, const Vector& origin) {
  struct Named {
    const char* name;
    Vector xDir, normal;
  };
  static const std::array<Named, 12> kPlanes{{{"XY", {1, 0, 0}, {0, 0, 1}},
                                              {"YZ", {0, 1, 0}, {1, 0, 0}},
                                              {"ZX", {0, 0, 1}, {0, 1, 0}},
                                              {"XZ", {1, 0, 0}, {0, -1, 0}},
                                              {"YX", {0, 1, 0}, {0, 0, -1}},
                                              {"ZY", {0, 0, 1}, {-1, 0, 0}},
                                              {"front", {1, 0, 0}, {0, 0, 1}},
                                              {"back", {-1, 0, 0}, {0, 0, -1}},
                                              {"left", {0, 0, 1}, {-1, 0, 0}},
                                              {"right", {0, 0, -1}, {1, 0, 0}},
                                              {"top", {1, 0, 0}, {0, 1, 0}},
                                              {"bottom", {1, 0, 0}, {0, -1, 0}}}};
  std::string names;
  for (const Named& plane : kPlanes) {
    if (name == plane.name) return Plane(origin, plane.xDir, plane.normal);
    names += (names.empty() ? "'" : ", '") + std::string(plane.name) + "'";
  }
  throwValueError("Supported names are [" + names + "]");
}

void Plane::setOrigin(const Vector& origin) {
  origin_ = origin;
  computeTransforms();
}

void Plane::setOrigin2d(double x, double y) { setOrigin(toWorldCoords(x, y)); }

void Plane::setPlaneDirections(const Vector& xDir) {
  xDir_ = xDir.normalized();
  yDir_ = zDir_.cross(xDir_).normalized();
}

void Plane::computeTransforms() {
  const gp_Ax3 world;
  const gp_Ax3 local(origin_.toPnt(), zDir_.toDir(), xDir_.toDir());
  toLocalTrsf_.SetTransformation(world, local);
  toWorldTrsf_.SetTransformation(local, world);
  toLocal_ = Matrix(toLocalTrsf_);
  toWorld_ = Matrix(toWorldTrsf_);
}

Vector Plane::toLocalCoords(const Vector& v) const { return v.transform(toLocal_); }
Vector Plane::toWorldCoords(double x, double y, double z) const { return Vector(x, y, z).transform(toWorld_); }

Plane Plane::rotated(const Vector& angles) const {
  const Vector turn = angles * (std::numbers::pi / 180.0);
  gp_Trsf t1, t2, t3;
  t1.SetRotation(gp_Ax1(gp_Pnt(), xDir_.toDir()), turn.x());
  t2.SetRotation(gp_Ax1(gp_Pnt(), yDir_.toDir()), turn.y());
  t3.SetRotation(gp_Ax1(gp_Pnt(), zDir_.toDir()), turn.z());
  const Matrix rotation(t1 * t2 * t3);
  return Plane(origin_, xDir_.transform(rotation), zDir_.transform(rotation));
}

gp_Pln Plane::toPln() const { return gp_Pln(gp_Ax3(origin_.toPnt(), zDir_.toDir(), xDir_.toDir())); }

bool Plane::operator==(const Plane& o) const {
  return (origin_ - o.origin_).length() < kPlaneTolerance && std::fabs(zDir_.dot(o.zDir_) - 1) < kPlaneTolerance &&
         std::fabs(xDir_.dot(o.xDir_) - 1) < kPlaneTolerance;
}

std::string Plane::toString() const {
  return "Plane(origin=" + pythonTuple(origin_) + ", xDir=" + pythonTuple(xDir_) + ", normal=" + pythonTuple(zDir_) +
         ")";
}

// ---- BoundBox

BoundBox::BoundBox(const Bnd_Box& box) : wrapped(box) {
  box.Get(xmin, ymin, zmin, xmax, ymax, zmax);
  xlen = xmax - xmin;
  ylen = ymax - ymin;
  zlen = zmax - zmin;
  center = Vector((xmax + xmin) / 2, (ymax + ymin) / 2, (zmax + zmin) / 2);
  diagonalLength = std::sqrt(box.SquareExtent());
}

BoundBox BoundBox::of(const TopoDS_Shape& shape, std::optional<double> tolerance, bool optimal) {
  Bnd_Box box;
  if (optimal) {
    BRepBndLib::AddOptimal(shape, box);
  } else {
    BRepMesh_IncrementalMesh mesh(shape, tolerance.value_or(kBoxTolerance), true);
    BRepBndLib::Add(shape, box, true);
  }
  return BoundBox(box);
}

bool BoundBox::isInside(const BoundBox& b) const {
  return b.xmin > xmin && b.ymin > ymin && b.zmin > zmin && b.xmax < xmax && b.ymax < ymax && b.zmax < zmax;
}

BoundBox BoundBox::add(const Vector& v, std::optional<double> tolerance) const {
  Bnd_Box box;
  box.SetGap(tolerance.value_or(kBoxTolerance));
  box.Add(wrapped);
  box.Update(v.x(), v.y(), v.z());
  return BoundBox(box);
}

BoundBox BoundBox::add(const BoundBox& b, std::optional<double> tolerance) const {
  Bnd_Box box;
  box.SetGap(tolerance.value_or(kBoxTolerance));
  box.Add(wrapped);
  box.Add(b.wrapped);
  return BoundBox(box);
}

BoundBox BoundBox::enlarge(double tolerance) const {
  Bnd_Box box;
  box.Add(wrapped);
  box.SetGap(wrapped.GetGap());
  box.Enlarge(tolerance);
  return BoundBox(box);
}

std::optional<BoundBox> BoundBox::findOutsideBox2D(const BoundBox& a, const BoundBox& b) {
  const auto surrounds = [](const BoundBox& outer, const BoundBox& inner) {
    return outer.xmin < inner.xmin && outer.xmax > inner.xmax && outer.ymin < inner.ymin && outer.ymax > inner.ymax;
  };
  if (surrounds(a, b)) return a;
  if (surrounds(b, a)) return b;
  return std::nullopt;
}

}  // namespace cadrecode::cadquery
