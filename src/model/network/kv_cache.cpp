#include "model/network/kv_cache.hpp"

#include <ATen/ATen.h>

#include "core/error.hpp"

namespace cadrecode::model::network {

KvCache::KvCache(const ModelConfig& config, std::int64_t slots, std::int64_t capacity, const at::TensorOptions& options)
    : capacity_(capacity), lengths_(static_cast<std::size_t>(slots), 0) {
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    const std::array<std::int64_t, 4> shape = {slots, config.keyValueHeads, capacity, config.headSize};
    keys_.push_back(at::empty(shape, options));
    values_.push_back(at::empty(shape, options));
  }
}

void KvCache::append(std::size_t layer, const std::vector<std::int64_t>& slots, const at::Tensor& k,
                     const at::Tensor& v) {
  const std::int64_t positions = k.size(1);
  for (std::size_t row = 0; row < slots.size(); ++row) {
    const std::int64_t slot = slots[row];
    if (length(slot) + positions > capacity_) throwValueError("the sequence is longer than the cache");
    const auto index = static_cast<std::int64_t>(row);
    keys_[layer][slot].narrow(1, length(slot), positions).copy_(k[index].transpose(0, 1));
    values_[layer][slot].narrow(1, length(slot), positions).copy_(v[index].transpose(0, 1));
  }
}

void KvCache::advance(const std::vector<std::int64_t>& slots, std::int64_t positions) {
  for (const std::int64_t slot : slots) lengths_[static_cast<std::size_t>(slot)] += positions;
}

void KvCache::copy(std::int64_t from, std::int64_t to) {
  const std::int64_t positions = length(from);
  for (std::size_t layer = 0; layer < keys_.size(); ++layer) {
    keys_[layer][to].narrow(1, 0, positions).copy_(keys_[layer][from].narrow(1, 0, positions));
    values_[layer][to].narrow(1, 0, positions).copy_(values_[layer][from].narrow(1, 0, positions));
  }
  lengths_[static_cast<std::size_t>(to)] = positions;
}

}  // namespace cadrecode::model::network
