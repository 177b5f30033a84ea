#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "command.hpp"

namespace cadrecode::end_to_end {
namespace {

const char* kBox = "import cadquery as cq\nr = cq.Workplane('XY', origin=(100, 0, 0)).box(20, 30, 40)\n";

TEST(DatasetCommands, ACloudComesWithItsWayBack) {
  const Folder folder;
  const std::string script = folder.put("box.py", kBox);
  const Answer answer = run({"cloud", script, "-o", folder.path("box.npy"), "--json"});
  ASSERT_EQ(answer.exitCode, 0) << answer.err;
  EXPECT_EQ(answer.object()["points"], 256);
  EXPECT_EQ(answer.object()["cloud_frame"]["origin"], (std::vector<double>{100, 0, 0}));
  EXPECT_EQ(answer.object()["cloud_frame"]["unit"], 20);
  EXPECT_EQ(answer.object()["program_frame"]["unit"], 0.2);
  EXPECT_EQ(nlohmann::json::parse(readAll(folder.path("box.json"))), answer.object());
  const std::string first = readAll(folder.path("box.npy"));
  EXPECT_EQ(first.size(), 128U + 256 * 3 * 4);
  run({"cloud", script, "-o", folder.path("box.npy")});
  EXPECT_EQ(readAll(folder.path("box.npy")), first);
  run({"cloud", script, "-o", folder.path("box.npy"), "--seed", "1"});
  EXPECT_NE(readAll(folder.path("box.npy")), first);
  EXPECT_EQ(run({"cloud", script, "-o", folder.path("scan.ply"), "--scan", "2", "--noise", "0.01"}).exitCode, 0);
  EXPECT_EQ(run({"cloud", folder.path("none.stl"), "-o", folder.path("x.npy")}).exitCode, 3);
  EXPECT_EQ(run({"cloud", script, "-o", folder.path("x.npy"), "--recipe", "v9"}).exitCode, 2);
}

TEST(DatasetCommands, FilesAreConverted) {
  const Folder folder;
  const std::string script = folder.put("box.py", kBox);
  for (const char* name : {"a.step", "a.brep", "a.stl", "a.ply", "a.obj", "a.glb"}) {
    EXPECT_EQ(run({"convert", script, "-o", folder.path(name)}).exitCode, 0) << name;
  }
  EXPECT_EQ(run({"convert", folder.path("a.step"), "-o", folder.path("b.stl")}).exitCode, 0);
  EXPECT_EQ(readAll(folder.path("a.stl")), readAll(folder.path("b.stl")));
  EXPECT_EQ(run({"convert", folder.path("a.stl"), "-o", folder.path("c.step")}).exitCode, 3);
}

TEST(DatasetCommands, ADataSetIsIndexedCachedAndCounted) {
  const Folder folder;
  std::filesystem::create_directories(folder.path("train/batch_0000"));
  folder.put("train/batch_0000/a.py", kBox);
  folder.put("train/batch_0000/b.py", kBox);
  folder.put("train/batch_0000/c.py", "r = 1 +\n");
  const std::string root = folder.path();
  EXPECT_EQ(run({"index", "--data-root", root, "--splits", "train"}).exitCode, 0);
  const Answer made = run({"cache", root, "--splits", "train", "--json", "--jobs", "1"});
  EXPECT_EQ(made.exitCode, 4) << made.err;  // one of them is no program
  EXPECT_EQ(made.object()["made"], 2);
  EXPECT_EQ(made.object()["failures"]["syntax_error"], 1);
  const auto stats = run({"stats", root, "--split", "train", "--json"}).object();
  EXPECT_EQ(stats["scripts"], 2);
  EXPECT_EQ(stats["duplicates"].size(), 1U);
  EXPECT_EQ(stats["split"]["clouds_missing"], 0);
  EXPECT_EQ(stats["split"]["excluded"], 1);
  std::filesystem::remove(folder.path("train/point_cloud_cache/batch_0000_b.npy"));
  const auto fewer = run({"stats", root, "--split", "train", "--json"}).object();
  EXPECT_EQ(fewer["split"]["samples_without_cloud"], nlohmann::json::array({"batch_0000_b"}));
}

TEST(DatasetCommands, AFolderWithoutSamplesIsAnError) {
  const Folder folder;
  folder.put("notes.txt", "nothing here\n");
  const Answer answer = run({"cache", folder.path()});
  EXPECT_EQ(answer.exitCode, 3);
  EXPECT_NE(answer.err.find("holds no samples"), std::string::npos) << answer.err;
  EXPECT_EQ(run({"cache", folder.path(), "--shard", "3/2"}).exitCode, 2);
}

TEST(DatasetCommands, LengthsInTokensNeedATokenizer) {
  const Folder folder;
  const std::string lines = folder.put("programs.jsonl", jsonLines({{"a", kBox}, {"b", "r = 1\n"}}));
  std::filesystem::create_directories(folder.path("vocabulary"));
  const Answer trained = run({"tokenizer", "train", lines, "-o", folder.path("vocabulary"), "--vocab-size", "1200"});
  ASSERT_EQ(trained.exitCode, 0) << trained.err;
  const auto stats = run({"stats", lines, "--json", "--tokenizer", folder.path("vocabulary")}).object();
  EXPECT_GT(stats["tokens"]["max"], stats["tokens"]["median"].get<int>() - 1);
  EXPECT_LT(stats["tokens"]["max"], stats["characters"]["max"].get<int>() + 1);
  EXPECT_GT(stats["tokens"]["max"], 0);
  EXPECT_FALSE(run({"stats", lines, "--json"}).object().contains("tokens"));
  EXPECT_EQ(run({"stats", lines, "--tokenizer", folder.path("none")}).exitCode, 3);
}

// Killed at any time and started again, the programs become what an undisturbed run makes.
TEST(DatasetCommands, SynthesisSurvivesBeingKilled) {
  const Folder folder;
  const std::string count = "60";
  ASSERT_EQ(run({"synth", "--count", count, "--seed", "5", "-o", folder.path("calm"), "--jobs", "1"}).exitCode, 0);
  int killed = 0;
  for (int delay = 150; delay <= 900; delay += 150) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::execl(CADRECODE_BINARY, "cadrecode", "synth", "--count", count.c_str(), "--seed", "5", "-o",
              folder.path("stormy").c_str(), "--jobs", "2", nullptr);
      ::_exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
  }
  EXPECT_GT(killed, 0);
  ASSERT_EQ(run({"synth", "--count", count, "--seed", "5", "-o", folder.path("stormy")}).exitCode, 0);
  for (int i = 0; i < 60; ++i) {
    const std::string name = (i < 10 ? "/batch_0000/000000" : "/batch_0000/00000") + std::to_string(i) + ".py";
    EXPECT_EQ(readAll(folder.path("calm") + name), readAll(folder.path("stormy") + name)) << name;
  }
  // Another seed's programs do not go on there.
  EXPECT_EQ(run({"synth", "--count", "70", "--seed", "6", "-o", folder.path("calm")}).exitCode, 3);
}

TEST(DatasetCommands, TheExtendedDialectUsesItsOperations) {
  const Folder folder;
  const std::string path = folder.path("extended.jsonl");
  const Answer answer =
      run({"synth", "--count", "30", "--seed", "2", "-o", path, "--format", "jsonl", "--dialect", "extended"});
  ASSERT_EQ(answer.exitCode, 0) << answer.err;
  const auto stats = run({"stats", path, "--json"}).object();
  EXPECT_EQ(stats["scripts"], 30);
  EXPECT_TRUE(stats["duplicates"].empty());
  for (const char* name : {"cut", "hole", "revolve", "extrude"}) EXPECT_TRUE(stats["calls"].contains(name)) << name;
  EXPECT_EQ(run({"exec", path, "--jsonl"}).exitCode, 0);
}

TEST(DatasetCommands, PicturesAreDrawn) {
  const Folder folder;
  const std::string script = folder.put("box.py", kBox), broken = folder.put("broken.py", "r = 1 +\n");
  ASSERT_EQ(run({"picture", script, "-o", folder.path("box.png"), "--size", "64"}).exitCode, 0);
  EXPECT_EQ(readAll(folder.path("box.png")).substr(1, 3), "PNG");
  const Answer both = run({"picture", script, broken, "-o", folder.path("both.png"), "--size", "64"});
  EXPECT_EQ(both.exitCode, 4);
  EXPECT_EQ(both.out, script + "\n" + broken + "\n");
  EXPECT_NE(both.err.find("broken.py"), std::string::npos);
  EXPECT_EQ(run({"picture", broken, "-o", folder.path("none.png")}).exitCode, 3);
  EXPECT_FALSE(std::filesystem::exists(folder.path("none.png")));
}

}  // namespace
}  // namespace cadrecode::end_to_end
