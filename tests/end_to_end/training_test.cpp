// `cadrecode train` and `cadrecode infer` as a user runs them: killed at any moment and taken up again they end with
// the same files, and a full disk leaves what was good.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

int numberFrom(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::stoi(text) : otherwise;
}

// Programs with their clouds and a vocabulary of them, made by the commands themselves.
class Training : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (run({"train", "--help"}).exitCode != 0) return;
    folder_ = new Folder;
    for (const std::vector<std::string>& step :
         {std::vector<std::string>{"synth", "--count", "8", "--jobs", "2", "-o", data()},
          {"cache", data(), "--jobs", "2"},
          {"tokenizer", "train", data(), "-o", folder_->path("tokenizer")}}) {
      const Answer answer = run(step);
      ASSERT_EQ(answer.exitCode, 0) << answer.err;
    }
    folder_->put("config.yaml",
                 "init: random\nmodel: {hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2}\ntokenizer: " +
                     folder_->path("tokenizer") + "\ntrain_data_path: " + data() +
                     "\nmodel_save_path: nowhere\nmax_seq_length: 1024\nbatch_size: 2\ngradient_accumulation_steps: 2\n"
                     "max_steps: 40\nsave_steps: 5\neval_steps: 0\nwarmup_steps: 5\nnum_threads: 1\nnum_workers: 2\n"
                     "lr_scheduler_type: constant\n");
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  void SetUp() override {
    if (folder_ == nullptr) GTEST_SKIP() << "built without libtorch";
  }

  static std::string data() { return folder_->path("data/train"); }
  static std::string path(const std::string& name) { return folder_->path(name); }
  // The command, for a shell.
  static std::string trainCommand(const std::string& output, const std::string& more) {
    return "cadrecode train --config " + path("config.yaml") + " --set model_save_path=" + path(output) + " " + more;
  }
  // Kills the command at random moments, `kills` times at most; returns how often it lived to see one.
  static int killAtRandom(const std::string& command, int kills, double greatestSeconds, std::mt19937& random) {
    int killed = 0;
    for (int i = 0; i < kills; ++i) {
      const double seconds = std::uniform_real_distribution<double>(0.05, greatestSeconds)(random);
      const Answer answer =
          shell(command + " & sleep " + std::to_string(seconds) + "; kill -9 $! 2>/dev/null; wait $!");
      if (answer.exitCode != 137) return killed;
      ++killed;
    }
    return killed;
  }

  static inline Folder* folder_ = nullptr;
};

// By hand, longer: CADRECODE_KILLS=10 CADRECODE_STEPS=200 CADRECODE_SEED=N.
TEST_F(Training, KilledAtAnyMomentItEndsWithTheSameWeights) {
  const int kills = numberFrom("CADRECODE_KILLS", 3);
  const std::string steps = " max_steps=" + std::to_string(numberFrom("CADRECODE_STEPS", 40));
  std::mt19937 random(static_cast<unsigned>(numberFrom("CADRECODE_SEED", 1)));
  const Answer whole = shell(trainCommand("whole", steps));
  ASSERT_EQ(whole.exitCode, 0) << whole.err;
  const std::string command = trainCommand("killed", steps + " --resume");
  const int killed = killAtRandom(command, kills, 1 + 2 * whole.seconds / kills, random);
  const Answer last = shell(command);
  ASSERT_EQ(last.exitCode, 0) << last.err;
  EXPECT_NE(last.err.find("resuming from"), last.err.npos) << killed << " kills:\n" << last.err;
  EXPECT_EQ(readAll(path("whole/model.safetensors")), readAll(path("killed/model.safetensors"))) << killed << " kills";
  RecordProperty("kills", killed);
}

TEST_F(Training, AFullDiskLeavesTheLastGoodCheckpoint) {
  ASSERT_EQ(shell(trainCommand("full", "max_steps=10")).exitCode, 0);
  const std::string go = trainCommand("full", "max_steps=15 --resume");
  // No file may grow beyond 64 KiB: what a full disk does, at a moment of our choice.
  const Answer full = shell("trap '' XFSZ; ulimit -f 64; " + go);
  EXPECT_EQ(full.exitCode, 5) << full.err;
  EXPECT_NE(full.err.find("the last good checkpoint is " + path("full/checkpoint-10")), full.err.npos) << full.err;
  EXPECT_FALSE(fs::exists(path("full/checkpoint-15")));
  EXPECT_FALSE(fs::exists(path("full/checkpoint-15.partial")));
  const Answer again = shell(go);
  EXPECT_EQ(again.exitCode, 0) << again.err;
  EXPECT_NE(again.err.find("resuming from " + path("full/checkpoint-10")), again.err.npos) << again.err;
}

// All files below a folder but those with times, by path.
std::map<std::string, std::string> contents(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name == "results/statistics.json" || name == "results/records.jsonl") continue;
    files[name] = readAll(entry.path().string());
  }
  return files;
}

TEST_F(Training, InferenceKilledAndTakenUpAgainWritesTheSameTree) {
  ASSERT_EQ(shell(trainCommand("model", "max_steps=2")).exitCode, 0);
  const std::string command = "cadrecode infer --model " + path("model") + " --data " + data() +
                              "/point_cloud_cache --num-samples 3 --constrain --max-new-tokens 150 --batch-size 4 "
                              "--threads 1 -j 2 -o ";
  const Answer whole = shell(command + path("out"));
  EXPECT_TRUE(whole.exitCode == 0 || whole.exitCode == 4) << whole.err;  // 4: random programs are not all solids
  std::mt19937 random(2);
  killAtRandom(command + path("killed_out"), 3, 0.5 + whole.seconds, random);
  const Answer last = shell(command + path("killed_out"));
  EXPECT_EQ(last.exitCode, whole.exitCode) << last.err;
  const auto expected = contents(path("out"));
  const auto found = contents(path("killed_out"));
  EXPECT_EQ(expected.size(), found.size());
  for (const auto& [name, bytes] : expected) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_EQ(bytes, found.at(name)) << name;
  }
  auto statistics = [](const std::string& folder) {
    json object = json::parse(readAll(folder + "/results/statistics.json"));
    object.erase("this_run");
    return object;
  };
  EXPECT_EQ(statistics(path("out")), statistics(path("killed_out")));
  EXPECT_EQ(statistics(path("out"))["total"], 24);
  std::size_t programs = 0;
  for (const auto& [name, bytes] : found) programs += name.starts_with("generated_code/") ? 1 : 0;
  EXPECT_EQ(programs, 24U);
}

}  // namespace
}  // namespace cadrecode::end_to_end
