// The evaluator against analytic volumes, brute force and the kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cadquery/engine.hpp"
#include "core/random.hpp"
#include "search/bit_volume.hpp"
#include "search/corpus.hpp"
#include "search/voxel_mesh.hpp"
#include "search/voxel_score.hpp"
#include "solid/mesh.hpp"

namespace cadrecode::search {
namespace {

double volumeIn(const Program& program, const Grid& grid) {
  return static_cast<double>(volumeOf(program, grid).count()) * grid.volumeOfCell();
}

TEST(Grid, NoCentreLiesOnAWholeOrHalfNumber) {
  for (const int cells : {64, 128, 256}) {
    for (double extent = 1; extent < 300; ++extent) {
      const Grid grid = gridCovering(extent, cells);
      ASSERT_GT(grid.half, extent);
      for (int i = 0; i < cells; ++i) ASSERT_NE(std::fmod(grid.center(i), 0.5), 0) << extent << " " << cells;
    }
  }
}

TEST(Grid, FirstAboveIsTheFirst) {
  const Grid grid = gridCovering(100, 128);
  Random random(1);
  for (int n = 0; n < 10000; ++n) {
    const double value = random.uniform(-120, 120);
    const int first = grid.firstAbove(value);
    if (first < grid.cells) {
      EXPECT_GE(grid.center(first), value);
    }
    if (first > 0) {
      EXPECT_LT(grid.center(first - 1), value);
    }
  }
}

// Inside a sketch's region by the angle an outline turns around the point: another method than the rasteriser's.
bool insideLoop(const Loop& loop, double x, double y) {
  std::vector<Vector2> polygon{loop.start};
  for (const Edge& edge : loop.edges) {
    const Vector2 from = polygon.back();
    if (edge.arc) {
      const double ax = from.x, ay = from.y, bx = edge.middle.x, by = edge.middle.y, cx = edge.end.x, cy = edge.end.y;
      const double d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
      const double a2 = ax * ax + ay * ay, b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
      const double ux = (a2 * (by - cy) + b2 * (cy - ay) + c2 * (ay - by)) / d;
      const double uy = (a2 * (cx - bx) + b2 * (ax - cx) + c2 * (bx - ax)) / d;
      const double radius = std::hypot(ax - ux, ay - uy), t0 = std::atan2(ay - uy, ax - ux);
      double t1 = std::atan2(cy - uy, cx - ux);
      if (d > 0 && t1 <= t0) t1 += 2 * std::numbers::pi;
      if (d < 0 && t1 >= t0) t1 -= 2 * std::numbers::pi;
      for (int i = 1; i < 200; ++i) {
        const double t = t0 + (t1 - t0) * i / 200;
        polygon.push_back({ux + radius * std::cos(t), uy + radius * std::sin(t)});
      }
    }
    polygon.push_back(edge.end);
  }
  double turned = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Vector2 a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    turned += std::atan2((a.x - x) * (b.y - y) - (a.y - y) * (b.x - x), (a.x - x) * (b.x - x) + (a.y - y) * (b.y - y));
  }
  return std::abs(turned) > 1;
}

TEST(SketchRaster, OutlinesOfLinesAndArcsAgreeWithTheTurnedAngle) {
  const Grid grid = gridCovering(100, 64);
  for (const std::size_t which : {2u, 3u}) {
    const Program program = parseProgram(ownPrograms()[which]);
    for (const Body& body : program.bodies) {
      for (const Region& region : body.regions) {
        if (region.kind != Region::Kind::loop && region.kind != Region::Kind::face) continue;
        for (const bool swapped : {false, true}) {
          BitImage image(grid);
          drawLoop(region.loop, {}, {swapped, {}}, grid, image);
          int wrong = 0;
          for (int r = 0; r < grid.cells; ++r) {
            for (int b = 0; b < grid.cells; ++b) {
              const double along = grid.center(b), across = grid.center(r);
              const bool inside =
                  swapped ? insideLoop(region.loop, across, along) : insideLoop(region.loop, along, across);
              wrong += (image.row(r)[b >> 6] >> (b & 63) & 1) != static_cast<std::uint64_t>(inside);
            }
          }
          EXPECT_LE(wrong, 1);  // the polygon's chords may pass a centre
        }
      }
    }
  }
}

TEST(VoxelBody, BoxesAreExactWhereFacesLieBetweenCells) {
  // Cells of side 2: a grid of half 64 would be ambiguous, 63 is not; volumes are counted cell by cell.
  const Program program = parseProgram(ownPrograms()[0]);
  const Grid grid = gridCovering(100, 128);
  const auto span = [&](double low, double high) { return grid.firstAbove(high) - grid.firstAbove(low); };
  EXPECT_EQ(volumeOf(program, grid).count(), static_cast<std::uint64_t>(span(-80, 80)) *
                                                 static_cast<std::uint64_t>(span(-30, 30)) *
                                                 static_cast<std::uint64_t>(span(-20, 20)));
}

TEST(VoxelBody, PlanesPutTheirAxesWhereCadQueryDoes) {
  const std::array<std::array<int, 3>, 3> sides{{{20, 40, 60}, {60, 20, 40}, {40, 60, 20}}};
  const std::array<const char*, 3> names{"XY", "YZ", "ZX"};
  const Grid grid = gridCovering(100, 64);
  for (std::size_t i = 0; i < 3; ++i) {
    const Program program = parseProgram(std::string("import cadquery as cq\nw0=cq.Workplane('") + names[i] +
                                         "',origin=(0,0,0))\nr=w0.workplane(offset=60/2).moveTo(30,0).box(20,40,60)\n");
    const BitVolume volume = volumeOf(program, grid);
    std::array<int, 3> low{64, 64, 64}, high{-1, -1, -1};
    for (int z = 0; z < 64; ++z) {
      for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) {
          if (!volume.cell(x, y, z)) continue;
          const std::array<int, 3> at{x, y, z};
          for (std::size_t k = 0; k < 3; ++k) {
            low[k] = std::min(low[k], at[k]);
            high[k] = std::max(high[k], at[k]);
          }
        }
      }
    }
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR((high[k] - low[k] + 1) * grid.cell(), sides[i][k], grid.cell());
    }
    const auto normal = static_cast<std::size_t>(axesOf(program.planes[0].name).normal);
    EXPECT_GE(grid.center(low[normal]), 0);
    const auto localX = static_cast<std::size_t>(axesOf(program.planes[0].name).x);
    EXPECT_NEAR((grid.center(low[localX]) + grid.center(high[localX])) / 2, 30, grid.cell());
  }
}

