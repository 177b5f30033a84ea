#include "search/reconstruct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "cloud/read.hpp"
#include "core/error.hpp"
#include "metrics/distances.hpp"
#include "metrics/surface_tree.hpp"
#include "sandbox/result_json.hpp"
#include "search/part_script.hpp"
#include "search/propose.hpp"
#include "search/rank.hpp"
#include "search/refine.hpp"
#include "search/soundness.hpp"
#include "search/voxel_mesh.hpp"

namespace cadrecode::search {
namespace {

constexpr std::size_t kSamples = 20000;
constexpr double kSide = 200;          // of the frame, as the dialect has it
constexpr double kClosedShare = 0.02;  // of rays that may be odd in a mesh taken as closed
constexpr int kCells = 128, kFineCells = 256, kSurfaceCells = 64;

// The input in its frame, as what a search needs.
struct Target {
  std::vector<cloud::Point> points;  // of the surface
  bool closed = false;
  std::unique_ptr<Objective> objective, fine;  // fine: of a closed input only
  std::vector<Program> proposals;
};

std::vector<cloud::Point> thinned(const std::vector<cloud::Point>& points, std::size_t most) {
  if (points.size() <= most) return points;
  std::vector<cloud::Point> kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(points[i * points.size() / most]);
  return kept;
}

Target targetOf(const sandbox::Part& part, const cloud::Frame& frame, const ReconstructOptions& options,
                std::vector<std::string>& notes) {
  Target target;
  const Grid grid = gridCovering(kSide / 2, kCells);
  if (part.isMesh()) {
    cloud::Mesh mesh = part.mesh();
    for (cloud::Point& p : mesh.vertices) p = frame.toLocal(p);
    target.points = metrics::sampleSurface(mesh, kSamples, options.seed).points;
    MeshVolume filled = fillMesh(mesh, grid);
    target.closed = filled.rays > 0 && filled.oddShare() <= kClosedShare && filled.cells.count() > 0;
    if (target.closed) {
      if (filled.oddRays > 0) notes.push_back("the mesh has small gaps, which were closed by vote of three directions");
      if (options.proposals) target.proposals = propose(filled.cells);
      target.objective = std::make_unique<VolumeObjective>(std::move(filled.cells));
      target.fine = std::make_unique<VolumeObjective>(fillMesh(mesh, gridCovering(kSide / 2, kFineCells)).cells);
      return target;
    }
    notes.push_back("the mesh is not closed: the part is fitted to its surface, not to its volume");
  } else {
    target.points.reserve(part.cloud().points.size());
    for (const cloud::Point& p : part.cloud().points) target.points.push_back(frame.toLocal(p));
    notes.push_back("the input is a cloud: the part is fitted to its points, not to a volume");
  }
  if (options.proposals) target.proposals = propose(fillBetween(target.points, gridCovering(kSide / 2, kSurfaceCells)));
  target.objective = std::make_unique<SurfaceObjective>(target.points, gridCovering(kSide / 2, kSurfaceCells));
  return target;
}

struct Contender {
  Program program;
  std::size_t report;  // in Reconstruction::candidates
  double fit;
};

// Builds the script; true when the solid is good and comes back from its STEP file.
bool build(const std::string& script, sandbox::ScriptPool& pool, Reconstruction& result, std::string& reason) {
  sandbox::Task task;
  task.text = script;
  task.step = task.stl = true;
  task.tolerance = 0.01;
  sandbox::TaskResult built = pool.run(task);
  if (!sandbox::succeeded(built) || !built.run.measures) {
    reason = sandbox::reasonOf(built);
    return false;
  }
  if (!built.run.measures->valid || built.run.measures->volume <= 0) {
    reason = "the kernel calls its solid invalid";
    return false;
  }
  try {
    const sandbox::Part back =
        sandbox::readPartBytes(pool, built.step, "part.step", sandbox::PartOptions{.mesh = false});
    result.stepVolume = back.measures ? back.measures->volume : 0;
  } catch (const Error& error) {
    reason = error.what();
    return false;
  }
  result.volume = built.run.measures->volume;
  if (std::abs(result.stepVolume - result.volume) > 1e-6 * result.volume) {
    reason = "its STEP file has another volume";
    return false;
  }
  result.valid = true;
  result.step = std::move(built.step);
  result.stl = std::move(built.stl);
  return true;
}

void measureDeviation(const std::vector<cloud::Point>& points, Reconstruction& result) {
  const cloud::Mesh mesh = std::get<cloud::Mesh>(cloud::readInput(result.stl, "part.stl").geometry);
  const metrics::SurfaceTree tree(mesh);
  double sum = 0;
  const std::vector<cloud::Point> some = thinned(points, kSamples);
  for (const cloud::Point& p : some) {
    const double distance = tree.nearest(result.frame.toPart(p)).distance;
    sum += distance;
    result.largestDeviation = std::max(result.largestDeviation, distance);
  }
  result.meanDeviation = sum / static_cast<double>(some.size());
}

// Ranks what there is and refines the best; best first.
std::vector<Contender> contend(Target& target, const ReconstructOptions& options, Reconstruction& result) {
  std::vector<std::string> scripts = options.candidates;
  for (const Program& program : target.proposals) scripts.push_back(writeProgram(program));
  std::vector<Contender> refined, plain;
  for (Candidate& candidate : rankCandidates(scripts, *target.objective)) {
    CandidateReport report;
    report.source = candidate.index < options.candidates.size()
                        ? fmt::format("candidate {}", candidate.index + 1)
                        : fmt::format("proposal {}", candidate.index - options.candidates.size() + 1);
    report.fit = candidate.fit;
    report.outcome = candidate.reason;
    if (candidate.program && candidate.fit > 0) {
      plain.push_back({*candidate.program, result.candidates.size(), candidate.fit});
      if (refined.size() < options.refined && options.maxEvaluations > 0) {
        RefineOptions search;
        search.seed = options.seed;
        search.maxEvaluations = target.closed ? options.maxEvaluations : options.maxEvaluations / 8;
        Refinement found = refine(*candidate.program, *target.objective, search);
        report.evaluations = found.evaluations;
        report.refinedFit = found.after;
        refined.push_back({std::move(found.program), result.candidates.size(), found.after});
      }
    }
    result.candidates.push_back(std::move(report));
  }
  const auto better = [](const Contender& a, const Contender& b) {
    return a.fit - lengthPenalty(a.program) > b.fit - lengthPenalty(b.program);
  };
  std::stable_sort(refined.begin(), refined.end(), better);
  if (!refined.empty() && target.fine) {
    RefineOptions polish;
    polish.seed = options.seed;
    polish.maxEvaluations = options.maxEvaluations / 4;
    polish.largestStep = 1;
    polish.smallestStep = 0.25;
    polish.hops = 0;
    Refinement found = refine(refined.front().program, *target.fine, polish);
    result.candidates[refined.front().report].evaluations += found.evaluations;
    refined.insert(refined.begin(), {std::move(found.program), refined.front().report, found.after});
  }
  refined.insert(refined.end(), plain.begin(), plain.end());
  return refined;
}

}  // namespace

Reconstruction reconstruct(const sandbox::Part& part, const std::string& name, sandbox::ScriptPool& pool,
                           const ReconstructOptions& options) {
  Reconstruction result;
  result.notes = part.notes;
  const cloud::Box box = part.isMesh() ? cloud::boxOf(part.mesh()) : cloud::boxOf(part.cloud().points);
  result.frame = cloud::Frame::centred(box, kSide);
  Target target = targetOf(part, result.frame, options, result.notes);
  result.closedInput = target.closed;
  for (Contender& contender : contend(target, options, result)) {
    CandidateReport& report = result.candidates[contender.report];
    const std::string script =
        partScript(contender.program, result.frame, "Made by cadrecode reconstruct from " + name + ", in its units.");
    std::string reason;
    if (!build(script, pool, result, reason)) {
      report.outcome = reason;
      continue;
    }
    report.outcome = "chosen";
    result.script = script;
    result.fit = (target.fine ? target.fine : target.objective)->of(contender.program);
    result.program = std::move(contender.program);
    measureDeviation(target.points, result);
    return result;
  }
  std::string reasons;
  for (const CandidateReport& report : result.candidates) {
    if (!report.outcome.empty()) reasons += "; " + report.source + ": " + report.outcome;
  }
  throw Error(ErrorCode::failure, "NoCandidate",
              name + ": no program was found that fits the input and that the kernel builds" + reasons);
}

std::string reportJson(const Reconstruction& result, const std::string& name, const ReconstructOptions& options) {
  sandbox::Json json;
  const double side = kSide * result.frame.unit;
  json["input"] = name;
  json["seed"] = options.seed;
  json["closed_input"] = result.closedInput;
  json[result.closedInput ? "iou" : "surface_agreement"] = result.fit;
  json["deviation"] = {{"mean", result.meanDeviation},
                       {"largest", result.largestDeviation},
                       {"mean_percent_of_side", 100 * result.meanDeviation / side},
                       {"largest_percent_of_side", 100 * result.largestDeviation / side}};
  json["volume"] = result.volume;
  json["step_volume"] = result.stepVolume;
  json["valid"] = result.valid;
  json["frame"] = {{"origin", result.frame.origin}, {"unit", result.frame.unit}};
  json["program"] = writeProgram(result.program);
  json["candidates"] = sandbox::Json::array();
  for (const CandidateReport& report : result.candidates) {
    json["candidates"].push_back({{"source", report.source},
                                  {"fit", report.fit},
                                  {"refined_fit", report.refinedFit},
                                  {"evaluations", report.evaluations},
                                  {"outcome", report.outcome}});
  }
  json["notes"] = result.notes;
  return json.dump(2) + "\n";
}

}  // namespace cadrecode::search
