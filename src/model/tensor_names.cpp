#include "model/tensor_names.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"

namespace cadrecode::model {

namespace {

bool isPointEncoder(const std::string& name) { return name.starts_with("point_encoder."); }

bool isWeightType(ElementType type) {
  return type == ElementType::f32 || type == ElementType::f16 || type == ElementType::bf16;
}

bool sameBytes(const TensorView& a, const TensorView& b) {
  return a.type == b.type && a.shape == b.shape && std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin());
}

// A list of problems as one message; the first few in full, so that a wrong model does not print thousands of names.
class Problems {
 public:
  void add(const std::string& problem) {
    constexpr std::size_t shown = 8;
    if (count_ < shown) text_ += (count_ == 0 ? "" : "; ") + problem;
    ++count_;
    if (count_ == shown + 1) text_ += "; and more";
  }
  void throwIfAny() const {
    if (count_ > 0) throw Error(ErrorCode::input, "ValueError", text_);
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace

std::string layerTensorName(std::int64_t layer, const std::string& part) {
  return "model.layers." + std::to_string(layer) + "." + part;
}

std::vector<TensorShape> expectedTensors(const ModelConfig& config) {
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t queries = config.heads * config.headSize;
  const std::int64_t keys = config.keyValueHeads * config.headSize;
  std::vector<TensorShape> tensors = {{embeddingName, {config.vocabularySize, hidden}}};
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    auto add = [&](const std::string& part, Shape shape) {
      tensors.push_back({layerTensorName(layer, part), std::move(shape)});
    };
    add("self_attn.q_proj.weight", {queries, hidden});
    add("self_attn.k_proj.weight", {keys, hidden});
    add("self_attn.v_proj.weight", {keys, hidden});
    if (config.hasQkvBias()) {
      add("self_attn.q_proj.bias", {queries});
      add("self_attn.k_proj.bias", {keys});
      add("self_attn.v_proj.bias", {keys});
    }
    add("self_attn.o_proj.weight", {hidden, queries});
    if (config.hasQkNorm()) {
      add("self_attn.q_norm.weight", {config.headSize});
      add("self_attn.k_norm.weight", {config.headSize});
    }
    add("mlp.gate_proj.weight", {config.intermediateSize, hidden});
    add("mlp.up_proj.weight", {config.intermediateSize, hidden});
    add("mlp.down_proj.weight", {hidden, config.intermediateSize});
    add("input_layernorm.weight", {hidden});
    add("post_attention_layernorm.weight", {hidden});
  }
  tensors.push_back({finalNormName, {hidden}});
  if (!config.tiedEmbeddings) tensors.push_back({outputName, {config.vocabularySize, hidden}});
  tensors.push_back({pointWeightName, {hidden, pointFeatures}});
  tensors.push_back({pointBiasName, {hidden}});
  return tensors;
}

void checkTensors(std::span<const TensorView> present, const ModelConfig& config, PointEncoder pointEncoder) {
  std::map<std::string, const TensorView*> surplus;
  for (const TensorView& tensor : present) surplus.emplace(tensor.name, &tensor);
  const auto embedding = surplus.find(embeddingName);
  const TensorView* embeddingTensor = embedding == surplus.end() ? nullptr : embedding->second;
  Problems problems;
  for (const TensorShape& expected : expectedTensors(config)) {
    const auto found = surplus.find(expected.name);
    if (found == surplus.end()) {
      if (pointEncoder == PointEncoder::required || !isPointEncoder(expected.name)) {
        problems.add("tensor " + expected.name + " is missing");
      }
      continue;
    }
    const TensorView& tensor = *found->second;
    if (tensor.shape != expected.shape) {
      problems.add("tensor " + expected.name + " has shape " + toString(tensor.shape) + ", not " +
                   toString(expected.shape));
    }
    if (!isWeightType(tensor.type)) {
      problems.add("tensor " + expected.name + " has type " + std::string(nameOf(tensor.type)) +
                   ", not F32, F16 or BF16");
    }
    surplus.erase(found);
  }
  if (const auto output = surplus.find(outputName); config.tiedEmbeddings && output != surplus.end()) {
    if (embeddingTensor != nullptr && sameBytes(*output->second, *embeddingTensor)) surplus.erase(output);
  }
  for (const auto& [name, tensor] : surplus) problems.add("tensor " + name + " does not belong to this model");
  problems.throwIfAny();
}

}  // namespace cadrecode::model
