#include "cadquery/normalized_shape.hpp"

#include <BRep_Tool.hxx>

namespace cadrecode::cadquery {

Shape normalized(const Shape& shape) {
  if (shape.is(TopAbs_SHELL)) {
    const std::vector<Shape> faces = shape.faces();
    if (faces.size() == 1 && !BRep_Tool::IsClosed(shape.wrapped())) return faces.front();
  } else if (shape.is(TopAbs_COMPOUND)) {
    const std::vector<Shape> members = shape.children();
    if (members.size() == 1) return members.front();
  }
  return shape;
}

Shape compoundOrShape(const TopoDS_Shape& shape) { return normalized(Shape(shape)); }

Shape compoundOrShape(const std::vector<TopoDS_Shape>& shapes) {
  if (shapes.size() == 1) return compoundOrShape(shapes.front());
  std::vector<Shape> members;
  for (const TopoDS_Shape& shape : shapes) members.push_back(compoundOrShape(shape));
  return Compound::make(members);
}

}  // namespace cadrecode::cadquery
