// Files of others, whole and damaged: each is read or refused with a reason that names it, and the parent goes on.
// By default a small share of ../shared/corpus, to be quick; CADRECODE_DAMAGED_COPIES=n takes all of it and n cut and
// n flipped copies of every file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::sandbox {
namespace {

namespace fs = std::filesystem;

const char* kBlock =
    "import cadquery as cq\nr = cq.Workplane('XY').box(20, 30, "
    "40).faces('>Z').workplane().hole(10).edges('|Z').fillet(2)\n";

struct Tally {
  int read = 0, refused = 0, limits = 0, crashes = 0;
};

class Files {
 public:
  explicit Files(double seconds) : pool_(options(seconds), {.everything = true, .step = true}) {}

  // "" for what is read, else the reason.
  std::string read(const std::string& bytes, const std::string& name) {
    try {
      const Part part = readPartBytes(pool_, bytes, name, {.mesh = false});
      ++tally.read;
      return "";
    } catch (const Error& error) {
      const std::string reason = error.what();
      EXPECT_NE(reason.find(name), std::string::npos) << reason;
      EXPECT_TRUE(error.code() == ErrorCode::input || error.code() == ErrorCode::limit ||
                  error.code() == ErrorCode::resources)
          << reason;
      ++(error.code() == ErrorCode::input ? tally.refused : tally.limits);
      if (reason.find(": crash") != std::string::npos) ++tally.crashes;
      return reason;
    }
  }

  void readDamaged(const std::string& bytes, const std::string& name, int copies, Random random) {
    if (bytes.empty()) return;
    for (int i = 0; i < copies; ++i) {
      read(bytes.substr(0, random.below(bytes.size())), name);
      std::string flipped = bytes;
      for (std::uint64_t flips = 1 + random.below(8); flips > 0; --flips) {
        char& byte = flipped[random.below(flipped.size())];
        byte = static_cast<char>(byte ^ (1 << random.below(8)));
      }
      read(flipped, name);
    }
  }

  Part whole(const std::string& bytes, const std::string& name, const PartOptions& options) {
    return readPartBytes(pool_, bytes, name, options);
  }

  Tally tally;

 private:
  static PoolOptions options(double seconds) {
    PoolOptions options;
    options.limits.wallSeconds = seconds;
    options.limits.memoryBytes = std::uint64_t{2} << 30;
    return options;
  }
  ScriptPool pool_;
};

std::vector<fs::path> corpusFiles(const char* folder) {
  std::vector<fs::path> files;
  const fs::path path = fs::path(CADRECODE_SOURCE_DIR) / "../shared/corpus" / folder;
  if (!fs::exists(path)) return files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() != ".tsv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int copiesWanted() {
  const char* text = std::getenv("CADRECODE_DAMAGED_COPIES");
  return text ? std::atoi(text) : 0;
}

TEST(DamagedFiles, AStepFileCutOrFlippedIsReadOrRefused) {
  Files files(20);
  const Part part = files.whole(kBlock, "block.py", {.step = true, .mesh = false});
  const Part whole = files.whole(part.step, "block.step", {.mesh = false});
  files.readDamaged(part.step, "block.step", 20, Random(1));
  EXPECT_EQ(files.tally.read + files.tally.refused + files.tally.limits, 40);
  EXPECT_GT(files.tally.refused, 5);
  // The pool is as good as before.
  EXPECT_EQ(files.whole(part.step, "block.step", {.mesh = false}).measures->volume, whole.measures->volume);
}

// What holds no solid and no surface (docs/formats.md says why) is refused, and nothing else.
TEST(DamagedFiles, TheCorpusIsReadButForFilesWithoutASurface) {
  const std::vector<fs::path> steps = corpusFiles("step"), meshes = corpusFiles("mesh");
  if (steps.empty()) GTEST_SKIP() << "no ../shared/corpus";
  EXPECT_EQ(steps.size(), 131U);
  EXPECT_EQ(meshes.size(), 74U);
  std::vector<std::string> refused;
  Files files(300);
  for (const auto* list : {&steps, &meshes}) {
    for (const fs::path& path : *list) {
      if (list == &steps && copiesWanted() == 0 && fs::file_size(path) > 100'000) continue;
      const std::string name = path.filename().string(), reason = files.read(readFile(path.string()), name);
      if (reason.empty()) continue;
      refused.push_back(name);
      std::printf("%s\n", reason.c_str());
    }
  }
  const std::vector<std::string> expected{"occt-import-js__TAIL.stp",
                                          "occt-import-js__s1-c5-214.stp",
                                          "occt-import-js__s1_pe_214.stp",
                                          "stepcode__ATS10Mod0-out.stp",
                                          "stepcode__ATS2-out.stp",
                                          "stepcode__ATS2Mod0-outresult.stp",
                                          "stepcode__ATS3Mod0-outresult.stp",
                                          "stepcode__ATS4Mod0-out.stp",
                                          "stepcode__ATS7Mod0-out.stp",
                                          "stepcode__FOOT.stp",
                                          "stepcode__HEAD.stp",
                                          "stepcode__MAINBODY.stp",
                                          "stepcode__TAIL.stp",
                                          "stepcode__select_segfault_210e3.stp",
                                          "stepcode__test_array_bounds.p21",
                                          "stepcode__test_inverse_attr.p21",
                                          "Online3DViewer__lines_colors.obj",
                                          "trimesh__obj_wireframe.obj"};
  for (const std::string& name : refused) EXPECT_TRUE(std::count(expected.begin(), expected.end(), name)) << name;
  if (copiesWanted() > 0) {
    EXPECT_EQ(refused.size(), expected.size());
  }
}

TEST(DamagedFiles, NoDamageToTheCorpusReachesTheParent) {
  std::vector<fs::path> paths = corpusFiles("step"), meshes = corpusFiles("mesh");
  if (paths.empty()) GTEST_SKIP() << "no ../shared/corpus";
  paths.insert(paths.end(), meshes.begin(), meshes.end());
  Files files(20);
  const int wanted = copiesWanted();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (wanted == 0 && (i % 10 != 0 || fs::file_size(paths[i]) > 100'000)) continue;
    files.readDamaged(readFile(paths[i].string()), paths[i].filename().string(), std::max(1, wanted),
                      Random(2).split(i));
  }
  std::printf("%d read, %d refused, %d of them after a crash of the worker, %d over a limit\n", files.tally.read,
              files.tally.refused, files.tally.crashes, files.tally.limits);
  EXPECT_GT(files.tally.read, 0);
  EXPECT_GT(files.tally.refused, 0);
}

}  // namespace
}  // namespace cadrecode::sandbox
