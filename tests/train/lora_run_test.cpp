// Whole runs that train adapters: what they leave, three ways to the same merged model, resume, packed bases.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/adapter/merge.hpp"
#include "model/network/adapters.hpp"
#include "small_run.hpp"
#include "train/checkpoint.hpp"
#include "train/trainer.hpp"

namespace cadrecode::train {
namespace {

namespace fs = std::filesystem;
using model::network::CadNetwork;

class LoraRun : public SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    TrainingConfig base = config("base");
    base.maxSteps = 4;
    base.saveSteps = 0;
    runTraining(base, {});
  }

  TrainingConfig loraConfig(const std::string& name) const {
    TrainingConfig c = config(name);
    c.init = "base";
    c.baseModel = output("base");
    c.tokenizer = "";
    c.learningRate = 5e-3;
    c.lora.use = true;
    c.lora.rank = 4;
    c.lora.alpha = 8;
    c.lora.dropout = 0.1;
    return c;
  }

  // Logits of a batch of the run's data.
  at::Tensor logitsOf(const CadNetwork& network) const {
    const at::NoGradGuard noGradients;
    const Batch batch = firstBatch();
    return network.logits(network.decode(network.embed(batch.points, batch.tokens)));
  }
};

TEST_F(LoraRun, ThreeWaysToTheSameMergedModel) {
  TrainingConfig c = loraConfig("lora");
  c.maxSteps = 50;
  c.saveSteps = 25;
  runTraining(c, {});
  const std::string root = c.modelSavePath;
  // The base is what it was, and only what was trained is saved.
  const auto adapterBytes = fs::file_size(root + "/checkpoint-50/adapter_model.safetensors");
  EXPECT_LT(adapterBytes, fs::file_size(output("base") + "/model.safetensors") / 2);
  EXPECT_FALSE(fs::exists(root + "/checkpoint-50/model.safetensors"));
  EXPECT_TRUE(fs::exists(root + "/adapter_config.json"));

  const CadNetwork before = CadNetwork::load(output("base"));
  const CadNetwork inTraining = CadNetwork::load(root + "/merged_model");
  const CadNetwork ofCheckpoint = CadNetwork::load(root + "/checkpoint-50");  // its merged_model
  model::adapter::writeMergedModel(output("base"), root, output("by_merge"));
  const CadNetwork byMerge = CadNetwork::load(output("by_merge"));
  model::network::LoadOptions options;
  options.baseModel = output("base");
  const CadNetwork atLoad = CadNetwork::load(root, options);

  const at::Tensor expected = logitsOf(inTraining);
  EXPECT_TRUE(at::equal(logitsOf(ofCheckpoint), expected));
  EXPECT_TRUE(at::equal(logitsOf(byMerge), expected));
  EXPECT_TRUE(at::equal(logitsOf(atLoad), expected));
  EXPECT_GT((logitsOf(before) - expected).abs().max().item<double>(), 0.1);
  // Beside the base instead of merged: the same but for rounding.
  CadNetwork beside = CadNetwork::load(output("base"));
  model::network::attachAdapter(beside.weights(), beside.config(), model::adapter::Adapter(root));
  EXPECT_LT((logitsOf(beside) - expected).abs().max().item<double>(), 1e-3);
}

TEST_F(LoraRun, ResumedRunGivesTheSameBytes) {
  for (const bool packed : {false, true}) {
    const std::string suffix = packed ? "_packed" : "";
    TrainingConfig whole = loraConfig("whole" + suffix);
    whole.bfloat16 = packed;
    whole.lora.pack = packed;
    runTraining(whole, {});
    TrainingConfig part = loraConfig("part" + suffix);
    part.bfloat16 = packed;
    part.lora.pack = packed;
    part.loggingSteps = 1;
    std::atomic<bool> stop{false};
    RunOptions options;
    options.stop = &stop;
    options.say = [&](const std::string& line) {
      if (line.starts_with("update 7/")) stop = true;
    };
    EXPECT_TRUE(runTraining(part, options).interrupted);
    RunOptions resume;
    resume.resume = true;
    EXPECT_EQ(runTraining(part, resume).step, 20);
    for (const char* file : {"/adapter_model.safetensors", "/checkpoint-20/optimizer.safetensors",
                             "/merged_model/model.safetensors", "/checkpoint-20/merged_model/model.safetensors"}) {
      EXPECT_EQ(readFile(whole.modelSavePath + file), readFile(part.modelSavePath + file)) << file;
    }
  }
}

