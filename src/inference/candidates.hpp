// Programs that a model writes for one part: many, from several clouds sampled of it, decoded in one batch. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/recipe.hpp"
#include "inference/cad_model.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::inference {

struct CandidateOptions {
  std::size_t count = 16;    // programs
  std::size_t clouds = 4;    // samplings of the part; of each the first program takes the likeliest tokens
  double temperature = 0.8;  // of the others
  std::int64_t maxNewTokens = 512;
  std::uint64_t seed = 0;  // of the clouds' points and of the draws
  cloud::Recipe recipe;
};

// `count` scripts in the frame in which the part's box is centred and its longest side is 200; each is a complete
// program of the dialect. Empty for a count of 0. Error(input) for a part with too few points for the recipe.
std::vector<std::string> decodeCandidates(const CadModel& model, const sandbox::Part& part,
                                          const CandidateOptions& options = {});

}  // namespace cadrecode::inference
