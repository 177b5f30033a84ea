// Triangle meshes of shapes. Positions in the shape's units, triangles counter-clockwise seen from outside.
#pragma once

#include <TopoDS_Shape.hxx>
#include <array>
#include <cstdint>
#include <vector>

namespace cadrecode::solid {

struct Mesh {
  std::vector<std::array<double, 3>> vertices;
  std::vector<std::array<std::uint32_t, 3>> triangles;
  double volume() const;  // signed, by the divergence theorem: meaningful for closed meshes
  double area() const;
};

// As CadQuery's Shape.tessellate(tolerance, angular): the same nodes on every curved face; vertices are per face.
// tolerance: linear deflection, absolute; angular: radians. Throws Standard_Failure.
Mesh tessellate(const TopoDS_Shape& shape, double tolerance, double angular);

}  // namespace cadrecode::solid
