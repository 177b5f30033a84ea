#include "search/voxel_score.hpp"

#include <algorithm>

namespace cadrecode::search {

VoxelScore::VoxelScore(BitVolume target)
    : target_(std::move(target)),
      fixed_(target_.grid()),
      targetCount_(target_.count()),
      sums_(static_cast<std::size_t>(grid().cells) + 1),
      layer_(static_cast<std::size_t>(grid().wordsPerLayer())) {
  for (Overlap& sum : sums_) sum.target = targetCount_;
}

Overlap VoxelScore::of(const Program& program) const {
  std::vector<VoxelBody> bodies;
  bodies.reserve(program.bodies.size());
  for (const Body& body : program.bodies) bodies.emplace_back(program, body, grid());
  return of(bodies);
}

Overlap VoxelScore::of(const std::vector<VoxelBody>& bodies) const {
  Overlap sum;
  sum.target = targetCount_;
  for (int z = 0; z < grid().cells; ++z) {
    bool any = false;
    for (const VoxelBody& body : bodies) {
      if (z < body.firstLayer() || z >= body.endLayer()) continue;
      if (!any) std::fill(layer_.begin(), layer_.end(), 0);
      any = true;
      body.addLayer(z, layer_.data());
    }
    if (any) addCounts(layer_.data(), target_.layer(z), layer_.size(), sum);
  }
  return sum;
}

void VoxelScore::fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) {
  fixed_ = BitVolume(grid());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (i != without) fixed_.add(bodies[i]);
  }
  Overlap sum;
  sum.target = targetCount_;
  sums_[0] = sum;
  for (int z = 0; z < grid().cells; ++z) {
    addCounts(fixed_.layer(z), target_.layer(z), layer_.size(), sum);
    sums_[static_cast<std::size_t>(z) + 1] = sum;
  }
}

Overlap VoxelScore::ofBody(const VoxelBody& body) const {
  if (body.firstLayer() >= body.endLayer()) return sums_.back();
  const Overlap& below = sums_[static_cast<std::size_t>(body.firstLayer())];
  const Overlap& upTo = sums_[static_cast<std::size_t>(body.endLayer())];
  Overlap sum = sums_.back();
  sum.candidate -= upTo.candidate - below.candidate;
  sum.common -= upTo.common - below.common;
  for (int z = body.firstLayer(); z < body.endLayer(); ++z) {
    const std::uint64_t* fixed = fixed_.layer(z);
    std::copy(fixed, fixed + layer_.size(), layer_.begin());
    body.addLayer(z, layer_.data());
    addCounts(layer_.data(), target_.layer(z), layer_.size(), sum);
  }
  return sum;
}

}  // namespace cadrecode::search