TEST_F(LoraRun, KeepsAndMergesWhatItIsTold) {
  TrainingConfig c = loraConfig("final");
  c.maxSteps = 12;
  c.saveSteps = 4;
  c.valData = data();
  c.saveTotalLimit = 2;
  c.lora.mergeFinalOnly = true;
  c.lora.keepFinal = false;
  const RunResult result = runTraining(c, {});
  EXPECT_TRUE(result.bestLoss.has_value());
  std::size_t checkpoints = 0;
  for (const auto& entry : fs::directory_iterator(c.modelSavePath)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("checkpoint-")) continue;
    ++checkpoints;
    EXPECT_EQ(fs::exists(entry.path() / "merged_model"), name == "checkpoint-12") << name;
  }
  EXPECT_LE(checkpoints, 2U);
  EXPECT_FALSE(fs::exists(c.modelSavePath + "/adapter_model.safetensors"));
  EXPECT_TRUE(fs::exists(c.modelSavePath + "/merged_model/model.safetensors"));

  c = loraConfig("sparse");
  c.maxSteps = 12;
  c.saveSteps = 4;
  c.lora.keepInCheckpoints = false;
  runTraining(c, {});
  EXPECT_FALSE(fs::exists(c.modelSavePath + "/checkpoint-4/adapter_model.safetensors"));
  EXPECT_TRUE(fs::exists(c.modelSavePath + "/checkpoint-4/merged_model/model.safetensors"));
  EXPECT_TRUE(fs::exists(c.modelSavePath + "/checkpoint-12/adapter_model.safetensors"));
}

TEST_F(LoraRun, APackedBaseLearnsToo) {
  double start = 0;
  double plain = 0;
  for (const char* type : {"none", "nf4", "fp4", "int8"}) {
    TrainingConfig c = loraConfig(std::string("packed_") + type);
    c.maxSteps = 24;
    c.saveSteps = 0;
    c.lora.mergeFinal = false;
    c.valData = data();
    c.evalSteps = 24;
    c.lora.pack = std::string(type) != "none";
    if (c.lora.pack) c.lora.packing.type = *model::quantization::packedTypeNamed(type);
    const RunResult result = runTraining(c, {});
    ASSERT_TRUE(result.evaluationLoss);
    if (!c.lora.pack) {
      plain = *result.evaluationLoss;
      const CadNetwork before = CadNetwork::load(output("base"));
      TrainingNetwork untrained(before, {}, false);
      const auto loss = untrained.evaluate(firstBatch());
      start = loss.sum / static_cast<double>(loss.tokens);
      EXPECT_LT(plain, start - 0.1);  // the base knows next to nothing, and little of it may change
    } else {
      EXPECT_LT(*result.evaluationLoss, plain + 0.5 * (start - plain)) << type;
    }
  }
}

TEST(LoraConfiguration, KeysOfTheOriginal) {
  const std::string rest = "train_data_path: d\nmodel_save_path: o\nbase_model_name: b\n";
  EXPECT_FALSE(parseTrainingConfig(rest, "c.yaml").lora.use);
  const TrainingConfig config = parseTrainingConfig(
      rest +
          "lora_r: 8\nlora_alpha: 16\nlora_target_modules: [q_proj, v_proj]\nkeep_lora_only: false\n"
          "load_in_4bit: true\nbnb_4bit_quant_type: fp4\nbnb_4bit_use_double_quant: false\nmixed_precision: no\n",
      "c.yaml");
  EXPECT_TRUE(config.lora.use);
  EXPECT_EQ(config.lora.rank, 8);
  EXPECT_EQ(config.lora.targets, (std::vector<std::string>{"q_proj", "v_proj"}));
  EXPECT_TRUE(config.lora.pack);
  EXPECT_EQ(config.lora.packing.type, model::quantization::PackedType::fp4);
  EXPECT_FALSE(config.lora.packing.doubleQuantization);
  EXPECT_TRUE(config.bfloat16);  // of a packed base: bnb_4bit_compute_dtype
  const std::string yaml = toYaml(config);
  EXPECT_EQ(toYaml(parseTrainingConfig(yaml, "again.yaml")), yaml);
  EXPECT_THROW(parseTrainingConfig(rest + "load_in_4bit: true\nload_in_8bit: true\n", "c.yaml"), Error);
  EXPECT_THROW(parseTrainingConfig(rest + "lora_r: 4\nauto_merge_final: false\nkeep_lora_final: false\n", "c.yaml"),
               Error);
}

}  // namespace
}  // namespace cadrecode::train
