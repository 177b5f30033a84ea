#include "search/extrusion_cover.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "search/cross_section.hpp"
#include "search/moves.hpp"
#include "search/soundness.hpp"
#include "search/voxel_score.hpp"

namespace cadrecode::search {
namespace {

constexpr std::array kPlanes{PlaneName::xy, PlaneName::yz, PlaneName::zx};
constexpr std::uint64_t kSmallest = 8;  // cells of a section

// Calls see(u, v, level) for every cell of the volume, in a plane's own directions.
template <class See>
void forEachCell(const BitVolume& volume, PlaneName plane, See see) {
  const PlaneAxes axes = axesOf(plane);
  const Grid& grid = volume.grid();
  const int words = grid.wordsPerRow();
  std::array<int, 3> at{};
  for (int z = 0; z < grid.cells; ++z) {
    const std::uint64_t* layer = volume.layer(z);
    at[2] = z;
    for (int i = 0; i < words * grid.cells; ++i) {
      at[1] = i / words;
      for (std::uint64_t bits = layer[i]; bits != 0; bits &= bits - 1) {
        at[0] = (i % words) * 64 + std::countr_zero(bits);
        see(at[static_cast<std::size_t>(axes.x)], at[static_cast<std::size_t>(axes.y)],
            at[static_cast<std::size_t>(axes.normal)]);
      }
    }
  }
}

// Where sections change most from one level to the next: first and last level of the volume, and the sharpest between.
std::vector<int> breaksOf(const std::vector<std::uint64_t>& levels, const Grid& grid, std::size_t most) {
  const auto words = static_cast<std::size_t>(grid.wordsPerLayer());
  const int n = grid.cells;
  std::vector<std::uint64_t> change(static_cast<std::size_t>(n + 2));
  for (int level = 0; level <= n; ++level) {
    for (std::size_t i = 0; i < words; ++i) {
      const std::uint64_t below = level > 0 ? levels[static_cast<std::size_t>(level - 1) * words + i] : 0;
      const std::uint64_t here = level < n ? levels[static_cast<std::size_t>(level) * words + i] : 0;
      change[static_cast<std::size_t>(level)] += static_cast<std::uint64_t>(std::popcount(below ^ here));
    }
  }
  // How far a change stands out from those beside it: curved faces change a little at every level, flat ones at once.
  std::vector<std::pair<std::uint64_t, int>> sharp;
  for (int level = 0; level <= n; ++level) {
    const std::uint64_t here = change[static_cast<std::size_t>(level)];
    const std::uint64_t before = level > 0 ? change[static_cast<std::size_t>(level - 1)] : 0;
    const std::uint64_t after = change[static_cast<std::size_t>(level + 1)];
    if (here < kSmallest || here < before || here < after) continue;
    sharp.emplace_back(here - std::min(before, after), level);
  }
  std::stable_sort(sharp.begin(), sharp.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (sharp.size() > most) sharp.resize(most);
  std::vector<int> breaks;
  for (const auto& [height, level] : sharp) breaks.push_back(level);
  for (int level = 0; level <= n; ++level) {  // both ends
    if (change[static_cast<std::size_t>(level)] == 0) continue;
    if (breaks.empty() || std::find(breaks.begin(), breaks.end(), level) == breaks.end()) breaks.push_back(level);
    break;
  }
  for (int level = n; level >= 0; --level) {
    if (change[static_cast<std::size_t>(level)] == 0) continue;
    if (std::find(breaks.begin(), breaks.end(), level) == breaks.end()) breaks.push_back(level);
    break;
  }
  std::sort(breaks.begin(), breaks.end());
  return breaks;
}

// The connected parts of a section of cells (u + v * n), each as its list of cells.
std::vector<std::vector<int>> partsOf(std::vector<std::uint8_t>& inside, int n) {
  std::vector<std::vector<int>> parts;
  for (int start = 0; start < n * n; ++start) {
    if (inside[static_cast<std::size_t>(start)] == 0) continue;
    std::vector<int> part{start};
    inside[static_cast<std::size_t>(start)] = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const int cell = part[i], u = cell % n, v = cell / n;
      const auto visit = [&](int next) {
        if (inside[static_cast<std::size_t>(next)] == 0) return;
        inside[static_cast<std::size_t>(next)] = 0;
        part.push_back(next);
      };
      if (u > 0) visit(cell - 1);
      if (u + 1 < n) visit(cell + 1);
      if (v > 0) visit(cell - n);
      if (v + 1 < n) visit(cell + n);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Bodies from `first` on that others have made superfluous.
void dropRedundant(Program& program, std::size_t first, const BitVolume& target) {
  VoxelScore score(target);
  std::vector<VoxelBody> bodies;
  for (const Body& body : program.bodies) bodies.emplace_back(program, body, target.grid());
  for (std::size_t i = first; i < bodies.size() && bodies.size() > 1;) {
    score.fixAllBut(bodies, i);
    if (score.ofFixed().iou() >= score.ofBody(bodies[i]).iou()) {
      bodies.erase(bodies.begin() + static_cast<std::ptrdiff_t>(i));
      program.bodies.erase(program.bodies.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

}  // namespace

ExtrusionCover::ExtrusionCover(BitVolume target, BitVolume fine, const Options& options)
    : target_(std::move(target)), fine_(std::move(fine)), options_(options), count_(target_.count()) {
  for (const PlaneName plane : kPlanes) {
    if (!options_.axis || axesOf(plane).normal == *options_.axis) findStretches(plane);
  }
}

ExtrusionCover::Levels ExtrusionCover::levelsOf(const BitVolume& volume, PlaneName plane) const {
  const Grid& grid = volume.grid();
  const auto words = static_cast<std::size_t>(grid.wordsPerLayer()), row = static_cast<std::size_t>(grid.wordsPerRow());
  Levels levels(words * static_cast<std::size_t>(grid.cells));
  forEachCell(volume, plane, [&](int u, int v, int level) {
    levels[static_cast<std::size_t>(level) * words + static_cast<std::size_t>(v) * row +
           static_cast<std::size_t>(u >> 6)] |= std::uint64_t{1} << (u & 63);
  });
  return levels;
}

void ExtrusionCover::findStretches(PlaneName plane) {
  const Grid& grid = target_.grid();
  const int n = grid.cells;
  const auto cells = static_cast<std::size_t>(n * n), words = static_cast<std::size_t>(grid.wordsPerLayer());
  const Levels levels = levelsOf(target_, plane);
  const std::vector<int> breaks = breaksOf(levels, grid, options_.stretches);
  // How many levels between two breaks a cell is inside of.
  std::vector<std::vector<std::uint16_t>> between;
  for (std::size_t i = 0; i + 1 < breaks.size(); ++i) {
    std::vector<std::uint16_t> counts(cells);
    for (int level = breaks[i]; level < breaks[i + 1]; ++level) {
      const std::uint64_t* layer = levels.data() + static_cast<std::size_t>(level) * words;
      for (std::size_t w = 0; w < words; ++w) {
        for (std::uint64_t bits = layer[w]; bits != 0; bits &= bits - 1) {
          ++counts[w * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
        }
      }
    }
    between.push_back(std::move(counts));
  }
  std::vector<std::uint16_t> counts(cells);
  std::vector<std::uint8_t> inside(cells);
  for (std::size_t first = 0; first < between.size(); ++first) {
    std::fill(counts.begin(), counts.end(), std::uint16_t{0});
    for (std::size_t last = first; last < between.size(); ++last) {
      const std::uint16_t* more = between[last].data();
      for (std::size_t i = 0; i < cells; ++i) counts[i] = static_cast<std::uint16_t>(counts[i] + more[i]);
      const int length = breaks[last + 1] - breaks[first];
      const auto needed = static_cast<std::uint16_t>(std::max(1.0, std::ceil(options_.share * length)));
      std::uint8_t any = 0;
      for (std::size_t i = 0; i < cells; ++i) any |= inside[i] = counts[i] >= needed ? 1 : 0;
      if (any == 0) break;
      for (const std::vector<int>& part : partsOf(inside, n)) {
        if (part.size() < kSmallest) continue;
        Stretch stretch{plane, breaks[first], breaks[last + 1], std::vector<std::uint64_t>(words), 0, 0};
        for (const int cell : part) {
          stretch.image[static_cast<std::size_t>(cell >> 6)] |= std::uint64_t{1} << (cell & 63);
          stretch.bound += counts[static_cast<std::size_t>(cell)];
        }
        stretch.outside = part.size() * static_cast<std::uint64_t>(length) - stretch.bound;
        if (stretch.bound > stretch.outside) stretch.bound -= stretch.outside;
        stretches_.push_back(std::move(stretch));
      }
    }
  }
}

std::optional<Body> ExtrusionCover::bodyOf(const Stretch& stretch, Plane& plane) const {
  const Grid &coarse = target_.grid(), &grid = fine_.grid();
  const int n = grid.cells, scale = n / coarse.cells;
  const PlaneAxes axes = axesOf(stretch.plane);
  // The finer section: cells inside of most levels, beside the coarse section's own.
  Section section;
  section.cells = n;
  section.inside.resize(static_cast<std::size_t>(n * n));
  const auto coarseHas = [&](int u, int v) {
    if (u < 0 || v < 0 || u >= coarse.cells || v >= coarse.cells) return false;
    return (stretch.image[static_cast<std::size_t>(v * coarse.wordsPerRow() + (u >> 6))] >> (u & 63) & 1) != 0;
  };
  const int first = stretch.first * scale, end = stretch.end * scale;
  std::array<int, 3> at{};
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) {
      const int cu = u / scale, cv = v / scale;
      if (!coarseHas(cu, cv)) {
        if (scale == 1) continue;
        const int du = u % scale == 0 ? -1 : u % scale == scale - 1 ? 1 : 0;
        const int dv = v % scale == 0 ? -1 : v % scale == scale - 1 ? 1 : 0;
        if (!coarseHas(cu + du, cv) && !coarseHas(cu, cv + dv) && !coarseHas(cu + du, cv + dv)) continue;
      }
      at[static_cast<std::size_t>(axes.x)] = u;
      at[static_cast<std::size_t>(axes.y)] = v;
      int votes = 0;
      for (int level = first; level < end; ++level) {
        at[static_cast<std::size_t>(axes.normal)] = level;
        votes += fine_.cell(at[0], at[1], at[2]) ? 1 : 0;
      }
      const double share = std::min(options_.share, 0.9);
      section.inside[static_cast<std::size_t>(u + v * n)] = votes >= share * (end - first) ? 1 : 0;
    }
  }
  Body body;
  const double low = std::round(grid.low() + first * grid.cell());
  const double high = std::max(low + 1, std::round(grid.low() + end * grid.cell()));
  plane = {stretch.plane, {}};
  plane.origin[static_cast<std::size_t>(axes.normal)] = low;
  body.extent = high - low;
  body.regions = regionsOf(section, grid, 6.0 * scale * scale);
  makePrimitive(body);
  if (!isSound(body)) return std::nullopt;
  return body;
}

void ExtrusionCover::extend(Program& program, std::size_t bodies, double least) {
  if (count_ == 0) return;
  const Grid& grid = target_.grid();
  const auto words = static_cast<std::size_t>(grid.wordsPerLayer());
  std::vector<std::size_t> order(stretches_.size());
  std::vector<std::uint64_t> bound;
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    bound.push_back(stretches_[i].bound);
  }
  const auto enough = static_cast<std::uint64_t>(std::max(1.0, least * static_cast<double>(count_)));
  givePlanesOfTheirOwn(program);
  const std::size_t before = program.bodies.size();
  BitVolume covered = volumeOf(program, grid);
  for (std::size_t added = 0; added < bodies;) {
    BitVolume open = target_;
    for (int z = 0; z < grid.cells; ++z) {
      for (std::size_t i = 0; i < words; ++i) open.layer(z)[i] &= ~covered.layer(z)[i];
    }
    const std::array<Levels, 3> levels{levelsOf(open, kPlanes[0]), levelsOf(open, kPlanes[1]),
                                       levelsOf(open, kPlanes[2])};
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return bound[a] > bound[b]; });
    std::uint64_t most = 0;
    std::size_t best = 0;
    for (const std::size_t i : order) {
      if (bound[i] <= most || bound[i] < enough) break;  // what is covered never becomes less: bounds stay true
      const Stretch& stretch = stretches_[i];
      const Levels& layers = levels[static_cast<std::size_t>(stretch.plane)];
      Overlap sum;
      for (int level = stretch.first; level < stretch.end; ++level) {
        addCounts(stretch.image.data(), layers.data() + static_cast<std::size_t>(level) * words, words, sum);
      }
      bound[i] = sum.common > stretch.outside ? sum.common - stretch.outside : 0;
      if (bound[i] > most) {
        most = bound[i];
        best = i;
      }
    }
    if (most < enough) break;
    bound[best] = 0;
    Plane plane;
    std::optional<Body> body = bodyOf(stretches_[best], plane);
    if (!body) continue;
    program.planes.push_back(plane);
    body->plane = program.planes.size() - 1;
    for (Region& region : body->regions) region.facePlane = body->plane;
    covered.add(VoxelBody(program, *body, grid));
    program.bodies.push_back(std::move(*body));
    ++added;
  }
  dropRedundant(program, before, target_);
  sharePlanes(program);
}

}  // namespace cadrecode::search
