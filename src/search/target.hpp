// An input in its frame as what a search needs: points of its surface, the objectives that candidates are held against,
// and first guesses. One thread an object.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "search/extrusion_cover.hpp"
#include "search/objective.hpp"
#include "search/reconstruct.hpp"
#include "search/stretch.hpp"

namespace cadrecode::search {

constexpr std::size_t kMostBodies = 12;
constexpr double kLeastShare = 0.003;  // of the volume, that a body must add

// The input in its frame, as what a search needs.
struct Target {
  std::vector<cloud::Point> points, normals;  // of the surface
  bool closed = false;
  std::unique_ptr<Objective> objective, fine;  // fine: for the last steps and for what is reported
  std::unique_ptr<Objective> finest;           // of points: for the very last
  std::unique_ptr<ExtrusionCover> cover;       // of the volume, or of what the points seem to enclose
  std::vector<Program> proposals;
  std::string proposalName = "proposal";
};

// Says in `notes` how the input is taken. Error(input) for what lies in one plane.
Target targetOf(const sandbox::Part& part, const std::string& name, const cloud::Frame& frame,
                const ReconstructOptions& options, std::vector<std::string>& notes);
// The same of a closed mesh, stretched, for programs along the stretch's axis.
Target stretchedTargetOf(cloud::Mesh mesh, const cloud::Frame& frame, const Stretch& stretch,
                         const ReconstructOptions& options);

}  // namespace cadrecode::search
