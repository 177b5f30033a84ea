// Makes a program fit an input better by changing its own numbers, body by body, and by small edits: a body or a region
// is dropped, an extrusion is turned round, nearly equal or opposite numbers become so. Deterministic: the same
// program, objective, options and seed give the same program. One thread.
#pragma once

#include <cstdint>

#include "search/objective.hpp"

namespace cadrecode::search {

struct RefineOptions {
  std::uint64_t seed = 0;
  std::uint64_t maxEvaluations = 20000;
  double largestStep = 16;
  double smallestStep = 1;  // each step is half the one before
  int hops = 40;            // random changes tried after the descent has come to rest
};

struct Refinement {
  Program program;
  double before = 0, after = 0;  // fit
  std::uint64_t evaluations = 0;
};

// Whole-number steps keep whole and half numbers what they are.
Refinement refine(const Program& start, Objective& objective, const RefineOptions& options = {});

}  // namespace cadrecode::search
