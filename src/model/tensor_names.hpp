// The arrays a model of a given configuration consists of, under the names Hugging Face's library gives them.
// Pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/model_config.hpp"
#include "model/tensor_view.hpp"

namespace cadrecode::model {

// Features of one point: its coordinates, and sine and cosine of each at 8 frequencies.
inline constexpr std::int64_t pointFrequencies = 8;
inline constexpr std::int64_t pointFeatures = 3 + 2 * 3 * pointFrequencies;

inline constexpr const char* embeddingName = "model.embed_tokens.weight";
inline constexpr const char* finalNormName = "model.norm.weight";
inline constexpr const char* outputName = "lm_head.weight";
inline constexpr const char* pointWeightName = "point_encoder.projection.weight";
inline constexpr const char* pointBiasName = "point_encoder.projection.bias";

// "model.layers.3." + part
std::string layerTensorName(std::int64_t layer, const std::string& part);

struct TensorShape {
  std::string name;
  Shape shape;
};

// All of them in the model's order, the point encoder last. A tied output layer is not among them.
std::vector<TensorShape> expectedTensors(const ModelConfig& config);

enum class PointEncoder {
  required,
  optional  // a language model that has not learned points yet may lack it
};

// Throws Error(input) that names the missing, surplus, mis-shaped and non-floating arrays. A tied model may have an
// `lm_head.weight` of its own when it is equal to the embedding.
void checkTensors(std::span<const TensorView> present, const ModelConfig& config, PointEncoder pointEncoder);

}  // namespace cadrecode::model
