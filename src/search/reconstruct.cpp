#include "search/reconstruct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "cloud/read.hpp"
#include "core/error.hpp"
#include "metrics/surface_tree.hpp"
#include "search/bit_volume.hpp"
#include "search/part_script.hpp"
#include "search/rank.hpp"
#include "search/refine.hpp"
#include "search/round_numbers.hpp"
#include "search/stretch.hpp"
#include "search/target.hpp"
#include "search/voxel_body.hpp"
#include "search/voxel_mesh.hpp"

namespace cadrecode::search {
namespace {

constexpr std::size_t kFewestPoints = 50;
constexpr double kRoundingLoss = 5e-4;  // of the fit, for round numbers

struct Contender {
  Program program;
  std::size_t report;  // in Reconstruction::candidates
  double fit;
  std::string foreign = {};  // a script outside the dialect instead of a program
};

bool better(const Contender& a, const Contender& b) {
  return a.fit - lengthPenalty(a.program) > b.fit - lengthPenalty(b.program);
}

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

// Unions of many bodies can lose most of them in the kernel, and its solid is called valid all the same. Cells tell the
// volume of thin bodies badly, so only a loss of more than half counts.
bool hasItsVolume(const Program& program, const Reconstruction& result, std::string& reason) {
  if (program.bodies.size() < 2) return true;
  const Grid grid = gridCovering(kFrameSide / 2, 256);
  const double largest = [&] {
    double most = 0;
    for (const Body& body : program.bodies) {
      most = std::max(most, static_cast<double>(VoxelBody(program, body, grid).count()) * grid.volumeOfCell());
    }
    return most * std::pow(result.frame.unit, 3);
  }();
  if (result.volume >= largest / 2) return true;
  reason = fmt::format("the kernel lost bodies: its solid has {:.3g} times the volume of the largest of them",
                       result.volume / largest);
  return false;
}

// The best program's first bodies alone, should nothing else be built: they cover the most.
void addShorter(std::vector<Contender>& contenders) {
  const Contender best = contenders.front();
  for (std::size_t bodies = best.program.bodies.size(); bodies > 1;) {
    bodies = bodies * 2 / 3;
    Contender shorter = best;
    shorter.program.bodies.resize(bodies);
    dropUnusedPlanes(shorter.program);
    contenders.push_back(std::move(shorter));
  }
}

void measureDeviation(const std::vector<cloud::Point>& points, Reconstruction& result) {
  const cloud::Mesh mesh = std::get<cloud::Mesh>(cloud::readInput(result.stl, "part.stl").geometry);
  const metrics::SurfaceTree tree(mesh);
  double sum = 0;
  for (const cloud::Point& p : points) {
    const double distance = tree.nearest(result.frame.toPart(p)).distance;
    sum += distance;
    result.largestDeviation = std::max(result.largestDeviation, distance);
  }
  result.meanDeviation = sum / static_cast<double>(points.size());
}

// How well the solid of a script outside the dialect fits; nothing, with the reason, when the kernel makes none.
std::optional<double> fitOfScript(const std::string& script, sandbox::ScriptPool& pool, Objective& objective,
                                  std::string& reason) {
  try {
    const sandbox::Part part = sandbox::readPartBytes(pool, script, "candidate.py", {.tolerance = 0.01});
    const double half = objective.grid().half;
    for (const cloud::Point& p : part.mesh().vertices) {
      for (const double x : p) {
        if (std::abs(x) < half) continue;
        reason = "its solid reaches far beyond the part";
        return std::nullopt;
      }
    }
    return objective.ofVolume(fillMesh(part.mesh(), objective.grid()).cells);
  } catch (const Error& error) {
    reason = error.what();
    return std::nullopt;
  }
}

// Given scripts outside the dialect take their places among the contenders.
void addForeign(std::vector<Contender>& contenders, Target& target, const ReconstructOptions& options,
                const std::function<double(const Program&)>& fitOf, sandbox::ScriptPool& pool, Reconstruction& result) {
  Objective& objective = *(target.fine ? target.fine : target.objective);
  for (std::size_t i = 0; i < result.candidates.size(); ++i) {
    CandidateReport& report = result.candidates[i];
    if (!report.foreign) continue;
    const auto given = std::find_if(options.programs.begin(), options.programs.end(),
                                    [&](const GivenProgram& program) { return program.source == report.source; });
    std::string reason;
    const auto fit = fitOfScript(given->script, pool, objective, reason);
    report.outcome = reason;
    if (!fit) continue;
    report.fit = *fit;
    const auto place = std::find_if(contenders.begin(), contenders.end(), [&](const Contender& contender) {
      return (contender.foreign.empty() ? fitOf(contender.program) : contender.fit) < *fit;
    });
    contenders.insert(place, {{}, i, *fit, given->script});
  }
}

// Refines a program; adds bodies where much of the volume is still uncovered, and refines again where that is better.
Refinement improve(const Program& program, Target& target, const ReconstructOptions& options) {
  RefineOptions search;
  search.seed = options.seed;
  search.maxEvaluations = target.closed ? options.maxEvaluations : options.maxEvaluations / 8;
  Refinement best = refine(program, *target.objective, search);
  Program more = best.program;
  const std::size_t bodies = more.bodies.size();
  if (bodies >= kMostBodies) return best;
  target.cover->extend(more, kMostBodies - bodies, kLeastShare);
  if (more.bodies.size() == bodies || target.objective->of(more) <= best.after) return best;
  search.maxEvaluations /= 2;
  Refinement further = refine(more, *target.objective, search);
  further.before = best.before;
  further.evaluations += best.evaluations;
  return further.after - lengthPenalty(further.program) > best.after - lengthPenalty(best.program) ? further : best;
}

// Ranks what there is and refines the best; best first.
std::vector<Contender> contend(Target& target, const ReconstructOptions& options, Reconstruction& result) {
  std::vector<std::string> scripts;
  for (const GivenProgram& given : options.programs) scripts.push_back(given.script);
  for (const Program& program : target.proposals) scripts.push_back(writeProgram(program));
  std::vector<Contender> refined, plain;
  std::set<std::string> seen;
  for (Candidate& candidate : rankCandidates(scripts, *target.objective)) {
    CandidateReport report;
    report.source = candidate.index < options.programs.size()
                        ? options.programs[candidate.index].source
                        : fmt::format("{} {}", target.proposalName, candidate.index - options.programs.size() + 1);
    report.fit = candidate.fit;
    report.outcome = candidate.reason;
    report.foreign = !candidate.program && candidate.index < options.programs.size();
    const bool isNew = !candidate.program || seen.insert(writeProgram(*candidate.program)).second;
    if (!isNew) report.outcome = "the same as one before";
    if (candidate.program && candidate.fit > 0 && isNew) {
      plain.push_back({*candidate.program, result.candidates.size(), candidate.fit});
      if (refined.size() < options.refined && options.maxEvaluations > 0) {
        Refinement found = improve(*candidate.program, target, options);
        report.evaluations = found.evaluations;
        report.refinedFit = found.after;
        refined.push_back({std::move(found.program), result.candidates.size(), found.after});
      }
    }
    result.candidates.push_back(std::move(report));
  }
  // Slender parts are few cells wide: what looks the same on the coarse grid is told apart on the fine one.
  if (target.closed) {
    for (Contender& contender : refined) contender.fit = target.fine->of(contender.program);
  }
  std::stable_sort(refined.begin(), refined.end(), better);
  if (!refined.empty() && target.fine) {
    RefineOptions polish;
    polish.seed = options.seed;
    polish.maxEvaluations = target.closed ? options.maxEvaluations / 4 : options.maxEvaluations / 20;
    polish.largestStep = 1;
    polish.smallestStep = 0.25;
    polish.hops = 0;
    Refinement found = refine(refined.front().program, *target.fine, polish);
    if (target.finest) {
      polish.largestStep = 2;
      const Refinement last = refine(found.program, *target.finest, polish);
      found.program = last.program;
      found.evaluations += last.evaluations;
      found.after = target.fine->of(found.program);
    }
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
  auto last = std::chrono::steady_clock::now();
  const auto time = [&](const char* what) {
    const auto now = std::chrono::steady_clock::now();
    result.seconds.emplace_back(what, std::chrono::duration<double>(now - std::exchange(last, now)).count());
  };
  const cloud::Box box = part.isMesh() ? cloud::boxOf(part.mesh()) : cloud::boxOf(part.cloud().points);
  result.frame = cloud::Frame::centred(box, kFrameSide);
  if (!part.isMesh() && part.cloud().points.size() < kFewestPoints) {
    throw Error(ErrorCode::input, "ValueError",
                fmt::format("{}: a cloud of {} points; at least {} are needed to see a surface", name,
                            part.cloud().points.size(), kFewestPoints));
  }
  Target target = targetOf(part, name, result.frame, options, result.notes);
  result.closedInput = target.closed;
  time("propose");
  std::vector<Contender> contenders = contend(target, options, result);
  // A rod or a plate is seen once more, as large as the grid is.
  const std::optional<Stretch> stretch = target.closed && options.proposals ? stretchFor(box) : std::nullopt;
  std::optional<Target> wide;
  const auto fitOf = [&](const Program& program) {
    const auto asWide = wide ? stretched(program, *stretch) : std::nullopt;
    return asWide ? wide->fine->of(*asWide) : (target.fine ? target.fine : target.objective)->of(program);
  };
  if (stretch) {
    wide = stretchedTargetOf(part.mesh(), result.frame, *stretch, options);
    ReconstructOptions proposalsAlone = options;
    proposalsAlone.programs.clear();
    for (const Contender& contender : contend(*wide, proposalsAlone, result)) {
      if (auto program = stretched(contender.program, inverse(*stretch))) {
        contenders.push_back({std::move(*program), contender.report, 0});
      }
    }
    for (Contender& contender : contenders) contender.fit = fitOf(contender.program);
    std::stable_sort(contenders.begin(), contenders.end(), better);
  }
  addForeign(contenders, target, options, fitOf, pool, result);
  if (!contenders.empty() && contenders.front().foreign.empty()) {
    const Contender& best = contenders.front();
    if (auto round = withRoundNumbers(best.program, result.frame, kFrameSide, kRoundingLoss, fitOf)) {
      contenders.insert(contenders.begin(), {std::move(*round), best.report, best.fit});
    }
  }
  time("refine");
  if (!contenders.empty()) addShorter(contenders);
  for (Contender& contender : contenders) {
    CandidateReport& report = result.candidates[contender.report];
    const std::string about = "Made by cadrecode reconstruct from " + name + ", in its units.";
    const bool isForeign = !contender.foreign.empty();
    const std::string script = isForeign ? partScript(contender.foreign, result.frame, about)
                                         : partScript(contender.program, result.frame, about);
    std::string reason;
    if (!build(script, pool, result, reason) || (!isForeign && !hasItsVolume(contender.program, result, reason))) {
      report.outcome = reason;
      continue;
    }
    report.outcome = "chosen";
    result.script = script;
    result.fit = isForeign ? contender.fit : fitOf(contender.program);
    result.programText = isForeign ? contender.foreign : writeProgram(contender.program);
    result.program = std::move(contender.program);
    measureDeviation(target.points, result);
    time("build");
    return result;
  }
  std::string reasons;
  for (const CandidateReport& report : result.candidates) {
    if (!report.outcome.empty()) reasons += "; " + report.source + ": " + report.outcome;
  }
  throw Error(ErrorCode::failure, "NoCandidate",
              name + ": no program was found that fits the input and that the kernel builds" + reasons);
}

}  // namespace cadrecode::search
