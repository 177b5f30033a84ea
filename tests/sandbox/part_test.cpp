#include "sandbox/part.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "cloud/write.hpp"
#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::sandbox {
namespace {

namespace fs = std::filesystem;

ScriptPool& pool() {
  static ScriptPool shared({.workers = 1, .limits = {}}, {.everything = true, .step = true});
  return shared;
}

// "" for what is read.
std::string refusal(const std::string& bytes, const std::string& name) {
  try {
    readPartBytes(pool(), bytes, name);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::input) << error.what();
    EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    return error.what();
  }
}

const char* kBlock = "import cadquery as cq\nr = cq.Workplane('XY').box(20, 30, 40).faces('>Z').workplane().hole(10)\n";

TEST(Part, AProgramGivesItsMeshItsShapeAndItsMeasures) {
  const Part part = readPartBytes(pool(), kBlock, "block.py", {.brep = true, .step = true});
  ASSERT_TRUE(part.isMesh());
  const double exact = 20 * 30 * 40 - M_PI * 25 * 40;
  EXPECT_NEAR(part.measures->volume, exact, 1e-6);
  solid::Mesh mesh{part.mesh().vertices, part.mesh().triangles};
  EXPECT_NEAR(mesh.volume(), exact, 15);
  EXPECT_GT(mesh.volume(), exact);  // the hole is a prism inside its cylinder

  // What was written of it is read back as the same shape, and the meshes are closed: every edge twice, once each way.
  const Part step = readPartBytes(pool(), part.step, "block.step");
  const Part brep = readPartBytes(pool(), part.brep, "block.brep");
  EXPECT_NEAR(step.measures->volume, exact, 1e-6);
  EXPECT_NEAR(brep.measures->volume, exact, 1e-6);
  for (const Part* each : {&part, &step, &brep}) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
    for (const auto& t : each->mesh().triangles) {
      for (int k = 0; k < 3; ++k) ++edges[{t[k], t[(k + 1) % 3]}];
    }
    for (const auto& [edge, count] : edges) {
      ASSERT_EQ(count, 1);
      ASSERT_TRUE(edges.contains({edge.second, edge.first}));
    }
  }
}

TEST(Part, WhatAFileHoldsIsSeenUnderAnotherName) {
  const Part part = readPartBytes(pool(), kBlock, "block.py", {.brep = true, .step = true, .mesh = false});
  EXPECT_TRUE(part.mesh().triangles.empty());
  EXPECT_TRUE(readPartBytes(pool(), part.step, "block.stl").measures);
  EXPECT_TRUE(readPartBytes(pool(), "\n" + part.step, "block").measures);
  EXPECT_TRUE(readPartBytes(pool(), part.brep, "block.txt").measures);
}

TEST(Part, AMeshAndACloudAreReadWithoutAWorker) {
  const Part block = readPartBytes(pool(), kBlock, "block.py");
  const Part stl = readPartBytes(pool(), cloud::writeStl(block.mesh()), "block.stl", {.brep = true});
  EXPECT_EQ(stl.mesh().triangles.size(), block.mesh().triangles.size());
  EXPECT_FALSE(stl.measures);
  EXPECT_EQ(stl.brep, "");
  const Part cloud = readPartBytes(pool(), "0 0 0\n1 0 0\n0 2 0\n0 0 3\n", "scan.xyz");
  ASSERT_FALSE(cloud.isMesh());
  EXPECT_EQ(cloud.cloud().points.size(), 4u);
}

// CadQuery's tolerance is a share of an edge's size, so parts of any size have meshes alike.
TEST(Part, TheToleranceIsAShareOfTheSize) {
  auto triangles = [&](double size, double tolerance) {
    const std::string number = std::to_string(size);
    const std::string script = "import cadquery as cq\nr = cq.Workplane().cylinder(" + number + ", " + number + ")\n";
    return readPartBytes(pool(), script, "disc.py", {.tolerance = tolerance, .angular = 1}).mesh().triangles.size();
  };
  EXPECT_EQ(triangles(2, 0.001), triangles(1000, 0.001));
  EXPECT_LT(triangles(2, 0.01), triangles(2, 0.001));
}

TEST(Part, RefusalsNameFileAndReason) {
  EXPECT_NE(refusal("import cadquery as cq\nr = cq.Workplane().circle(-1)\n", "bad.py").find("line 2"),
            std::string::npos);
  EXPECT_NE(refusal("import os\n", "evil.py").find("not supported"), std::string::npos);
  EXPECT_NE(refusal("import cadquery as cq\nr = cq.Workplane().circle(3)\n", "wire.py").find("neither a solid"),
            std::string::npos);
  EXPECT_NE(refusal("not a step", "a.step"), "");
  EXPECT_NE(refusal("", "a.brep"), "");
  EXPECT_NE(refusal("", "a.stl"), "");
  EXPECT_NE(refusal("x", "a.unknown"), "");
  EXPECT_THROW(readPart(pool(), "/nowhere/part.step"), Error);
}

TEST(Part, WhatTakesTooLongOrTooMuchIsToldApart) {
  ScriptPool small({.workers = 1, .limits = {.wallSeconds = 0.3, .memoryBytes = 400u << 20}},
                   {.everything = false, .step = false});
  try {
    readPartBytes(small, "while True: pass\n", "loop.py");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::limit);
    EXPECT_NE(std::string(error.what()).find("loop.py"), std::string::npos);
  }
}

TEST(Part, AMeshSentByAWorkerIsNotTrusted) {
  TaskResult result;
  result.arrays.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  result.arrays.triangles = {{0, 1, 2}};
  const std::string good = encode(result);
  const TaskResult back = decodeResult(good);
  EXPECT_EQ(back.arrays.vertices, result.arrays.vertices);
  EXPECT_EQ(back.arrays.triangles, result.arrays.triangles);

  TaskResult outside = result;
  outside.arrays.triangles[0][2] = 3;
  EXPECT_THROW(decodeResult(encode(outside)), Error);
  TaskResult infinite = result;
  infinite.arrays.vertices[1][1] = std::numeric_limits<double>::infinity();
  EXPECT_THROW(decodeResult(encode(infinite)), Error);
  // Its last field is the mesh: counts of 8 bytes each, 72 of vertices, 12 of triangles.
  const std::size_t counts = good.size() - 12 - 72 - 16;
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    for (int k = 0; k < 2; ++k) bad[counts + random() % 16] = static_cast<char>(random());
    if (bad == good) continue;
    EXPECT_THROW(decodeResult(bad), Error);
  }
}

// Every STEP file of the corpus, where it is there, is read or refused with a reason.
TEST(Part, StepFilesOfTheCorpusAreReadOrRefused) {
  const fs::path folder = fs::path(CADRECODE_SOURCE_DIR) / "../shared/corpus/step";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus beside the checkout";
  ScriptPool readers({.workers = 1, .limits = {}}, {.everything = true, .step = true});
  int read = 0, seen = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".tsv" || entry.file_size() > 400'000) continue;  // the large ones take minutes
    if (++seen % 12 != 0) continue;
    try {
      const Part part = readPart(readers, entry.path().string(), {.tolerance = 0.01, .angular = 0.5});
      EXPECT_FALSE(part.mesh().triangles.empty());
      ++read;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(entry.path().filename().string()), std::string::npos);
    }
  }
  EXPECT_GT(read, 4);
}

}  // namespace
}  // namespace cadrecode::sandbox
