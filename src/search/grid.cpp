#include "search/grid.hpp"

#include "core/error.hpp"

namespace cadrecode::search {

Grid gridCovering(double extent, int cells) {
  if (cells < 64 || cells % 64 != 0) throwValueError("a grid has a multiple of 64 cells a side");
  if (!(extent > 0) || !std::isfinite(extent)) throwValueError("a grid needs an extent greater than 0");
  Grid grid;
  grid.cells = cells;
  grid.half = std::ceil(extent * 1.02 + 1);
  if (std::fmod(grid.half, cells / 2) == 0) grid.half += 1;
  return grid;
}

}  // namespace cadrecode::search
