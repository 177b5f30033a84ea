// AdamW on float32 weights with decoupled decay (Loshchilov and Hutter 2019), as torch's AdamW and the groups that
// Hugging Face's Trainer makes. Owns moments and gradients; shares the weights with the network. One thread; an update
// itself uses libtorch's threads and gives the same bytes with any number of them.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/network/weights.hpp"

namespace cadrecode::train {

// Which parameters decay. Norms need none; the Trainer of the original's time decays them nevertheless.
enum class DecayGroups {
  matrices,          // no biases, no norms (as transformers 5)
  trainer,           // everything but biases (up to 4.48)
  trainerNamedNorms  // no biases, and no names with "layernorm", but model.norm, q_norm, k_norm (4.49 to 4.52)
};
// "matrices", "trainer", "trainer_named_norms"; Error(usage) for others.
DecayGroups decayGroupsNamed(std::string_view name);
std::string_view nameOf(DecayGroups groups);
bool decays(DecayGroups groups, const std::string& parameter);

struct AdamWOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weightDecay = 0.01;
  DecayGroups decayGroups = DecayGroups::matrices;
};

class AdamW {
 public:
  // Parameters are float32, contiguous, on the CPU; their memory is updated in place.
  AdamW(std::vector<model::network::NamedTensor> parameters, const AdamWOptions& options);

  // Where gradients are summed up, in the order of the parameters; update() leaves zeros.
  const std::vector<at::Tensor>& gradients() const { return gradients_; }

  // The 2-norm over all gradients times `scale`.
  double gradientNorm(double scale) const;

  // Gradients are taken times `gradientScale`.
  void update(double learningRate, double gradientScale);

  std::int64_t updates() const { return updates_; }

  // Moments under the parameter's name and ".exp_avg" or ".exp_avg_sq"; they share memory with the optimizer.
  std::vector<model::network::NamedTensor> state() const;
  void setUpdates(std::int64_t updates) { updates_ = updates; }

 private:
  std::vector<model::network::NamedTensor> parameters_;
  std::vector<at::Tensor> gradients_, means_, squares_;
  AdamWOptions options_;
  std::int64_t updates_ = 0;
};

// The factor that brings a gradient of this norm to at most `greatest`, as torch computes it.
double clipFactor(double norm, double greatest);

}  // namespace cadrecode::train