TEST(BitVolume, CountsAgreeWithBitsOneByOne) {
  const Grid grid = gridCovering(50, 64);
  Random random(7);
  BitVolume a(grid), b(grid);
  for (int n = 0; n < 40000; ++n) {
    a.set(static_cast<int>(random.below(64)), static_cast<int>(random.below(64)), static_cast<int>(random.below(64)));
    b.set(static_cast<int>(random.below(64)), static_cast<int>(random.below(64)), static_cast<int>(random.below(64)));
  }
  std::uint64_t inA = 0, inB = 0, inBoth = 0;
  for (int z = 0; z < 64; ++z) {
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) {
        inA += a.cell(x, y, z);
        inB += b.cell(x, y, z);
        inBoth += a.cell(x, y, z) && b.cell(x, y, z);
      }
    }
  }
  const Overlap sum = overlap(a, b);
  EXPECT_EQ(sum.candidate, inA);
  EXPECT_EQ(sum.target, inB);
  EXPECT_EQ(sum.common, inBoth);
}

TEST(VoxelScore, TheIncrementalWayGivesTheSameCounts) {
  for (const int cells : {64, 128}) {
    const Grid grid = gridCovering(100, cells);
    for (const std::string& targetText : ownPrograms()) {
      VoxelScore score(volumeOf(parseProgram(targetText), grid));
      for (const std::string& text : ownPrograms()) {
        const Program program = parseProgram(text);
        const Overlap whole = overlap(volumeOf(program, grid), score.target());
        const Overlap layered = score.of(program);
        EXPECT_EQ(layered.candidate, whole.candidate);
        EXPECT_EQ(layered.common, whole.common);
        std::vector<VoxelBody> bodies;
        for (const Body& body : program.bodies) bodies.emplace_back(program, body, grid);
        for (std::size_t i = 0; i < bodies.size(); ++i) {
          score.fixAllBut(bodies, i);
          const Overlap sum = score.ofBody(bodies[i]);
          EXPECT_EQ(sum.candidate, whole.candidate);
          EXPECT_EQ(sum.common, whole.common);
          EXPECT_EQ(sum.target, whole.target);
        }
      }
      EXPECT_EQ(score.of(parseProgram(targetText)).iou(), 1);
    }
  }
}

cloud::Mesh meshOf(const TopoDS_Shape& shape) {
  const solid::Mesh mesh = solid::tessellate(shape, 0.001, 0.1);
  return {mesh.vertices, mesh.triangles, {}};
}

