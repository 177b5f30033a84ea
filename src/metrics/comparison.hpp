// All figures of a pair of parts, by one of three sets of definitions. A figure that cannot be had is absent, with the
// reason in `missing`; none is ever replaced by 0. Lengths in the frame that `frame` describes.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "metrics/alignment.hpp"
#include "metrics/brep_iou.hpp"
#include "metrics/distances.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::metrics {

enum class Profile {
  opencadrecode,  // open meshes closed; each shape centred and scaled to a longest side of 1 alone; 2000 points; motion
                  // searched
  cadRecode,      // both in the frame in which the reference is so; 8192 points
  absolute        // as they are, in the parts' units; 8192 points
};
std::string nameOf(Profile profile);
// "opencadrecode", "cad-recode", "absolute"; Error(usage) otherwise.
Profile profileOf(const std::string& name);

enum class AlignmentWish { none, cube, icp, ransac };
std::string nameOf(AlignmentWish wish);
// "none", "cube", "icp", "ransac"; empty: nothing, the profile's; Error(usage) otherwise.
std::optional<AlignmentWish> alignmentOf(const std::string& name);

struct CompareOptions {
  Profile profile = Profile::opencadrecode;
  std::size_t points = 0;  // 0: the profile's
  std::uint64_t seed = 0;
  std::optional<AlignmentWish> alignment = {};  // none: the profile's
  int voxels = 128;
  std::size_t earthMoverPoints = 4096;  // with more samples than this, the first so many are moved
  cloud::Frame predictionFrame = {};    // from the prediction's numbers to the reference's; not asked for when each
                                        // shape is scaled alone
};

struct Comparison {
  Profile profile = Profile::opencadrecode;
  std::string frame;
  std::size_t points = 0;
  std::uint64_t seed = 0;
  std::optional<Distances> samples, surface;
  std::optional<NoiseFloor> floor;  // of `samples`, for the reference's area
  std::optional<double> chamfer, hausdorff, earthMover, rms, matching, coverage, normalConsistency, normalAgreement;
  std::optional<double> chamferSquared;  // CAD-Recode's: sum of both mean squares, times 1000
  std::optional<double> iouBrep, iouMesh, iouVoxel, iouVoxelBound;
  std::optional<double> volumeReference, volumePrediction;  // in the parts' units, of the solid or else the mesh
  std::optional<Alignment> alignment;
  bool watertightReference = true, watertightPrediction = true;
  std::optional<bool> validReference, validPrediction;  // what the kernel says of a solid
  std::map<std::string, std::string> missing;           // key of a figure, why it is absent
  std::vector<std::string> notes;
  double seconds = 0;

  // The best of the three for a pair: of the solids, else of the meshes, else of voxels.
  std::optional<double> iou() const { return iouBrep ? iouBrep : iouMesh ? iouMesh : iouVoxel; }
};

// `brep` may be null: then there is no iou of solids. Deterministic: same parts and options, same figures but the time.
Comparison compare(const sandbox::Part& reference, const sandbox::Part& prediction, const CompareOptions& options,
                   BrepIouWorker* brep);

// Keys as the original's, and more; what is absent is null.
nlohmann::ordered_json toJson(const Comparison& comparison);
// For people, several lines.
std::string toText(const Comparison& comparison);

}  // namespace cadrecode::metrics
