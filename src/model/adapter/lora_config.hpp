// What PEFT's `adapter_config.json` says about a LoRA adapter. Plain value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::model::adapter {

struct LoraConfig {
  std::int64_t rank = 64;
  double alpha = 128;
  double dropout = 0.0;
  std::vector<std::string> targetModules;  // last parts of names: "q_proj"; empty when the file holds a pattern
  std::vector<std::string> modulesToSave;  // trained in full
  std::string baseModel;                   // folder or name of the base; may be empty
  bool rankStabilized = false;             // scale by the root of the rank (use_rslora)
  std::map<std::string, std::int64_t> rankPattern;  // exceptions: a pattern of a module's name to its rank
  std::map<std::string, double> alphaPattern;

  std::int64_t rankOf(const std::string& module) const;
  // What the product of the two matrices is multiplied with.
  double scaleOf(const std::string& module) const;
};

// The projections of a decoder layer, in the model's order; all of them can carry an adapter.
inline constexpr const char* projectionNames[] = {"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                                  "gate_proj", "up_proj", "down_proj"};

// Reads the text of an `adapter_config.json`. Throws Error(input) naming the key: another kind of adapter, values out
// of range, and what would change the result without being known here (DoRA, trained biases, transposed weights).
LoraConfig parseLoraConfig(std::string_view json);

// The text as PEFT 0.12 writes it; later versions read it too.
std::string toAdapterJson(const LoraConfig& config);

}  // namespace cadrecode::model::adapter
