// Measures of shapes: mass, area, volume, centres, inertia, validity, distance.
#include <BRepCheck_Analyzer.hxx>
#include <BRepExtrema_DistShapeShape.hxx>
#include <BRepGProp.hxx>
#include <BRep_Tool.hxx>
#include <GProp_GProps.hxx>
#include <TopoDS.hxx>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

// The properties CadQuery takes for the mass of a shape: of its curves, surfaces or volumes, by kind.
GProp_GProps properties(const TopoDS_Shape& shape) {
  if (shape.IsNull()) throwValueError("Null TopoDS_Shape object");
  GProp_GProps props;
  switch (shape.ShapeType()) {
    case TopAbs_EDGE:
    case TopAbs_WIRE:
      BRepGProp::LinearProperties(shape, props);
      break;
    case TopAbs_FACE:
    case TopAbs_SHELL:
      BRepGProp::SurfaceProperties(shape, props);
      break;
    case TopAbs_SOLID:
    case TopAbs_COMPOUND:
      BRepGProp::VolumeProperties(shape, props);
      break;
    case TopAbs_COMPSOLID:
      throw Error("KeyError", "<TopAbs_ShapeEnum.TopAbs_COMPSOLID: 1>");
    default:
      throw Error("NotImplementedError", "");
  }
  return props;
}

Vector mean(const std::vector<Vector>& weighted, double total) {
  if (weighted.empty()) throw Error("IndexError", "list index out of range");
  Vector sum = weighted.front();
  for (std::size_t i = 1; i < weighted.size(); ++i) sum = sum + weighted[i];
  if (total == 0) throw Error("ZeroDivisionError", "float division by zero");
  return sum * (1.0 / total);
}

}  // namespace

bool Shape::isValid() const { return BRepCheck_Analyzer(shape_).IsValid(); }

double Shape::area() const {
  GProp_GProps props;
  BRepGProp::SurfaceProperties(shape_, props);
  return props.Mass();
}

double Shape::computeMass() const { return properties(shape_).Mass(); }
double Shape::volume() const { return computeMass(); }
Vector Shape::centerOfMass() const { return properties(shape_).CentreOfMass(); }
// By class, as the overriding methods of CadQuery's classes: a Face that wraps a compound is still measured as faces.
Vector Shape::center() const {
  if (is(TopAbs_VERTEX)) return asVertex().point();
  GProp_GProps props;
  if (class_ == TopAbs_FACE)
    BRepGProp::SurfaceProperties(shape_, props);
  else if (class_ == TopAbs_EDGE || class_ == TopAbs_WIRE)
    BRepGProp::LinearProperties(shape_, props);
  else
    return centerOfMass();
  return props.CentreOfMass();
}

Vector Shape::centerOfBoundBox(std::optional<double> tolerance) const { return boundingBox(tolerance).center; }

std::vector<std::vector<double>> Shape::matrixOfInertia() const {
  const gp_Mat matrix = properties(shape_).MatrixOfInertia();
  std::vector<std::vector<double>> rows;
  for (int i = 1; i <= 3; ++i) rows.push_back({matrix.Value(i, 1), matrix.Value(i, 2), matrix.Value(i, 3)});
  return rows;
}

Vector Shape::combinedCenter(const std::vector<Shape>& shapes) {
  double total = 0;
  std::vector<Vector> weighted;
  for (const Shape& shape : shapes) {
    const GProp_GProps props = properties(shape.wrapped());
    total += props.Mass();
    weighted.push_back(Vector(props.CentreOfMass()) * props.Mass());
  }
  return mean(weighted, total);
}

Vector Shape::combinedCenterOfBoundBox(const std::vector<Shape>& shapes) {
  std::vector<Vector> centers;
  for (const Shape& shape : shapes) centers.push_back(BoundBox::of(shape.wrapped()).center);
  return mean(centers, static_cast<double>(shapes.size()));
}

double Shape::distance(const Shape& o) const { return BRepExtrema_DistShapeShape(shape_, o.shape_).Value(); }

Vector Vertex::point() const { return BRep_Tool::Pnt(TopoDS::Vertex(shape_)); }

}  // namespace cadrecode::cadquery
