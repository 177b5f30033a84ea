#include "model/network/cad_network.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/adapter/model_folders.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/network/layer_functions.hpp"
#include "model/network/recomputed.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::network {

at::Tensor fourierFeatures(const at::Tensor& points) {
  const at::Tensor frequencies = at::pow(2.0, at::arange(pointFrequencies, points.options()));
  const at::Tensor angles = (points.unsqueeze(-1) * frequencies).flatten(-2);
  return at::cat({points, angles.sin(), angles.cos()}, -1);
}

CadNetwork::CadNetwork(ModelConfig config, Weights weights)
    : config_(std::move(config)), weights_(std::move(weights)) {}

CadNetwork CadNetwork::load(const std::string& folder, const LoadOptions& options) {
  const adapter::ModelFolders folders = adapter::findModel(folder, options.baseModel);
  const ModelConfig config = readModelConfig(folders.weights);
  LoadOptions loading = options;
  loading.adapter = folders.adapter;
  return CadNetwork(config, loadWeights(folders.weights, config, loading));
}

void CadNetwork::save(const std::string& folder, std::map<std::string, std::string> texts) const {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : namedTensors(weights_, config_)) {
    tensors.emplace_back(name, tensor.detach().cpu().contiguous());
  }
  ModelConfig written = config_;
  written.storedType = options().dtype() == at::kBFloat16 ? ElementType::bf16 : ElementType::f32;
  texts["config.json"] = toConfigJson(written);
  const auto views = viewsOf(tensors);
  writeCheckpoint(folder, {.tensors = views, .texts = std::move(texts)});
}

at::TensorOptions CadNetwork::options() const { return weights_.embedding.options().requires_grad(false); }

at::Tensor CadNetwork::encodePoints(const at::Tensor& points) const {
  const at::Tensor features = fourierFeatures(points.to(weights_.pointWeight.options().requires_grad(false)));
  return at::linear(features, weights_.pointWeight, weights_.pointBias);
}

at::Tensor CadNetwork::embedTokens(const at::Tensor& tokens) const { return at::embedding(weights_.embedding, tokens); }

at::Tensor CadNetwork::embed(const at::Tensor& points, const at::Tensor& tokens) const {
  const at::Tensor text = embedTokens(tokens);
  return at::cat({encodePoints(points).to(text.scalar_type()), text}, 1);
}

struct CadNetwork::Pass {
  Rotation rotation;
  const CacheRows* rows;
  std::optional<std::uint64_t> dropoutSeed;
};

at::Tensor CadNetwork::layerOutput(std::size_t index, at::Tensor states, const Pass& pass) const {
  const LayerWeights& layer = weights_.layers[index];
  const std::int64_t positions = states.size(1);
  auto heads = [&](const at::Tensor& x, std::int64_t count) {
    return x.view({states.size(0), positions, count, config_.headSize});
  };
  std::uint64_t drops = 7 * index;
  auto linear = [&](const Linear& part, const at::Tensor& x) {
    return apply(part, x, pass.dropoutSeed ? Random(*pass.dropoutSeed).split(drops++).bits() : noDropout);
  };
  const at::Tensor input = rmsNorm(states, layer.inputNorm, config_.normEpsilon);
  at::Tensor q = heads(linear(layer.query, input), config_.heads);
  at::Tensor k = heads(linear(layer.key, input), config_.keyValueHeads);
  const at::Tensor v = heads(linear(layer.value, input), config_.keyValueHeads);
  if (config_.hasQkNorm()) {
    q = rmsNorm(q, layer.queryNorm, config_.normEpsilon);
    k = rmsNorm(k, layer.keyNorm, config_.normEpsilon);
  }
  q = rotate(q, pass.rotation);
  k = rotate(k, pass.rotation);
  const CacheRows* rows = pass.rows;
  if (rows != nullptr) rows->cache.append(index, rows->slots, k, v);
  const bool fromCache = rows != nullptr && positions == 1;
  const at::Tensor attended =
      fromCache ? cachedAttention(q, rows->cache, index, rows->slots) : causalAttention(q, k, v);
  states = states + linear(layer.output, attended);
  const at::Tensor inner = rmsNorm(states, layer.innerNorm, config_.normEpsilon);
  const at::Tensor gate = linear(layer.gate, inner);
  return states + linear(layer.down, gated(gate, linear(layer.up, inner)));
}

at::Tensor CadNetwork::run(at::Tensor states, const std::vector<std::int64_t>& starts, const CacheRows* rows,
                           std::vector<at::Tensor>* trace) const {
  const std::int64_t positions = states.size(1);
  const Pass pass{
      rotationFor(starts, positions, config_.headSize, config_.ropeTheta, states.options().requires_grad(false)), rows,
      dropoutSeed_};
  const bool again = recomputing_ && rows == nullptr && at::GradMode::is_enabled();
  for (std::size_t index = 0; index < weights_.layers.size(); ++index) {
    if (trace != nullptr) trace->push_back(states);
    if (again) {
      states = recomputed([this, index, pass](const at::Tensor& x) { return layerOutput(index, x, pass); }, states);
    } else {
      states = layerOutput(index, states, pass);
    }
  }
  if (rows != nullptr) rows->cache.advance(rows->slots, positions);
  const at::Tensor result = rmsNorm(states, weights_.finalNorm, config_.normEpsilon);
  if (trace != nullptr) trace->push_back(result);
  return result;
}

at::Tensor CadNetwork::decode(const at::Tensor& inputs, std::vector<at::Tensor>* trace) const {
  return run(inputs, {0}, nullptr, trace);
}

at::Tensor CadNetwork::decodeInto(KvCache& cache, const std::vector<std::int64_t>& slots,
                                  const at::Tensor& inputs) const {
  std::vector<std::int64_t> starts;
  for (const std::int64_t slot : slots) starts.push_back(cache.length(slot));
  const bool fresh = std::all_of(starts.begin(), starts.end(), [](std::int64_t start) { return start == 0; });
  if (inputs.size(1) > 1 && !fresh) throwValueError("several positions go into empty slots only");
  const CacheRows rows{cache, slots};
  return run(inputs, starts, &rows, nullptr);
}

at::Tensor CadNetwork::logits(const at::Tensor& states) const { return projectToFloat(states, weights_.output); }

LanguageLoss languageLoss(const CadNetwork& network, const at::Tensor& states, const at::Tensor& labels) {
  constexpr std::int64_t ignored = -100;
  const std::int64_t length = labels.size(1);
  // The state before a place predicts what stands there.
  const at::Tensor before = states.narrow(1, states.size(1) - length - 1, length).reshape({-1, states.size(2)});
  const at::Tensor flat = labels.reshape({-1});
  const at::Tensor places = at::nonzero(flat != ignored).flatten();
  LanguageLoss loss;
  loss.tokens = places.numel();
  if (loss.tokens == 0) {
    loss.sum = at::zeros({}, states.options().dtype(at::kFloat).requires_grad(false));
    return loss;
  }
  const at::Tensor logits = network.logits(before.index_select(0, places).unsqueeze(0)).squeeze(0);
  loss.sum = at::cross_entropy_loss(logits, flat.index_select(0, places), {}, at::Reduction::Sum);
  return loss;
}

}  // namespace cadrecode::model::network
