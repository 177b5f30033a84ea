// The network while it is trained: float32 parameters that the optimizer changes, and, for bfloat16, the copy of them
// that the passes use. Parameters are all weights, or, of a network with adapters, these and the point encoder; the
// other weights then stay as they are. Owns both and the optimizer. One thread; passes use libtorch's threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/network/cad_network.hpp"
#include "train/batches.hpp"
#include "train/optimizer.hpp"

namespace cadrecode::train {

class TrainingNetwork {
 public:
  // Parameters of other types become float32. `recomputing`: see CadNetwork.
  TrainingNetwork(const model::network::CadNetwork& network, const AdamWOptions& options, bool bfloat16,
                  bool recomputing = false);

  // The mean loss over the batch's labels; adds its gradients to the optimizer's. `dropout`: which inputs of adapters
  // are dropped.
  double accumulate(const Batch& batch, std::optional<std::uint64_t> dropout = {});

  struct BatchLoss {
    double sum = 0;
    std::int64_t tokens = 0;
  };
  // Without gradients.
  BatchLoss evaluate(const Batch& batch) const;

  // Clips the mean over `batches` accumulated batches to `greatestNorm` (0: does not) and updates the weights. Returns
  // the norm before clipping.
  double update(double learningRate, std::int64_t batches, double greatestNorm);

  const model::network::CadNetwork& network() const { return master_; }
  bool adapts() const { return adapts_; }
  // In the order of the optimizer, under the names of a model's or an adapter's file.
  std::vector<model::network::NamedTensor> parameters() const;
  // Writes the parameters and `texts` as a model's or an adapter's folder; an adapter's configuration is among `texts`.
  void save(const std::string& folder, std::map<std::string, std::string> texts) const;
  AdamW& optimizer() { return optimizer_; }
  // After the weights were changed from outside.
  void refreshCopy();

 private:
  bool adapts_;
  model::network::CadNetwork master_;
  AdamW optimizer_;
  model::network::CadNetwork working_;                     // shares the master's weights in float32
  std::vector<std::pair<at::Tensor, at::Tensor>> copies_;  // master and copy; empty in float32
  std::vector<at::Tensor> leaves_;                         // what the passes differentiate, in the optimizer's order
};

}  // namespace cadrecode::train
