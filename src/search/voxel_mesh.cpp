#include "search/voxel_mesh.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "search/shells.hpp"

namespace cadrecode::search {
namespace {

using cloud::Point;

// Where an edge passes a row of cells: the same figures for both triangles of the edge, whichever way they run it.
struct Crossing {
  double along, height;
};

struct Axes {
  int along, across, height;  // bits, rows, layers
};

class RayCaster {
 public:
  RayCaster(const Grid& grid, const Axes& axes) : grid_(grid), axes_(axes), volume_(grid) {}

  void triangle(const Point& a, const Point& b, const Point& c) {
    const std::array<const Point*, 3> corners{&a, &b, &c};
    const auto of = [](const Point& p, int axis) { return p[static_cast<std::size_t>(axis)]; };
    const auto [low, high] = std::minmax({of(a, axes_.across), of(b, axes_.across), of(c, axes_.across)});
    const auto [flat, tall] = std::minmax({of(a, axes_.height), of(b, axes_.height), of(c, axes_.height)});
    const int end = grid_.firstAbove(high);
    for (int r = grid_.firstAbove(low); r < end; ++r) {
      const double across = grid_.center(r);
      std::array<Crossing, 3> crossings;
      std::size_t n = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        const Point *from = corners[i], *to = corners[(i + 1) % 3];
        if ((of(*from, axes_.across) <= across) == (of(*to, axes_.across) <= across)) continue;
        if (of(*from, axes_.across) > of(*to, axes_.across)) std::swap(from, to);
        const double share = (across - of(*from, axes_.across)) / (of(*to, axes_.across) - of(*from, axes_.across));
        crossings[n++] = {of(*from, axes_.along) + share * (of(*to, axes_.along) - of(*from, axes_.along)),
                          of(*from, axes_.height) + share * (of(*to, axes_.height) - of(*from, axes_.height))};
      }
      if (n != 2) continue;
      if (crossings[0].along > crossings[1].along) std::swap(crossings[0], crossings[1]);
      const Crossing &left = crossings[0], &right = crossings[1];
      const int last = grid_.firstAbove(right.along);
      for (int x = grid_.firstAbove(left.along); x < last; ++x) {
        const double share = (grid_.center(x) - left.along) / (right.along - left.along);
        const double height = std::clamp(left.height + share * (right.height - left.height), flat, tall);
        // Above the last layer too: bit plane `cells` would hold it, and nothing is to be filled.
        const int z = grid_.firstAbove(height);
        if (z < grid_.cells) volume_.layer(z)[r * grid_.wordsPerRow() + (x >> 6)] ^= std::uint64_t{1} << (x & 63);
        if (z >= grid_.cells) above_[index(r, x >> 6)] ^= std::uint64_t{1} << (x & 63);
        touched_[index(r, x >> 6)] |= std::uint64_t{1} << (x & 63);
      }
    }
  }

  MeshVolume finish() {
    const std::size_t words = touched_.size();
    for (int z = 1; z < grid_.cells; ++z) {
      const std::uint64_t* below = volume_.layer(z - 1);
      std::uint64_t* layer = volume_.layer(z);
      for (std::size_t i = 0; i < words; ++i) layer[i] ^= below[i];
    }
    MeshVolume result{std::move(volume_)};
    const std::uint64_t* top = result.cells.layer(grid_.cells - 1);
    for (std::size_t i = 0; i < words; ++i) {
      result.oddRays += static_cast<std::size_t>(std::popcount(top[i] ^ above_[i]));
      result.rays += static_cast<std::size_t>(std::popcount(touched_[i]));
    }
    return result;
  }

 private:
  std::size_t index(int r, int word) const { return static_cast<std::size_t>(r * grid_.wordsPerRow() + word); }

  Grid grid_;
  Axes axes_;
  BitVolume volume_;
  std::vector<std::uint64_t> touched_ = std::vector<std::uint64_t>(static_cast<std::size_t>(grid_.wordsPerLayer()));
  std::vector<std::uint64_t> above_ = touched_;
};

MeshVolume cast(const cloud::Mesh& mesh, const std::vector<cloud::Triangle>& triangles, const Grid& grid,
                const Axes& axes) {
  RayCaster caster(grid, axes);
  for (const cloud::Triangle& t : triangles) {
    caster.triangle(mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
  }
  return caster.finish();
}

MeshVolume fillEvenOdd(const cloud::Mesh& mesh, const std::vector<cloud::Triangle>& triangles, const Grid& grid) {
  MeshVolume result = cast(mesh, triangles, grid, {0, 1, 2});
  if (result.oddRays == 0) return result;
  // Cells (y, z, x) and (z, x, y) of the other two directions.
  const BitVolume alongX = cast(mesh, triangles, grid, {1, 2, 0}).cells,
                  alongY = cast(mesh, triangles, grid, {2, 0, 1}).cells;
  BitVolume voted(grid);
  for (int z = 0; z < grid.cells; ++z) {
    for (int y = 0; y < grid.cells; ++y) {
      for (int x = 0; x < grid.cells; ++x) {
        const int votes = int{result.cells.cell(x, y, z)} + int{alongX.cell(y, z, x)} + int{alongY.cell(z, x, y)};
        if (votes >= 2) voted.set(x, y, z);
      }
    }
  }
  result.cells = std::move(voted);
  return result;
}

}  // namespace

MeshVolume fillMesh(const cloud::Mesh& mesh, const Grid& grid) {
  const std::vector<Shell> shells = closedShells(mesh);
  if (shells.empty()) return fillEvenOdd(mesh, mesh.triangles, grid);
  MeshVolume result{BitVolume(grid)};
  for (const Shell& shell : shells) {
    const MeshVolume one = fillEvenOdd(mesh, shell.triangles, grid);
    for (int z = 0; z < grid.cells; ++z) {
      const std::uint64_t* from = one.cells.layer(z);
      std::uint64_t* to = result.cells.layer(z);
      for (int i = 0; i < grid.wordsPerLayer(); ++i) to[i] = shell.volume < 0 ? to[i] & ~from[i] : to[i] | from[i];
    }
    result.oddRays += one.oddRays;
    result.rays += one.rays;
  }
  return result;
}

}  // namespace cadrecode::search
