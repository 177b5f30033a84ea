// Whole inference runs with a tiny random model: the folder they write, going on after a stop, equal results whatever
// the batch, and parts that cannot be read.
#include "inference/inference_run.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cloud/write.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "inference/candidates.hpp"
#include "text/tokenizer_trainer.hpp"

namespace cadrecode::inference {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class InferenceRun : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string text =
        "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.workplane(offset=1/2).box(1,2,3)\n";
    const auto files = text::trainTokenizer(std::vector<std::string>{text}, {});
    const auto tokenizer = text::Tokenizer::fromJson(files.tokenizerJson, files.configJson);
    model::ModelConfig config;
    config.vocabularySize = static_cast<std::int64_t>(tokenizer.size());
    config.hiddenSize = 16;
    config.intermediateSize = 16;
    config.layers = 1;
    config.heads = 2;
    config.keyValueHeads = 1;
    config.headSize = 8;
    config.initializerRange = 0.5;
    model::network::CadNetwork(config, model::network::randomWeights(config, 3))
        .save((root() / "model").string(),
              {{"tokenizer.json", files.tokenizerJson}, {"tokenizer_config.json", files.configJson}});
    for (int part = 0; part < 5; ++part) {
      cloud::Cloud cloud;
      Random random(static_cast<std::uint64_t>(part));
      for (int i = 0; i < 400; ++i) {
        cloud.points.push_back({random.uniform(-3, 9), random.uniform(0, 1 + part), random.uniform(5, 7)});
      }
      writeFileAtomically((root() / "data" / ("part" + std::to_string(part) + ".ply")).string(),
                          cloud::writePly(cloud));
    }
  }
  static void TearDownTestSuite() { fs::remove_all(root()); }
  static fs::path root() {
    static const fs::path path = [] {
      fs::path made = fs::path(testing::TempDir()) / ("inference" + std::to_string(::getpid()));
      fs::create_directories(made / "data");
      return made;
    }();
    return path;
  }

  InferenceOptions options(const std::string& folder) const {
    InferenceOptions result;
    result.outputFolder = (root() / folder).string();
    result.model = "tiny";
    result.samples = 3;
    result.sampling = {.sample = true};
    result.seed = 5;
    result.batch = 4;
    result.maxNewTokens = 50;
    result.constrain = true;
    result.pool.workers = 2;
    result.pool.limits.wallSeconds = 20;
    return result;
  }
  std::vector<InputFile> data() const { return listInputFiles({(root() / "data").string()}); }

  InferenceSummary run(const std::vector<InputFile>& files, const InferenceOptions& options, int stopAfter = -1) {
    std::atomic<bool> stop{false};
    int done = 0;
    loads_ = 0;
    return runInference(
        files, options,
        [&] {
          ++loads_;
          return CadModel::load((root() / "model").string(), {});
        },
        [&](const std::string&) { stop = ++done == stopAfter; }, stop);
  }

  // Every file below a folder but the timing, by path.
  static std::map<std::string, std::string> contents(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string path = entry.path().lexically_relative(folder).string();
      if (!entry.is_regular_file() || path == "results/statistics.json" || path == "results/records.jsonl") continue;
      files[path] = readFile(entry.path().string());
    }
    return files;
  }
  static json read(const std::string& folder, const std::string& name) {
    return json::parse(readFile(folder + "/results/" + name));
  }

  int loads_ = 0;
};

