// Times of what stands between a mesh and a model's input, and of reading files.
#include <benchmark/benchmark.h>

#include "cloud/read.hpp"
#include "cloud/recipe.hpp"
#include "cloud/scan.hpp"
#include "cloud/surface_sampling.hpp"
#include "cloud/write.hpp"

namespace cadrecode::cloud {
namespace {

// A wavy plate of 2 * cells * cells triangles.
Mesh plate(std::uint32_t cells) {
  Mesh mesh;
  Random random(1);
  for (std::uint32_t row = 0; row <= cells; ++row) {
    for (std::uint32_t column = 0; column <= cells; ++column) {
      mesh.vertices.push_back({double(column), double(row), random.uniform()});
    }
  }
  for (std::uint32_t row = 0; row < cells; ++row) {
    for (std::uint32_t column = 0; column < cells; ++column) {
      std::uint32_t corner = row * (cells + 1) + column;
      mesh.triangles.push_back({corner, corner + 1, corner + cells + 2});
      mesh.triangles.push_back({corner, corner + cells + 2, corner + cells + 1});
    }
  }
  return mesh;
}

std::vector<PointF> randomPoints(std::size_t count) {
  Random random(2);
  std::vector<PointF> points(count);
  for (PointF& point : points) {
    for (float& value : point) value = static_cast<float>(random.uniform(-1, 1));
  }
  return points;
}

void farthest(benchmark::State& state, VectorWidth width) {
  if (!isSupported(width)) return state.SkipWithError("this processor cannot");
  std::vector<PointF> points = randomPoints(8192);
  for (auto _ : state) benchmark::DoNotOptimize(farthestPoints(points, 256, 0, width));
}
BENCHMARK_CAPTURE(farthest, 8192_to_256, VectorWidth::automatic)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(farthest, 8192_to_256_four_lanes, VectorWidth::four)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(farthest, 8192_to_256_eight_lanes, VectorWidth::eight)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(farthest, 8192_to_256_sixteen_lanes, VectorWidth::sixteen)->Unit(benchmark::kMillisecond);

void sampleSurface(benchmark::State& state) {
  Mesh mesh = plate(static_cast<std::uint32_t>(state.range(0)));
  SurfaceSampler sampler(mesh);
  Random random(3);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.sample(8192, random));
}
BENCHMARK(sampleSurface)->Arg(20)->Arg(200)->Unit(benchmark::kMillisecond);

void makeModelCloud(benchmark::State& state) {
  Mesh mesh = plate(static_cast<std::uint32_t>(state.range(0)));
  Recipe recipe = Recipe::v1_5();
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(makeCloud(mesh, recipe, seed++));
}
BENCHMARK(makeModelCloud)->Arg(20)->Arg(200)->Unit(benchmark::kMillisecond);

void scan(benchmark::State& state) {
  Mesh mesh = plate(50);
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(simulateScan(mesh, {}, Random(seed++)));
}
BENCHMARK(scan)->Unit(benchmark::kMillisecond);

void read(benchmark::State& state, const char* name) {
  std::string bytes = writeAs(plate(200), name);
  for (auto _ : state) benchmark::DoNotOptimize(readInput(bytes, name));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}
BENCHMARK_CAPTURE(read, stl_80000_triangles, "a.stl")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read, ply_80000_triangles, "a.ply")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read, obj_80000_triangles, "a.obj")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cadrecode::cloud

BENCHMARK_MAIN();
