// The kernel's boolean operations without what CadQuery has no use for: no history, and no second look at operands and
// results whose geometry is known to be sound. Same results, serial.
#pragma once

#include <BOPAlgo_Operation.hxx>
#include <TopoDS_Shape.hxx>
#include <vector>

#include "solid/boolean.hpp"

namespace cadrecode::solid {

// A null shape where the kernel reports errors, as its own interface gives. operation: fuse, cut or common.
TopoDS_Shape runKernelBoolean(BOPAlgo_Operation operation, const std::vector<TopoDS_Shape>& arguments,
                              const std::vector<TopoDS_Shape>& tools, const BooleanOptions& options);

// Whether a solid is closed and holds the space within its shell. The kernel takes an inside-out or open one for all of
// space.
bool holdsItsInside(const TopoDS_Shape& solid);

// What the kernel does to every result of a boolean: raises the tolerances that don't hold.
void raiseTolerances(const TopoDS_Shape& shape);

}  // namespace cadrecode::solid
