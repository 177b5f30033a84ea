#include "search/propose.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "search/corpus.hpp"
#include "search/cross_section.hpp"
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

TEST(FillBetween, FillsABoxFromItsSurface) {
  const Grid grid = gridCovering(100, 64);
  std::vector<cloud::Point> points;
  for (double a = -60; a <= 60; a += 1.5) {
    for (double b = -60; b <= 60; b += 1.5) {
      for (const double side : {-60.0, 60.0}) {
        points.push_back({a, b, side});
        points.push_back({a, side, b});
        points.push_back({side, a, b});
      }
    }
  }
  const double volume = static_cast<double>(fillBetween(points, grid).count()) * grid.volumeOfCell();
  EXPECT_NEAR(volume / (120.0 * 120 * 120), 1, 0.12);
}

}  // namespace
}  // namespace cadrecode::search
