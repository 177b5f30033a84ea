// The cells inside a closed mesh, by counting how often a ray along an axis passes the surface. Stateless, any thread.
#pragma once

#include <cstddef>

#include "cloud/geometry.hpp"
#include "search/bit_volume.hpp"

namespace cadrecode::search {

struct MeshVolume {
  BitVolume cells;
  // Rays (lines of cells along z) that passed the surface an odd number of times: none where the mesh is closed.
  std::size_t oddRays = 0;
  std::size_t rays = 0;  // that passed it at all
  double oddShare() const { return rays == 0 ? 1 : static_cast<double>(oddRays) / static_cast<double>(rays); }
};

// A cell is inside when its centre is, by the even-odd rule; of a mesh of several closed shells (an assembly's may
// overlap) inside of any of them but not of hollows within. Rays beside an edge or a vertex are counted once whatever
// the triangles' order. Where rays along z are odd, rays along x and y are cast too and the majority decides.
MeshVolume fillMesh(const cloud::Mesh& mesh, const Grid& grid);

}  // namespace cadrecode::search
