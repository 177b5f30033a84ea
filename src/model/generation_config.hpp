// What `generation_config.json` says about decoding. Plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::model {

struct GenerationConfig {
  std::vector<std::int64_t> eosTokens;  // each of them ends a text
  std::optional<std::int64_t> bosToken, padToken, maxNewTokens;
  bool sample = false;
  double temperature = 1.0;
  std::int64_t topK = 50;  // 0: no limit
  double topP = 1.0;
};

// Reads the text of a `generation_config.json`. Throws Error(input) naming the key: values out of range, and settings
// that would change the output without being known here (repetition_penalty, num_beams).
GenerationConfig parseGenerationConfig(std::string_view json);
// Reads FOLDER/generation_config.json; nothing when there is none.
std::optional<GenerationConfig> readGenerationConfig(const std::string& folder);

std::string toGenerationConfigJson(const GenerationConfig& config);

}  // namespace cadrecode::model
