// A base's weights with an adapter merged in: W + scale * B A, computed in float32 and rounded once to the base's type.
// Arrays are made one at a time when they are asked for. Refers to base and adapter; reading is safe from any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/adapter/adapter.hpp"
#include "model/checkpoint.hpp"

namespace cadrecode::model::adapter {

class MergedWeights {
 public:
  // Throws Error(input) naming adapter, module and shapes when the base has no such module or one of another shape.
  MergedWeights(const Checkpoint& base, const Adapter& adapter);

  // All arrays of the merged model, sorted by name. Where changes() holds, the bytes are still the base's.
  std::span<const TensorView> tensors() const { return tensors_; }
  const TensorView* find(const std::string& name) const;
  bool changes(const std::string& name) const { return pairs_.contains(name); }

  // Writes the merged array to `to`, which has as many bytes as the view.
  void merge(const TensorView& tensor, std::span<std::byte> to) const;

 private:
  std::vector<TensorView> tensors_;
  std::map<std::string, const LowRankPair*> pairs_;  // by the array's name
};

// Writes the merged model as a whole checkpoint: weights array by array, the base's configuration, and tokenizer files
// from the adapter's folder or else from the base's. Error(usage) when `folder` is the base or the adapter itself.
void writeMergedModel(const std::string& baseFolder, const std::string& adapterFolder, const std::string& folder);

}  // namespace cadrecode::model::adapter
