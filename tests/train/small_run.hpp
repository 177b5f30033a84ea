// A folder with 32 small programs, clouds and a tokenizer, and the configuration of a tiny run on them. Test support.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cloud/write.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "dataset/samples.hpp"
#include "text/tokenizer.hpp"
#include "text/tokenizer_trainer.hpp"
#include "train/batches.hpp"
#include "train/training_config.hpp"

namespace cadrecode::train {

inline constexpr std::size_t pointCount = 16;

class SmallRun : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("cadrecode_train_{}_{}", ::getpid(), counter_++);
    std::filesystem::remove_all(folder_);
    makeFolder(data() + "/batch_0");
    makeFolder(data() + "/point_cloud_cache");
    Random random(7);
    std::vector<std::string> programs;
    for (int i = 0; i < 32; ++i) {
      programs.push_back(fmt::format("import cadquery as cq\nr=cq.Workplane('XY').box({},{},{})\n",
                                     random.below(200) + 1, random.below(200) + 1, random.below(200) + 1));
      writeFileAtomically(fmt::format("{}/batch_0/part{:02}.py", data(), i), programs.back());
      std::vector<cloud::PointF> points(pointCount);
      for (cloud::PointF& point : points) {
        for (float& x : point) x = static_cast<float>(random.uniform(-1, 1));
      }
      writeFileAtomically(fmt::format("{}/point_cloud_cache/batch_0_part{:02}.npy", data(), i),
                          cloud::writeNpy(points));
    }
    const auto files = text::trainTokenizer(programs, {});
    makeFolder((folder_ / "tokenizer").string());
    writeFileAtomically((folder_ / "tokenizer/tokenizer.json").string(), files.tokenizerJson);
    writeFileAtomically((folder_ / "tokenizer/tokenizer_config.json").string(), files.configJson);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string data() const { return (folder_ / "data").string(); }
  std::string output(const std::string& name) const { return (folder_ / name).string(); }

  TrainingConfig config(const std::string& name) const {
    TrainingConfig config;
    config.init = "random";
    config.tokenizer = output("tokenizer");
    config.trainData = data();
    config.modelSavePath = output(name);
    config.points = pointCount;
    config.maxSequenceLength = pointCount + 64;
    config.maxSteps = 20;
    config.batchSize = 5;
    config.accumulation = 2;
    config.learningRate = 1e-3;
    config.warmupSteps = 3;
    config.saveSteps = 10;
    config.bfloat16 = false;
    config.threads = 1;
    config.newModel.hiddenSize = 64;
    config.newModel.layers = 2;
    config.newModel.heads = 2;
    return config;
  }

  std::string weightsOf(const std::string& name) const { return readFile(output(name) + "/model.safetensors"); }

 protected:
  // The first samples of the run's data, tokenized as the model of the run `base` has it.
  Batch firstBatch() const {
    const auto tokenizer = text::Tokenizer::load(output("base"));
    const TrainingSet set(dataset::readSamples(data(), ""), tokenizer, 64, 1);
    BatchOptions options;
    options.points = pointCount;
    return makeBatch(set, {0, 1, 2, 3, 4, 5, 6, 7}, options, 0);
  }

 private:
  std::filesystem::path folder_;
  static inline int counter_ = 0;
};

}  // namespace cadrecode::train
