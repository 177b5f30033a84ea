#include "search/propose.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "search/corpus.hpp"
#include "search/cross_section.hpp"
#include "search/extrusion_cover.hpp"
#include "search/point_normals.hpp"
#include "search/point_volume.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

double bestFit(const std::string& text) {
  const Program truth = parseProgram(text);
  const BitVolume volume = volumeOf(truth, gridCovering(extentOf(truth), 128));
  double best = 0;
  for (const Program& program : propose(volume)) {
    EXPECT_TRUE(isSound(program)) << writeProgram(program);
    EXPECT_EQ(writeProgram(parseProgram(writeProgram(program))), writeProgram(program));
    best = std::max(best, overlap(volumeOf(program, volume.grid()), volume).iou());
  }
  return best;
}

TEST(Propose, PrismaticPartsAreNearlyRightAtOnce) {
  EXPECT_GT(bestFit(ownPrograms()[0]), 0.97);
  EXPECT_GT(bestFit(ownPrograms()[1]), 0.85);
  EXPECT_GT(bestFit(ownPrograms()[2]), 0.93);
  EXPECT_GT(bestFit(ownPrograms()[3]), 0.85);
}

TEST(CrossSection, RoundAndRectangularOutlinesAreRecognised) {
  const Grid grid = gridCovering(100, 128);
  const auto sectionOf = [&](auto inside) {
    Section section;
    section.cells = grid.cells;
    section.inside.resize(static_cast<std::size_t>(grid.cells * grid.cells));
    for (int v = 0; v < grid.cells; ++v) {
      for (int u = 0; u < grid.cells; ++u) {
        section.inside[static_cast<std::size_t>(u + v * grid.cells)] = inside(grid.center(u), grid.center(v)) ? 1 : 0;
      }
    }
    return section;
  };
  auto regions = regionsOf(sectionOf([](double u, double v) {
                             const bool disc = (u - 20) * (u - 20) + (v + 10) * (v + 10) < 40 * 40;
                             return disc && !(std::abs(u - 20) < 12 && std::abs(v + 10) < 7);
                           }),
                           grid, 6);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].kind, Region::Kind::circle);
  EXPECT_NEAR(regions[0].width, 40, 1);
  EXPECT_NEAR(regions[0].at.x, 20, 1);
  EXPECT_NEAR(regions[0].at.y, -10, 1);
  EXPECT_EQ(regions[1].kind, Region::Kind::rect);
  EXPECT_TRUE(regions[1].subtract);
  EXPECT_NEAR(regions[1].width, 24, 2);
  EXPECT_NEAR(regions[1].height, 14, 2);
  regions = regionsOf(sectionOf([](double u, double v) { return u > -50 && v > -50 && u + v < 10; }), grid, 6);
  ASSERT_EQ(regions.size(), 1u);
  EXPECT_EQ(regions[0].kind, Region::Kind::loop);
  EXPECT_LE(regions[0].loop.edges.size(), 3u);  // a triangle, whose tip may be cut off
  EXPECT_TRUE(regionsOf(sectionOf([](double, double) { return false; }), grid, 6).empty());
}

// Points of a box whose faces at the far sides are left out.
std::vector<cloud::Point> boxPoints(bool whole) {
  std::vector<cloud::Point> points;
  for (double a = -60; a <= 60; a += 3) {
    for (double b = -60; b <= 60; b += 3) {
      for (const double side : {-60.0, 60.0}) {
        if (side < 0 && !whole) continue;
        points.push_back({a, b, side});
        points.push_back({a, side, b});
        points.push_back({side, a, b});
      }
    }
  }
  return points;
}

TEST(PointVolume, ABoxFromItsSurfaceAndFromThreeOfItsFaces) {
  const Grid grid = gridCovering(100, 64);
  for (const bool whole : {true, false}) {
    const std::vector<cloud::Point> points = boxPoints(whole);
    const std::vector<cloud::Point> normals = outwardNormals(points);
    std::size_t outwards = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      EXPECT_NEAR(cloud::length(normals[i]), 1, 1e-9);
      outwards += cloud::dot(points[i], normals[i]) > 0 ? 1 : 0;
    }
    EXPECT_GT(outwards, points.size() * 98 / 100);
    const double volume = static_cast<double>(enclosedBy(points, normals, grid).count()) * grid.volumeOfCell();
    EXPECT_NEAR(volume / (120.0 * 120 * 120), 1, 0.1) << whole;
  }
  EXPECT_TRUE(outwardNormals({{0, 0, 0}, {1, 0, 0}}).empty());
}

// The cover alone, without refinement.
TEST(ExtrusionCover, CrossedBodiesAreFoundAlongTheirOwnAxes) {
  const Program truth = parseProgram(ownPrograms()[3]);
  const BitVolume volume = volumeOf(truth, gridCovering(extentOf(truth), 128));
  ExtrusionCover cover(volume, volumeOf(truth, gridCovering(extentOf(truth), 256)));
  Program program;
  cover.extend(program, 12, 0.003);
  EXPECT_TRUE(isSound(program));
  EXPECT_LE(program.bodies.size(), 4u);
  EXPECT_GT(overlap(volumeOf(program, volume.grid()), volume).iou(), 0.97);
  // What is left out of a program is found again.
  program.bodies.erase(program.bodies.begin());
  const std::size_t bodies = program.bodies.size();
  cover.extend(program, 1, 0.003);
  EXPECT_EQ(program.bodies.size(), bodies + 1);
  EXPECT_GT(overlap(volumeOf(program, volume.grid()), volume).iou(), 0.97);
}

TEST(Outline, ArcsAreFoundAsArcs) {
  const Grid grid = gridCovering(100, 256);
  Program program = parseProgram(
      "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,-9))\n"
      "r=w0.sketch().segment((-60,-30),(60,-30)).arc((90,0),(60,30)).segment((-60,30)).close().assemble().finalize()"
      ".extrude(20)\n");
  const BitVolume volume = volumeOf(program, grid);
  Section section{256, std::vector<std::uint8_t>(256 * 256)};
  for (int v = 0; v < 256; ++v) {
    for (int u = 0; u < 256; ++u) {
      section.inside[static_cast<std::size_t>(u + v * 256)] = volume.cell(u, v, 125) ? 1 : 0;
    }
  }
  const std::vector<Region> regions = regionsOf(section, grid, 6);
  ASSERT_EQ(regions.size(), 1u);
  const Loop& loop = regions[0].loop;
  EXPECT_EQ(loop.edges.size(), 3u);  // and one that closes it
  EXPECT_EQ(std::count_if(loop.edges.begin(), loop.edges.end(), [](const Edge& edge) { return edge.arc; }), 1);
  for (const Edge& edge : loop.edges) {
    if (!edge.arc) continue;
    EXPECT_NEAR(edge.middle.x, 90, 1);
    EXPECT_NEAR(edge.middle.y, 0, 3);
  }
}

}  // namespace
}  // namespace cadrecode::search
