// Area, volume and first moments in closed form for faces on planes and cylinders with straight and circular edges.
// Lengths in the shape's units, moments about the origin.
#pragma once

#include <TopoDS_Shape.hxx>
#include <gp_XYZ.hxx>
#include <optional>

namespace cadrecode::solid {

// Of a face: its area, the volume of the cone from the origin over it, signed by the face's orientation, and the
// moments of both. The sums over a closed shape's faces are the shape's own.
struct FaceMoments {
  double area = 0.0;
  gp_XYZ areaMoment{0.0, 0.0, 0.0};
  double volume = 0.0;
  gp_XYZ volumeMoment{0.0, 0.0, 0.0};

  FaceMoments& operator+=(const FaceMoments& other);
};

// The sum over all faces, each as often as it occurs; nothing where one is of another kind.
std::optional<FaceMoments> closedFormMoments(const TopoDS_Shape& shape);

}  // namespace cadrecode::solid
