// Whether BRepCheck_Analyzer finds a shape valid, without running it on what is known to be sound: faces on planes and
// cylinders with straight and circular edges that keep clear of each other.
#pragma once

#include <TopoDS_Face.hxx>
#include <TopoDS_Shape.hxx>

#include "solid/planar_face.hpp"

namespace cadrecode::solid {

// A solid, or a compound of nothing but such: one connected shell whose edges each join two faces, once in either
// direction.
bool isClosedSolids(const TopoDS_Shape& shape);

// BRepCheck_Analyzer's answer. closedSolids: what isClosedSolids says of the shape.
bool isValid(const TopoDS_Shape& shape, bool closedSolids);

// True where the face meets BRepCheck's conditions with room to spare, so much that the kernel's booleans find no
// tolerance to correct in it. False proves nothing.
bool provablyValid(const TopoDS_Face& face);

// One loop that runs round all others, which don't hold each other; all simple and apart.
bool wellBounded(const FlatFace& flat);

}  // namespace cadrecode::solid
