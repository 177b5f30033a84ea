// LoRA adapters in a network: made anew for training, read from files, and named as PEFT names their arrays. Stateless.
#pragma once

#include "model/adapter/adapter.hpp"
#include "model/network/weights.hpp"

namespace cadrecode::model::network {

// New adapters on every projection that the configuration names: `down` uniform within 1 / sqrt(inputs) as PEFT draws
// it, `up` zero, so that nothing changes yet. float32, from the seed alone. Error(input) for a target that is no
// projection of the decoder, naming those that are.
void addAdapters(Weights& weights, const adapter::LoraConfig& config, std::uint64_t seed);

// The adapter's matrices and the arrays it trains in full, in place of what the network has. Error(input) when they do
// not fit. The weights stay as they are: nothing is merged.
void attachAdapter(Weights& weights, const ModelConfig& config, const adapter::Adapter& adapter);

// What training an adapter changes, under PEFT's names: the matrices in the model's order, then the point encoder.
std::vector<NamedTensor> adapterTensors(const Weights& weights);

bool hasAdapters(const Weights& weights);

}  // namespace cadrecode::model::network
