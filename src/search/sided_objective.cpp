#include "search/sided_objective.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cadrecode::search {

using cloud::operator*;
using cloud::operator+;

SidedObjective::SidedObjective(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& normals,
                               const Grid& grid)
    : CellObjective(grid) {
  const auto add = [&](std::vector<Place>& places, const cloud::Point& p) {
    std::array<std::size_t, 3> cell{};
    for (std::size_t i = 0; i < 3; ++i) {
      const double position = std::floor((p[i] + grid.half) / grid.cell());
      if (position < 0 || position >= grid.cells) return;
      cell[i] = static_cast<std::size_t>(position);
    }
    const std::size_t n = static_cast<std::size_t>(grid.cells), at = cell[0] + n * (cell[1] + n * cell[2]);
    places.push_back({static_cast<std::uint32_t>(at / 64), static_cast<std::uint32_t>(at % 64)});
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const double cells : {0.5, 1.5, 3.0}) {
      const cloud::Point step = cells * grid.cell() * normals[i];
      add(behind_, points[i] + -1.0 * step);
      add(before_, points[i] + step);
    }
  }
  // In the order of memory.
  for (std::vector<Place>* places : {&behind_, &before_}) {
    std::sort(places->begin(), places->end(), [](const Place& a, const Place& b) { return a.word < b.word; });
  }
}

double SidedObjective::fitOf(const BitVolume& volume) const {
  const std::uint64_t* words = volume.words().data();
  std::uint64_t right = before_.size();
  for (const Place& place : behind_) right += words[place.word] >> place.bit & 1;
  for (const Place& place : before_) right -= words[place.word] >> place.bit & 1;
  return static_cast<double>(right) / static_cast<double>(std::max<std::size_t>(1, behind_.size() + before_.size()));
}

}  // namespace cadrecode::search
