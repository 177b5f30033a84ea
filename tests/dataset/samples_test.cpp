#include "dataset/samples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "dataset/cloud_file.hpp"
#include "dataset/index_files.hpp"
#include "temporary_folder.hpp"

namespace cadrecode::dataset {
namespace {

std::vector<std::string> idsOf(const std::vector<Sample>& samples) {
  std::vector<std::string> ids;
  for (const Sample& sample : samples) ids.push_back(sample.id);
  return ids;
}
using Ids = std::vector<std::string>;

cloud::ModelCloud ball() {
  cloud::ModelCloud cloud;
  for (int i = 0; i < 256; ++i) {
    const float t = static_cast<float>(i);
    cloud.points.push_back({std::sin(t), std::cos(t), t / 256});
  }
  return cloud;
}

TEST(Samples, BothLayoutsOfProgramsAreFound) {
  TemporaryFolder data;
  data.put("train/batch_0001/b.py", "");
  data.put("train/batch_0000/a.py", "");
  data.put("train/batch_0000/notes.txt", "");
  data.put("val/flat.py", "");
  EXPECT_EQ(idsOf(listSamples(data.path(), "train")), (Ids{"batch_0000_a", "batch_0001_b"}));
  EXPECT_EQ(idsOf(listSamples(data.path(), "val")), Ids{"flat"});  // a flat split is no empty one
  EXPECT_EQ(idsOf(listSamples(data.path("train"), "train")), (Ids{"batch_0000_a", "batch_0001_b"}));
  EXPECT_EQ(listSamples(data.path(), "train")[0].relativePath, "batch_0000/a.py");
  EXPECT_THROW(listSamples(data.path(), "test"), Error);
  EXPECT_THROW(listSamples(data.path("nowhere"), "test"), Error);
}

TEST(Samples, TwoFilesOfOneIdAreRefused) {
  TemporaryFolder data;
  data.put("train/batch_0000/a.py", "");
  data.put("train/batch_0000_a.py", "");
  EXPECT_THROW(listSamples(data.path(), "train"), Error);
}

TEST(Samples, AnIndexIsFoundWhereWritersAndLoadersHaveIt) {
  for (const char* place : {"train_index.json", "train/train_index.json", "train/index.json", "index.json"}) {
    TemporaryFolder data;
    data.put("train/batch_0000/a.py", "");
    data.put("train/batch_0000/b.py", "");
    data.put(place, R"([{"sample_id": "batch_0000_a", "code_path": "elsewhere/data/train/batch_0000/a.py",
                         "relative_path": "batch_0000/a.py", "split": "train"},
                        {"sample_id": "gone", "code_path": "x.py", "relative_path": "x.py", "split": "train"},
                        {"sample_id": "v", "code_path": "x.py", "relative_path": "x.py", "split": "val"}])");
    const SampleList list = readSamples(data.path(), "train");
    EXPECT_EQ(idsOf(list.samples), Ids{"batch_0000_a"}) << place;
    EXPECT_EQ(list.missing, Ids{"gone"}) << place;
    EXPECT_EQ(list.samples[0].scriptPath, data.path("train/batch_0000/a.py")) << place;
  }
}

TEST(Samples, MalformedIndexesAreRefusedByNameAndRow) {
  for (const char* text : {"", "{}", "[1]", R"([{"sample_id": 3}])", R"([{"sample_id": "../x", "code_path": "a"}])"}) {
    TemporaryFolder data;
    data.put("train/a.py", "");
    data.put("train_index.json", text);
    try {
      listSamples(data.path(), "train");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::input);
      EXPECT_NE(std::string(error.what()).find("train_index.json"), std::string::npos);
    }
  }
}

TEST(Samples, WhatAnIndexWritesIsRead) {
  TemporaryFolder data;
  data.put("train/batch_0000/a.py", "");
  data.put("train/batch_0001/a.py", "");
  data.put("train/error_samples.json", R"(["batch_0001/a"])");
  data.put("val/v.py", "");
  const IndexReport report = writeIndexFiles(data.path(), {"train", "val", "test"}, false);
  EXPECT_EQ(report.written.size(), 3u);
  EXPECT_EQ(report.absent, Ids{"test"});
  EXPECT_EQ(report.splits[0].excluded, Ids{"batch_0001_a"});
  const auto rows = nlohmann::json::parse(readFile(data.path("index.json")));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].size(), 4u);
  EXPECT_EQ(rows[0]["sample_id"], "batch_0000_a");
  EXPECT_EQ(rows[1]["split"], "val");
  EXPECT_EQ(readSamples(data.path(), "val").source, data.path("val_index.json"));
  EXPECT_EQ(idsOf(listSamples(data.path(), "val")), Ids{"v"});

  data.put("train/batch_0000/c.py", "");
  EXPECT_EQ(writeIndexFiles(data.path(), {"train"}, false).kept.size(), 2u);
  EXPECT_EQ(idsOf(listSamples(data.path(), "train")).size(), 1u);
  EXPECT_EQ(writeIndexFiles(data.path(), {"train"}, true).written.size(), 2u);
  EXPECT_EQ(idsOf(listSamples(data.path(), "train")).size(), 2u);
}

