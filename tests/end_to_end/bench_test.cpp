// `cadrecode bench` and `report` as a user runs them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "end_to_end/command.hpp"

namespace cadrecode::end_to_end {
namespace {

std::string boxScript(double x, double y, double z) {
  return "import cadquery as cq\nr=cq.Workplane('XY').box(" + std::to_string(x) + "," + std::to_string(y) + "," +
         std::to_string(z) + ")\n";
}

class BenchCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::pair<std::string, std::string>> truth;
    for (int i = 0; i < 8; ++i) {
      const std::string id = "part" + std::to_string(i);
      truth.emplace_back(id, boxScript(10 + i, 10, 10));
      if (i == 6) continue;  // no prediction
      folder.put("a/" + id + ".py",
                 i == 3 ? "import cadquery as cq\nr=cq.Workplane().nothing()\n" : boxScript(10 + i, 10, 10));
      folder.put("b/" + id + ".py", boxScript(10 + i, 8, 10));
    }
    folder.put("b/part6.py", "r = 1 +\n");
    folder.put("b/stranger.py", boxScript(1, 1, 1));
    data = folder.put("truth.jsonl", jsonLines(truth));
  }
  std::vector<std::string> command(const std::string& output) const {
    return {"bench",           "--data-path", data,        "--predictions", folder.path("a"),
            folder.path("b"),  "-o",          output,      "--profile",     "absolute",
            "--metric-points", "200",         "--no-times"};
  }
  Folder folder;
  std::string data;
};

nlohmann::json jsonOf(const std::string& path) { return nlohmann::json::parse(readAll(path)); }

TEST_F(BenchCommand, ScoresEveryPredictionAndReports) {
  const std::string out = folder.path("out");
  const Answer answer = run(command(out));
  EXPECT_EQ(answer.exitCode, 4) << answer.err;
  const nlohmann::json report = jsonOf(out + "/benchmark_report.json");
  EXPECT_EQ(report["samples"], 8);
  EXPECT_EQ(report["common_samples"], 6);
  const nlohmann::json &a = report["models"][0], &b = report["models"][1];
  EXPECT_EQ(a["by_status"], (nlohmann::json{{"ok", 6}, {"runtime_error", 1}, {"no_prediction", 1}}));
  EXPECT_EQ(b["by_status"], (nlohmann::json{{"ok", 7}, {"syntax_error", 1}}));
  EXPECT_EQ(b["without_reference"], nlohmann::json({"stranger"}));
  EXPECT_NEAR(a["common"]["iou_brep"]["mean"].get<double>(), 1, 1e-9);
  EXPECT_NEAR(b["common"]["iou_brep"]["mean"].get<double>(), 0.8, 1e-9);
  EXPECT_NEAR(a["all"]["iou"]["mean"].get<double>(), 0.75, 1e-9);
  EXPECT_EQ(report["pairs"][0]["figures"]["iou"]["a_better"], 6);
  EXPECT_EQ(report["left_out"].size(), 3u);
  for (const char* file :
       {"results/a/generated_code/part0.py", "results/a/generated_step/part0.step", "results/b/generated_stl/part0.stl",
        "results/a/inference_results.json", "results/a/detailed_metrics.json", "gt_step_files/part6.step",
        "gt_stl_files/part6.stl", "benchmark_report.md", "rows.csv"}) {
    EXPECT_TRUE(std::filesystem::exists(out + "/" + file)) << file;
  }
  EXPECT_EQ(jsonOf(out + "/results/a/detailed_metrics.json").size(), 6u);

  // Made again from the rows: the same bytes.
  const std::string before = readAll(out + "/benchmark_report.json"), text = readAll(out + "/benchmark_report.md");
  std::filesystem::remove(out + "/benchmark_report.json");
  std::filesystem::remove(out + "/benchmark_report.md");
  EXPECT_EQ(run({"report", out}).exitCode, 0);
  EXPECT_EQ(readAll(out + "/benchmark_report.json"), before);
  EXPECT_EQ(readAll(out + "/benchmark_report.md"), text);
}

TEST_F(BenchCommand, RefusesAnotherRunsFolderAndScoresWhatChanged) {
  const std::string out = folder.path("out");
  std::vector<std::string> line = command(out);
  line.push_back("--no-step");
  run(line);
  std::vector<std::string> other = line;
  other[11] = "300";
  const Answer refused = run(other);
  EXPECT_EQ(refused.exitCode, 2);
  EXPECT_NE(refused.err.find("metric_points"), std::string::npos) << refused.err;
  folder.put("a/part3.py", boxScript(13, 10, 10));
  const Answer again = run(line);
  EXPECT_NE(again.err.find("(15 of them before)"), std::string::npos) << again.err;
  EXPECT_EQ(jsonOf(out + "/benchmark_report.json")["models"][0]["ok"], 7);
  EXPECT_FALSE(std::filesystem::exists(out + "/gt_step_files"));
  EXPECT_TRUE(jsonOf(out + "/results/a/detailed_metrics.json")[0]["iou_brep"].is_number());
}

