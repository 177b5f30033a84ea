// What the figures of a pair cost on one core: points on spheres and boxes of the sizes that a benchmark compares.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <numbers>

#include "cloud/geometry.hpp"
#include "metrics/closed_mesh.hpp"
#include "metrics/distances.hpp"
#include "metrics/earth_mover.hpp"
#include "metrics/mesh_iou.hpp"
#include "metrics/voxel_iou.hpp"

namespace {

using cadrecode::cloud::Mesh;

// A closed surface of about 4 rings^2 triangles; `bumps` tells one shape from another.
Mesh shape(int rings, double bumps) {
  Mesh mesh;
  const int sectors = 2 * rings;
  for (int ring = 0; ring <= rings; ++ring) {
    for (int sector = 0; sector < sectors; ++sector) {
      const double theta = std::numbers::pi * ring / rings, phi = 2 * std::numbers::pi * sector / sectors;
      const double radius = 0.45 + 0.05 * std::cos(bumps * theta) * std::cos(3 * phi) * std::sin(theta);
      mesh.vertices.push_back({radius * std::sin(theta) * std::cos(phi), radius * std::sin(theta) * std::sin(phi),
                               radius * std::cos(theta)});
    }
  }
  for (int ring = 0; ring < rings; ++ring) {
    for (int sector = 0; sector < sectors; ++sector) {
      auto at = [&](int r, int s) { return static_cast<std::uint32_t>(r * sectors + s % sectors); };
      if (ring + 1 < rings)
        mesh.triangles.push_back({at(ring, sector), at(ring + 1, sector), at(ring + 1, sector + 1)});
      if (ring > 0) mesh.triangles.push_back({at(ring, sector), at(ring + 1, sector + 1), at(ring, sector + 1)});
    }
  }
  return cadrecode::metrics::closeMesh(mesh).mesh;
}

void pointDistances(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const auto a = cadrecode::metrics::sampleSurface(shape(16, 2), points, 1),
             b = cadrecode::metrics::sampleSurface(shape(16, 3), points, 2);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::pointDistances(a, b, 0.02));
}
BENCHMARK(pointDistances)->Arg(2000)->Arg(8192)->Unit(benchmark::kMillisecond);

void surfaceDistances(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const Mesh first = shape(16, 2), second = shape(16, 3);
  const auto a = cadrecode::metrics::sampleSurface(first, points, 1),
             b = cadrecode::metrics::sampleSurface(second, points, 2);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::surfaceDistances(first, second, a, b, 0.02));
}
BENCHMARK(surfaceDistances)->Arg(2000)->Arg(8192)->Unit(benchmark::kMillisecond);

void earthMover(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const auto a = cadrecode::metrics::sampleSurface(shape(16, 2), points, 1),
             b = cadrecode::metrics::sampleSurface(shape(16, 3), points, 2);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::earthMover(a.points, b.points));
}
BENCHMARK(earthMover)->Arg(1000)->Arg(2000)->Arg(8192)->Unit(benchmark::kMillisecond);

void networkSimplex(benchmark::State& state) {
  const auto points = static_cast<std::size_t>(state.range(0));
  const auto a = cadrecode::metrics::sampleSurface(shape(16, 2), points, 1),
             b = cadrecode::metrics::sampleSurface(shape(16, 3), points, 2);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::earthMoverByNetworkSimplex(a.points, b.points));
}
BENCHMARK(networkSimplex)->Arg(1000)->Arg(2000)->Unit(benchmark::kMillisecond);

void voxelIou(benchmark::State& state) {
  const Mesh a = shape(16, 2), b = shape(16, 3);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::voxelIou(a, b, static_cast<int>(state.range(0))));
}
BENCHMARK(voxelIou)->Arg(64)->Arg(128)->Unit(benchmark::kMillisecond);

void meshIou(benchmark::State& state) {
  const auto rings = static_cast<int>(state.range(0));
  const Mesh a = shape(rings, 2), b = shape(rings, 3);
  for (auto _ : state) benchmark::DoNotOptimize(cadrecode::metrics::meshIou(a, b));
}
BENCHMARK(meshIou)->Arg(16)->Arg(36)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
