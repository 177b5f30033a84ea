#include "model/network/adapters.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/float_types.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::network {

namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

// Calls visit(module, linear) for all projections, in the model's order.
template <typename AnyWeights, typename Visit>
void forEachLinear(AnyWeights& weights, const Visit& visit) {
  for (std::size_t index = 0; index < weights.layers.size(); ++index) {
    for (const NamedLinear& named : namedLinears) {
      visit(layerTensorName(static_cast<std::int64_t>(index), named.name), weights.layers[index].*named.member);
    }
  }
}

bool isTarget(const std::string& module, const std::string& target) {
  return module == target || module.ends_with("." + target);
}

at::Tensor floatTensor(const TensorView& view) {
  at::Tensor tensor = at::empty(view.shape, at::kFloat);
  readFloats(view, 0, {static_cast<float*>(tensor.data_ptr()), static_cast<std::size_t>(tensor.numel())});
  return tensor;
}

}  // namespace

void addAdapters(Weights& weights, const adapter::LoraConfig& config, std::uint64_t seed) {
  std::vector<std::string> unused = config.targetModules;
  forEachLinear(weights, [&](const std::string& module, Linear& linear) {
    const auto target = std::find_if(config.targetModules.begin(), config.targetModules.end(),
                                     [&](const std::string& name) { return isTarget(module, name); });
    if (target == config.targetModules.end()) return;
    std::erase(unused, *target);
    const std::int64_t rank = config.rankOf(module);
    const std::int64_t inputs = linear.inputs();
    at::Tensor down = at::empty({rank, inputs}, at::kFloat);
    Random random = Random(seed).split(adapter::downName(module));
    const double bound = 1 / std::sqrt(static_cast<double>(inputs));
    for (std::int64_t i = 0; i < down.numel(); ++i) {
      static_cast<float*>(down.data_ptr())[i] = static_cast<float>(random.uniform(-bound, bound));
    }
    linear.adapter = {down, at::zeros({linear.outputs(), rank}, at::kFloat), config.scaleOf(module), config.dropout};
  });
  if (unused.empty()) return;
  std::string known;
  for (const char* name : adapter::projectionNames) known += std::string(known.empty() ? "" : ", ") + name;
  fail("lora_target_modules: no projection " + unused.front() + " in this model; it has " + known);
}

void attachAdapter(Weights& weights, const ModelConfig& config, const adapter::Adapter& adapter) {
  auto pairs = adapter.pairs();
  forEachLinear(weights, [&](const std::string& module, Linear& linear) {
    const auto found = pairs.find(module);
    if (found == pairs.end()) return;
    const adapter::LowRankPair& pair = found->second;
    if (pair.up.shape[0] != linear.outputs() || pair.down.shape[1] != linear.inputs()) {
      fail(adapter.folder() + ": module " + module + " has shape " + toString({linear.outputs(), linear.inputs()}) +
           " in the base, and the adapter's matrices are " + toString(pair.up.shape) + " and " +
           toString(pair.down.shape));
    }
    linear.adapter = {floatTensor(pair.down), floatTensor(pair.up), pair.scale, adapter.config().dropout};
    pairs.erase(found);
  });
  if (!pairs.empty()) fail(adapter.folder() + ": the base has no module " + pairs.begin()->first);
  for (const TensorView& saved : adapter.saved()) {
    at::Tensor* place = saved.name == pointWeightName ? &weights.pointWeight
                        : saved.name == pointBiasName ? &weights.pointBias
                                                      : nullptr;
    if (place == nullptr) fail(adapter.folder() + ": not supported beside matrices: tensor " + saved.name);
    const Shape needed =
        saved.name == pointWeightName ? Shape{config.hiddenSize, pointFeatures} : Shape{config.hiddenSize};
    if (saved.shape != needed) {
      fail(adapter.folder() + ": tensor " + saved.name + " has shape " + toString(saved.shape) + ", not " +
           toString(needed));
    }
    *place = floatTensor(saved);
  }
}

std::vector<NamedTensor> adapterTensors(const Weights& weights) {
  std::vector<NamedTensor> tensors;
  forEachLinear(weights, [&](const std::string& module, const Linear& linear) {
    if (!linear.adapter.down.defined()) return;
    tensors.emplace_back(adapter::downName(module), linear.adapter.down);
    tensors.emplace_back(adapter::upName(module), linear.adapter.up);
  });
  tensors.emplace_back(adapter::savedName(pointWeightName), weights.pointWeight);
  tensors.emplace_back(adapter::savedName(pointBiasName), weights.pointBias);
  return tensors;
}

bool hasAdapters(const Weights& weights) {
  bool found = false;
  forEachLinear(weights, [&](const std::string&, const Linear& linear) { found |= linear.adapter.down.defined(); });
  return found;
}

}  // namespace cadrecode::model::network
