// How well a volume lies behind points of a surface: finer than cells, because many points have a say, and blind to
// where no point is. For the last steps of a search. One thread an object.
#pragma once

#include <cstdint>
#include <vector>

#include "search/objective.hpp"

namespace cadrecode::search {

// The share of places a little behind a point that are inside, and a little in front of it that are outside.
class SidedObjective : public CellObjective {
 public:
  // `normals` point outwards, one a point.
  SidedObjective(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& normals, const Grid& grid);

 private:
  struct Place {
    std::uint32_t word, bit;
  };
  double fitOf(const BitVolume& volume) const override;

  std::vector<Place> behind_, before_;
};

}  // namespace cadrecode::search
