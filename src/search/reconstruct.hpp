// From a mesh or a cloud to a program and its solid, in the input's own units and place: proposals and given candidates
// are ranked against the input, the best are refined, and the first that the kernel builds is taken. Deterministic: the
// same input, candidates and seed give the same result. One thread; scripts run in the pool's workers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cloud/frame.hpp"
#include "sandbox/part.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

struct ReconstructOptions {
  std::uint64_t seed = 0;
  std::uint64_t maxEvaluations = 20000;  // of each candidate that is refined
  std::size_t refined = 3;               // so many candidates are
  std::vector<std::string> candidates;   // scripts in the frame in which the longest side is 200, as a model gives them
  bool proposals = true;                 // those made without a model take part
};

struct CandidateReport {
  std::string source;  // "proposal 2", "candidate 1"
  double fit = 0, refinedFit = 0;
  std::uint64_t evaluations = 0;
  std::string outcome;  // "chosen", "", or why not
};

struct Reconstruction {
  Program program;  // in the frame
  cloud::Frame frame;
  std::string script;     // in the part's units
  std::string step, stl;  // of the solid
  bool closedInput = false;
  double fit = 0;                                  // IoU of a closed input, else agreement of the surfaces, 0 to 1
  double meanDeviation = 0, largestDeviation = 0;  // from points of the input to the solid, in its units
  double volume = 0, stepVolume = 0;               // of the solid, and as read back from the STEP file
  bool valid = false;
  std::vector<CandidateReport> candidates;  // best first
  std::vector<std::string> notes;
};

// `name`: of the input, for the script's head and for errors. Error(input) for a part without extent, Error(failure)
// when nothing fits or the kernel builds none of the candidates.
Reconstruction reconstruct(const sandbox::Part& part, const std::string& name, sandbox::ScriptPool& pool,
                           const ReconstructOptions& options = {});

// What is known about it as one JSON object, without times: equal runs give equal bytes.
std::string reportJson(const Reconstruction& result, const std::string& name, const ReconstructOptions& options);

}  // namespace cadrecode::search
