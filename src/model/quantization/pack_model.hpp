// Writes a model with its decoder's projections packed, as bitsandbytes leaves one: embeddings, norms, output layer and
// point encoder keep their types.
#pragma once

#include <string>

#include "model/quantization/packed_weight.hpp"

namespace cadrecode::model::quantization {

// A whole checkpoint: weights, the configuration with `quantization_config`, the companion files. Needs the memory of
// the packed weights and of one matrix. Error(input) for a model that is packed already or does not fit its
// configuration, Error(usage) when `folder` is the model's own.
void writePackedModel(const std::string& modelFolder, const PackingOptions& options, const std::string& folder);

}  // namespace cadrecode::model::quantization
