// Faces on planes and cylinders as loops of plane curves: planes in their own axes, cylinders unrolled. For faces with
// straight and circular edges only. Holds references into the face's shape, made for one call.
#pragma once

#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <gp_Ax3.hxx>
#include <optional>
#include <vector>

#include "solid/planar_curves.hpp"

namespace cadrecode::solid {

struct FaceLoop {
  PlanarLoop curves;               // as the forward face runs: outer loops counter-clockwise, holes clockwise
  std::vector<TopoDS_Edge> edges;  // of each curve, oriented as in the forward face
};

struct FlatFace {
  bool isPlane = true;
  gp_Ax3 axes;             // of the surface, in the shape's frame
  double radius = 0.0;     // of a cylinder, whose loops are in (radius * u, v)
  double tolerance = 0.0;  // the largest of the face, its edges and vertices
  std::vector<FaceLoop> loops;
};

// Nothing where the face is of another kind, curves, surface and vertices are not well within the edges' tolerances,
// tolerances don't grow from face to edge to vertex, or a wire doesn't chain to one closed loop in one way only.
std::optional<FlatFace> flatten(const TopoDS_Face& face);

}  // namespace cadrecode::solid
