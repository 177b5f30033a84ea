// A mesh as the smooth patches that its sharp edges leave, with a normal for shading at every corner. Plain values, any
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::picture {

struct SmoothPatches {
  std::size_t count = 0;                             // of patches
  std::vector<std::uint32_t> patch;                  // a triangle's, below `count`
  std::vector<std::array<cloud::Point, 3>> normals;  // of its corners: unit length, zero where all around is degenerate
};

// Triangles that share an edge are of one patch unless they meet at more than `angle` (radians) or the edge has not
// just two. The mesh's equal vertices are one.
SmoothPatches smoothPatches(const cloud::Mesh& mesh, double angle);

}  // namespace cadrecode::picture