TEST_F(InferenceRun, WritesTheWholeTree) {
  const auto options = this->options("tree");
  const auto summary = run(data(), options);
  EXPECT_EQ(loads_, 1);
  EXPECT_EQ(summary.decoded, 15U);
  const json results = read(options.outputFolder, "inference_results.json")["results"];
  ASSERT_EQ(results.size(), 15U);
  std::size_t ok = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const json& record = results[i];
    EXPECT_EQ(record["id"], "part" + std::to_string(i / 3) + "@" + std::to_string(i % 3));
    EXPECT_TRUE(record["ended"]);
    const std::string text = readFile(options.outputFolder + "/" + record["code_path"].get<std::string>());
    EXPECT_EQ(text.find("import cadquery as cq\n"), 0U);
    EXPECT_NE(record["status"], "syntax_error") << text;
    if (record["status"] != "ok") continue;
    ++ok;
    EXPECT_GT(record["volume"].get<double>(), 0);
    EXPECT_NE(readFile(options.outputFolder + "/" + record["step_path"].get<std::string>()).find("ISO-10303-21"),
              std::string::npos);
    EXPECT_GT(readFile(options.outputFolder + "/" + record["stl_path"].get<std::string>()).size(), 84U);
  }
  EXPECT_GT(ok, 0U);
  const json statistics = read(options.outputFolder, "statistics.json");
  EXPECT_EQ(statistics["total"], 15);
  EXPECT_EQ(statistics["successful"], ok);
  EXPECT_EQ(summary.byStatus.at("ok"), ok);

  // Nothing is left to do: not even the model is loaded.
  const auto before = contents(options.outputFolder);
  EXPECT_EQ(run(data(), options).decoded, 0U);
  EXPECT_EQ(loads_, 0);
  EXPECT_EQ(contents(options.outputFolder), before);
}

TEST_F(InferenceRun, IsTheSameWhateverTheBatchAndHoweverOftenItWasStopped) {
  auto once = options("once");
  run(data(), once);
  auto stopped = options("stopped");
  stopped.batch = 3;
  stopped.pool.workers = 1;
  EXPECT_TRUE(run(data(), stopped, 4).interrupted);
  EXPECT_LT(read(stopped.outputFolder, "inference_results.json")["results"].size(), 15U);
  // As after a kill in the middle of a line.
  std::ofstream(stopped.outputFolder + "/results/records.jsonl", std::ios::app) << R"({"id": "part4@2", "sta)";
  stopped.batch = 1;
  run(data(), stopped, 3);
  stopped.batch = 16;
  EXPECT_FALSE(run(data(), stopped).interrupted);
  EXPECT_EQ(contents(once.outputFolder), contents(stopped.outputFolder));
}

