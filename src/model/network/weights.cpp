#include "model/network/weights.hpp"

#include <ATen/ATen.h>

#include <functional>
#include <memory>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/adapter/merge.hpp"
#include "model/checkpoint.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::network {

namespace {

at::ScalarType scalarType(ElementType type) {
  switch (type) {
    case ElementType::boolean:
      return at::kBool;
    case ElementType::u8:
      return at::kByte;
    case ElementType::i8:
      return at::kChar;
    case ElementType::i16:
      return at::kShort;
    case ElementType::i32:
      return at::kInt;
    case ElementType::i64:
      return at::kLong;
    case ElementType::f16:
      return at::kHalf;
    case ElementType::bf16:
      return at::kBFloat16;
    case ElementType::f32:
      return at::kFloat;
    case ElementType::f64:
      return at::kDouble;
    default:
      throw Error(ErrorCode::input, "ValueError", "libtorch has no type " + std::string(nameOf(type)));
  }
}

ElementType elementType(at::ScalarType type) {
  for (const auto candidate :
       {ElementType::boolean, ElementType::u8, ElementType::i8, ElementType::i16, ElementType::i32, ElementType::i64,
        ElementType::f16, ElementType::bf16, ElementType::f32, ElementType::f64}) {
    if (scalarType(candidate) == type) return candidate;
  }
  throwValueError(std::string("weight files have no type ") + at::toString(type));
}

using MakeTensor = std::function<at::Tensor(const std::string& name)>;

Weights assemble(const ModelConfig& config, const MakeTensor& make) {
  Weights weights;
  weights.embedding = make(embeddingName);
  for (std::int64_t index = 0; index < config.layers; ++index) {
    auto part = [&](const char* name) { return make(layerTensorName(index, name)); };
    LayerWeights layer;
    for (const NamedLinear& linear : namedLinears) {
      (layer.*linear.member).weight = part((std::string(linear.name) + ".weight").c_str());
    }
    if (config.hasQkvBias()) {
      layer.query.bias = part("self_attn.q_proj.bias");
      layer.key.bias = part("self_attn.k_proj.bias");
      layer.value.bias = part("self_attn.v_proj.bias");
    }
    if (config.hasQkNorm()) {
      layer.queryNorm = part("self_attn.q_norm.weight");
      layer.keyNorm = part("self_attn.k_norm.weight");
    }
    layer.inputNorm = part("input_layernorm.weight");
    layer.innerNorm = part("post_attention_layernorm.weight");
    weights.layers.push_back(std::move(layer));
  }
  weights.finalNorm = make(finalNormName);
  weights.output = config.tiedEmbeddings ? weights.embedding : make(outputName);
  weights.pointWeight = make(pointWeightName);
  weights.pointBias = make(pointBiasName);
  return weights;
}

at::Tensor randomTensor(const TensorShape& tensor, const ModelConfig& config, std::uint64_t seed) {
  if (tensor.name.ends_with("norm.weight")) return at::ones(tensor.shape);
  if (tensor.name.ends_with(".bias")) return at::zeros(tensor.shape);
  at::Tensor values = at::empty(tensor.shape);
  Random random = Random(seed).split(tensor.name);
  float* data = values.data_ptr<float>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    data[i] = static_cast<float>(config.initializerRange * random.normal());
  }
  return values;
}

bool isPointEncoder(const std::string& name) { return name == pointWeightName || name == pointBiasName; }

TensorShape expectedTensor(const ModelConfig& config, const std::string& name) {
  for (TensorShape& tensor : expectedTensors(config)) {
    if (tensor.name == name) return std::move(tensor);
  }
  throwValueError("no tensor " + name + " in this model");
}

}  // namespace

at::Tensor tensorOn(const TensorView& view, std::shared_ptr<const void> owner) {
  const auto options = at::TensorOptions().dtype(scalarType(view.type));
  // Headers of other programs may leave the data unaligned; then there has to be a copy.
  if (reinterpret_cast<std::uintptr_t>(view.bytes.data()) % sizeOf(view.type) != 0) {
    at::Tensor copy = at::empty(view.shape, options);
    std::copy(view.bytes.begin(), view.bytes.end(), static_cast<std::byte*>(copy.data_ptr()));
    return copy;
  }
  return at::from_blob(
      view.bytes.data(), view.shape, [owner = std::move(owner)](void*) {}, options);
}

