#include "generate/token_choice.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "core/error.hpp"

namespace cadrecode::generate {

namespace {

struct Candidate {
  double weight;  // proportional to the probability
  std::int32_t token;
};

// The likelier first, of equals the lower id: the greatest of a heap ordered by this.
bool comesAfter(const Candidate& a, const Candidate& b) {
  return a.weight != b.weight ? a.weight < b.weight : a.token > b.token;
}

float thresholdOfTopK(std::span<const float> logits, std::int64_t topK) {
  if (topK <= 0 || static_cast<std::size_t>(topK) >= logits.size()) return -std::numeric_limits<float>::infinity();
  std::vector<float> copy(logits.begin(), logits.end());
  const auto kth = copy.begin() + (topK - 1);
  std::nth_element(copy.begin(), kth, copy.end(), std::greater<>());
  return *kth;
}

// The likeliest tokens that are needed to reach the probability, the likeliest first.
std::vector<Candidate> keepTopP(std::vector<Candidate> candidates, double topP) {
  double total = 0.0;
  for (const Candidate& candidate : candidates) total += candidate.weight;
  std::vector<Candidate> kept;
  double before = 0.0;
  std::make_heap(candidates.begin(), candidates.end(), comesAfter);
  while (!candidates.empty() && before < topP * total) {
    std::pop_heap(candidates.begin(), candidates.end(), comesAfter);
    kept.push_back(candidates.back());
    before += candidates.back().weight;
    candidates.pop_back();
  }
  return kept;
}

}  // namespace

void checkSampling(const Sampling& sampling) {
  if (!(sampling.temperature > 0.0)) throwValueError("temperature is not above 0");
  if (sampling.topK < 0) throwValueError("top_k is negative");
  if (!(sampling.topP > 0.0 && sampling.topP <= 1.0)) throwValueError("top_p is not above 0 and at most 1");
}

std::int32_t chooseToken(std::span<const float> logits, const Sampling& sampling, double uniform) {
  float greatest = -std::numeric_limits<float>::infinity();
  std::int32_t likeliest = -1;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] > greatest) {
      greatest = logits[i];
      likeliest = static_cast<std::int32_t>(i);
    }
  }
  if (likeliest < 0 || !std::isfinite(greatest)) throwValueError("no token can be chosen from these logits");
  if (!sampling.sample) return likeliest;

  const float threshold = thresholdOfTopK(logits, sampling.topK);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (!(logits[i] >= threshold)) continue;
    const double weight = std::exp((static_cast<double>(logits[i]) - greatest) / sampling.temperature);
    if (weight > 0.0) candidates.push_back({weight, static_cast<std::int32_t>(i)});
  }
  if (sampling.topP < 1.0) candidates = keepTopP(std::move(candidates), sampling.topP);
  double left = 0.0;
  for (const Candidate& candidate : candidates) left += candidate.weight;
  left *= uniform;
  for (const Candidate& candidate : candidates) {
    left -= candidate.weight;
    if (left < 0.0) return candidate.token;
  }
  return candidates.back().token;
}

}  // namespace cadrecode::generate
