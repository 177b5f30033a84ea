// What a run needs before its first step: tokenizer, network and samples as the configuration names them. Stateless.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "model/network/cad_network.hpp"
#include "text/tokenizer.hpp"
#include "train/training_config.hpp"
#include "train/training_set.hpp"

namespace cadrecode::train {

// The folder of the tokenizer: config.tokenizer or the base model's.
std::string tokenizerFolder(const TrainingConfig& config);

// The tokenizer's files, generation_config.json and an adapter's configuration, which go into every checkpoint.
std::map<std::string, std::string> companionFiles(const TrainingConfig& config, const text::Tokenizer& tokenizer);

// New weights, or the base model's, with new adapters where they are to be trained. Error(input) when the base has
// fewer embeddings than the tokenizer has tokens.
model::network::CadNetwork initialNetwork(const TrainingConfig& config, const text::Tokenizer& tokenizer);

// The samples of a split's folder, as dataset/samples.hpp finds them; of them the first `most`, 0 for all. Error(input)
// when there are none.
std::unique_ptr<TrainingSet> readSamples(const TrainingConfig& config, const std::string& folder, std::size_t most,
                                         const text::Tokenizer& tokenizer);

// Operations of a forward and backward pass over one sequence, attention counted causally.
double modelFlops(const model::ModelConfig& config, double positions);

}  // namespace cadrecode::train
