#include "sandbox/script_task.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "core/error.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::sandbox {
namespace {

TaskResult fullResult() {
  TaskResult result;
  auto& run = result.run;
  run.status = cadquery::Status::ok;
  run.variable = "result";
  run.resultType = "Workplane";
  run.nObjects = 2;
  solid::Measures measures;
  measures.shapeType = "Compound";
  measures.volume = 90.00000000000004;
  measures.area = 1.0 / 3.0;
  measures.center = {0.1, -0.0, 5e-324};
  measures.bbox = {1, 2, 3, 1e300, 5, 6};
  measures.nSolids = 2;
  measures.nFaces = 12;
  measures.nEdges = 24;
  measures.nVertices = 16;
  measures.valid = true;
  run.measures = measures;
  run.stackSize = 14;
  run.stack = {{"Solid", {1, 2, 3}}, {"Location", {1, 2, 3, 4, 5, 6}}, {"Compound", {}}};
  run.plane = {{{0, 0, 1}, {1, 0, 0}, {0, 0, 1}}};
  run.pending = {1, 2};
  run.output = "hello\n";
  run.parseMs = 0.25;
  run.buildMs = 12.5;
  result.mesh = MeshFigures{89.5, 1.25, 123456789012};
  result.step = std::string("ISO\0-10303", 10);
  result.stl = std::string(1000, '\xff');
  return result;
}

TEST(ScriptTask, AResultSurvivesItsEncoding) {
  TaskResult result = fullResult();
  TaskResult back = decodeResult(encode(result));
  EXPECT_EQ(dumpJson(toJson(back)), dumpJson(toJson(result)));
  EXPECT_EQ(back.run.measures->volume, result.run.measures->volume);
  EXPECT_EQ((*back.run.measures->center)[2], 5e-324);
  EXPECT_EQ(back.step, result.step);
  EXPECT_EQ(back.stl, result.stl);
  EXPECT_EQ(back.brep, "");
}

TEST(ScriptTask, ATaskSurvivesItsEncoding) {
  Task task;
  task.kind = Task::Kind::brep;
  task.text = std::string("a\0b\xff\n", 5);
  task.options.variable = "größe";
  task.options.maxSteps = UINT64_MAX / 2;
  task.mesh = false;
  task.tolerance = 0.1 + 0.2;
  task.stl = true;
  Task back = decodeTask(encode(task));
  EXPECT_EQ(back.kind, task.kind);
  EXPECT_EQ(back.text, task.text);
  EXPECT_EQ(back.options.variable, task.options.variable);
  EXPECT_EQ(back.options.maxSteps, task.options.maxSteps);
  EXPECT_EQ(back.mesh, false);
  EXPECT_EQ(back.tolerance, task.tolerance);
  EXPECT_EQ(back.step, false);
  EXPECT_EQ(back.stl, true);
}

TEST(ScriptTask, WhatIsNoNumberIsNullAndWhatIsNoTextIsRepaired) {
  TaskResult result = fullResult();
  result.run.measures->volume = std::numeric_limits<double>::quiet_NaN();
  (*result.run.measures->bbox)[0] = -std::numeric_limits<double>::infinity();
  result.run.output = "bad \xff\xfe utf-8";
  std::string text = dumpJson(toJson(result));
  Json json = Json::parse(text);
  EXPECT_TRUE(json["volume"].is_null());
  EXPECT_TRUE(json["bbox"][0].is_null());
  EXPECT_EQ(json["stdout"], "bad \xef\xbf\xbd\xef\xbf\xbd utf-8");
  TaskResult back = decodeResult(encode(result));
  EXPECT_TRUE(std::isnan(back.run.measures->volume));
}

TEST(ScriptTask, NamesOfTheObjectAreThoseOfTheCorpus) {
  Json json = toJson(fullResult());
  for (const char* key :
       {"status", "error",    "result",  "result_type", "shape_type", "volume", "area",      "center",
        "bbox",   "n_solids", "n_faces", "n_edges",     "n_vertices", "valid",  "n_objects", "stack_size",
        "stack",  "plane",    "pending", "stdout",      "mesh",       "ms"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_TRUE(json["error"].is_null());
  EXPECT_EQ(json["stack"][1].size(), 7u);
  EXPECT_EQ(json["plane"]["zDir"][2], 1.0);
  EXPECT_FALSE(toJson(fullResult(), false).contains("ms"));
  TaskResult failed = failedResult(cadquery::Status::timeout, "TimeoutError", "took too long");
  failed.run.error->line = 3;
  EXPECT_EQ(toJson(failed)["error"]["line"], 3);
  EXPECT_TRUE(toJson(failed)["error"]["column"].is_null());
}

// A worker in hostile hands may send anything: it is refused, and no memory is touched that is not the message's.
TEST(ScriptTask, MutilatedRepliesAreRefused) {
  const std::string good = encode(fullResult());
  for (std::size_t size = 0; size < good.size(); size += 7) EXPECT_THROW(decodeResult(good.substr(0, size)), Error);
  EXPECT_THROW(decodeResult(good + "x"), Error);
  std::mt19937 random(20240711);
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bad = good;
    for (int k = 0; k < 3; ++k) bad[random() % 700] = static_cast<char>(random());
    try {
      decodeResult(bad);
      ++accepted;
    } catch (const Error&) {
    }
  }
  EXPECT_LT(accepted, 3000);
}

}  // namespace
}  // namespace cadrecode::sandbox