// The id counts, in every spelling that is met; a stem does not stand for the same stem of all batches.
TEST(Samples, ErrorListsMeanIds) {
  for (const char* place : {"train/error_samples.json", "train/point_cloud_cache/error_samples.json",
                            "error_samples.json", "train/point_cloud_cache/error_samples-1-of-2.json"}) {
    TemporaryFolder data;
    for (const char* name : {"a", "b", "c"}) {
      data.put(std::string("train/batch_0000/") + name + ".py", "");
      data.put(std::string("train/batch_0001/") + name + ".py", "");
    }
    data.put(place, R"(["batch_0000/a", "batch_0001_b", "c"])");
    const SampleList list = readSamples(data.path(), "train");
    EXPECT_EQ(idsOf(list.samples), (Ids{"batch_0000_b", "batch_0000_c", "batch_0001_a", "batch_0001_c"})) << place;
    EXPECT_EQ(list.excluded.size(), 2u);
  }
}

TEST(Samples, TheGalleryIsReadByExactIds) {
  TemporaryFolder data;
  for (const char* id : {"1", "21", "211"}) data.put(std::string("reconstruction/") + id + ".step", "");
  data.put("train_test.json", R"({"train": ["21"], "test": ["1", "2"]})");
  const SampleList list = readSamples(data.path(), "test");
  EXPECT_EQ(idsOf(list.samples), Ids{"1"});
  EXPECT_EQ(list.samples[0].scriptPath, data.path("reconstruction/1.step"));
  EXPECT_EQ(list.missing, Ids{"2"});
  EXPECT_EQ(idsOf(listSamples(data.path(), "train")), Ids{"21"});
  EXPECT_THROW(listSamples(data.path(), "val"), Error);
}

TEST(Samples, CloudsAreLookedForHereThenInTheSharedCache) {
  TemporaryFolder data, shared;
  for (const char* id : {"a", "b", "c"}) data.put(std::string("train/") + id + ".py", "");
  data.put("train/point_cloud_cache/a.npy", "");
  shared.put("a.npy", "");
  shared.put("b.npy", "");
  ::setenv("CADRECODE_CACHE_ROOT", shared.path().c_str(), 1);
  const std::vector<Sample> samples = listSamples(data.path(), "train");
  ::unsetenv("CADRECODE_CACHE_ROOT");
  EXPECT_EQ(samples[0].cloud.path, data.path("train/point_cloud_cache/a.npy"));
  EXPECT_EQ(samples[1].cloud.path, shared.path("b.npy"));
  EXPECT_TRUE(samples[1].cloud.exists);
  EXPECT_FALSE(samples[2].cloud.exists);
  EXPECT_EQ(samples[2].cloud.path, data.path("train/point_cloud_cache/c.npy"));
  // What is missing is an error, not a box.
  EXPECT_THROW(readCloud(samples[2]), Error);
}

TEST(Samples, ACloudIsOnlyReadWhole) {
  TemporaryFolder data;
  const cloud::ModelCloud cloud = ball();
  const std::string good = writeCloudFile(cloud, {sha256("text"), "recipe"});
  EXPECT_EQ(readCloud(data.put("good.npy", good)), cloud.points);
  ASSERT_TRUE(originOf(good));
  EXPECT_EQ(*originOf(good), (Origin{sha256("text"), "recipe"}));

  EXPECT_EQ(readCloud(data.path("good.npy"), 128), CloudPoints(cloud.points.begin(), cloud.points.begin() + 128));
  EXPECT_THROW(readCloud(data.path("good.npy"), 257), Error);
  EXPECT_THROW(readCloud(data.put("cut.npy", good.substr(0, 2000))), Error);
  EXPECT_THROW(readCloud(data.put("empty.npy", "")), Error);
  cloud::ModelCloud flat = cloud;
  for (auto& point : flat.points) point = {1, 2, 3};
  EXPECT_THROW(readCloud(data.put("flat.npy", writeCloudFile(flat, {}))), Error);
  cloud::ModelCloud infinite = cloud;
  infinite.points[7][1] = INFINITY;
  EXPECT_THROW(readCloud(data.put("infinite.npy", writeCloudFile(infinite, {}))), Error);
}

TEST(Samples, ACloudOfAnotherVersionOfTheProgramIsRefused) {
  TemporaryFolder data;
  data.put("train/a.py", "old");
  data.put("train/point_cloud_cache/a.npy", writeCloudFile(ball(), {sha256("old"), ""}));
  EXPECT_EQ(readCloud(listSamples(data.path(), "train")[0]).size(), 256u);
  data.put("train/a.py", "new");
  EXPECT_THROW(readCloud(listSamples(data.path(), "train")[0]), Error);
}

}  // namespace
}  // namespace cadrecode::dataset
