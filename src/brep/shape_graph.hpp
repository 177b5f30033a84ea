// The graph of a shape's faces. Lengths in the shape's units; one thread a shape.
#pragma once

#include <TopoDS_Shape.hxx>

#include "brep/graph.hpp"

namespace cadrecode::brep {

// Faces and edges in the order in which TopExp finds them; degenerated edges (the tip of a cone) are left out. The
// frame is the part's own but for its origin, which lies among the points. Error for a shape without faces and for a
// face without bounds; Standard_Failure of the kernel.
Graph graphOf(const TopoDS_Shape& shape, const GridSizes& sizes = {});

}  // namespace cadrecode::brep
