// The arrays of a network as libtorch tensors, and where they come from: a checkpoint or random numbers.
// Tensors share their memory when copied, as libtorch's do; a checkpoint's mapping lives as long as a tensor needs it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/model_config.hpp"
#include "model/network/linear.hpp"
#include "model/tensor_view.hpp"

namespace cadrecode::model::network {

// What a family lacks is undefined.
struct LayerWeights {
  Linear query, key, value, output;
  at::Tensor queryNorm, keyNorm;
  Linear gate, up, down;
  at::Tensor inputNorm, innerNorm;
};

// The linear layers of a decoder layer under their names in files, in the model's order.
struct NamedLinear {
  const char* name;
  Linear LayerWeights::*member;
};
inline constexpr NamedLinear namedLinears[] = {
    {"self_attn.q_proj", &LayerWeights::query}, {"self_attn.k_proj", &LayerWeights::key},
    {"self_attn.v_proj", &LayerWeights::value}, {"self_attn.o_proj", &LayerWeights::output},
    {"mlp.gate_proj", &LayerWeights::gate},     {"mlp.up_proj", &LayerWeights::up},
    {"mlp.down_proj", &LayerWeights::down}};

struct Weights {
  at::Tensor embedding;
  std::vector<LayerWeights> layers;
  at::Tensor finalNorm;
  at::Tensor output;  // the embedding itself when tied
  at::Tensor pointWeight, pointBias;
};

using NamedTensor = std::pair<std::string, at::Tensor>;

// Every array once, under its name in files, in the model's order.
std::vector<NamedTensor> namedTensors(const Weights& weights, const ModelConfig& config);

struct LoadOptions {
  // Of the decoder's weights: float32 or bfloat16; the file's own by default (float16 becomes float32). The point
  // encoder stays as it is stored, as the original's loader leaves it.
  std::optional<at::ScalarType> type;
  at::Device device = at::kCPU;
  bool verifySums = false;     // compare SHA256SUMS first
  bool requireFinite = false;  // refuse NaN and infinity
  // A folder with a LoRA adapter that is merged into the weights while they are read; none when empty.
  std::string adapter;
  std::string baseModel;  // of a folder that is an adapter, instead of the one it names
  // Projections are packed while they are read, one at a time, and stay packed.
  std::optional<quantization::PackingOptions> packing;
  // A point encoder the files lack is made from this seed; without a seed its absence is an error.
  std::optional<std::uint64_t> pointEncoderSeed;
};

// Reads a folder's weights. On the CPU arrays of the wanted type stay where the file is mapped: no second copy is made,
// and writing to them never changes the file. Throws Error(input) naming the file and the tensor.
Weights loadWeights(const std::string& folder, const ModelConfig& config, const LoadOptions& options);

// As Hugging Face's library initialises: matrices normal with the configuration's deviation, biases 0, norms 1.
// Depends on the seed only, not on the machine.
Weights randomWeights(const ModelConfig& config, std::uint64_t seed, at::ScalarType type = at::kFloat);

// The tensors as arrays of a weight file; they must be contiguous and on the CPU, and outlive the views.
std::vector<TensorView> viewsOf(const std::vector<NamedTensor>& tensors);

// The array as a tensor on the same memory; `owner` is kept alive by it.
at::Tensor tensorOn(const TensorView& view, std::shared_ptr<const void> owner);

}  // namespace cadrecode::model::network
