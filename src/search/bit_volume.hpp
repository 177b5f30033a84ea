// Sets of cells of a grid and their comparison by counting bits. Values; const functions are safe in any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "search/grid.hpp"
#include "search/voxel_body.hpp"

namespace cadrecode::search {

// Layers follow z, rows y, bits x.
class BitVolume {
 public:
  explicit BitVolume(const Grid& grid);
  const Grid& grid() const { return grid_; }
  std::uint64_t* layer(int z) { return words_.data() + static_cast<std::size_t>(z) * layerWords_; }
  const std::uint64_t* layer(int z) const { return words_.data() + static_cast<std::size_t>(z) * layerWords_; }
  bool cell(int x, int y, int z) const;
  void set(int x, int y, int z);
  void add(const VoxelBody& body);
  std::uint64_t count() const;
  const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  Grid grid_;
  std::size_t layerWords_;
  std::vector<std::uint64_t> words_;
};

BitVolume volumeOf(const Program& program, const Grid& grid);

// How a candidate and a target overlap, in cells.
struct Overlap {
  std::uint64_t candidate = 0, common = 0, target = 0;
  double iou() const {
    const std::uint64_t either = candidate + target - common;
    return either == 0 ? 0 : static_cast<double>(common) / static_cast<double>(either);
  }
};
Overlap overlap(const BitVolume& candidate, const BitVolume& target);

// Counts the bits of `cells` and of `cells & target` over `words` words, and adds them.
void addCounts(const std::uint64_t* cells, const std::uint64_t* target, std::size_t words, Overlap& sum);

}  // namespace cadrecode::search
