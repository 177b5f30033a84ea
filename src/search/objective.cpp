#include "search/objective.hpp"

namespace cadrecode::search {
namespace {

// Calls combine(cell word, the words of its neighbours) for every word; neighbours beyond the grid are empty.
template <class Combine>
BitVolume withNeighbours(const BitVolume& volume, Combine combine) {
  const Grid& grid = volume.grid();
  const int words = grid.wordsPerRow(), rows = grid.cells;
  BitVolume result(grid);
  for (int z = 0; z < grid.cells; ++z) {
    const std::uint64_t* layer = volume.layer(z);
    const std::uint64_t* below = z > 0 ? volume.layer(z - 1) : nullptr;
    const std::uint64_t* above = z + 1 < grid.cells ? volume.layer(z + 1) : nullptr;
    std::uint64_t* out = result.layer(z);
    for (int i = 0; i < rows * words; ++i) {
      const int y = i / words, w = i % words;
      const std::uint64_t here = layer[i];
      const std::uint64_t left = here << 1 | (w > 0 ? layer[i - 1] >> 63 : 0);
      const std::uint64_t right = here >> 1 | (w + 1 < words ? layer[i + 1] << 63 : 0);
      out[i] = combine(here, left, right, y > 0 ? layer[i - words] : 0, y + 1 < rows ? layer[i + words] : 0,
                       below != nullptr ? below[i] : 0, above != nullptr ? above[i] : 0);
    }
  }
  return result;
}

}  // namespace

BitVolume surfaceOf(const BitVolume& volume) {
  return withNeighbours(volume,
                        [](std::uint64_t here, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                           std::uint64_t e, std::uint64_t f) { return here & ~(a & b & c & d & e & f); });
}

BitVolume grown(const BitVolume& volume) {
  return withNeighbours(volume,
                        [](std::uint64_t here, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                           std::uint64_t e, std::uint64_t f) { return here | a | b | c | d | e | f; });
}

double Objective::of(const Program& program) {
  std::vector<VoxelBody> bodies;
  bodies.reserve(program.bodies.size());
  for (const Body& body : program.bodies) bodies.emplace_back(program, body, grid());
  return of(bodies);
}

SurfaceObjective::SurfaceObjective(const std::vector<cloud::Point>& points, BitVolume enclosed, double shareOfVolume)
    : CellObjective(enclosed.grid()),
      enclosed_(std::move(enclosed)),
      shareOfVolume_(shareOfVolume),
      points_(enclosed_.grid()) {
  const Grid& grid = enclosed_.grid();
  const auto cellOf = [&](double value) {
    return std::clamp(static_cast<int>(std::floor((value + grid.half) / grid.cell())), 0, grid.cells - 1);
  };
  for (const cloud::Point& p : points) points_.set(cellOf(p[0]), cellOf(p[1]), cellOf(p[2]));
  BitVolume seen = points_;
  for (int i = 0; i < grid.cells / 16; ++i) seen = grown(seen);
  const BitVolume surface = surfaceOf(enclosed_);
  for (int z = 0; z < grid.cells; ++z) {
    for (int i = 0; i < grid.wordsPerLayer(); ++i) points_.layer(z)[i] |= surface.layer(z)[i] & ~seen.layer(z)[i];
  }
  BitVolume one = grown(points_), two = grown(one), four = grown(grown(two));
  near_ = {std::move(one), std::move(two), std::move(four)};
}

double SurfaceObjective::fitOf(const BitVolume& volume) const {
  BitVolume spread = surfaceOf(volume);
  const BitVolume surface = spread;
  double sum = 0;
  for (std::size_t i = 0; i < near_.size(); ++i) {
    const Overlap precise = overlap(surface, near_[i]);
    if (precise.candidate == 0) return 0;
    spread = grown(spread);
    if (i == 2) spread = grown(spread);
    const Overlap whole = overlap(spread, points_);
    const double precision = static_cast<double>(precise.common) / static_cast<double>(precise.candidate);
    const double recall =
        static_cast<double>(whole.common) / static_cast<double>(std::max<std::uint64_t>(whole.target, 1));
    if (precision + recall > 0) sum += 2 * precision * recall / (precision + recall);
  }
  const double surfaces = sum / static_cast<double>(near_.size());
  if (shareOfVolume_ == 0) return surfaces;
  return shareOfVolume_ * overlap(volume, enclosed_).iou() + (1 - shareOfVolume_) * surfaces;
}

double CellObjective::of(const std::vector<VoxelBody>& bodies) {
  BitVolume volume(grid());
  for (const VoxelBody& body : bodies) volume.add(body);
  return fitOf(volume);
}

void CellObjective::fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) {
  fixed_ = BitVolume(grid());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (i != without) fixed_.add(bodies[i]);
  }
}

double CellObjective::withBody(const VoxelBody& body) {
  BitVolume volume = fixed_;
  volume.add(body);
  return fitOf(volume);
}

}  // namespace cadrecode::search
