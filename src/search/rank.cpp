#include "search/rank.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {

double lengthPenalty(const Program& program) {
  Program copy = program;
  return 1e-4 * static_cast<double>(parametersOf(copy).size());
}

std::vector<Candidate> rankCandidates(const std::vector<std::string>& scripts, Objective& objective) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    Candidate candidate;
    candidate.index = i;
    try {
      candidate.program = parseProgram(scripts[i]);
      candidate.sound = isSound(*candidate.program);
      candidate.fit = objective.of(*candidate.program);
      candidate.score = candidate.fit - lengthPenalty(*candidate.program);
    } catch (const Error& error) {
      candidate.reason = error.what();
      candidate.score = -1;
    }
    candidates.push_back(std::move(candidate));
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  return candidates;
}

}  // namespace cadrecode::search
