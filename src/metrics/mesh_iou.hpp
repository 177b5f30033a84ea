// Intersection over union of two meshes as sets of space (winding number not 0: voids are empty, bodies that overlap
// count once), by integrating the areas of plane slices. A slice's areas are exact, and between two levels of vertices
// they change as a quadratic unless the surfaces cross, which is found and refined: no boolean of meshes that could
// fail. Both meshes in one frame, closed (metrics/closed_mesh.hpp). Stateless, any thread.
#pragma once

#include <cstddef>
#include <optional>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct MeshIou {
  std::optional<double> iou;  // none when neither mesh holds any space
  double volumeA = 0, volumeB = 0, volumeBoth = 0;
  std::size_t slices = 0;
};

// `tolerance`: aim for the error of each volume, relative to the box of both.
MeshIou meshIou(const cloud::Mesh& a, const cloud::Mesh& b, double tolerance = 1e-6);

}  // namespace cadrecode::metrics
