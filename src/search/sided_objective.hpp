// How well a volume lies behind points of a surface: finer than cells, because many points have a say, and blind to
// where no point is. For the last steps of a search. One thread an object.
#pragma once

#include <cstdint>
#include <vector>

#include "search/objective.hpp"

namespace cadrecode::search {

// The share of places a little behind a point that are inside, and a little in front of it that are outside.
class SidedObjective : public Objective {
 public:
  // `normals` point outwards, one a point.
  SidedObjective(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& normals, const Grid& grid);
  using Objective::of;
  const Grid& grid() const override { return fixed_.grid(); }
  double of(const std::vector<VoxelBody>& bodies) override;
  void fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) override;
  double withBody(const VoxelBody& body) override;
  double withNone() override { return fitOf(fixed_); }

 private:
  struct Place {
    std::uint32_t word, bit;
  };
  double fitOf(const BitVolume& volume) const;

  std::vector<Place> behind_, before_;
  BitVolume fixed_;
};

}  // namespace cadrecode::search
