#include "search/point_volume.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "metrics/point_tree.hpp"
#include "search/objective.hpp"
#include "search/point_normals.hpp"

namespace cadrecode::search {
namespace {

using cloud::operator*;
using cloud::operator+;
using cloud::operator-;

constexpr double kSteep = 0.35;  // cosine to the axis below which a point says nothing along it
constexpr double kUnseen = 1;    // how much a direction in which nothing is seen speaks for outside; what is seen: 2
constexpr std::size_t kNearest = 5;  // points that are asked close to the surface

// The box of the points without those few that noise put farthest out.
cloud::Box nearlyAll(const std::vector<cloud::Point>& points) {
  cloud::Box box;
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> values;
    for (const cloud::Point& p : points) values.push_back(p[i]);
    std::sort(values.begin(), values.end());
    const std::size_t few = values.size() / 200;
    box.low[i] = values[few];
    box.high[i] = values[values.size() - 1 - few];
  }
  return box;
}

// The share of points that have the volume behind them and not in front of them, three cells away.
double agreementOf(const BitVolume& volume, const std::vector<cloud::Point>& points,
                   const std::vector<cloud::Point>& normals) {
  const Grid& grid = volume.grid();
  const auto has = [&](const cloud::Point& p) {
    std::array<int, 3> cell{};
    for (std::size_t i = 0; i < 3; ++i) {
      cell[i] = static_cast<int>(std::floor((p[i] + grid.half) / grid.cell()));
      if (cell[i] < 0 || cell[i] >= grid.cells) return false;
    }
    return volume.cell(cell[0], cell[1], cell[2]);
  };
  std::size_t agree = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const cloud::Point step = 3 * grid.cell() * normals[i];
    agree += has(points[i] - step) && !has(points[i] + step) ? 1 : 0;
  }
  return static_cast<double>(agree) / static_cast<double>(points.size());
}

}  // namespace

BitVolume enclosedBy(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& normals,
                     const Grid& grid) {
  const int n = grid.cells;
  const auto size = static_cast<std::size_t>(n);
  const auto at = [&](int x, int y, int z) {
    return static_cast<std::size_t>(x) + size * (static_cast<std::size_t>(y) + size * static_cast<std::size_t>(z));
  };
  const auto cellOf = [&](double value) {
    return std::clamp(static_cast<int>(std::floor((value + grid.half) / grid.cell())), 0, n - 1);
  };
  std::vector<std::int8_t> votes(size * size * size);
  std::vector<float> facing(size * size * size);  // of the points of a cell and the lines beside it, along an axis
  std::vector<std::uint8_t> seen(size * size * size);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::fill(facing.begin(), facing.end(), 0.0F);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double along = normals[i][axis];
      if (std::abs(along) < kSteep) continue;
      const std::array<int, 3> cell{cellOf(points[i][0]), cellOf(points[i][1]), cellOf(points[i][2])};
      const std::size_t a = (axis + 1) % 3, b = (axis + 2) % 3;
      for (int da = -2; da <= 2; ++da) {
        for (int db = -2; db <= 2; ++db) {
          std::array<int, 3> beside = cell;
          beside[a] += da;
          beside[b] += db;
          if (beside[a] < 0 || beside[a] >= n || beside[b] < 0 || beside[b] >= n) continue;
          const int distance = std::max(std::abs(da), std::abs(db));
          const double weight = distance == 0 ? 16 : distance == 1 ? 4 : 1;
          facing[at(beside[0], beside[1], beside[2])] += static_cast<float>(weight * along);
        }
      }
    }
    for (int p = 0; p < n; ++p) {
      for (int q = 0; q < n; ++q) {
        for (const int direction : {1, -1}) {
          // Coming from that side, what was passed last?
          int last = 0;
          for (int step = 0; step < n; ++step) {
            const int level = direction > 0 ? step : n - 1 - step;
            std::array<int, 3> cell{};
            cell[axis] = level;
            cell[(axis + 1) % 3] = p;
            cell[(axis + 2) % 3] = q;
            const std::size_t place = at(cell[0], cell[1], cell[2]);
            const float sum = facing[place] * static_cast<float>(direction);
            if (sum != 0) last = sum < 0 ? 1 : -1;  // a face towards where we come from is entered
            votes[place] = static_cast<std::int8_t>(votes[place] + 2 * last);
            if (last != 0) seen[place] = static_cast<std::uint8_t>(seen[place] + 1);
          }
        }
      }
    }
  }
  const cloud::Box box = nearlyAll(points);
  const auto within = [&](const cloud::Point& p) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (p[i] < box.low[i] || p[i] > box.high[i]) return false;
    }
    return true;
  };
  // Near points, what they say of the side of their plane.
  BitVolume close(grid);
  for (const cloud::Point& p : points) close.set(cellOf(p[0]), cellOf(p[1]), cellOf(p[2]));
  close = grown(grown(close));
  const metrics::PointTree tree(points);
  BitVolume volume(grid);
  for (int z = 0; z < n; ++z) {
    for (int y = 0; y < n; ++y) {
      for (int x = 0; x < n; ++x) {
        const std::size_t place = at(x, y, z);
        const cloud::Point center{grid.center(x), grid.center(y), grid.center(z)};
        if (!within(center)) continue;
        double inside = votes[place] - (6 - seen[place]) * kUnseen;  // what is not seen speaks for outside, but less
        if (close.cell(x, y, z)) {
          inside = 0;
          for (const metrics::Nearest& near : tree.nearest(center, kNearest)) {
            inside -= cloud::dot(center - points[near.index], normals[near.index]);
          }
        }
        if (inside > 0) volume.set(x, y, z);
      }
    }
  }
  return volume;
}

BitVolume enclosedBy(const std::vector<cloud::Point>& points, const Grid& grid, std::vector<cloud::Point>& normals) {
  BitVolume best(grid);
  normals.assign(points.size(), {});
  double most = -1;
  for (const double smooth : {0.01, 0.03, 0.07}) {
    std::vector<cloud::Point> attempt = outwardNormals(points, 24, smooth);
    if (attempt.empty()) break;
    BitVolume volume = enclosedBy(points, attempt, grid);
    const double agreement = agreementOf(volume, points, attempt);
    if (agreement > most) {
      most = agreement;
      best = std::move(volume);
      normals = std::move(attempt);
    }
  }
  return best;
}

BitVolume finer(const BitVolume& volume) {
  const Grid grid{2 * volume.grid().cells, volume.grid().half};
  BitVolume result(grid);
  for (int z = 0; z < grid.cells; ++z) {
    for (int y = 0; y < grid.cells; ++y) {
      for (int x = 0; x < grid.cells; ++x) {
        if (volume.cell(x / 2, y / 2, z / 2)) result.set(x, y, z);
      }
    }
  }
  return result;
}

}  // namespace cadrecode::search
