#include "dataset/cloud_cache.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "cloud/write.hpp"
#include "core/error.hpp"
#include "dataset/ledger.hpp"
#include "dataset/samples.hpp"
#include "temporary_folder.hpp"

namespace cadrecode::dataset {
namespace {

namespace fs = std::filesystem;
const std::atomic<bool> kGoOn{false};

std::string box(int a, int b, int c) {
  return "import cadquery as cq\nr = cq.Workplane().box(" + std::to_string(a) + ", " + std::to_string(b) + ", " +
         std::to_string(c) + ")\n";
}

CacheOptions optionsFor(const TemporaryFolder& data, int workers = 2) {
  CacheOptions options;
  options.root = data.path();
  options.split = "train";
  options.pool.workers = workers;
  options.pool.limits.wallSeconds = 20;
  return options;
}

CacheReport cache(const CacheOptions& options) {
  return makeClouds(
      options, [](std::uint64_t) {}, kGoOn);
}

// Every file's bytes by name.
std::map<std::string, std::string> contents(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files[entry.path().filename().string()] = readFile(entry.path().string());
  }
  return files;
}

void putPrograms(const TemporaryFolder& data, int count) {
  for (int i = 0; i < count; ++i) {
    data.put("train/batch_" + std::to_string(i % 3) + "/p" + std::to_string(i) + ".py", box(10 + i, 20, 30));
  }
  data.put("train/bad.py", "import cadquery as cq\nr = cq.Workplane().box(1)\n");
  data.put("train/worse.py", "import os\n");
}

TEST(CloudCache, CloudsAreMadeAndOnlyRealFailuresAreListed) {
  TemporaryFolder data;
  putPrograms(data, 12);
  const CacheReport report = cache(optionsFor(data));
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.made, 12u);
  EXPECT_EQ(report.failed, 2u);
  EXPECT_EQ(report.failures.at("unsupported"), 1u);
  EXPECT_EQ(readFile(data.path("train/point_cloud_cache/error_samples.json")), "[\n  \"bad\",\n  \"worse\"\n]\n");
  const std::vector<Sample> samples = listSamples(data.path(), "train");
  EXPECT_EQ(samples.size(), 12u);  // the failures are left out from now on
  for (const Sample& sample : samples) {
    float largest = 0;
    for (const auto& point : readCloud(sample)) {
      for (float x : point) largest = std::max(largest, std::abs(x));
    }
    EXPECT_GT(largest, 0.9F);
    EXPECT_LE(largest, 1);
  }
  const CacheReport again = cache(optionsFor(data));
  EXPECT_EQ(again.made, 0u);
  EXPECT_EQ(again.present, 12u);
  EXPECT_EQ(again.failed, 2u);
}

TEST(CloudCache, WorkersAndShardsDoNotChangeAByte) {
  TemporaryFolder one, two, shards;
  for (const TemporaryFolder* data : {&one, &two, &shards}) putPrograms(*data, 10);
  cache(optionsFor(one, 1));
  cache(optionsFor(two, 3));
  const auto whole = contents(one.path("train/point_cloud_cache"));
  EXPECT_EQ(whole, contents(two.path("train/point_cloud_cache")));
  CacheOptions options = optionsFor(shards);
  options.shards = 3;
  for (options.shard = 0; options.shard < 3; ++options.shard) cache(options);
  const auto parts = contents(shards.path("train/point_cloud_cache"));
  std::size_t clouds = 0;
  for (const auto& [name, bytes] : whole) {
    if (!name.ends_with(".npy")) continue;
    EXPECT_EQ(parts.at(name), bytes);
    ++clouds;
  }
  EXPECT_EQ(clouds, 10u);
  EXPECT_EQ(listSamples(shards.path(), "train").size(), 10u);
}

TEST(CloudCache, AChangedProgramIsNeverServedStale) {
  TemporaryFolder data;
  data.put("train/a.py", box(1, 2, 3));
  data.put("train/b.py", box(1, 2, 3));
  cache(optionsFor(data));
  const std::string cloud = data.path("train/point_cloud_cache/a.npy");
  const std::string old = readFile(cloud);
  // Equal programs, but each draws by its id.
  EXPECT_NE(old, readFile(data.path("train/point_cloud_cache/b.npy")));
  data.put("train/a.py", box(3, 2, 3));
  CacheReport report = cache(optionsFor(data));
  EXPECT_EQ(report.made, 1u);
  EXPECT_EQ(report.present, 1u);
  EXPECT_NE(readFile(cloud), old);
  data.put("train/a.py", "broken(");
  EXPECT_EQ(cache(optionsFor(data)).failed, 1u);
  EXPECT_FALSE(fs::exists(cloud));
  data.put("train/a.py", box(1, 2, 3));
  EXPECT_EQ(cache(optionsFor(data)).made, 1u);
  EXPECT_EQ(readFile(cloud), old);
  EXPECT_EQ(readFile(data.path("train/point_cloud_cache/error_samples.json")), "[]\n");
  // A cut or foreign file in its place is made anew as well.
  fs::resize_file(cloud, 1000);
  EXPECT_EQ(cache(optionsFor(data)).made, 1u);
  EXPECT_EQ(readFile(cloud), old);
  CacheOptions other = optionsFor(data);
  other.seed = 1;
  EXPECT_EQ(cache(other).made, 2u);
}

