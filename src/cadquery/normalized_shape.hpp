// What CadQuery's free functions hand back: a kernel result with needless wrapping taken off. Stateless.
#pragma once

#include <vector>

#include "cadquery/shape.hpp"

namespace cadrecode::cadquery {

// The only face of an open shell, the only member of a compound (one level); else the shape itself.
Shape normalized(const Shape& shape);
Shape compoundOrShape(const TopoDS_Shape& shape);
// One shape: as above. Several: a compound of the normalized ones.
Shape compoundOrShape(const std::vector<TopoDS_Shape>& shapes);

}  // namespace cadrecode::cadquery
