#include "train/training_network.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "core/error.hpp"

namespace cadrecode::train {

using model::network::CadNetwork;
using model::network::LayerWeights;
using model::network::NamedTensor;
using model::network::Weights;

namespace {

// Applies `change` to every array once, in the order of namedTensors.
template <typename Change>
Weights changed(const Weights& weights, const model::ModelConfig& config, const Change& change) {
  Weights result = weights;
  auto apply = [&](at::Tensor& tensor, bool decoder) {
    if (tensor.defined()) tensor = change(tensor, decoder);
  };
  apply(result.embedding, true);
  for (LayerWeights& layer : result.layers) {
    for (const auto& linear : model::network::namedLinears) {
      apply((layer.*linear.member).weight, true);
      apply((layer.*linear.member).bias, true);
    }
    for (at::Tensor* norm : {&layer.queryNorm, &layer.keyNorm, &layer.inputNorm, &layer.innerNorm}) apply(*norm, true);
  }
  apply(result.finalNorm, true);
  if (config.tiedEmbeddings) {
    result.output = result.embedding;
  } else {
    apply(result.output, true);
  }
  apply(result.pointWeight, false);
  apply(result.pointBias, false);
  return result;
}

// Weights of their own memory: a checkpoint's may be mapped.
CadNetwork floatCopy(const CadNetwork& network) {
  return CadNetwork(network.config(), changed(network.weights(), network.config(), [](const at::Tensor& tensor, bool) {
                      return tensor.detach().to(at::kFloat, false, true).contiguous();
                    }));
}

}  // namespace

TrainingNetwork::TrainingNetwork(const CadNetwork& network, const AdamWOptions& options, bool bfloat16,
                                 bool recomputing)
    : master_(floatCopy(network)),
      optimizer_(namedTensors(master_.weights(), master_.config()), options),
      working_(master_) {
  if (bfloat16) {
    working_ = CadNetwork(master_.config(),
                          changed(master_.weights(), master_.config(), [](const at::Tensor& tensor, bool decoder) {
                            return decoder ? tensor.to(at::kBFloat16) : tensor;
                          }));
  }
  working_.setRecomputing(recomputing);
  const auto masters = namedTensors(master_.weights(), master_.config());
  const auto working = namedTensors(working_.weights(), working_.config());
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

double TrainingNetwork::accumulate(const Batch& batch) {
  const at::Tensor states = working_.decode(working_.embed(batch.points, batch.tokens));
  const auto loss = languageLoss(working_, states, batch.labels);
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
