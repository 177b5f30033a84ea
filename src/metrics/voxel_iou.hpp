// Intersection over union of two meshes by cells of one grid: a cell belongs to a mesh when its centre lies inside
// (winding number not 0: voids are empty, bodies that overlap count once). Both meshes must be in one frame. Meshes
// must be closed (metrics/closed_mesh.hpp). Stateless, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct VoxelIou {
  std::optional<double> iou;  // none when neither mesh holds a cell
  double bound = 0;           // |iou - true| at most: half a cell's depth of all surface over the union, see the .cpp
  cloud::Point cell{};        // sides of a cell
  std::uint64_t cellsA = 0, cellsB = 0, cellsBoth = 0;
};

// The box of both is cut into whole cells: `resolution` along its longest side, along the others so many that a cell is
// about a cube. 1 <= resolution <= 1024.
VoxelIou voxelIou(const cloud::Mesh& a, const cloud::Mesh& b, int resolution = 128);

}  // namespace cadrecode::metrics
