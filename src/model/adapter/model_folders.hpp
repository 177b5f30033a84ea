// Where the parts of a model lie that a folder stands for: a whole model, or an adapter with its base. Stateless.
#pragma once

#include <string>

namespace cadrecode::model::adapter {

struct ModelFolders {
  std::string weights;    // config.json and whole weights
  std::string adapter;    // to be merged into them; empty when there is nothing to merge
  std::string tokenizer;  // tokenizer.json and generation_config.json
};

// A model is itself. An adapter is its own merged_model/ when that is finished; else the adapter on `baseModel`, or,
// when that is empty, on the base its configuration names (as a path, also beside the adapter). Error(input) when there
// is no such base.
ModelFolders findModel(const std::string& folder, const std::string& baseModel = "");

}  // namespace cadrecode::model::adapter
