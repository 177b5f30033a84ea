#include "search/refine.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/random.hpp"
#include "search/moves.hpp"
#include "search/rounded_rectangle.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

constexpr double kGain = 1e-7;  // smaller ones are rounding

Loop roundedOutline(const Vector2& center, double width, double height, double radius) {
  return outlineOf(
      {{center.x - width / 2, center.y - height / 2}, {center.x + width / 2, center.y + height / 2}, radius});
}

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
      roundCorners(i);
      ++i;
    }
  }

  // Boxes and rectangles become outlines with round corners where that is worth the numbers it takes.
  void roundCorners(std::size_t i) {
    const Body& body = program_.bodies[i];
    if (body.kind == Body::Kind::box)
      roundCorners(i, body.width, body.height, [](Body& changed, double radius) {
        Region region;
        region.loop = roundedOutline(changed.at, changed.width, changed.height, radius);
        changed.kind = Body::Kind::sketch;
        changed.regions = {std::move(region)};
      });
    for (std::size_t k = 0; k < program_.bodies[i].regions.size(); ++k) {
      const std::vector<Region>& regions = program_.bodies[i].regions;
      if (regions[k].kind != Region::Kind::rect || regions[k].place == Region::Place::keep) continue;
      if (k + 1 < regions.size() && regions[k + 1].place == Region::Place::keep) continue;
      roundCorners(i, regions[k].width, regions[k].height, [k](Body& changed, double radius) {
        Region& region = changed.regions[k];
        const Vector2 at = region.place == Region::Place::push ? region.at : Vector2{};
        region.loop = roundedOutline(at, region.width, region.height, radius);
        region.kind = k == 0 ? Region::Kind::loop : Region::Kind::face;
        region.place = k == 0 ? Region::Place::keep : Region::Place::reset;
        region.facePlane = changed.plane;
      });
    }
  }

  template <class Change>
  void roundCorners(std::size_t i, double width, double height, Change change) {
    constexpr double kWorth = 2.5e-3;  // of the fit, for some twenty numbers more
    const Body before = program_.bodies[i];
    double bestFit = fit_ + kWorth;
    std::optional<Body> best;
    for (double radius = std::floor(std::min(width, height) / 2) - 1; radius >= 1 && !exhausted();
         radius = std::floor(radius / 1.4)) {
      program_.bodies[i] = before;
      change(program_.bodies[i], radius);
      const double fit = isSound(program_.bodies[i]) ? evaluate(i) : -1;
      if (fit <= bestFit) continue;
      bestFit = fit;
      best = program_.bodies[i];
    }
    program_.bodies[i] = best.value_or(before);
    if (!best) return;
    fit_ = bestFit;
    bodies_[i] = VoxelBody(program_, program_.bodies[i], objective_.grid());
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

  // Whether a number belongs to a rectangle with round corners, where it cannot change alone.
  bool isRounded(std::size_t i, const double* number) const {
    return std::any_of(program_.bodies[i].regions.begin(), program_.bodies[i].regions.end(), [&](const Region& region) {
      const Loop& loop = region.loop;
      if (!roundedRectangleOf(loop)) return false;
      const auto has = [&](const Vector2& p) { return number == &p.x || number == &p.y; };
      return has(loop.start) || std::any_of(loop.edges.begin(), loop.edges.end(),
                                            [&](const Edge& edge) { return has(edge.middle) || has(edge.end); });
    });
  }

  // Numbers one step from each other's value, or from its opposite, become equal where that costs nothing.
  void snap() {
    for (std::size_t i = 0; i < program_.bodies.size() && !exhausted(); ++i) {
      objective_.fixAllBut(bodies_, i);
      std::vector<double*> numbers;
      for (const Parameter& parameter : parametersOf(program_)) {
        if (parameter.kind != Parameter::Kind::origin && parameter.body == i && !isRounded(i, parameter.value)) {
          numbers.push_back(parameter.value);
        }
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
