// Which extrusions fill a volume: cross-sections that stay the same over a stretch of an axis are found along all three
// axes, and those that cover the most of what is still uncovered become bodies. One thread an object; deterministic.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "search/bit_volume.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

class ExtrusionCover {
 public:
  struct Options {
    double share = 0.9;          // of a stretch's levels that a cell must be inside of to belong to its section
    std::size_t stretches = 20;  // places along an axis where a stretch may begin or end, at most
    std::optional<int> axis{};   // only along this one
  };

  // `fine`: the same volume in a grid of more cells, from which outlines are taken; may be `target` itself.
  ExtrusionCover(BitVolume target, BitVolume fine, const Options& options);
  ExtrusionCover(BitVolume target, BitVolume fine) : ExtrusionCover(std::move(target), std::move(fine), Options{}) {}
  const BitVolume& target() const { return target_; }

  // Bodies added to `program` one after the other, each of which covers at least `least` of the volume that is
  // uncovered before it; at most `bodies`.
  void extend(Program& program, std::size_t bodies, double least);

 private:
  // A connected section along a plane's normal over the levels first..end-1.
  struct Stretch {
    PlaneName plane;
    int first, end;
    std::vector<std::uint64_t> image;  // bits along the plane's x, rows along its y
    std::uint64_t outside;             // cells of it that are not of the target
    std::uint64_t bound;               // it cannot cover more than this
  };
  using Levels = std::vector<std::uint64_t>;  // layers along a plane's normal, one after the other

  Levels levelsOf(const BitVolume& volume, PlaneName plane) const;
  void findStretches(PlaneName plane);
  std::optional<Body> bodyOf(const Stretch& stretch, Plane& plane) const;

  BitVolume target_, fine_;
  Options options_;
  std::uint64_t count_;
  std::vector<Stretch> stretches_;
};

}  // namespace cadrecode::search
