// Whole runs with a tiny model: resuming and computing layers again give the same bytes, programs are learned by heart,
// broken samples are named.
#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "model/network/cad_network.hpp"
#include "small_run.hpp"
#include "text/tokenizer.hpp"
#include "train/batches.hpp"
#include "train/checkpoint.hpp"
#include "train/event_file.hpp"
#include "train/trainer.hpp"

namespace cadrecode::train {
namespace {

namespace fs = std::filesystem;

class Run : public SmallRun {};

TEST_F(Run, ResumedRunGivesTheSameBytes) {
  for (const bool bfloat16 : {false, true}) {
    const std::string suffix = bfloat16 ? "_bf16" : "";
    TrainingConfig whole = config("whole" + suffix);
    whole.bfloat16 = bfloat16;
    whole.valData = data();
    const RunResult result = runTraining(whole, {});
    EXPECT_EQ(result.step, 20);
    EXPECT_FALSE(result.interrupted);

    // Stopped by a signal after some update, then resumed with other threads for reading.
    TrainingConfig part = config("part" + suffix);
    part.bfloat16 = bfloat16;
    part.valData = data();
    part.loggingSteps = 1;
    std::atomic<bool> stop{false};
    RunOptions options;
    options.stop = &stop;
    options.say = [&](const std::string& line) {
      if (line.starts_with("update 7/")) stop = true;
    };
    const RunResult interrupted = runTraining(part, options);
    EXPECT_TRUE(interrupted.interrupted);
    EXPECT_EQ(interrupted.checkpoint, part.modelSavePath + "/checkpoint-7");
    part.workers = 3;
    RunOptions resume;
    resume.resume = true;
    EXPECT_EQ(runTraining(part, resume).step, 20);
    EXPECT_EQ(weightsOf("whole" + suffix), weightsOf("part" + suffix));
    EXPECT_EQ(readFile(whole.modelSavePath + "/checkpoint-20/optimizer.safetensors"),
              readFile(part.modelSavePath + "/checkpoint-20/optimizer.safetensors"));
  }
}

TEST_F(Run, ComputingLayersAgainChangesNoByte) {
  for (const bool bfloat16 : {false, true}) {
    TrainingConfig plain = config(bfloat16 ? "kept_bf16" : "kept");
    plain.bfloat16 = bfloat16;
    plain.maxSteps = 4;
    TrainingConfig again = plain;
    again.modelSavePath += "_not";
    again.gradientCheckpointing = true;
    runTraining(plain, {});
    runTraining(again, {});
    EXPECT_EQ(readFile(plain.modelSavePath + "/model.safetensors"),
              readFile(again.modelSavePath + "/model.safetensors"));
  }
}

TEST_F(Run, LearnsProgramsByHeart) {
  TrainingConfig c = config("heart");
  c.batchSize = 32;
  c.accumulation = 1;
  c.maxSteps = 260;
  c.learningRate = 4e-3;
  c.warmupSteps = 20;
  c.schedule = Schedule::cosine;
  c.weightDecay = 0;
  c.noiseProbability = 0;
  c.saveSteps = 0;
  runTraining(c, {});
  const auto network = model::network::CadNetwork::load(c.modelSavePath);
  const auto tokenizer = text::Tokenizer::load(c.modelSavePath);
  const TrainingSet set(dataset::readSamples(data(), ""), tokenizer, 64, 1);
  ASSERT_EQ(set.samples().size(), 32U);
  std::vector<std::uint32_t> all(32);
  for (std::uint32_t i = 0; i < 32; ++i) all[i] = i;
  BatchOptions options;
  options.points = pointCount;
  const Batch batch = makeBatch(set, all, options, 0);
  // Greedy: every token is chosen from those chosen before it.
  at::Tensor tokens = batch.tokens.narrow(1, 0, 1);
  for (std::int64_t i = 1; i < batch.tokens.size(1); ++i) {
    const at::Tensor states = network.decode(network.embed(batch.points, tokens));
    const at::Tensor next = network.logits(states.narrow(1, states.size(1) - 1, 1)).argmax(-1);
    tokens = at::cat({tokens, next}, 1);
  }
  for (std::int64_t row = 0; row < 32; ++row) {
    const auto length = static_cast<std::int64_t>(set.samples()[static_cast<std::size_t>(row)].tokens.size());
    EXPECT_TRUE(at::equal(tokens[row].narrow(0, 0, length), batch.tokens[row].narrow(0, 0, length))) << row;
  }
}

TEST_F(Run, NamesWhatItSkips) {
  fs::remove(data() + "/point_cloud_cache/batch_0_part03.npy");
  writeFileAtomically(data() + "/point_cloud_cache/batch_0_part04.npy", "no array");
  writeFileAtomically(data() + "/batch_0/part05.py", "r=" + std::string(2000, '('));
  TrainingConfig c = config("skips");
  c.maxSteps = 4;
  const RunResult result = runTraining(c, {});
  EXPECT_EQ(result.skippedSamples, 3U);
  const std::string skipped = readFile(c.modelSavePath + "/skipped_samples.jsonl");
  for (const char* id : {"batch_0_part03", "batch_0_part04", "batch_0_part05"}) {
    EXPECT_NE(skipped.find(id), skipped.npos) << id;
  }
}

TEST_F(Run, KeepsTheBestAndTheNewestCheckpoint) {
  TrainingConfig c = config("limit");
  c.valData = data();
  c.saveSteps = 4;
  c.saveTotalLimit = 2;
  const RunResult result = runTraining(c, {});
  std::size_t checkpoints = 0;
  for (const auto& entry : fs::directory_iterator(c.modelSavePath)) {
    checkpoints += entry.path().filename().string().starts_with("checkpoint-") ? 1 : 0;
  }
  EXPECT_EQ(checkpoints, 2U);
  EXPECT_EQ(newestCheckpoint(c.modelSavePath), c.modelSavePath + "/checkpoint-20");
  EXPECT_TRUE(result.bestLoss.has_value());
  try {
    runTraining(c, {});
    FAIL() << "another run's checkpoints were overwritten";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
  }
  // A byte of the moments is another: the checkpoint is refused by name.
  const std::string path = c.modelSavePath + "/checkpoint-20/optimizer.safetensors";
  std::string bytes = readFile(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  writeFileAtomically(path, bytes);
  RunOptions resume;
  resume.resume = true;
  try {
    runTraining(c, resume);
    FAIL() << "a damaged checkpoint was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input);
    EXPECT_NE(std::string(error.what()).find("optimizer.safetensors"), std::string::npos);
  }
}

TEST(Batches, EverySampleOnceAnEpochInAnOrderOfTheSeed) {
  std::vector<std::uint32_t> lengths(1003);
  Random random(1);
  for (auto& length : lengths) length = static_cast<std::uint32_t>(random.below(500));
  const auto plan = planEpoch(lengths, 8, 42, 3, true);
  EXPECT_EQ(plan, planEpoch(lengths, 8, 42, 3, true));
  EXPECT_NE(plan, planEpoch(lengths, 8, 42, 4, true));
  EXPECT_NE(plan, planEpoch(lengths, 8, 43, 3, true));
  std::vector<int> seen(lengths.size());
  double padded = 0;
  double real = 0;
  for (const auto& batch : plan) {
    std::uint32_t longest = 0;
    for (const std::uint32_t index : batch) {
      ++seen[index];
      real += lengths[index];
      longest = std::max(longest, lengths[index]);
    }
    padded += static_cast<double>(longest) * static_cast<double>(batch.size());
  }
  EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
  EXPECT_LT(padded, 1.1 * real);
}

TEST(EventFile, SumsAndRecords) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);            // the published check value
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);  // RFC 3720, B.4
  const std::string record = scalarEvent(1.5, 7, "loss", 0.25);
  EXPECT_EQ(record.size(), 16 + static_cast<std::size_t>(static_cast<unsigned char>(record[0])));
}

