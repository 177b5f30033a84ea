// From a mesh or a cloud to a program and its solid, in the input's own units and place: proposals and given candidates
// are ranked against the input, the best are refined, and the first that the kernel builds is taken. Deterministic: the
// same input, candidates and seed give the same result. One thread; scripts run in the pool's workers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cloud/frame.hpp"
#include "sandbox/part.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

constexpr double kFrameSide = 200;  // of a part's box in the frame of its program, as the dialect has it

struct GivenProgram {
  std::string source;  // "model 3"
  // In the frame in which the part's box is centred and its longest side is 200. One that the engine runs but that is
  // outside the dialect is compared as the kernel builds it, and not refined.
  std::string script;
};

struct ReconstructOptions {
  std::uint64_t seed = 0;
  std::uint64_t maxEvaluations = 20000;  // of each candidate that is refined
  std::size_t refined = 3;               // so many candidates are
  std::vector<GivenProgram> programs;    // of a model or a person
  bool proposals = true;                 // those made without a model take part
};

struct CandidateReport {
  std::string source;  // "proposal 2", or as given
  double fit = 0, refinedFit = 0;
  std::uint64_t evaluations = 0;
  std::string outcome;   // "chosen", "", or why not
  bool foreign = false;  // outside the dialect
};

struct Reconstruction {
  Program program;          // in the frame; without bodies where a given script outside the dialect was taken
  std::string programText;  // the same as text
  cloud::Frame frame;
  std::string script;     // in the part's units
  std::string step, stl;  // of the solid
  bool closedInput = false;
  double fit = 0;                                  // IoU of a closed input, else agreement of the surfaces, 0 to 1
  double meanDeviation = 0, largestDeviation = 0;  // from points of the input to the solid, in its units
  double volume = 0, stepVolume = 0;               // of the solid, and as read back from the STEP file
  bool valid = false;
  std::vector<CandidateReport> candidates;  // best first; those of a stretched rod or plate behind the others
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, double>> seconds;  // what took how long
};

// `name`: of the input, for the script's head and for errors. Error(input) for a part without extent, Error(failure)
// when nothing fits or the kernel builds none of the candidates.
Reconstruction reconstruct(const sandbox::Part& part, const std::string& name, sandbox::ScriptPool& pool,
                           const ReconstructOptions& options = {});

}  // namespace cadrecode::search
