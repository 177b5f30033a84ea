// Makes a mesh closed, so that it has an inside: what volumes and IoU need. Stateless, any thread.
#pragma once

#include <cstddef>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct ClosedMesh {
  cloud::Mesh mesh;           // without normals
  bool watertight = true;     // as it came: every edge is run through as often in one direction as in the other
  std::size_t openEdges = 0;  // those that are not
  std::size_t holes = 0;      // connected sets of open edges, each closed by a cone to its centre
  double signedVolume = 0;    // of the closed mesh; negative: inside out
};

// Vertices at equal positions are one. A flat hole of any outline is closed exactly; a bent one by the cone over its
// edges. The result's winding number is a whole number everywhere off the surface.
ClosedMesh closeMesh(const cloud::Mesh& mesh);

}  // namespace cadrecode::metrics
