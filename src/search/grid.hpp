// The cubic grid of cells in which candidates are compared: `cells` a side, centred on the origin. A cell is inside a
// solid when its centre is. For a half side that is no multiple of cells/2, no centre has a coordinate that is a
// multiple of one half, so the faces of the dialect (whole and half numbers) never pass through a centre. Value type.
#pragma once

#include <algorithm>
#include <cmath>

namespace cadrecode::search {

struct Grid {
  int cells = 128;  // 64, 128, 256, ...: a multiple of 64
  double half = 104;

  double low() const { return -half; }
  double cell() const { return 2 * half / cells; }
  double volumeOfCell() const { return cell() * cell() * cell(); }
  double center(int i) const { return -half + (i + 0.5) * cell(); }
  // The first cell whose centre is at or above `value`; `cells` when there is none.
  int firstAbove(double value) const {
    const double position = std::ceil((value + half) * (cells / (2 * half)) - 0.5);
    return static_cast<int>(std::clamp(position, 0.0, static_cast<double>(cells)));
  }
  int wordsPerRow() const { return cells / 64; }
  int wordsPerLayer() const { return cells * cells / 64; }
};

// The grid of `cells` a side that holds everything up to `extent` from the origin along each axis, with a margin of a
// few hundredths.
Grid gridCovering(double extent, int cells);

}  // namespace cadrecode::search
