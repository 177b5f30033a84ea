// Meshes of shapes whose faces are all planes and cylinders, with the nodes that BRepMesh would put there but without
// its model. See mesh.hpp for units and conventions.
#pragma once

#include <TopoDS_Shape.hxx>
#include <optional>

#include "solid/mesh.hpp"

namespace cadrecode::solid {

// The mesh, or nothing where some face or edge is of another kind or its polygons need BRepMesh's repairs.
std::optional<Mesh> meshAnalytically(const TopoDS_Shape& shape, double tolerance, double angular);

}  // namespace cadrecode::solid
