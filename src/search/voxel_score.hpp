// The IoU of programs with a fixed target, thousands a second: bodies stay images, layers are put together in the cache
// and counted at once. While one body changes, the others are kept as one volume with the counts of its layers.
// One thread an object.
#pragma once

#include <cstdint>
#include <vector>

#include "search/bit_volume.hpp"

namespace cadrecode::search {

class VoxelScore {
 public:
  explicit VoxelScore(BitVolume target);
  const BitVolume& target() const { return target_; }
  const Grid& grid() const { return target_.grid(); }

  Overlap of(const Program& program) const;
  Overlap of(const std::vector<VoxelBody>& bodies) const;

  // Fixes all bodies but `without`; ofBody then gives the overlap of those with one more.
  void fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without);
  Overlap ofFixed() const { return sums_.back(); }
  Overlap ofBody(const VoxelBody& body) const;

 private:
  BitVolume target_;
  BitVolume fixed_;
  std::uint64_t targetCount_;
  std::vector<Overlap> sums_;  // of the fixed volume's first z layers, z = 0..cells
  mutable std::vector<std::uint64_t> layer_;
};

}  // namespace cadrecode::search
