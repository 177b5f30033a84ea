// A LoRA adapter on the disk in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`.
// An Adapter owns the mapped file its views look into; reading is safe from any thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/adapter/lora_config.hpp"
#include "model/safetensors.hpp"

namespace cadrecode::model::adapter {

inline constexpr const char* configName = "adapter_config.json";
inline constexpr const char* weightsStem = "adapter_model";
inline constexpr const char* weightsName = "adapter_model.safetensors";
inline constexpr const char* mergedName = "merged_model";  // folder within, written by training

// Names of the arrays of a module ("model.layers.0.mlp.up_proj") and of an array trained in full, as in PEFT's files.
std::string downName(const std::string& module);  // ".lora_A.weight": rank x input
std::string upName(const std::string& module);    // ".lora_B.weight": output x rank
std::string savedName(const std::string& tensor);

// Whether a folder looks like an adapter.
bool isAdapter(const std::string& folder);

struct LowRankPair {
  TensorView down, up;
  double scale = 1;
};

class Adapter {
 public:
  // Throws Error(input) naming the file and the module: one matrix of a pair missing, ranks that differ from each other
  // or from the configuration, a target module without matrices, an array that belongs to nothing. Matrices of the
  // point encoder, which some versions of PEFT write and none uses, are left out.
  explicit Adapter(const std::string& folder);

  // The configuration alone; Error(input) naming the file.
  static LoraConfig readConfig(const std::string& folder);

  const std::string& folder() const { return folder_; }
  const LoraConfig& config() const { return config_; }
  // By module.
  const std::map<std::string, LowRankPair>& pairs() const { return pairs_; }
  // Arrays that take the place of the base's, under the base's names.
  std::span<const TensorView> saved() const { return saved_; }

 private:
  void readTensors();
  void check() const;

  std::string folder_;
  LoraConfig config_;
  SafetensorsFile file_;
  std::map<std::string, LowRankPair> pairs_;
  std::vector<TensorView> saved_;
};

}  // namespace cadrecode::model::adapter
