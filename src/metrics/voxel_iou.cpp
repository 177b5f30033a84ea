#include "metrics/voxel_iou.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

using cloud::Point;

struct Grid {
  Point low;
  Point cell{};
  std::array<int, 3> counts{};

  double center(int axis, int index) const { return low[axis] + (index + 0.5) * cell[axis]; }
  // The first cell whose centre is at or above `value`, from 0 to the count of cells.
  int firstFrom(int axis, double value) const {
    const double index = std::ceil((value - low[axis]) / cell[axis] - 0.5);
    int first = static_cast<int>(std::clamp(index, 0.0, static_cast<double>(counts[axis])));
    // The centre as it is computed elsewhere decides, not this division.
    while (first > 0 && center(axis, first - 1) >= value) --first;
    while (first < counts[axis] && center(axis, first) < value) ++first;
    return first;
  }
};

// How the winding number changes along each column of cells, from low z to high. Triangles are scanned row by row; an
// edge's place in a row depends on its two ends only, so that two triangles that share it leave neither gap nor
// overlap, and a face in a plane of centres counts for one side.
class Columns {
 public:
  struct Step {
    std::uint32_t column;
    std::uint16_t z;  // the first cell above it
    std::int16_t change;
  };

  Columns(const Grid& grid, const cloud::Mesh& mesh) : grid_(grid) {
    for (const cloud::Triangle& t : mesh.triangles) {
      add(mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
    }
    sort();
  }

  // The steps of a column from low z to high.
  std::span<const Step> column(std::size_t index) const {
    return std::span(steps_).subspan(starts_[index], starts_[index + 1] - starts_[index]);
  }

 private:
  // Where the edge crosses the row; the same for both directions of the edge.
  static double crossing(const Point& p, const Point& q, double y) {
    const Point &low = p[1] < q[1] ? p : q, &high = p[1] < q[1] ? q : p;
    return low[0] + (y - low[1]) / (high[1] - low[1]) * (high[0] - low[0]);
  }

  void add(const Point& a, const Point& b, const Point& c) {
    const int begin = grid_.firstFrom(1, std::min({a[1], b[1], c[1]}));
    const int end = grid_.firstFrom(1, std::max({a[1], b[1], c[1]}));
    if (begin == end) return;
    const double lowZ = std::min({a[2], b[2], c[2]}), highZ = std::max({a[2], b[2], c[2]});
    const Point normal = cloud::cross(b - a, c - a);
    for (int y = begin; y < end; ++y) {
      const double at = grid_.center(1, y);
      int up = -1, down = -1;
      for (const auto& [p, q] : {std::pair(&a, &b), std::pair(&b, &c), std::pair(&c, &a)}) {
        const bool lower = (*p)[1] <= at, upper = (*q)[1] <= at;
        if (lower == upper) continue;
        (lower ? up : down) = grid_.firstFrom(0, crossing(*p, *q, at));
      }
      // The triangle lies left of its edges: seen from above (normal up), an edge that rises in y is its right side.
      const std::int16_t step = up > down ? -1 : 1;  // a face that looks up ends what lies below it
      for (int x = std::min(up, down); x < std::max(up, down); ++x) {
        double z = lowZ;
        if (normal[2] != 0 && highZ > lowZ) {
          z = a[2] - (normal[0] * (grid_.center(0, x) - a[0]) + normal[1] * (at - a[1])) / normal[2];
          z = std::clamp(z, lowZ, highZ);
        }
        steps_.push_back({static_cast<std::uint32_t>(y * grid_.counts[0] + x),
                          static_cast<std::uint16_t>(grid_.firstFrom(2, z)), step});
      }
    }
  }

  // By column, and within one by z.
  void sort() {
    const auto columns = static_cast<std::size_t>(grid_.counts[0]) * static_cast<std::size_t>(grid_.counts[1]);
    starts_.assign(columns + 1, 0);
    for (const Step& step : steps_) ++starts_[step.column + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    std::vector<Step> sorted(steps_.size());
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    for (const Step& step : steps_) sorted[next[step.column]++] = step;
    for (std::size_t column = 0; column < columns; ++column) {
      std::sort(sorted.begin() + starts_[column], sorted.begin() + starts_[column + 1],
                [](const Step& p, const Step& q) { return p.z < q.z; });
    }
    steps_ = std::move(sorted);
  }

  const Grid& grid_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> starts_;
};

// A flat piece of surface of area A and unit normal n passes through A (|nx| / (hy hz) + ...) cells. Each is counted
// whole or not at all, by its centre, and the piece leaves at most half of it on the other side.
double halfDepth(const cloud::Mesh& mesh, const Point& cell) {
  double sum = 0;
  for (const cloud::Triangle& t : mesh.triangles) {
    const Point vector = cloud::doubleAreaVector(mesh, t);
    sum += (std::abs(vector[0]) * cell[0] + std::abs(vector[1]) * cell[1] + std::abs(vector[2]) * cell[2]) / 2;
  }
  return sum / 2;
}

}  // namespace

VoxelIou voxelIou(const cloud::Mesh& a, const cloud::Mesh& b, int resolution) {
  if (resolution < 1 || resolution > 1024) {
    throw Error(ErrorCode::usage, "ValueError", "the resolution of a voxel grid is a number from 1 to 1024");
  }
  cloud::Box box = cloud::boxOf(a);
  const cloud::Box other = cloud::boxOf(b);
  for (int axis = 0; axis < 3; ++axis) {
    box.low[axis] = std::min(box.low[axis], other.low[axis]);
    box.high[axis] = std::max(box.high[axis], other.high[axis]);
  }
  VoxelIou result;
  Grid grid;
  const double side = box.longestSide() / resolution;
  if (!(side > 0)) return result;
  // Whole cells in the box: none of its faces lies in a plane of centres.
  grid.low = box.low;
  for (int axis = 0; axis < 3; ++axis) {
    const double extent = box.high[axis] - box.low[axis];
    grid.counts[axis] = std::max(1, static_cast<int>(std::lround(extent / side)));
    grid.cell[axis] = extent > 0 ? extent / grid.counts[axis] : side;
  }
  result.cell = grid.cell;
  const Columns first(grid, a), second(grid, b);
  const auto columns = static_cast<std::size_t>(grid.counts[0]) * static_cast<std::size_t>(grid.counts[1]);
  for (std::size_t column = 0; column < columns; ++column) {
    const auto stepsA = first.column(column), stepsB = second.column(column);
    int windingA = 0, windingB = 0, from = 0;
    for (std::size_t i = 0, j = 0; from < grid.counts[2];) {
      // From here to the next step of either nothing changes.
      int to = grid.counts[2];
      if (i < stepsA.size()) to = std::min<int>(to, stepsA[i].z);
      if (j < stepsB.size()) to = std::min<int>(to, stepsB[j].z);
      const auto cells = static_cast<std::uint64_t>(to - from);
      if (windingA != 0) result.cellsA += cells;
      if (windingB != 0) result.cellsB += cells;
      if (windingA != 0 && windingB != 0) result.cellsBoth += cells;
      for (; i < stepsA.size() && stepsA[i].z == to; ++i) windingA += stepsA[i].change;
      for (; j < stepsB.size() && stepsB[j].z == to; ++j) windingB += stepsB[j].change;
      from = to;
    }
  }
  const std::uint64_t either = result.cellsA + result.cellsB - result.cellsBoth;
  if (either == 0) return result;
  const auto united = static_cast<double>(either);
  result.iou = static_cast<double>(result.cellsBoth) / united;
  const double volume = united * grid.cell[0] * grid.cell[1] * grid.cell[2];
  result.bound = std::min(1.0, (halfDepth(a, grid.cell) + halfDepth(b, grid.cell)) / volume);
  return result;
}

}  // namespace cadrecode::metrics
