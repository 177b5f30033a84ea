#include "train/training_network.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "core/error.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/network/adapters.hpp"

namespace cadrecode::train {

using model::network::CadNetwork;
using model::network::LayerWeights;
using model::network::NamedTensor;
using model::network::Weights;

namespace {

enum class Part { base, adapter, points };

// Applies `change` to every array once.
template <typename Change>
CadNetwork changed(const CadNetwork& network, const Change& change) {
  Weights result = network.weights();
  auto apply = [&](at::Tensor& tensor, Part part) {
    if (tensor.defined()) tensor = change(tensor, part);
  };
  apply(result.embedding, Part::base);
  for (LayerWeights& layer : result.layers) {
    for (const auto& named : model::network::namedLinears) {
      model::network::Linear& linear = layer.*named.member;
      apply(linear.weight, Part::base);
      apply(linear.bias, Part::base);
      apply(linear.adapter.down, Part::adapter);
      apply(linear.adapter.up, Part::adapter);
    }
    for (at::Tensor* norm : {&layer.queryNorm, &layer.keyNorm, &layer.inputNorm, &layer.innerNorm}) {
      apply(*norm, Part::base);
    }
  }
  apply(result.finalNorm, Part::base);
  if (network.config().tiedEmbeddings) {
    result.output = result.embedding;
  } else {
    apply(result.output, Part::base);
  }
  apply(result.pointWeight, Part::points);
  apply(result.pointBias, Part::points);
  return CadNetwork(network.config(), std::move(result));
}

// Parameters of their own memory: a checkpoint's may be mapped. Weights that are not trained stay where they are.
CadNetwork masterOf(const CadNetwork& network, bool adapts) {
  return changed(network, [&](const at::Tensor& tensor, Part part) {
    if (adapts && part == Part::base) return tensor;
    return tensor.detach().to(at::kFloat, false, true).contiguous();
  });
}

CadNetwork workingOf(const CadNetwork& master, bool bfloat16) {
  return changed(master, [&](const at::Tensor& tensor, Part part) {
    if (part == Part::points) return tensor;
    return tensor.to(bfloat16 ? at::kBFloat16 : at::kFloat);
  });
}

std::vector<NamedTensor> parametersOf(const CadNetwork& network, bool adapts) {
  return adapts ? model::network::adapterTensors(network.weights()) : namedTensors(network.weights(), network.config());
}

}  // namespace

TrainingNetwork::TrainingNetwork(const CadNetwork& network, const AdamWOptions& options, bool bfloat16,
                                 bool recomputing)
    : adapts_(model::network::hasAdapters(network.weights())),
      master_(masterOf(network, adapts_)),
      optimizer_(parametersOf(master_, adapts_), options),
      working_(workingOf(master_, bfloat16)) {
  working_.setRecomputing(recomputing);
  const auto masters = parametersOf(master_, adapts_);
  const auto working = parametersOf(working_, adapts_);
  for (std::size_t i = 0; i < masters.size(); ++i) {
    at::Tensor leaf = working[i].second;
    leaf.requires_grad_();
    if (leaf.is_same(masters[i].second)) {
      leaf.mutable_grad() = optimizer_.gradients()[i];
    } else {
      copies_.emplace_back(masters[i].second, leaf);
    }
    leaves_.push_back(leaf);
  }
}

std::vector<NamedTensor> TrainingNetwork::parameters() const { return parametersOf(master_, adapts_); }

void TrainingNetwork::save(const std::string& folder, std::map<std::string, std::string> texts) const {
  if (!adapts_) return master_.save(folder, std::move(texts));
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : parameters()) tensors.emplace_back(name, tensor.detach());
  const auto views = model::network::viewsOf(tensors);
  model::CheckpointFiles files;
  files.tensors = views;
  files.texts = std::move(texts);
  files.name = model::adapter::weightsStem;
  model::writeCheckpoint(folder, files);
}

double TrainingNetwork::accumulate(const Batch& batch, std::optional<std::uint64_t> dropout) {
  working_.setDropout(dropout);
  const at::Tensor states = working_.decode(working_.embed(batch.points, batch.tokens));
  const auto loss = languageLoss(working_, states, batch.labels);
  working_.setDropout({});
  if (loss.tokens == 0) return 0;
  const at::Tensor mean = loss.sum / static_cast<double>(loss.tokens);
  mean.backward();
  if (!copies_.empty()) {
    const at::NoGradGuard noGradients;
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      at::Tensor& gradient = leaves_[i].mutable_grad();
      if (!gradient.defined() || gradient.is_same(optimizer_.gradients()[i])) continue;
      optimizer_.gradients()[i].add_(gradient);
      gradient.reset();
    }
  }
  return mean.item<double>();
}

TrainingNetwork::BatchLoss TrainingNetwork::evaluate(const Batch& batch) const {
  const at::NoGradGuard noGradients;
  const at::Tensor states = working_.decode(working_.embed(batch.points, batch.tokens));
  const auto loss = languageLoss(working_, states, batch.labels);
  return {loss.sum.item<double>(), loss.tokens};
}

double TrainingNetwork::update(double learningRate, std::int64_t batches, double greatestNorm) {
  const double mean = 1.0 / static_cast<double>(batches);
  const double norm = optimizer_.gradientNorm(mean);
  optimizer_.update(learningRate, mean * (greatestNorm > 0 ? clipFactor(norm, greatestNorm) : 1.0));
  refreshCopy();
  return norm;
}

void TrainingNetwork::refreshCopy() {
  const at::NoGradGuard noGradients;
  for (auto& [master, copy] : copies_) copy.copy_(master);
}

}  // namespace cadrecode::train
