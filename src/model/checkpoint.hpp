// The weights of a folder as Hugging Face's library lays them out: `model.safetensors`, or shards with an index.
// A Checkpoint owns the mapped files its views look into; reading is safe from any thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/safetensors.hpp"
#include "model/tensor_view.hpp"

namespace cadrecode::model {

class Checkpoint {
 public:
  // Throws Error(input) naming the file and the tensor: no weights there, a shard missing, an array that is not in the
  // shard the index names or not in the index, the same array in two shards.
  explicit Checkpoint(const std::string& folder);

  std::span<const TensorView> tensors() const { return tensors_; }
  // Null when there is no such array.
  const TensorView* find(const std::string& name) const;

  // Error(input) naming the first array with a NaN or an infinity. Reads all weights.
  void requireFinite() const;

 private:
  void openShard(const std::string& path);

  std::vector<std::unique_ptr<SafetensorsFile>> files_;
  std::vector<TensorView> tensors_;  // sorted by name
};

}  // namespace cadrecode::model
