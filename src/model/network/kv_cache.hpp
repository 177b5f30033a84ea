// Keys and values of the positions decoded so far, in memory that is taken once: a fixed number of slots, one sequence
// each, of a fixed greatest length. Owns its tensors; one thread at a time.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "model/model_config.hpp"

namespace cadrecode::model::network {

class KvCache {
 public:
  // `options`: the type and device of the network. Takes layers * slots * capacity * 2 * key heads * head size
  // elements.
  KvCache(const ModelConfig& config, std::int64_t slots, std::int64_t capacity, const at::TensorOptions& options);

  std::int64_t slots() const { return static_cast<std::int64_t>(lengths_.size()); }
  std::int64_t capacity() const { return capacity_; }
  std::int64_t length(std::int64_t slot) const { return lengths_[static_cast<std::size_t>(slot)]; }

  // Appends new positions of a layer to some slots; k, v: slots x positions x key heads x head size. The lengths change
  // only with advance(), when all layers are through. Throws ValueError when a slot is full.
  void append(std::size_t layer, const std::vector<std::int64_t>& slots, const at::Tensor& k, const at::Tensor& v);
  void advance(const std::vector<std::int64_t>& slots, std::int64_t positions);

  void clear(std::int64_t slot) { lengths_[static_cast<std::size_t>(slot)] = 0; }
  // Makes `to` continue as `from` would.
  void copy(std::int64_t from, std::int64_t to);

  // All slots of a layer: slots x key heads x capacity x head size.
  const at::Tensor& keys(std::size_t layer) const { return keys_[layer]; }
  const at::Tensor& values(std::size_t layer) const { return values_[layer]; }

 private:
  std::int64_t capacity_;
  std::vector<std::int64_t> lengths_;
  std::vector<at::Tensor> keys_, values_;
};

}  // namespace cadrecode::model::network
