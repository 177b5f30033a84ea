// The whole way from a mesh to a program and its solid, through the sandbox.
#include "search/reconstruct.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.hpp"
#include "core/random.hpp"
#include "search/corpus.hpp"
#include "search/reconstruction_report.hpp"

namespace cadrecode::search {
namespace {

sandbox::ScriptPool& pool() {
  static sandbox::ScriptPool one(
      [] {
        sandbox::PoolOptions options;
        options.workers = 1;
        return options;
      }(),
      {.everything = true, .step = true});
  return one;
}

// One of our own programs as a mesh elsewhere and in other units.
sandbox::Part movedPart(const std::string& text, double unit, const cloud::Point& by) {
  sandbox::Part part = sandbox::readPartBytes(pool(), text, "own.py");
  cloud::Mesh mesh = part.mesh();
  for (cloud::Point& p : mesh.vertices) p = cloud::Frame{by, unit}.toPart(p);
  part.geometry = mesh;
  return part;
}

TEST(Reconstruct, ClosedMeshInItsOwnUnitsAndPlace) {
  ReconstructOptions options;
  options.maxEvaluations = 3000;
  const sandbox::Part part = movedPart(ownPrograms()[1], 0.01, {5, -3, 2});
  const Reconstruction result = reconstruct(part, "own.stl", pool(), options);
  EXPECT_TRUE(result.closedInput);
  EXPECT_TRUE(result.valid);
  EXPECT_GT(result.fit, 0.95);
  EXPECT_LT(result.meanDeviation, 0.01);
  EXPECT_NEAR(result.volume / (part.measures->volume * 1e-6), 1, 0.05);
  EXPECT_NEAR(result.stepVolume / result.volume, 1, 1e-6);
  const sandbox::Part again = sandbox::readPartBytes(pool(), result.script, "part.py");
  const cloud::Box truth = cloud::boxOf(part.mesh()), box = cloud::boxOf(again.mesh());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(box.low[i], truth.low[i], 0.03);
    EXPECT_NEAR(box.high[i], truth.high[i], 0.03);
  }
  const Reconstruction same = reconstruct(part, "own.stl", pool(), options);
  EXPECT_EQ(same.script, result.script);
  EXPECT_EQ(reportJson(same, "own.stl", options), reportJson(result, "own.stl", options));
}

TEST(Reconstruct, AGoodCandidateWinsOverTheProposals) {
  ReconstructOptions options;
  options.maxEvaluations = 2000;
  const std::string centred =
      "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-20))\nr=w0.workplane(offset=40/2).box(200,80,40)\n";
  options.programs = {{"first", "import os"}, {"second", centred}};
  const Reconstruction result = reconstruct(movedPart(centred, 3, {7, 0, 0}), "own.stl", pool(), options);
  EXPECT_GT(result.fit, 0.97);
  EXPECT_EQ(result.candidates[0].source, "second");
  EXPECT_FALSE(result.candidates.back().outcome.empty());
}

TEST(Reconstruct, AGivenScriptOutsideTheDialectIsComparedAsTheKernelBuildsIt) {
  ReconstructOptions options;
  options.maxEvaluations = 200;
  options.proposals = false;
  const std::string rounded =
      "import cadquery as cq\nresult = cq.Workplane().box(200, 120, 60).edges('|Z').fillet(50).faces('>Z').hole(40)\n";
  const std::string plain =
      "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-30))\nr=w0.workplane(offset=60/2).box(200,120,60)\n";
  options.programs = {{"plain", plain},
                      {"rounded", rounded},
                      {"huge", "import cadquery as cq\nr = cq.Workplane().sphere(900)"},
                      {"broken", "r = 1 / 0"}};
  const sandbox::Part part = movedPart(rounded, 0.25, {7, 0, -3});
  const Reconstruction result = reconstruct(part, "own.stl", pool(), options);
  EXPECT_TRUE(result.valid);
  EXPECT_GT(result.fit, 0.99);
  EXPECT_EQ(result.programText, rounded);
  EXPECT_NEAR(result.volume, part.measures->volume / 64, 1e-6 * result.volume);
  for (const CandidateReport& report : result.candidates) {
    if (report.source == "rounded") {
      EXPECT_EQ(report.outcome, "chosen");
    }
    if (report.source == "huge") {
      EXPECT_NE(report.outcome.find("far beyond"), std::string::npos);
    }
    if (report.source == "broken") {
      EXPECT_NE(report.outcome.find("ZeroDivisionError"), std::string::npos);
    }
  }
}

TEST(Reconstruct, ACloudOfASurface) {
  sandbox::Part part;
  cloud::Cloud cloud;
  for (double a = -1; a <= 1; a += 0.02) {
    for (double b = -1; b <= 1; b += 0.02) {
      for (const double side : {-1.0, 1.0}) {
        cloud.points.push_back({a, b, 0.5 * side});
        cloud.points.push_back({a, side, 0.5 * b});
        cloud.points.push_back({side, a, 0.5 * b});
      }
    }
  }
  part.geometry = cloud;
  ReconstructOptions options;
  options.maxEvaluations = 4000;
  const Reconstruction result = reconstruct(part, "box.ply", pool(), options);
  EXPECT_FALSE(result.closedInput);
  EXPECT_NEAR(result.volume, 4, 0.55);  // a cell of the grid on every side
  EXPECT_LT(result.meanDeviation, 0.05);
}

// Points of a box, of which noise of a hundredth of the size and a view from one side alone leave the volume.
TEST(Reconstruct, ANoisyCloudAndOneOfThreeFaces) {
  const cloud::Point half{50, 30, 20};
  for (const bool whole : {true, false}) {
    Random random(5);
    cloud::Cloud cloud;
    for (int i = 0; i < 6000; ++i) {
      const auto axis = static_cast<std::size_t>(random.below(3));
      const double side = whole && random.chance(0.5) ? -1 : 1;
      cloud::Point p;
      for (std::size_t k = 0; k < 3; ++k) {
        p[k] = k == axis ? side * half[k] : random.uniform(-half[k], half[k]);
        if (whole) p[k] += random.normal();
      }
      cloud.points.push_back(p);
    }
    sandbox::Part part;
    part.geometry = cloud;
    ReconstructOptions options;
    options.maxEvaluations = 4000;
    const Reconstruction result = reconstruct(part, "scan.ply", pool(), options);
    EXPECT_NEAR(result.volume / 240000, 1, 0.12) << whole;
    EXPECT_LT(result.meanDeviation, 1.5) << whole;
    EXPECT_EQ(result.program.bodies.size(), 1u) << whole;
  }
}

// The table of CAD-Recode's own example: a top and four legs.
TEST(Reconstruct, TheTable) {
  const auto path =
      std::filesystem::path(CADRECODE_SOURCE_DIR) / "../shared/corpus/mesh/cad-recode-study__00409751.stl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no corpus beside the checkout";
  ReconstructOptions options;
  options.maxEvaluations = 3000;
  const Reconstruction result = reconstruct(sandbox::readPart(pool(), path.string()), "table.stl", pool(), options);
  EXPECT_GE(result.fit, 0.97);
  EXPECT_GE(result.program.bodies.size() + result.program.bodies[0].regions.size(), 2u);
}

TEST(Reconstruct, WhatHoldsNoPartIsRefusedInWords) {
  sandbox::Part part;
  part.geometry = cloud::Cloud{{{1, 1, 1}, {1, 1, 1}}, {}};
  EXPECT_THROW(reconstruct(part, "point.xyz", pool(), {}), Error);
  ReconstructOptions options;
  options.proposals = false;
  try {
    reconstruct(movedPart(ownPrograms()[0], 1, {0, 0, 0}), "own.stl", pool(), options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.type(), "NoCandidate");
  }
}

}  // namespace
}  // namespace cadrecode::search