Weights loadWeights(const std::string& folder, const ModelConfig& config, const LoadOptions& options) {
  if (options.verifySums) verifyCheckpoint(folder);
  const auto checkpoint = std::make_shared<const Checkpoint>(folder);
  std::shared_ptr<const adapter::Adapter> adapter;
  std::optional<adapter::MergedWeights> merged;
  if (!options.adapter.empty()) {
    adapter = std::make_shared<const adapter::Adapter>(options.adapter);
    merged.emplace(*checkpoint, *adapter);
  }
  try {
    checkTensors(merged ? merged->tensors() : checkpoint->tensors(), config,
                 options.pointEncoderSeed ? PointEncoder::optional : PointEncoder::required);
    if (options.requireFinite) checkpoint->requireFinite();
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), folder + ": " + error.what());
  }
  // What the tensors on mapped memory keep alive.
  const auto owner = std::make_shared<const std::pair<decltype(checkpoint), decltype(adapter)>>(checkpoint, adapter);
  return assemble(config, [&](const std::string& name) {
    const TensorView* view = merged ? merged->find(name) : checkpoint->find(name);
    if (view == nullptr) return randomTensor(expectedTensor(config, name), config, *options.pointEncoderSeed);
    at::Tensor tensor;
    if (merged && merged->changes(name)) {
      tensor = at::empty(view->shape, at::TensorOptions().dtype(scalarType(view->type)));
      merged->merge(*view, {static_cast<std::byte*>(tensor.data_ptr()), view->bytes.size()});
    } else {
      tensor = tensorOn(*view, owner);
    }
    at::ScalarType type = options.type.value_or(tensor.scalar_type());
    if (isPointEncoder(name)) type = tensor.scalar_type();
    if (type == at::kHalf) type = at::kFloat;
    return tensor.to(options.device, type);
  });
}

Weights randomWeights(const ModelConfig& config, std::uint64_t seed, at::ScalarType type) {
  const auto expected = expectedTensors(config);
  return assemble(config, [&](const std::string& name) {
    const auto tensor = std::find_if(expected.begin(), expected.end(), [&](const auto& t) { return t.name == name; });
    return randomTensor(*tensor, config, seed).to(isPointEncoder(name) ? at::kFloat : type);
  });
}

std::vector<NamedTensor> namedTensors(const Weights& weights, const ModelConfig& config) {
  std::vector<NamedTensor> named = {{embeddingName, weights.embedding}};
  for (std::size_t index = 0; index < weights.layers.size(); ++index) {
    const LayerWeights& layer = weights.layers[index];
    auto add = [&](const char* part, const at::Tensor& tensor) {
      if (tensor.defined()) named.emplace_back(layerTensorName(static_cast<std::int64_t>(index), part), tensor);
    };
    add("self_attn.q_proj.weight", layer.query.weight);
    add("self_attn.k_proj.weight", layer.key.weight);
    add("self_attn.v_proj.weight", layer.value.weight);
    add("self_attn.q_proj.bias", layer.query.bias);
    add("self_attn.k_proj.bias", layer.key.bias);
    add("self_attn.v_proj.bias", layer.value.bias);
    add("self_attn.o_proj.weight", layer.output.weight);
    add("self_attn.q_norm.weight", layer.queryNorm);
    add("self_attn.k_norm.weight", layer.keyNorm);
    add("mlp.gate_proj.weight", layer.gate.weight);
    add("mlp.up_proj.weight", layer.up.weight);
    add("mlp.down_proj.weight", layer.down.weight);
    add("input_layernorm.weight", layer.inputNorm);
    add("post_attention_layernorm.weight", layer.innerNorm);
  }
  named.emplace_back(finalNormName, weights.finalNorm);
  if (!config.tiedEmbeddings) named.emplace_back(outputName, weights.output);
  named.emplace_back(pointWeightName, weights.pointWeight);
  named.emplace_back(pointBiasName, weights.pointBias);
  return named;
}

std::vector<TensorView> viewsOf(const std::vector<NamedTensor>& tensors) {
  std::vector<TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    if (!tensor.is_contiguous() || !tensor.device().is_cpu())
      throwValueError("tensor " + name + " is not plain memory");
    const std::span bytes(static_cast<std::byte*>(tensor.data_ptr()), static_cast<std::size_t>(tensor.nbytes()));
    views.push_back({name, elementType(tensor.scalar_type()), tensor.sizes().vec(), bytes});
  }
  return views;
}

}  // namespace cadrecode::model::network
