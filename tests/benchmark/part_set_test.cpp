#include "benchmark/part_set.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "benchmark/model_kind.hpp"
#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;

class ModelFolders : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "models-XXXXXX").string();
    root = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root); }
  std::string put(const std::string& name, const std::string& text = "{}") const {
    makeFolder((root / name).parent_path().string());
    writeFileAtomically((root / name).string(), text);
    return (root / name).parent_path().string();
  }
  std::string checkpoint(const std::string& name) const {
    put(name + "/model.safetensors", "x");
    return put(name + "/config.json");
  }
  fs::path root;
};

TEST_F(ModelFolders, AreToldApartByTheirFiles) {
  EXPECT_EQ(kindOfModel(checkpoint("hub/cad-recode")), ModelKind::official);
  EXPECT_EQ(kindOfModel(checkpoint("hub/cad-recode") + "/"), ModelKind::official);
  const std::string trained = checkpoint("run/checkpoint-100");
  put("run/checkpoint-100/trainer_state.json");
  EXPECT_EQ(kindOfModel(trained), ModelKind::sft);
  EXPECT_EQ(kindOfModel(checkpoint("run/final_model")), ModelKind::sft);  // beside its checkpoints

  const std::string adapter =
      put("lora/a/adapter_config.json", R"({"base_model_name_or_path": "filapro/cad-recode-v1.5"})");
  EXPECT_EQ(kindOfModel(adapter), ModelKind::lora);
  EXPECT_EQ(kindOfModel(checkpoint("lora/a/merged_model")), ModelKind::lora);
  EXPECT_EQ(kindOfModel(put("lora/b/adapter_config.json", R"({"base_model_name_or_path": ")" + trained + R"("})")),
            ModelKind::loraFromFull);
  put("lora/c/config.yaml", "lora_r: 8\nload_from_full_model: true\n");
  EXPECT_EQ(kindOfModel(put("lora/c/adapter/adapter_config.json")), ModelKind::loraFromFull);
  EXPECT_THROW(kindOfModel(put("nothing/readme.txt")), Error);
}

TEST_F(ModelFolders, OfEqualNamesGetDistinctOnes) {
  std::vector<Model> models(4);
  models[0].path = "/runs/a/checkpoint-1000";
  models[1].path = "/runs/b/checkpoint-1000";
  models[2].path = "/runs/c";
  models[3].path = "/runs/c";
  nameModels(models);
  EXPECT_EQ(models[0].name, "a__checkpoint-1000");
  EXPECT_EQ(models[1].name, "b__checkpoint-1000");
  EXPECT_EQ(models[2].name, "runs__c");
  EXPECT_EQ(models[3].name, "runs__c_2");
}

// The original takes the first file whose name contains the id: "1" finds "21.step".
TEST_F(ModelFolders, ReferencesAreFoundByTheirWholeId) {
  for (const char* name : {"reconstruction/1.step", "reconstruction/21.step"})
    put("gallery/" + std::string(name), name);
  put("gallery/train_test.json", R"({"train": ["21"], "test": ["1", "3"]})");
  const References references = readReferences({.path = (root / "gallery").string()});
  ASSERT_EQ(references.parts.size(), 1u);
  EXPECT_EQ(references.parts[0].bytes(), "reconstruction/1.step");
  EXPECT_TRUE(references.leftOut.contains("3"));
  const std::string splits = put("lists.json", R"({"mine": ["21"]})") + "/lists.json";
  EXPECT_EQ(readReferences({.path = (root / "gallery").string(), .split = "mine", .splitFile = splits}).parts[0].id,
            "21");
}

TEST_F(ModelFolders, PredictionsKeepTheReasonsAndFramesOfInference) {
  put("out/generated_code/a.py", "r = 1");
  put("out/results/inference_results.json",
      R"({"results": [{"id": "a", "status": "ok", "program_frame": {"origin": [1, 2, 3], "unit": 0.5}},
                      {"id": "b", "status": "input_error", "error": {"message": "no such file"}}]})");
  const std::vector<Model> models = readPredictions((root / "out").string());
  ASSERT_EQ(models.size(), 1u);
  EXPECT_TRUE(models[0].predictions.contains("a"));
  EXPECT_EQ(models[0].frames.at("a").unit, 0.5);
  EXPECT_EQ(models[0].reasons.at("b"), "input_error: no such file");
  const std::string lines = put("two.jsonl",
                                "{\"id\": 1, \"role\": \"x\", \"script\": \"r = 1\"}\n"
                                "{\"id\": 1, \"role\": \"y\", \"script\": \"r = 2\"}\n") +
                            "/two.jsonl";
  EXPECT_EQ(readPredictions(lines).size(), 2u);
  put("twice/x_a.py", "r = 1");
  put("twice/x/a.py", "r = 1");
  EXPECT_THROW(readPredictions((root / "twice").string()), Error);
}

TEST_F(ModelFolders, SamplesAreChosenByTheSeed) {
  for (int i = 0; i < 20; ++i) put("parts/p" + std::to_string(i) + ".py", "r = 1");
  auto ids = [&](std::uint64_t seed) {
    std::string text;
    for (const PartFile& part : readReferences({.path = (root / "parts").string(), .count = 5, .seed = seed}).parts) {
      text += part.id + " ";
    }
    return text;
  };
  EXPECT_EQ(ids(1), ids(1));
  EXPECT_NE(ids(1), ids(2));
}

}  // namespace
}  // namespace cadrecode::benchmark