TEST(Config, UnknownKeysAreErrorsWithASuggestion) {
  const std::string rest = "train_data_path: d\nmodel_save_path: o\nbase_model_name: b\n";
  auto messageOf = [&](const std::string& yaml, const std::vector<std::string>& settings = {}) -> std::string {
    try {
      parseTrainingConfig(rest + yaml, "c.yaml", settings);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(messageOf("learning_rte: 1e-3\n"),
            "c.yaml: line 4: unknown key `learning_rte`; did you mean `learning_rate`?");
  const std::string nested = messageOf("", {"model.hiden_size=4"});
  EXPECT_NE(nested.find("unknown key `model.hiden_size`; did you mean `model.hidden_size`?"), nested.npos) << nested;
  EXPECT_EQ(nested.find("c.yaml"), nested.rfind("c.yaml")) << nested;
  EXPECT_EQ(messageOf("batch_size: many\n"), "c.yaml: line 4: `batch_size` cannot be `many`");
  EXPECT_EQ(messageOf("batch_size: 0\n"), "c.yaml: line 4: `batch_size`: at least 1 is needed");
  EXPECT_EQ(messageOf("mixed_precision: fp16\n"), "c.yaml: line 4: `mixed_precision`: one of bf16, no");
  EXPECT_NE(messageOf("max_seq_length: 100\n"), "");
  EXPECT_EQ(messageOf("", {"nothing"}), "--set takes key=value, not `nothing`");
  EXPECT_EQ(messageOf("max_steps: 1e5\nseed: 7\n"), "");
}

TEST(Config, WhatIsWrittenIsReadAsTheSame) {
  TrainingConfig config = parseTrainingConfig(
      "train_data_path: d\nmodel_save_path: o\ninit: random\ntokenizer: t\nlearning_rate: 3.0e-4\nseed: "
      "12345678901234567890\n"
      "mixed_precision: no\nlr_scheduler_type: cosine\nmodel: {num_hidden_layers: 3}\n",
      "c.yaml");
  EXPECT_EQ(config.newModel.layers, 3);
  EXPECT_FALSE(config.bfloat16);
  const std::string yaml = toYaml(config);
  EXPECT_EQ(toYaml(parseTrainingConfig(yaml, "again.yaml")), yaml);
}

}  // namespace
}  // namespace cadrecode::train
