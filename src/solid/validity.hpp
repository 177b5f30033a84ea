// Whether BRepCheck_Analyzer would find a shape valid, for solids of planes and cylinders without running it.
#pragma once

#include <TopoDS_Face.hxx>
#include <TopoDS_Shape.hxx>

#include "solid/planar_face.hpp"

namespace cadrecode::solid {

// True where the checks of BRepCheck are met with room to spare: every edge on its faces, simple wires apart from each
// other, holes inside, closed shells. False proves nothing.
// With the same margins the kernel's booleans find no tolerance to correct in such a shape.
bool provablyValid(const TopoDS_Shape& shape);
bool provablyValidFace(const TopoDS_Face& face);

// One loop that runs round all others, which don't hold each other; all simple and apart.
bool wellBounded(const FlatFace& flat);

}  // namespace cadrecode::solid
