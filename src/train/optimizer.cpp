#include "train/optimizer.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "train/adam_kernels.hpp"

namespace cadrecode::train {
namespace {

constexpr std::array<std::pair<std::string_view, DecayGroups>, 3> decayNames{
    {{"matrices", DecayGroups::matrices},
     {"trainer", DecayGroups::trainer},
     {"trainer_named_norms", DecayGroups::trainerNamedNorms}}};

constexpr std::int64_t chunk = 1 << 15;

}  // namespace

DecayGroups decayGroupsNamed(std::string_view name) {
  for (const auto& [known, groups] : decayNames) {
    if (known == name) return groups;
  }
  throw Error(ErrorCode::usage, "ValueError",
              "decay_groups is matrices, trainer or trainer_named_norms, not " + std::string(name));
}

std::string_view nameOf(DecayGroups groups) {
  return std::find_if(decayNames.begin(), decayNames.end(), [&](const auto& item) { return item.second == groups; })
      ->first;
}

bool decays(DecayGroups groups, const std::string& parameter) {
  if (parameter.ends_with(".bias")) return false;
  switch (groups) {
    case DecayGroups::trainer:
      return true;
    case DecayGroups::trainerNamedNorms:
      return parameter.find("layernorm") == parameter.npos;
    case DecayGroups::matrices:
      break;
  }
  return !parameter.ends_with("norm.weight");
}

AdamW::AdamW(std::vector<model::network::NamedTensor> parameters, const AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
  for (const auto& [name, tensor] : parameters_) {
    if (tensor.scalar_type() != at::kFloat || !tensor.is_contiguous() || !tensor.device().is_cpu()) {
      throwValueError("the optimizer takes contiguous float32 arrays on the CPU, and " + name + " is none");
    }
    const auto options32 = tensor.options().requires_grad(false);
    gradients_.push_back(at::zeros(tensor.sizes(), options32));
    means_.push_back(at::zeros(tensor.sizes(), options32));
    squares_.push_back(at::zeros(tensor.sizes(), options32));
  }
}

double AdamW::gradientNorm(double scale) const {
  double sum = 0;
  for (const at::Tensor& gradient : gradients_) {
    const std::int64_t size = gradient.numel();
    const auto* data = static_cast<const float*>(gradient.data_ptr());
    std::vector<double> parts(static_cast<std::size_t>((size + chunk - 1) / chunk));
    at::parallel_for(0, static_cast<std::int64_t>(parts.size()), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        parts[static_cast<std::size_t>(part)] = sumOfSquares(data + part * chunk, std::min(chunk, size - part * chunk));
      }
    });
    for (const double part : parts) sum += part;
  }
  return std::sqrt(sum) * scale;
}

void AdamW::update(double learningRate, double gradientScale) {
  ++updates_;
  const auto t = static_cast<double>(updates_);
  AdamStep step{};
  step.gradientScale = static_cast<float>(gradientScale);
  step.beta1 = static_cast<float>(options_.beta1);
  step.beta2 = static_cast<float>(options_.beta2);
  step.stepSize = static_cast<float>(learningRate / (1 - std::pow(options_.beta1, t)));
  step.inverseRootCorrection = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
  step.epsilon = static_cast<float>(options_.epsilon);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& [name, tensor] = parameters_[i];
    step.keep = decays(options_.decayGroups, name) ? static_cast<float>(1 - learningRate * options_.weightDecay) : 1.0F;
    auto* weight = static_cast<float*>(tensor.data_ptr());
    auto* gradient = static_cast<float*>(gradients_[i].data_ptr());
    auto* mean = static_cast<float*>(means_[i].data_ptr());
    auto* square = static_cast<float*>(squares_[i].data_ptr());
    at::parallel_for(0, tensor.numel(), chunk, [&](std::int64_t begin, std::int64_t end) {
      updateAdam(weight + begin, gradient + begin, mean + begin, square + begin, end - begin, step);
    });
  }
}

std::vector<model::network::NamedTensor> AdamW::state() const {
  std::vector<model::network::NamedTensor> state;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    state.emplace_back(parameters_[i].first + ".exp_avg", means_[i]);
    state.emplace_back(parameters_[i].first + ".exp_avg_sq", squares_[i]);
  }
  return state;
}

double clipFactor(double norm, double greatest) { return std::min(1.0, greatest / (norm + 1e-6)); }

}  // namespace cadrecode::train