TEST_F(InferenceRun, RefusesAFolderOfOtherSettings) {
  auto options = this->options("settings");
  options.samples = 1;
  options.stl = options.step = false;
  const std::vector<InputFile> one = {data()[0]};
  run(one, options);
  EXPECT_TRUE(fs::exists(options.outputFolder + "/generated_code/part0.py"));
  EXPECT_TRUE(fs::is_empty(options.outputFolder + "/generated_stl"));
  options.seed = 6;
  try {
    run(one, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_NE(std::string(error.what()).find("seed"), std::string::npos);
  }
  options.overwrite = true;
  EXPECT_EQ(run(one, options).decoded, 1U);
}

TEST_F(InferenceRun, RecordsWhatCannotBeRead) {
  auto options = this->options("broken");
  options.samples = 1;
  std::ofstream(root() / "broken.stl") << "solid nothing";
  std::ofstream(root() / "broken.step") << "ISO-10303-21; no";
  auto files = listInputFiles(
      {(root() / "broken.stl").string(), (root() / "data" / "part1.ply").string(), (root() / "broken.step").string()});
  files.push_back({(root() / "gone.stl").string(), "gone"});
  const auto summary = run(files, options);
  EXPECT_EQ(summary.byStatus.at("input_error"), 3U);
  const json results = read(options.outputFolder, "inference_results.json")["results"];
  ASSERT_EQ(results.size(), 4U);
  EXPECT_NE(results[1]["status"], "input_error");
  for (const std::size_t i : {0, 2, 3}) {
    EXPECT_EQ(results[i]["status"], "input_error");
    EXPECT_NE(results[i]["error"]["message"].get<std::string>().find(files[i].path), std::string::npos) << results[i];
  }
}

TEST_F(InferenceRun, GivesEqualNamesApart) {
  fs::create_directories(root() / "names" / "a");
  fs::create_directories(root() / "names" / "b");
  for (const std::string name : {"a/x.stl", "b/x.stl", "b/x.ply", "b/y.npy", "b/notes.md"}) {
    std::ofstream(root() / "names" / name) << "";
  }
  std::vector<std::string> names;
  for (const auto& file : listInputFiles({(root() / "names").string(), (root() / "names/a/x.stl").string()})) {
    names.push_back(file.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a__x.stl", "b__x.ply", "b__x.stl", "y", "a__x.stl#2"}));
  EXPECT_THROW(listInputFiles({(root() / "nowhere").string()}), Error);
}

TEST_F(InferenceRun, TakesPreparedPointsAsTheyAre) {
  cloud::Cloud cloud;
  Random random(1);
  for (int i = 0; i < 256; ++i) cloud.points.push_back({random.uniform(-1, 1), 0.25, random.uniform(-0.5, 0.5)});
  const std::string path = (root() / "prepared.npy").string();
  writeFileAtomically(path, cloud::writeNpy(cloud));
  sandbox::ScriptPool pool(sandbox::PoolOptions{}, {.everything = false, .step = false});
  const InputCloud prepared = prepareCloud({path, "prepared"}, pool, {}, 1);
  ASSERT_EQ(prepared.points.size(), 3U * 256U);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_NEAR(prepared.points[3 * i], cloud.points[i][0], 1e-7);
  EXPECT_EQ(prepared.programFrame.unit, 0.01);
  // A model of fewer points takes the first of them.
  cloud::Recipe shorter;
  shorter.points = 128;
  EXPECT_EQ(prepareCloud({path, "prepared"}, pool, shorter, 1).points,
            std::vector<float>(prepared.points.begin(), prepared.points.begin() + 3 * 128));
  // One point more, and it is a scan: farthest points of it, in the model's frame.
  cloud.points.push_back({0.5, 0.25, 0});
  writeFileAtomically(path, cloud::writeNpy(cloud));
  const InputCloud scanned = prepareCloud({path, "prepared"}, pool, {}, 1);
  float greatest = 0;
  for (const float x : scanned.points) greatest = std::max(greatest, std::abs(x));
  EXPECT_LE(greatest, 1 + 1e-6);
  EXPECT_NE(scanned.points, prepared.points);
}

TEST_F(InferenceRun, NamesWhatAModelFolderLacks) {
  fs::create_directories(root() / "empty");
  EXPECT_THROW(CadModel::load((root() / "empty").string(), {}), Error);
  fs::copy(root() / "model", root() / "unfit", fs::copy_options::recursive);
  text::TokenizerTraining training;
  training.greatestNumber = 2500;
  training.vocabularySize = 4000;
  const auto files = text::trainTokenizer(std::vector<std::string>{"r=1\n"}, training);
  writeFileAtomically((root() / "unfit/tokenizer.json").string(), files.tokenizerJson);
  writeFileAtomically((root() / "unfit/tokenizer_config.json").string(), files.configJson);
  EXPECT_THROW(CadModel::load((root() / "unfit").string(), {}), Error);
}

TEST_F(InferenceRun, CandidatesOfOnePartAreTheSameAgainAndBeginWithTheLikeliest) {
  const CadModel model = CadModel::load((root() / "model").string(), {});
  sandbox::Part part;
  part.geometry = std::get<cloud::Cloud>(cloud::readInputFile((root() / "data" / "part0.ply").string()).geometry);
  CandidateOptions options;
  options.count = 5;
  options.clouds = 2;
  options.maxNewTokens = 200;
  const std::vector<std::string> scripts = decodeCandidates(model, part, options);
  ASSERT_EQ(scripts.size(), 5u);
  EXPECT_EQ(decodeCandidates(model, part, options), scripts);
  for (const std::string& script : scripts) EXPECT_EQ(script.rfind("import cadquery as cq\n", 0), 0u) << script;
  options.temperature = 3;
  EXPECT_EQ(decodeCandidates(model, part, options)[0], scripts[0]);
  options.count = 1;
  EXPECT_EQ(decodeCandidates(model, part, options), std::vector<std::string>{scripts[0]});
  options.count = 0;
  EXPECT_TRUE(decodeCandidates(model, part, options).empty());
  options.count = 2;
  part.geometry = cloud::Cloud{{{0, 0, 0}, {1, 0, 0}}, {}};
  EXPECT_THROW(decodeCandidates(model, part, options), Error);
}

}  // namespace
}  // namespace cadrecode::inference
