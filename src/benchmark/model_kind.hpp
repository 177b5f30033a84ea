// What a model's folder holds, by its files alone. Stateless, any thread.
#pragma once

#include <string>

namespace cadrecode::benchmark {

enum class ModelKind {
  official,      // a whole checkpoint without traces of a training run
  sft,           // a whole checkpoint that a training run left
  lora,          // an adapter, or what one was merged into, of a base model
  loraFromFull,  // the same of a model that was trained in full before
};
const char* nameOf(ModelKind kind);  // "official", "sft", "lora", "lora_from_full"

// Error(input) for a folder that holds no model, naming what was looked for.
ModelKind kindOfModel(const std::string& folder);

}  // namespace cadrecode::benchmark
