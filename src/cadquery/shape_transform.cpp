// Copies, repairs, transformations and locations of shapes.
#include <BRepBuilderAPI_Copy.hxx>
#include <BRepBuilderAPI_GTransform.hxx>
#include <BRepBuilderAPI_Transform.hxx>
#include <ShapeCustom.hxx>
#include <ShapeCustom_RestrictionParameters.hxx>
#include <ShapeFix_Shape.hxx>
#include <gp_Ax1.hxx>
#include <gp_Ax2.hxx>

#include "cadquery/normalized_shape.hpp"
#include "cadquery/shape.hpp"
#include "core/error.hpp"
#include "solid/merge.hpp"

namespace cadrecode::cadquery {

Shape Shape::clean() const { return same(solid::mergeSameDomain(shape_)); }

Shape Shape::fix() const {
  if (isValid()) return *this;
  ShapeFix_Shape fixer(shape_);
  fixer.Perform();
  return same(fixer.Shape());
}

Shape Shape::copy(bool mesh) const { return same(BRepBuilderAPI_Copy(shape_, true, mesh).Shape()); }

Shape Shape::transformed(const gp_Trsf& t) const { return same(BRepBuilderAPI_Transform(shape_, t, true).Shape()); }

Shape Shape::mirror(const Vector& planeNormal, const Vector& base) const {
  gp_Trsf t;
  t.SetMirror(gp_Ax2(base.toPnt(), planeNormal.toDir()));
  return transformed(t);
}

Shape Shape::mirror(const std::string& plane, const Vector& base) const {
  if (plane == "XY" || plane == "YX") return mirror(Vector(0, 0, 1), base);
  if (plane == "XZ" || plane == "ZX") return mirror(Vector(0, 1, 0), base);
  if (plane == "YZ" || plane == "ZY") return mirror(Vector(1, 0, 0), base);
  throw Error("UnboundLocalError",
              "cannot access local variable 'mirrorPlaneNormalVector' where it is not associated with a value");
}

Shape Shape::rotate(const Vector& start, const Vector& end, double angle) const {
  gp_Trsf t;
  t.SetRotation(gp_Ax1(start.toPnt(), (end - start).toDir()), radians(angle));
  return transformed(t);
}

Shape Shape::translate(const Vector& v) const {
  gp_Trsf t;
  t.SetTranslation(v.wrapped());
  return transformed(t);
}

Shape Shape::scale(double factor) const {
  gp_Trsf t;
  t.SetScale(gp_Pnt(), factor);
  return transformed(t);
}

Shape Shape::transformShape(const Matrix& m) const {
  return Shape(BRepBuilderAPI_Transform(shape_, m.wrapped().Trsf()).Shape(), forConstruction);
}

Shape Shape::transformGeometry(const Matrix& m) const {
  return Shape(BRepBuilderAPI_GTransform(shape_, m.wrapped(), true).Shape(), forConstruction);
}

Shape Shape::located(const Location& l) const { return Shape(shape_.Located(l.wrapped()), class_, forConstruction); }

Shape Shape::moved(const Location& l) const { return Shape(shape_.Moved(l.wrapped()), class_, forConstruction); }

Shape Shape::moved(const std::vector<Location>& ls) const {
  std::vector<TopoDS_Shape> copies;
  for (const Location& l : ls) copies.push_back(shape_.Moved(l.wrapped()));
  return compoundOrShape(copies);
}

Shape Shape::toSplines(int degree, double tolerance, bool nurbs) const {
  return same(ShapeCustom::BSplineRestriction(shape_, tolerance, tolerance, degree, 1, GeomAbs_C0, GeomAbs_C0, true,
                                              !nurbs, new ShapeCustom_RestrictionParameters));
}

}  // namespace cadrecode::cadquery
