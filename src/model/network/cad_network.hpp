// The network of CAD-Recode: points through a Fourier encoder, text through an embedding, both through a Qwen decoder.
// Copies share weights. Const methods may run in several threads, but libtorch uses all cores for one call anyway.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model_config.hpp"
#include "model/network/kv_cache.hpp"
#include "model/network/weights.hpp"

namespace cadrecode::model::network {

// Coordinates, then sines, then cosines of coordinate * 2^0..2^7, coordinate by coordinate: ... x 3 to ... x 51, in the
// type of the points. As the original's FourierPointEncoder.
at::Tensor fourierFeatures(const at::Tensor& points);

class CadNetwork {
 public:
  CadNetwork(ModelConfig config, Weights weights);
  // Reads config.json and the weights of a folder: a model, or an adapter, which is merged into its base
  // (adapter/model_folders.hpp). Throws Error(input).
  static CadNetwork load(const std::string& folder, const LoadOptions& options = {});

  // Writes weights, config.json and further texts (file name to content) as a checkpoint that Hugging Face's library
  // reads; the configuration names the decoder's type.
  void save(const std::string& folder, std::map<std::string, std::string> texts = {}) const;

  const ModelConfig& config() const { return config_; }
  Weights& weights() { return weights_; }
  const Weights& weights() const { return weights_; }
  // Type and device of the decoder.
  at::TensorOptions options() const;

  // Points (batch x count x 3, float32) to the decoder's inputs: batch x count x hidden, in the encoder's type.
  at::Tensor encodePoints(const at::Tensor& points) const;
  // Inputs of a whole sequence: the points' places, then the tokens (batch x length, int64).
  at::Tensor embed(const at::Tensor& points, const at::Tensor& tokens) const;
  // Inputs of tokens alone.
  at::Tensor embedTokens(const at::Tensor& tokens) const;

  // While a seed is set, adapters drop some of their inputs, as training wants it; the same seed drops the same.
  void setDropout(std::optional<std::uint64_t> seed) { dropoutSeed_ = seed; }
  // Whether decode(), while gradients are recorded, keeps only the inputs of layers and computes the rest again on the
  // way back. The network must then live until that is done.
  void setRecomputing(bool recomputing) { recomputing_ = recomputing; }

  // Decodes inputs (batch x positions x hidden) causally, from position 0 on; returns the states behind the last norm.
  // A sequence shorter than others is padded behind its end, where nothing before it looks. `trace`, when given, gets
  // the inputs, the states after every layer but the last, and the result.
  at::Tensor decode(const at::Tensor& inputs, std::vector<at::Tensor>* trace = nullptr) const;
  // Decodes new positions of some slots of a cache: either whole sequences into empty slots, or one position each.
  at::Tensor decodeInto(KvCache& cache, const std::vector<std::int64_t>& slots, const at::Tensor& inputs) const;

  // States (batch x positions x hidden) to logits in float32.
  at::Tensor logits(const at::Tensor& states) const;

 private:
  struct CacheRows {
    KvCache& cache;
    const std::vector<std::int64_t>& slots;
  };
  struct Pass;  // what all layers of one pass share
  at::Tensor layerOutput(std::size_t index, at::Tensor states, const Pass& pass) const;
  at::Tensor run(at::Tensor states, const std::vector<std::int64_t>& starts, const CacheRows* rows,
                 std::vector<at::Tensor>* trace) const;

  ModelConfig config_;
  Weights weights_;
  std::optional<std::uint64_t> dropoutSeed_;
  bool recomputing_ = false;
};

// Cross entropy of the next token: batch x (points + tokens) states against labels (batch x tokens, -100 where nothing
// is to be learned), as the original shifts them. Logits are computed only where there is a label.
struct LanguageLoss {
  at::Tensor sum;           // scalar, float32, differentiable
  std::int64_t tokens = 0;  // labels counted; the mean is sum / tokens
};
LanguageLoss languageLoss(const CadNetwork& network, const at::Tensor& states, const at::Tensor& labels);

}  // namespace cadrecode::model::network
