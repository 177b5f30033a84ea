// Chooses the next token from a row of logits, as Hugging Face's generate does: temperature, top-k, top-p, then a draw.
// Pure function of its inputs, any thread.
#pragma once

#include <cstdint>
#include <span>

namespace cadrecode::generate {

struct Sampling {
  bool sample = false;       // otherwise the greatest logit, the first of equals
  double temperature = 1.0;  // above 0
  std::int64_t topK = 0;     // only the k greatest and what equals the last of them; 0: all
  double topP = 1.0;         // only the greatest whose predecessors have less than this probability together
};

// Throws ValueError for values out of range.
void checkSampling(const Sampling& sampling);

// `uniform` in [0, 1) decides a draw. Logits of minus infinity are never chosen. Throws ValueError when no logit is a
// number above minus infinity.
std::int32_t chooseToken(std::span<const float> logits, const Sampling& sampling, double uniform);

}  // namespace cadrecode::generate
