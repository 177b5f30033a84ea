// Volume, area, centre, box, counts and validity of a shape, with CadQuery's definitions. Lengths in the shape's units.
#pragma once

#include <TopoDS_Shape.hxx>
#include <array>
#include <optional>
#include <string>

namespace cadrecode::solid {

struct Measures {
  std::string shapeType;  // "Solid", "Compound", ...
  double volume = 0;      // of the solids; 0 where there is none
  double area = 0;
  std::optional<std::array<double, 3>> center;  // centre of mass of the highest dimension present; none when empty
  std::optional<std::array<double, 6>> bbox;  // xmin ymin zmin xmax ymax zmax (BRepBndLib::AddOptimal); none when empty
  int nSolids = 0, nFaces = 0, nEdges = 0, nVertices = 0;  // distinct, degenerated edges left out
  bool valid = false;
};

// Measure before meshing: the box would use a triangulation if there were one. Throws Standard_Failure.
Measures measure(const TopoDS_Shape& shape);

}  // namespace cadrecode::solid