// A cell's centre is on the wrong side only near the surface: the volumes differ by less than one cell's width times
// the area, and the measured errors are far smaller.
void compareWithKernel(const std::string& text, std::vector<double>& errors) {
  static cadquery::Engine engine;  // one a process
  const auto result = engine.run(text);
  ASSERT_EQ(result.status, cadquery::Status::ok) << text;
  const Program program = parseProgram(text);
  const double extent = extentOf(program);
  const auto& box = *result.measures->bbox;
  for (const double side : box) ASSERT_LE(std::abs(side), extent + 1e-3) << text;
  for (const int cells : {64, 128, 256}) {
    const Grid grid = gridCovering(extent, cells);
    const double error = volumeIn(program, grid) - result.measures->volume;
    EXPECT_LE(std::abs(error), result.measures->area * grid.cell()) << cells << "\n" << text;
    if (cells == 256) errors.push_back(std::abs(error) / result.measures->volume);
  }
  // The mesh of the kernel's solid fills the same cells, but for those at curved faces.
  const Grid grid = gridCovering(extent, 128);
  const MeshVolume filled = fillMesh(meshOf(result.shape), grid);
  EXPECT_EQ(filled.oddRays, 0u) << text;
  EXPECT_GE(overlap(volumeOf(program, grid), filled.cells).iou(), 0.98) << text;
}

// Twelve triangles of a box, outward or, with `hollow`, inward.
void addBox(cloud::Mesh& mesh, const cloud::Point& low, const cloud::Point& high, bool hollow = false) {
  const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
  for (int i = 0; i < 8; ++i) {
    mesh.vertices.push_back(
        {(i & 1) != 0 ? high[0] : low[0], (i & 2) != 0 ? high[1] : low[1], (i & 4) != 0 ? high[2] : low[2]});
  }
  for (const auto& [a, b, c] : {std::array<std::uint32_t, 3>{0, 2, 1},
                                {1, 2, 3},
                                {4, 5, 6},
                                {5, 7, 6},
                                {0, 1, 4},
                                {1, 5, 4},
                                {2, 6, 3},
                                {3, 6, 7},
                                {0, 4, 2},
                                {2, 4, 6},
                                {1, 3, 5},
                                {3, 7, 5}}) {
    if (hollow) mesh.triangles.push_back({first + a, first + c, first + b});
    if (!hollow) mesh.triangles.push_back({first + a, first + b, first + c});
  }
}

TEST(FillMesh, OverlappingShellsAreUnitedAndHollowsStayOpen) {
  const Grid grid = gridCovering(100, 256);
  const auto volume = [&](const cloud::Mesh& mesh) {
    return static_cast<double>(fillMesh(mesh, grid).cells.count()) * grid.volumeOfCell();
  };
  cloud::Mesh overlapping;
  addBox(overlapping, {-60, -20, -20}, {20, 20, 20});
  addBox(overlapping, {-20, -20, -20}, {60, 20, 20});
  addBox(overlapping, {-10, -90, -5}, {10, 90, 5});
  EXPECT_NEAR(volume(overlapping), 120 * 40 * 40 + 20 * 140 * 10, 0.05 * 120 * 40 * 40);
  cloud::Mesh nested;
  addBox(nested, {-10, -10, -10}, {10, 10, 10});
  addBox(nested, {-60, -60, -60}, {60, 60, 60});
  addBox(nested, {-40, -40, -40}, {40, 40, 40}, true);
  const double expected = 120 * 120 * 120 - 80 * 80 * 80 + 20 * 20 * 20;
  EXPECT_NEAR(volume(nested), expected, 0.05 * expected);
  for (cloud::Triangle& t : nested.triangles) std::swap(t[0], t[1]);
  EXPECT_NEAR(volume(nested), expected, 0.05 * expected);
}

TEST(Evaluator, AgreesWithTheKernelOnOwnPrograms) {
  std::vector<double> errors;
  for (const std::string& text : ownPrograms()) compareWithKernel(text, errors);
  for (const double error : errors) EXPECT_LT(error, 0.02);
}

TEST(Evaluator, AgreesWithTheKernelOnCorpusScripts) {
  const auto lines = corpusLines("cadrecode_v15.jsonl");
  if (lines.empty()) GTEST_SKIP() << "no corpus beside the checkout";
  std::vector<double> errors;
  for (std::size_t i = 0; i < lines.size(); i += 8) compareWithKernel(lines[i]["script"], errors);
  std::sort(errors.begin(), errors.end());
  std::printf("volume error at 256 cells: median %.5f, largest %.4f of %zu\n", errors[errors.size() / 2], errors.back(),
              errors.size());
  EXPECT_LT(errors[errors.size() / 2], 0.01);
}

}  // namespace
}  // namespace cadrecode::search