// The original's options by its names, and with dashes; what belongs to checkpoints is taken beside predictions too.
TEST_F(BenchCommand, TakesTheOriginalsOptions) {
  for (int i = 0; i < 4; ++i) folder.put("data/val/p" + std::to_string(i) + ".py", boxScript(10 + i, 10, 10));
  folder.put("data/train/q.py", boxScript(1, 1, 1));
  for (const bool dashes : {false, true}) {
    const std::string out = folder.path(dashes ? "dashes" : "bars");
    std::vector<std::string> line = {"bench", "--predictions", folder.path("data/val"), "--no_times"};
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"--data_path", folder.path("data")},
                                                          {"--dataset_type", "legacy"},
                                                          {"--split", "val"},
                                                          {"--num_samples", "3"},
                                                          {"--batch_size", "4"},
                                                          {"--max_new_tokens", "64"},
                                                          {"--device", "cpu"},
                                                          {"--timeout", "20"},
                                                          {"--metric_points", "150"},
                                                          {"--output_dir", out}}) {
      line.insert(line.end(), {name, value});
    }
    line.insert(line.end(), {"--no_stl", "--no_step", "--no_code"});
    if (dashes) {
      for (std::string& word : line) {
        if (word.starts_with("--")) std::replace(word.begin(), word.end(), '_', '-');
      }
    }
    const Answer answer = run(line);
    EXPECT_EQ(answer.exitCode, 0) << answer.err;
    const nlohmann::json settings = jsonOf(out + "/settings.json"), report = jsonOf(out + "/benchmark_report.json");
    EXPECT_EQ(settings["metric_points"], 150);
    EXPECT_EQ(settings["timeout"], 20);
    EXPECT_EQ(report["samples"], 3);
    EXPECT_NEAR(report["models"][0]["all"]["iou"]["mean"].get<double>(), 1, 1e-9);  // figures need no files
    for (const char* gone : {"gt_stl_files", "gt_step_files", "results/val/generated_code"}) {
      EXPECT_FALSE(std::filesystem::exists(out + "/" + gone)) << gone;
    }
  }
}

// A gallery of STEP files with its list of splits; the whole id counts, where the original takes any file that has it.
TEST_F(BenchCommand, ReadsASplitOfAFusion360Gallery) {
  folder.put("make/1.py", boxScript(10, 10, 10));
  folder.put("make/21.py", boxScript(20, 10, 10));
  ASSERT_EQ(run({"exec", folder.path("make"), "--step-dir", folder.path("gallery/reconstruction")}).exitCode, 0);
  const std::string splits = folder.put("lists.json", R"({"train": ["21"], "test": ["1"], "none": []})");
  folder.put("answers/1.py", boxScript(10, 10, 9));
  const std::string out = folder.path("out");
  const Answer answer = run({"bench", "--data_path", folder.path("gallery"), "--dataset_type", "fusion360",
                             "--train_test_json", splits, "--split", "test", "--predictions", folder.path("answers"),
                             "--profile", "absolute", "--metric_points", "100", "--output_dir", out});
  EXPECT_EQ(answer.exitCode, 0) << answer.err;
  const nlohmann::json report = jsonOf(out + "/benchmark_report.json");
  EXPECT_EQ(report["samples"], 1);
  EXPECT_NEAR(report["models"][0]["all"]["iou"]["mean"].get<double>(), 0.9, 1e-6);
  EXPECT_EQ(run({"bench", "--models", "official", "--data_path", folder.path("gallery"), "-o", out}).exitCode, 2);
  EXPECT_EQ(
      run({"bench", "--models", folder.path("answers"), "--data_path", folder.path("gallery"), "-o", out}).exitCode, 3);
}

// One program that never ends and one without a result: failures with their reasons, and the rest is scored.
TEST_F(BenchCommand, AProgramThatNeverEndsIsARow) {
  folder.put("a/part0.py", "while True:\n    pass\n");
  folder.put("a/part1.py", "x = 1\n");
  std::vector<std::string> line = command(folder.path("out"));
  line.insert(line.end(), {"--timeout", "2", "--no-step", "--no-stl"});
  EXPECT_EQ(run(line).exitCode, 4);
  const nlohmann::json model = jsonOf(folder.path("out") + "/benchmark_report.json")["models"][0];
  EXPECT_EQ(model["by_status"]["timeout"], 1);
  EXPECT_EQ(model["by_status"]["no_result"], 1);
  EXPECT_EQ(model["ok"], 4);
  EXPECT_EQ(model["all"]["iou"]["mean"], 0.5);
}

// Killed at any moments, it ends with the same reports as a run that was left alone.
TEST_F(BenchCommand, EndsTheSameHoweverOftenItIsKilled) {
  const std::string whole = folder.path("whole"), killed = folder.path("killed");
  run(command(whole));
  std::string line = "cadrecode";
  for (const std::string& argument : command(killed)) line += " '" + argument + "'";
  std::mt19937 random(5);
  for (int kill = 0; kill < 6; ++kill) {
    const double seconds = std::uniform_real_distribution(0.02, 0.6)(random);
    shell("timeout -s KILL " + std::to_string(seconds) + " " + line + " --jobs " + std::to_string(1 + kill % 2) +
          " >/dev/null 2>&1");
  }
  EXPECT_EQ(run(command(killed)).exitCode, 4);
  nlohmann::json a = jsonOf(whole + "/benchmark_report.json"), b = jsonOf(killed + "/benchmark_report.json");
  for (nlohmann::json* report : {&a, &b}) report->erase("command");
  EXPECT_EQ(a, b);
  EXPECT_EQ(readAll(whole + "/rows.csv"), readAll(killed + "/rows.csv"));
  for (const char* file : {"results/a/generated_code/part0.py", "results/b/generated_stl/part7.stl"}) {
    EXPECT_EQ(readAll(whole + "/" + file), readAll(killed + "/" + file)) << file;
  }
}

}  // namespace
}  // namespace cadrecode::end_to_end
