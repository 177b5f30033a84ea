// What a search maximises: how well a set of bodies fits an input, from 0 to 1. Against a closed input it is the IoU of
// cells; against points of a surface, how much of each surface lies near the other. One thread an object.
#pragma once

#include <memory>
#include <vector>

#include "cloud/geometry.hpp"
#include "search/voxel_score.hpp"

namespace cadrecode::search {

class Objective {
 public:
  virtual ~Objective() = default;
  virtual const Grid& grid() const = 0;
  virtual double of(const std::vector<VoxelBody>& bodies) = 0;
  virtual double ofVolume(const BitVolume& volume) = 0;  // of the same grid
  double of(const Program& program);
  // Fixes all bodies but `without`; withBody gives the fit of those and one more, withNone that of those alone.
  virtual void fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) = 0;
  virtual double withBody(const VoxelBody& body) = 0;
  virtual double withNone() = 0;
};

// IoU with the cells of a closed input.
class VolumeObjective : public Objective {
 public:
  explicit VolumeObjective(BitVolume target) : score_(std::move(target)) {}
  using Objective::of;
  const Grid& grid() const override { return score_.grid(); }
  double of(const std::vector<VoxelBody>& bodies) override { return score_.of(bodies).iou(); }
  double ofVolume(const BitVolume& volume) override { return overlap(volume, score_.target()).iou(); }
  void fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) override {
    score_.fixAllBut(bodies, without);
  }
  double withBody(const VoxelBody& body) override { return score_.ofBody(body).iou(); }
  double withNone() override { return score_.ofFixed().iou(); }

 private:
  VoxelScore score_;
};

// An objective that looks at the cells of all bodies together.
class CellObjective : public Objective {
 public:
  explicit CellObjective(const Grid& grid) : fixed_(grid) {}
  using Objective::of;
  const Grid& grid() const override { return fixed_.grid(); }
  double of(const std::vector<VoxelBody>& bodies) override;
  double ofVolume(const BitVolume& volume) override { return fitOf(volume); }
  void fixAllBut(const std::vector<VoxelBody>& bodies, std::size_t without) override;
  double withBody(const VoxelBody& body) override;
  double withNone() override { return fitOf(fixed_); }

 private:
  virtual double fitOf(const BitVolume& volume) const = 0;

  BitVolume fixed_;
};

// For points of a surface that need not be whole. With r of 1, 2 and 4 cells: the share of the points' cells that lie
// within r of the candidate's surface, and the share of the candidate's surface within r of a point; the mean over r of
// their harmonic means. `enclosed`, the volume the points seem to enclose, counts too: where its surface is far from
// any point it stands in for what is missing, and a share of the fit is the IoU with it.
class SurfaceObjective : public CellObjective {
 public:
  SurfaceObjective(const std::vector<cloud::Point>& points, BitVolume enclosed, double shareOfVolume);

 private:
  double fitOf(const BitVolume& volume) const override;

  BitVolume enclosed_;
  double shareOfVolume_;
  BitVolume points_;
  std::vector<BitVolume> near_;  // of the points, within 1, 2 and 4 cells
};

// The cells of a volume that have a neighbour outside it along an axis.
BitVolume surfaceOf(const BitVolume& volume);
// Adds the neighbours along the axes of every cell.
BitVolume grown(const BitVolume& volume);

}  // namespace cadrecode::search
