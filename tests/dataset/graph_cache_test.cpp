// Graphs of faces in the cache: made beside clouds, in their frame, again when a program changes.
#include "dataset/graph_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>

#include "cloud/write.hpp"
#include "core/error.hpp"
#include "dataset/cloud_cache.hpp"
#include "temporary_folder.hpp"

namespace cadrecode::dataset {
namespace {

namespace fs = std::filesystem;
const std::atomic<bool> kGoOn{false};

CacheOptions optionsFor(const TemporaryFolder& data) {
  CacheOptions options;
  options.root = data.path();
  options.split = "train";
  options.pool.workers = 2;
  options.pool.limits.wallSeconds = 60;
  return options;
}

CacheReport graphs(const CacheOptions& options) {
  return makeGraphs(
      options, [](std::uint64_t) {}, kGoOn);
}

constexpr const char* kBox = "import cadquery as cq\nr = cq.Workplane('XY', origin=(50, 0, 0)).box(20, 30, 40)\n";

TEST(GraphCache, GraphsLieInTheFrameOfTheCloud) {
  const TemporaryFolder data;
  data.put("train/batch_0/box.py", kBox);
  data.put("train/bad.py", "import os\n");
  cloud::Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  mesh.triangles = {{0, 1, 2}};
  data.put("train/mesh.stl", cloud::writeStl(mesh));
  CacheReport report = graphs(optionsFor(data));
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.made, 1U);
  EXPECT_EQ(report.failures.at("unsupported"), 1U);
  EXPECT_EQ(report.failures.at("refused"), 1U);  // the mesh
  report = graphs(optionsFor(data));
  EXPECT_EQ(report.present, 1U);
  EXPECT_EQ(report.made, 0U);

  const SampleList list = readSamples(data.path(), "train");
  ASSERT_EQ(list.samples.size(), 3U);  // failures of graphs leave samples in: they have their clouds
  const Sample& box = list.samples[1];
  ASSERT_EQ(box.id, "batch_0_box");
  EXPECT_TRUE(box.graph.exists);
  EXPECT_FALSE(list.samples[0].graph.exists);
  EXPECT_EQ(box.graph.path, data.path("train/brep_cache/batch_0_box.safetensors"));
  const brep::Graph graph = readGraph(box);
  EXPECT_EQ(graph.faces(), 6U);
  EXPECT_EQ(graph.edges(), 12U);
  EXPECT_EQ(graph.frame.origin, (cloud::Point{50, 0, 0}));
  EXPECT_EQ(graph.frame.unit, 20);
  float largest = 0;
  for (const brep::Vector& point : graph.facePoints) {
    largest = std::max({largest, std::abs(point[0]), std::abs(point[1]), std::abs(point[2])});
  }
  EXPECT_EQ(largest, 1);

  // Other grids are another recipe.
  CacheOptions finer = optionsFor(data);
  finer.grids = {.face = 4, .edge = 7};
  EXPECT_EQ(graphs(finer).made, 1U);
  EXPECT_EQ(readGraph(box).sizes, finer.grids);
  // A program that changed is not served from the cache.
  data.put("train/batch_0/box.py", std::string(kBox) + "\n");
  EXPECT_THROW(readGraph(box), Error);
  EXPECT_EQ(graphs(finer).made, 1U);
  EXPECT_EQ(readGraph(box).faces(), 6U);
}

}  // namespace
}  // namespace cadrecode::dataset
