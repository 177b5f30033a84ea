// What `config.json` of a Qwen2, Qwen2.5 or Qwen3 model says about the decoder. Plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/tensor_view.hpp"

namespace cadrecode::model {

enum class Family {
  qwen2,  // Qwen2 and Qwen2.5: biases on the query, key and value projections
  qwen3   // no biases, a norm on every head's queries and keys
};

struct ModelConfig {
  Family family = Family::qwen2;
  std::int64_t vocabularySize = 0;
  std::int64_t hiddenSize = 0;
  std::int64_t intermediateSize = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t keyValueHeads = 0;  // divides `heads`
  std::int64_t headSize = 0;       // even
  std::int64_t maxPositions = 32768;
  double normEpsilon = 1e-6;
  double ropeTheta = 10000.0;
  double initializerRange = 0.02;
  bool tiedEmbeddings = false;                // the output layer is the embedding
  ElementType storedType = ElementType::f32;  // "torch_dtype": f32, f16 or bf16
  std::optional<std::int64_t> bosToken, eosToken, padToken;
  std::int64_t promptPoints = 256;  // "n_points", written only where it is not the original's 256

  bool hasQkvBias() const { return family == Family::qwen2; }
  bool hasQkNorm() const { return family == Family::qwen3; }
};

// Reads the text of a `config.json`; the sliding window is ignored, as the original does. Throws Error(input) naming
// the key: missing sizes, sizes that do not fit together, another model type or activation, a rope scaling of any kind.
ModelConfig parseModelConfig(std::string_view json);
// Reads FOLDER/config.json; messages name it.
ModelConfig readModelConfig(const std::string& folder);

// The text of a `config.json` that the original and Hugging Face's library read.
std::string toConfigJson(const ModelConfig& config);

}  // namespace cadrecode::model
