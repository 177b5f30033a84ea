// What a training run is told: the keys of the original's SFT configuration and a few of our own, from a YAML file and
// from settings on the command line. Plain value; configs/train_config_sft.yaml describes every key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/adapter/lora_config.hpp"
#include "model/model_config.hpp"
#include "model/quantization/packed_weight.hpp"
#include "train/learning_rate.hpp"
#include "train/optimizer.hpp"

namespace cadrecode::train {

// A new model's sizes, for `init: random`. The vocabulary is the tokenizer's.
struct NewModel {
  std::string family = "qwen2";
  std::int64_t hiddenSize = 256;
  std::int64_t intermediateSize = 0;  // 0: 8/3 of the hidden size, rounded up to a multiple of 64
  std::int64_t layers = 6;
  std::int64_t heads = 4;
  std::int64_t keyValueHeads = 0;  // 0: as many as heads
  std::int64_t headSize = 0;       // 0: hidden size / heads
  double ropeTheta = 10000;
  double initializerRange = 0.02;
  bool tiedEmbeddings = true;
};

// Training adapters instead of all weights.
struct LoraSettings {
  bool use = false;  // use_lora; by default whether any of these keys is given
  std::int64_t rank = 16;
  double alpha = 32;
  double dropout = 0.1;
  std::vector<std::string> targets{std::begin(model::adapter::projectionNames),
                                   std::end(model::adapter::projectionNames)};  // lora_target_modules
  bool mergeCheckpoints = true;                                                 // auto_merge_lora
  bool mergeFinal = true;                                                       // auto_merge_final
  bool keepInCheckpoints = true;                                                // keep_lora_only
  bool keepFinal = true;                                                        // keep_lora_final
  bool mergeFinalOnly = false;                                                  // merge_final_only
  bool fromFullModel = false;  // load_from_full_model: the base must have a point encoder
  bool freezeBase = true;      // freeze_base_model: read for compatibility, the base never changes

  bool pack = false;  // use_qlora, load_in_4bit or load_in_8bit
  model::quantization::PackingOptions packing;
};

struct TrainingConfig {
  std::string baseModel;                  // base_model_name: a folder with config.json and weights
  std::string init = "base";              // base: weights of baseModel; random: new ones
  std::string tokenizer;                  // a folder; the base model's by default
  std::string modelSavePath;              // where checkpoints and logs go
  std::string trainData, valData;         // folders of programs and clouds
  std::int64_t maxSequenceLength = 1024;  // points and tokens
  std::int64_t points = 256;

  std::int64_t maxSteps = 100000;
  std::int64_t batchSize = 8;
  std::int64_t accumulation = 4;
  double learningRate = 2e-4;
  double weightDecay = 0.01;
  DecayGroups decayGroups = DecayGroups::matrices;
  double adamBeta1 = 0.9, adamBeta2 = 0.999, adamEpsilon = 1e-8;
  double maxGradientNorm = 1.0;
  std::int64_t warmupSteps = 1000;
  Schedule schedule = Schedule::linear;

  std::int64_t evalSteps = 5000, saveSteps = 10000, loggingSteps = 50;
  std::int64_t evalSamples = 1000;  // the first of the validation set; 0: all
  std::int64_t saveTotalLimit = 0;  // 0: keep all
  std::uint64_t seed = 42;

  std::string device = "auto";
  bool bfloat16 = true;  // mixed_precision: bf16 or no
  std::int64_t workers = 0;
  std::int64_t threads = 0;  // 0: as many as cores
  bool gradientCheckpointing = false;
  bool groupByLength = true;

  double noiseProbability = 0.5;
  double noiseDeviation = 0.01;

  std::string experimentName = "cad-recode-sft";
  NewModel newModel;  // key `model`
  LoraSettings lora;
};

// Reads a YAML file and then `settings` ("key=value", "model.layers=8"). Error(input) naming file, line and key:
// unknown keys (with the nearest known one), values of another type or out of range. Error(usage) for a bad setting.
TrainingConfig readTrainingConfig(const std::string& path, const std::vector<std::string>& settings = {});
// The same from a text; `name` stands in errors.
TrainingConfig parseTrainingConfig(const std::string& yaml, const std::string& name,
                                   const std::vector<std::string>& settings = {});

// All keys with their values, in a form that readTrainingConfig reads.
std::string toYaml(const TrainingConfig& config);

// What goes into adapter_config.json.
model::adapter::LoraConfig loraConfigFor(const TrainingConfig& config);

// The new model's configuration for a vocabulary. Error(input) for sizes that do not fit together.
model::ModelConfig modelConfigFor(const NewModel& model, std::int64_t vocabularySize, std::int64_t maxPositions);

}  // namespace cadrecode::train
