#include "search/refine.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "search/moves.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

constexpr double kGain = 1e-7;  // smaller ones are rounding

class Search {
 public:
  Search(Program program, Objective& objective, const RefineOptions& options)
      : program_(std::move(program)), objective_(objective), options_(options), random_(options.seed) {
    givePlanesOfTheirOwn(program_);
    draw();
    fit_ = objective_.of(bodies_);
  }

  double fit() const { return fit_; }
  std::uint64_t evaluations() const { return evaluations_; }

  void run() {
    edit();
    descend(options_.largestStep);
    edit();
    hop();
    snap();
  }

  Program take() {
    sharePlanes(program_);
    return std::move(program_);
  }

 private:
  bool exhausted() const { return evaluations_ >= options_.maxEvaluations; }

  void draw() {
    bodies_.clear();
    for (const Body& body : program_.bodies) bodies_.emplace_back(program_, body, objective_.grid());
  }

  double evaluate(std::size_t i) {
    ++evaluations_;
    return objective_.withBody(VoxelBody(program_, program_.bodies[i], objective_.grid()));
  }

  // Goes on with one move while it helps. The other bodies are fixed in the objective.
  bool follow(std::size_t i, const Move& move, double step) {
    bool moved = false;
    while (!exhausted()) {
      move.apply(step);
      const double fit = isPlain(program_.bodies[i]) ? evaluate(i) : -1;
      if (fit <= fit_ + kGain || !isSound(program_.bodies[i])) {
        move.apply(-step);
        return moved;
      }
      fit_ = fit;
      moved = true;
    }
    return moved;
  }

  // The cheap part of soundness, asked before a body is drawn.
  static bool isPlain(const Body& body) {
    if (body.extent == 0) return false;
    if (body.kind == Body::Kind::cylinder) return body.width > 0;
    if (body.kind == Body::Kind::box) return body.width > 0 && body.height > 0;
    return std::all_of(body.regions.begin(), body.regions.end(), [](const Region& region) {
      if (region.kind == Region::Kind::circle) return region.width > 0;
      return region.kind != Region::Kind::rect || (region.width > 0 && region.height > 0);
    });
  }

  bool improveBody(std::size_t i, double step) {
    objective_.fixAllBut(bodies_, i);
    std::vector<Move> moves = movesOf(program_, i);
    bool moved = false;
    for (const Move& move : moves) {
      moved |= follow(i, move, step) || follow(i, move, -step);
      if (exhausted()) break;
    }
    if (moved) bodies_[i] = VoxelBody(program_, program_.bodies[i], objective_.grid());
    return moved;
  }

  void descend(double largest) {
    for (bool moved = true; moved && !exhausted();) {
      moved = false;
      for (double step = largest; step >= options_.smallestStep && !exhausted(); step /= 2) {
        for (std::size_t i = 0; i < program_.bodies.size() && !exhausted(); ++i) moved |= improveBody(i, step);
      }
      largest = std::min(largest, 4.0);
    }
  }

  // Bodies and regions that are better left out, extrusions that are better turned round.
  void edit() {
    for (std::size_t i = 0; i < program_.bodies.size() && !exhausted();) {
      objective_.fixAllBut(bodies_, i);
      tryBody(i, [](Body& body) { body.extent = -body.extent; });
      ++evaluations_;
      if (const double fit = objective_.withNone(); program_.bodies.size() > 1 && fit > 0 && fit >= fit_) {
        fit_ = fit;
        program_.bodies.erase(program_.bodies.begin() + static_cast<std::ptrdiff_t>(i));
        bodies_.erase(bodies_.begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      for (std::size_t k = program_.bodies[i].regions.size(); k-- > 1;) {
        // What follows keeps its place when it says where it is.
        const auto& regions = program_.bodies[i].regions;
        if (k + 1 < regions.size() && regions[k + 1].place == Region::Place::keep) continue;
        tryBody(
            i, [k](Body& body) { body.regions.erase(body.regions.begin() + static_cast<std::ptrdiff_t>(k)); }, true);
      }
      ++i;
    }
  }

  // Changes a body and keeps that when it helps, or with `shorter` when it does no harm.
  template <class Change>
  bool tryBody(std::size_t i, Change change, bool shorter = false) {
    const Body before = program_.bodies[i];
    change(program_.bodies[i]);
    if (isSound(program_.bodies[i])) {
      const double fit = evaluate(i);
      if (shorter ? fit >= fit_ : fit > fit_ + kGain) {
        fit_ = fit;
        bodies_[i] = VoxelBody(program_, program_.bodies[i], objective_.grid());
        return true;
      }
    }
    program_.bodies[i] = before;
    return false;
  }

  // Leaves a resting place by random moves of one body and descends again.
  void hop() {
    for (int n = 0; n < options_.hops && !exhausted(); ++n) {
      const Program kept = program_;
      const std::vector<VoxelBody> keptBodies = bodies_;
      const double keptFit = fit_;
      const std::size_t i = random_.below(program_.bodies.size());
      const std::vector<Move> moves = movesOf(program_, i);
      const std::uint64_t changes = 1 + random_.below(3);
      for (std::uint64_t k = 0; k < changes; ++k) {
        const double step = static_cast<double>(1 + random_.below(8));
        moves[random_.below(moves.size())].apply(random_.chance(0.5) ? step : -step);
      }
      if (isSound(program_.bodies[i])) {
        bodies_[i] = VoxelBody(program_, program_.bodies[i], objective_.grid());
        fit_ = objective_.of(bodies_);
        ++evaluations_;
        for (double step = 4; step >= 1; step /= 2) improveBody(i, step);
        if (fit_ > keptFit + kGain) continue;
      }
      program_ = kept;
      bodies_ = keptBodies;
      fit_ = keptFit;
    }
  }

  // Numbers one step from each other's value, or from its opposite, become equal where that costs nothing.
  void snap() {
    for (std::size_t i = 0; i < program_.bodies.size() && !exhausted(); ++i) {
      objective_.fixAllBut(bodies_, i);
      std::vector<double*> numbers;
      for (const Parameter& parameter : parametersOf(program_)) {
        if (parameter.kind != Parameter::Kind::origin && parameter.body == i) numbers.push_back(parameter.value);
      }
      for (double* number : numbers) {
        for (const double* other : numbers) {
          for (const double goal : {*other, -*other}) {
            const double before = *number;
            if (number == other || goal == before || std::abs(goal - before) > 1 || exhausted()) continue;
            *number = goal;
            const double fit = isSound(program_.bodies[i]) ? evaluate(i) : -1;
            if (fit >= fit_ + kGain || (fit >= fit_ && std::abs(goal) < std::abs(before))) {
              fit_ = fit;
            } else {
              *number = before;
            }
          }
        }
      }
      bodies_[i] = VoxelBody(program_, program_.bodies[i], objective_.grid());
    }
  }

  Program program_;
  Objective& objective_;
  RefineOptions options_;
  Random random_;
  std::vector<VoxelBody> bodies_;
  double fit_ = 0;
  std::uint64_t evaluations_ = 0;
};

}  // namespace

Refinement refine(const Program& start, Objective& objective, const RefineOptions& options) {
  Search search(start, objective, options);
  Refinement result;
  result.before = search.fit();
  search.run();
  result.after = search.fit();
  result.evaluations = search.evaluations();
  result.program = search.take();
  return result;
}

}  // namespace cadrecode::search
