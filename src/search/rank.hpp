// Orders candidate programs by how well they fit the input itself. Stateless but for the objective; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "search/objective.hpp"

namespace cadrecode::search {

struct Candidate {
  std::size_t index = 0;           // in the list it came from
  std::optional<Program> program;  // none: outside the dialect or no script
  bool sound = false;
  double fit = 0;      // of the objective
  double score = 0;    // fit, less a little for length; what the order goes by
  std::string reason;  // why there is no program
};

// A ten-thousandth a number: decides between programs that fit alike.
double lengthPenalty(const Program& program);

// Best first; ties by index. What does not parse comes last.
std::vector<Candidate> rankCandidates(const std::vector<std::string>& scripts, Objective& objective);

}  // namespace cadrecode::search
