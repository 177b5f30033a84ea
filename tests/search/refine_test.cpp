#include "search/refine.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/random.hpp"
#include "search/corpus.hpp"
#include "search/moves.hpp"
#include "search/rank.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

Program box(double x, double width, double extent) {
  Program program;
  program.planes.push_back({PlaneName::xy, {0, 0, -30}});
  Body body;
  body.kind = Body::Kind::box;
  body.extent = extent;
  body.at = {x, 0};
  body.width = width;
  body.height = 80;
  program.bodies.push_back(body);
  return program;
}

TEST(Soundness, TellsOutlinesThatCross) {
  const auto loopOf = [](std::vector<Vector2> points) {
    Loop loop;
    loop.start = points[0];
    for (std::size_t i = 1; i < points.size(); ++i) loop.edges.push_back({false, {}, points[i]});
    return loop;
  };
  EXPECT_TRUE(isSound(loopOf({{0, 0}, {10, 0}, {10, 10}, {0, 10}})));
  EXPECT_FALSE(isSound(loopOf({{0, 0}, {10, 10}, {10, 0}, {0, 10}})));          // a bow tie
  EXPECT_FALSE(isSound(loopOf({{0, 0}, {10, 0}, {10, 0}, {0, 10}})));           // an edge without length
  EXPECT_FALSE(isSound(loopOf({{0, 0}, {10, 0}, {5, 0}, {0, 10}})));            // folds back
  EXPECT_FALSE(isSound(loopOf({{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}})));  // touches itself
  Loop loop = loopOf({{0, 0}, {10, 0}, {10, 10}, {0, 10}});
  loop.edges[1] = {true, {13, 5}, {10, 10}};
  EXPECT_TRUE(isSound(loop));
  loop.edges[1].middle = {-0.5, 5};  // bulges through the opposite side
  EXPECT_FALSE(isSound(loop));
  loop.edges[1].middle = {10, 5};  // no arc
  EXPECT_FALSE(isSound(loop));
}

TEST(Moves, LeaveTheProgramAsItWasWhenTakenBack) {
  for (const std::string& text : ownPrograms()) {
    Program program = parseProgram(text);
    givePlanesOfTheirOwn(program);
    const std::string before = writeProgram(program);
    for (std::size_t i = 0; i < program.bodies.size(); ++i) {
      for (const Move& move : movesOf(program, i)) {
        move.apply(4);
        EXPECT_NE(writeProgram(program), before);
        move.apply(-4);
        EXPECT_EQ(writeProgram(program), before);
      }
    }
    sharePlanes(program);
    EXPECT_EQ(writeProgram(program), text);
  }
}

TEST(Refine, FindsABoxAgain) {
  const Grid grid = gridCovering(100, 128);
  VolumeObjective objective(volumeOf(box(10, 60, 50), grid));
  const Refinement refined = refine(box(-5, 41, 33), objective);
  EXPECT_LT(refined.before, 0.6);
  EXPECT_EQ(refined.after, 1);
  const Body& body = refined.program.bodies[0];
  EXPECT_NEAR(body.at.x, 10, 1);
  EXPECT_NEAR(body.width, 60, 2);
  EXPECT_NEAR(body.extent, 50, 2);
}

TEST(Refine, DropsABodyAndTurnsAnExtrusion) {
  const Grid grid = gridCovering(100, 128);
  VolumeObjective objective(volumeOf(box(0, 60, 50), grid));
  Program start = box(0, 60, -50);
  start.bodies.push_back(box(0, 20, 5).bodies[0]);
  start.bodies.back().at = {70, 50};
  const Refinement refined = refine(start, objective);
  EXPECT_EQ(refined.program.bodies.size(), 1u);
  EXPECT_EQ(refined.after, 1);
}

TEST(Refine, DisturbedProgramsComeBackAndStaySound) {
  for (const std::string& text : ownPrograms()) {
    const Program truth = parseProgram(text);
    Program start = truth;
    Random random(3);
    for (const Parameter& parameter : parametersOf(start)) {
      if (parameter.kind == Parameter::Kind::origin) continue;
      const double change = static_cast<double>(random.below(7)) - 3;
      const double before = *parameter.value;
      *parameter.value += change;
      if (!isSound(start)) *parameter.value = before;
    }
    ASSERT_TRUE(isSound(start)) << text;
    VolumeObjective objective(volumeOf(truth, gridCovering(extentOf(truth), 128)));
    RefineOptions options;
    options.maxEvaluations = 4000;
    const Refinement refined = refine(start, objective, options);
    EXPECT_GT(refined.after, refined.before) << text;
    EXPECT_GT(refined.after, 0.96) << text;
    EXPECT_TRUE(isSound(refined.program));
    EXPECT_LE(refined.evaluations, options.maxEvaluations + 4);
    EXPECT_EQ(objective.of(refined.program), refined.after);
    EXPECT_EQ(writeProgram(refine(start, objective, options).program), writeProgram(refined.program));
  }
}

TEST(SurfaceObjective, IsBestAtTheTruth) {
  const Grid grid = gridCovering(100, 64);
  const Program truth = box(10, 60, 50);
  const BitVolume surface = surfaceOf(volumeOf(truth, grid));
  std::vector<cloud::Point> points;
  for (int z = 0; z < 64; ++z) {
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        if (surface.cell(x, y, z)) points.push_back({grid.center(x), grid.center(y), grid.center(z)});
      }
    }
  }
  SurfaceObjective objective(points, BitVolume(grid), 0);
  EXPECT_EQ(objective.of(truth), 1);
  EXPECT_LT(objective.of(box(0, 60, 50)), 0.95);
  RefineOptions options;
  options.maxEvaluations = 600;
  const Refinement refined = refine(box(-2, 48, 40), objective, options);
  EXPECT_GT(refined.after, 0.97);
}

TEST(Rank, TheBetterFitComesFirstAndNoScriptLast) {
  VolumeObjective objective(volumeOf(box(10, 60, 50), gridCovering(100, 128)));
  const auto ranked =
      rankCandidates({"import os", writeProgram(box(0, 60, 50)), writeProgram(box(10, 60, 50))}, objective);
  EXPECT_EQ(ranked[0].index, 2u);
  EXPECT_EQ(ranked[1].index, 1u);
  EXPECT_EQ(ranked[2].index, 0u);
  EXPECT_FALSE(ranked[2].program.has_value());
  EXPECT_FALSE(ranked[2].reason.empty());
}

}  // namespace
}  // namespace cadrecode::search
