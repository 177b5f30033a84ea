// Joins faces on one surface and edges on one curve: ShapeUpgrade_UnifySameDomain with CadQuery's settings (its
// clean()).
#pragma once

#include <TopoDS_Shape.hxx>

namespace cadrecode::solid {

TopoDS_Shape mergeSameDomain(const TopoDS_Shape& shape);

}  // namespace cadrecode::solid