TEST(CloudCache, AFolderWithoutSamplesIsRefused) {
  TemporaryFolder data;
  data.put("train/notes.txt", "nothing to make a cloud of");
  EXPECT_THROW(cache(optionsFor(data)), Error);
  // A shard may be empty, the data set may not.
  CacheOptions options = optionsFor(data);
  options.shards = 2;
  options.shard = 1;
  EXPECT_THROW(cache(options), Error);
  data.put("train/a.py", box(1, 2, 3));
  EXPECT_EQ(cache(options).samples, 0u);
}

TEST(CloudCache, CloudsOfASharedCacheAreNotMadeAgain) {
  TemporaryFolder data, shared;
  data.put("train/a.py", box(1, 2, 3));
  data.put("train/b.py", box(2, 2, 3));
  cache(optionsFor(data));
  const fs::path own = data.path("train/point_cloud_cache"), there = shared.path("train/point_cloud_cache");
  fs::create_directories(there.parent_path());
  fs::rename(own, there);
  ::setenv("CADRECODE_CACHE_ROOT", shared.path().c_str(), 1);
  CacheReport report = cache(optionsFor(data));
  EXPECT_EQ(report.present, 2u);
  EXPECT_EQ(report.made, 0u);
  // Another version of a program needs a cloud of its own, which goes to the data set and is found first.
  data.put("train/b.py", box(4, 2, 3));
  report = cache(optionsFor(data));
  EXPECT_EQ(report.present, 1u);
  EXPECT_EQ(report.made, 1u);
  const std::vector<Sample> samples = listSamples(data.path(), "train");
  ::unsetenv("CADRECODE_CACHE_ROOT");
  EXPECT_EQ(samples.at(0).cloud.path, (there / "a.npy").string());
  EXPECT_EQ(samples.at(1).cloud.path, (own / "b.npy").string());
  for (const Sample& sample : samples) EXPECT_EQ(readCloud(sample).size(), 256u);
}

TEST(CloudCache, ASlowItemDoesNotBlackenItsNeighbours) {
  TemporaryFolder data;
  for (int i = 0; i < 8; ++i) data.put("train/p" + std::to_string(i) + ".py", box(5 + i, 6, 7));
  data.put("train/p3x.py", "while True: pass\n");
  CacheOptions options = optionsFor(data);
  options.pool.limits.wallSeconds = 6;
  const CacheReport report = cache(options);
  EXPECT_EQ(report.made, 8u);
  EXPECT_EQ(report.failures, (std::map<std::string, std::uint64_t>{{"timeout", 1}}));
  EXPECT_EQ(readFile(data.path("train/point_cloud_cache/error_samples.json")), "[\n  \"p3x\"\n]\n");
}

TEST(CloudCache, MeshesAndShapesAreSamplesToo) {
  TemporaryFolder data;
  cloud::Mesh mesh{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}}, {}};
  data.put("parts/tetra.stl", cloud::writeStl(mesh));
  data.put("parts/few.xyz", "0 0 0\n1 1 1\n2 0 0\n");
  data.put("parts/box.py", box(1, 2, 3));
  CacheOptions options = optionsFor(data);
  options.root = data.path("parts");
  options.split = "";
  const CacheReport report = cache(options);
  EXPECT_EQ(report.made, 2u);
  EXPECT_EQ(report.failures.at("refused"), 1u);  // three points are too few
}

// Killed at any time and taken up again, the cache becomes what an undisturbed run makes.
TEST(CloudCache, KillingTheRunLosesNothing) {
  TemporaryFolder calm, stormy;
  putPrograms(calm, 40);
  putPrograms(stormy, 40);
  cache(optionsFor(calm));
  std::mt19937 random(11);
  int killed = 0;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      cache(optionsFor(stormy));
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 500));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
  }
  EXPECT_GT(killed, 0);
  EXPECT_TRUE(cache(optionsFor(stormy)).finished);
  EXPECT_EQ(contents(calm.path("train/point_cloud_cache")), contents(stormy.path("train/point_cloud_cache")));
}

TEST(Ledger, ABrokenLastLineIsPassedOverAndTwoRunsAreRefused) {
  TemporaryFolder folder;
  const std::string path = folder.path("ledger.jsonl");
  {
    Ledger ledger(path);
    ledger.record("b", {"ok", "s", "r", ""});
    ledger.record("a", {"crash", "s", "r", "bad \xff text"});
    const pid_t other = ::fork();
    ASSERT_GE(other, 0);
    if (other == 0) {
      try {
        Ledger second(path);
        ::_exit(1);
      } catch (const Error&) {
        ::_exit(0);
      }
    }
    int status = 0;
    ::waitpid(other, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const std::string text = readFile(path);
  folder.put("ledger.jsonl", text + "{\"id\": \"c\", \"sta");
  Ledger ledger(path);
  EXPECT_EQ(ledger.find("c"), nullptr);
  ASSERT_NE(ledger.find("a"), nullptr);
  EXPECT_EQ(ledger.find("a")->status, "crash");
  EXPECT_EQ(ledger.find("b")->source, "s");
}

}  // namespace
}  // namespace cadrecode::dataset
