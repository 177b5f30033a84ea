// A body of the dialect in a grid: a bit image swept along one axis. It is never laid out as a volume: layers of cells
// with equal z are made when they are asked for. Values; const functions are safe in any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "search/dialect_program.hpp"
#include "search/grid.hpp"
#include "search/sketch_raster.hpp"

namespace cadrecode::search {

// Layers follow z, rows of a layer y, bits of a row x.
class VoxelBody {
 public:
  VoxelBody(const Program& program, const Body& body, const Grid& grid);

  // The layers that can hold cells of the body.
  int firstLayer() const { return firstLayer_; }
  int endLayer() const { return endLayer_; }
  // Adds the body's cells of layer z to `layer`, of Grid::wordsPerLayer() words.
  void addLayer(int z, std::uint64_t* layer) const;
  std::uint64_t count() const;

 private:
  int normal_;       // world axis
  int first_, end_;  // cells along it
  int firstLayer_ = 0, endLayer_ = 0;
  BitImage image_;  // normal z: rows y, bits x; normal y: rows z, bits x; normal x: rows z, bits y
};

// The largest distance from the origin along an axis that a body of the program may reach, from its points and radii.
double extentOf(const Program& program);

}  // namespace cadrecode::search
