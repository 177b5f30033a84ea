#include "model/network/weights.hpp"

#include <ATen/ATen.h>

#include <functional>
#include <memory>

#include "core/error.hpp"
#include "core/random.hpp"
#include "model/adapter/merge.hpp"
#include "model/checkpoint.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/mapped_file.hpp"
#include "model/quantization/packed_files.hpp"
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
// Null where the matrix is not to be packed.
using MakePacked = std::function<PackedPointer(const std::string& name)>;

Weights assemble(const ModelConfig& config, const MakeTensor& make, const MakePacked& makePacked = {}) {
  Weights weights;
  weights.embedding = make(embeddingName);
  for (std::int64_t index = 0; index < config.layers; ++index) {
    auto part = [&](const char* name) { return make(layerTensorName(index, name)); };
    LayerWeights layer;
    for (const NamedLinear& named : namedLinears) {
      Linear& linear = layer.*named.member;
      const std::string name = layerTensorName(index, std::string(named.name) + ".weight");
      if (makePacked) linear.packed = makePacked(name);
      if (!linear.packed) linear.weight = make(name);
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

// A folder's arrays, plain or packed, with an adapter merged in where there is one.
struct Source {
  Source(const std::string& folder, const std::string& adapterFolder)
      : checkpoint(std::make_shared<const Checkpoint>(folder)),
        files(quantization::readPacked(checkpoint->tensors(), checkpoint)) {
    if (adapterFolder.empty()) return;
    if (!files.packed.empty()) {
      throw Error(ErrorCode::input, "ValueError",
                  folder + ": an adapter is merged into a base in full precision, and this one is packed");
    }
    adapter = std::make_shared<const adapter::Adapter>(adapterFolder);
    merged.emplace(*checkpoint, *adapter);
  }

  // What checkTensors wants to see; packed matrices as what they were.
  std::vector<TensorView> shapes() const {
    if (merged) return {merged->tensors().begin(), merged->tensors().end()};
    std::vector<TensorView> views = files.plain;
    for (const auto& [name, weight] : files.packed) views.push_back({name, weight.storedType, weight.shape, {}});
    return views;
  }

  // Undefined when there is no such array.
  at::Tensor tensor(const std::string& name) const {
    if (const auto found = files.packed.find(name); found != files.packed.end()) {
      return unpackedTensor(found->second, at::kFloat);
    }
    const TensorView* view = merged ? merged->find(name) : checkpoint->find(name);
    if (view == nullptr) return {};
    if (!merged) return tensorOn(*view, checkpoint);
    if (!merged->changes(name)) {
      using Owner = std::pair<std::shared_ptr<const Checkpoint>, std::shared_ptr<const adapter::Adapter>>;
      return tensorOn(*view, std::make_shared<const Owner>(checkpoint, adapter));
    }
    at::Tensor result = at::empty(view->shape, at::TensorOptions().dtype(scalarType(view->type)));
    merged->merge(*view, {static_cast<std::byte*>(result.data_ptr()), view->bytes.size()});
    return result;
  }

  // The matrix as it is packed in the file, or packed now; null when it is neither.
  PackedPointer packed(const std::string& name, const std::optional<quantization::PackingOptions>& packing) const {
    if (const auto found = files.packed.find(name); found != files.packed.end()) {
      return std::make_shared<const quantization::PackedWeight>(found->second);
    }
    if (!packing) return nullptr;
    if (merged) throwValueError("a model is either merged or packed while it is read");
    const TensorView* view = checkpoint->find(name);
    auto weight = std::make_shared<const quantization::PackedWeight>(quantization::pack(*view, *packing));
    releasePages(view->bytes);
    return weight;
  }

  std::shared_ptr<const Checkpoint> checkpoint;
  quantization::UnpackedNames files;
  std::shared_ptr<const adapter::Adapter> adapter;
  std::optional<adapter::MergedWeights> merged;
};

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
  const Source source(folder, options.adapter);
  try {
    checkTensors(source.shapes(), config, options.pointEncoderSeed ? PointEncoder::optional : PointEncoder::required);
    if (options.requireFinite) source.checkpoint->requireFinite();
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), folder + ": " + error.what());
  }
  const auto make = [&](const std::string& name) {
    at::Tensor tensor = source.tensor(name);
    if (!tensor.defined()) return randomTensor(expectedTensor(config, name), config, *options.pointEncoderSeed);
    at::ScalarType type = options.type.value_or(tensor.scalar_type());
    if (isPointEncoder(name)) type = tensor.scalar_type();
    if (type == at::kHalf) type = at::kFloat;
    return tensor.to(options.device, type);
  };
  return assemble(config, make, [&](const std::string& name) { return source.packed(name, options.packing); });
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
