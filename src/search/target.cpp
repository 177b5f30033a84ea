#include "search/target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "metrics/distances.hpp"
#include "metrics/symmetric_eigen.hpp"
#include "search/point_volume.hpp"
#include "search/propose.hpp"
#include "search/sided_objective.hpp"
#include "search/soundness.hpp"
#include "search/voxel_mesh.hpp"

namespace cadrecode::search {
namespace {

constexpr std::size_t kSamples = 20000;
constexpr double kClosedShare = 0.02;  // of rays that may be odd in a mesh taken as closed
constexpr int kCells = 128, kFineCells = 256, kSurfaceCells = 64;

// As many of them at random, the same for arrays of one size; in their order.
std::vector<cloud::Point> thinned(const std::vector<cloud::Point>& points, std::size_t most) {
  if (points.size() <= most) return points;
  Random random(points.size());
  std::vector<cloud::Point> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (random.below(points.size() - i) < most - kept.size()) kept.push_back(points[i]);
  }
  return kept;
}

void refuseFlat(const std::vector<cloud::Point>& points, const std::string& name) {
  using cloud::operator-;
  cloud::Point mean{};
  for (const cloud::Point& p : points) {
    for (std::size_t i = 0; i < 3; ++i) mean[i] += p[i] / static_cast<double>(points.size());
  }
  std::array<std::array<double, 3>, 3> spread{};
  for (const cloud::Point& p : points) {
    const cloud::Point d = p - mean;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) spread[a][b] += d[a] * d[b];
    }
  }
  const auto values = metrics::symmetricEigen<3>(spread).values;
  if (std::sqrt(std::max(values[2], 0.0) / values[0]) < 1e-4) {
    throw Error(ErrorCode::input, "ValueError",
                name + ": all of it lies in one plane, which is the surface of no part");
  }
}

std::vector<Program> proposalsOf(ExtrusionCover& cover) {
  std::vector<Program> proposals = propose(cover.target());
  Program program;
  cover.extend(program, kMostBodies, kLeastShare);
  if (isSound(program)) proposals.insert(proposals.begin(), std::move(program));
  return proposals;
}

// What a closed mesh in its frame, or in a stretched one, gives a search.
void aimAtVolume(Target& target, BitVolume cells, BitVolume fine, const ReconstructOptions& options,
                 std::optional<int> axis = {}) {
  target.closed = true;
  target.cover = std::make_unique<ExtrusionCover>(cells, fine, ExtrusionCover::Options{.axis = axis});
  if (options.proposals) target.proposals = proposalsOf(*target.cover);
  target.objective = std::make_unique<VolumeObjective>(std::move(cells));
  target.fine = std::make_unique<VolumeObjective>(std::move(fine));
}

}  // namespace

Target targetOf(const sandbox::Part& part, const std::string& name, const cloud::Frame& frame,
                const ReconstructOptions& options, std::vector<std::string>& notes) {
  Target target;
  const Grid grid = gridCovering(kFrameSide / 2, kCells);
  if (part.isMesh()) {
    cloud::Mesh mesh = part.mesh();
    for (cloud::Point& p : mesh.vertices) p = frame.toLocal(p);
    cloud::Cloud samples = metrics::sampleSurface(mesh, kSamples, options.seed);
    target.points = std::move(samples.points);
    refuseFlat(target.points, name);
    target.normals = std::move(samples.normals);
    MeshVolume filled = fillMesh(mesh, grid);
    target.closed = filled.rays > 0 && filled.oddShare() <= kClosedShare && filled.cells.count() > 0;
    if (target.closed) {
      if (filled.oddRays > 0) notes.push_back("the mesh has small gaps, which were closed by vote of three directions");
      aimAtVolume(target, std::move(filled.cells), fillMesh(mesh, gridCovering(kFrameSide / 2, kFineCells)).cells,
                  options);
      return target;
    }
    notes.push_back("the mesh is not closed: the part is fitted to its surface, not to its volume");
  } else {
    const cloud::Cloud& cloud = part.cloud();
    target.points = thinned(cloud.points, kSamples);
    for (cloud::Point& p : target.points) p = frame.toLocal(p);
    refuseFlat(target.points, name);
    target.normals = thinned(cloud.normals, kSamples);
    notes.push_back("the input is a cloud: the part is fitted to its points, not to a volume");
  }
  const Grid coarse = gridCovering(kFrameSide / 2, kSurfaceCells);
  const BitVolume enclosed = target.normals.size() == target.points.size()
                                 ? enclosedBy(target.points, target.normals, coarse)
                                 : enclosedBy(target.points, coarse, target.normals);
  target.finest =
      std::make_unique<SidedObjective>(target.points, target.normals, gridCovering(kFrameSide / 2, kFineCells));
  target.cover = std::make_unique<ExtrusionCover>(enclosed, enclosed, ExtrusionCover::Options{.share = 0.75});
  if (options.proposals) target.proposals = proposalsOf(*target.cover);
  target.fine = std::make_unique<SurfaceObjective>(target.points, finer(enclosed), 0);
  target.objective = std::make_unique<SurfaceObjective>(target.points, enclosed, 0.5);
  return target;
}

Target stretchedTargetOf(cloud::Mesh mesh, const cloud::Frame& frame, const Stretch& stretch,
                         const ReconstructOptions& options) {
  for (cloud::Point& p : mesh.vertices) p = stretched(frame.toLocal(p), stretch);
  Target target;
  target.proposalName = "proposal stretched";
  aimAtVolume(target, fillMesh(mesh, gridCovering(kFrameSide / 2, kCells)).cells,
              fillMesh(mesh, gridCovering(kFrameSide / 2, kFineCells)).cells, options, stretch.axis);
  std::erase_if(target.proposals, [&](const Program& program) { return !stretched(program, stretch); });
  return target;
}

}  // namespace cadrecode::search
