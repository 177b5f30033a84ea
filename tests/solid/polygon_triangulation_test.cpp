// Triangulations of polygons with holes: every triangle positive, areas and counts right, constrained Delaunay.
#include "solid/polygon_triangulation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>

namespace cadrecode::solid {
namespace {

double turn(const Point2& a, const Point2& b, const Point2& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

void addLoop(Polygon& polygon, const std::vector<Point2>& points) {
  polygon.loopStarts.push_back(static_cast<std::uint32_t>(polygon.points.size()));
  polygon.points.insert(polygon.points.end(), points.begin(), points.end());
}

std::vector<Point2> circle(Point2 center, double radius, int count, bool clockwise = false) {
  std::vector<Point2> points;
  for (int i = 0; i < count; ++i) {
    const double angle = (clockwise ? -1 : 1) * 2.0 * std::numbers::pi * i / count;
    points.push_back({center[0] + radius * std::cos(angle), center[1] + radius * std::sin(angle)});
  }
  return points;
}

void expectGood(const Polygon& polygon, bool delaunay) {
  ASSERT_FALSE(sidesMeet(polygon));
  const auto triangles = triangulate(polygon, delaunay);
  ASSERT_TRUE(triangles);
  const std::size_t holes = polygon.loopStarts.size() - 1;
  EXPECT_EQ(triangles->size(), polygon.points.size() + 2 * holes - 2);
  double wanted = 0.0, got = 0.0;
  for (std::size_t loop = 0; loop <= holes; ++loop) wanted += signedArea(polygon, loop);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> opposite;
  for (const Triangle& t : *triangles) {
    const double area = turn(polygon.points[t[0]], polygon.points[t[1]], polygon.points[t[2]]) / 2.0;
    EXPECT_GT(area, 0.0);
    got += area;
    for (std::size_t k = 0; k < 3; ++k) opposite[{t[k], t[(k + 1) % 3]}] = t[(k + 2) % 3];
  }
  EXPECT_NEAR(got, wanted, 1e-9 * wanted);
  if (!delaunay) return;
  for (const auto& [side, c] : opposite) {
    const auto twin = opposite.find({side.second, side.first});
    if (twin == opposite.end()) continue;
    // The angles that face an inner side make at most a half turn.
    const auto angle = [&](std::uint32_t corner) {
      const Point2 &p = polygon.points[corner], &a = polygon.points[side.first], &b = polygon.points[side.second];
      const double dot = (a[0] - p[0]) * (b[0] - p[0]) + (a[1] - p[1]) * (b[1] - p[1]);
      return std::atan2(std::abs(turn(p, a, b)), dot);
    };
    EXPECT_LT(angle(c) + angle(twin->second), std::numbers::pi + 1e-6);
  }
}

TEST(PolygonTriangulation, squareAndCircle) {
  Polygon square;
  addLoop(square, {{0, 0}, {1, 0}, {1, 1}, {0, 1}});
  expectGood(square, true);
  Polygon round;
  addLoop(round, circle({0, 0}, 5, 200));
  expectGood(round, true);
  expectGood(round, false);
}

TEST(PolygonTriangulation, holesAndPointsOnALine) {
  Polygon plate;
  addLoop(plate, {{-10, -10}, {0, -10}, {10, -10}, {10, 10}, {5, 10}, {0, 10}, {-10, 10}});
  addLoop(plate, circle({-5, -5}, 2, 40, true));
  addLoop(plate, circle({5, 5}, 3, 60, true));
  addLoop(plate, {{4, -4}, {4, -2}, {6, -2}, {6, -4}});
  expectGood(plate, true);
  expectGood(plate, false);
}

// Holes on one line with the outer corners and with each other: bridges must not run through points.
TEST(PolygonTriangulation, holesInARow) {
  Polygon plate;
  addLoop(plate, {{0, 0}, {40, 0}, {40, 4}, {44, 4}, {44, 0}, {50, 0}, {50, 10}, {0, 10}});
  for (int i = 0; i < 6; ++i) {
    const double x = 3.0 + 6.0 * i;
    addLoop(plate, {{x, 4}, {x, 6}, {x + 2, 6}, {x + 2, 4}});
  }
  expectGood(plate, true);
}

TEST(PolygonTriangulation, randomStarsWithHoles) {
  std::mt19937 random(99);
  const auto draw = [&random](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    Polygon star;
    std::vector<Point2> outer;
    const int count = 5 + round % 60;
    for (int i = 0; i < count; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / count, r = draw(6, 20);
      outer.push_back({r * std::cos(angle), r * std::sin(angle)});
    }
    addLoop(star, outer);
    if (round % 3 > 0 && count > 12)
      addLoop(star, circle({draw(-1, 1), draw(-1, 1)}, draw(0.5, 1.5), 3 + round % 20, true));
    if (round % 3 > 1 && count > 12) addLoop(star, circle({draw(-1, 1), 3.5}, draw(0.3, 0.8), 12, true));
    if (sidesMeet(star)) continue;
    expectGood(star, true);
  }
}

TEST(PolygonTriangulation, mismatchedRows) {
  Polygon strip;
  std::vector<Point2> points;
  for (int i = 0; i <= 90; ++i) points.push_back({i / 9.0, 0.0});
  for (int i = 70; i >= 0; --i) points.push_back({i / 7.0, 5.0});
  addLoop(strip, points);
  expectGood(strip, true);
}

TEST(PolygonTriangulation, refusesWhatIsNoPolygon) {
  Polygon clockwise;
  addLoop(clockwise, {{0, 0}, {0, 1}, {1, 1}, {1, 0}});
  EXPECT_FALSE(triangulate(clockwise, true));
  Polygon twoOuter;
  addLoop(twoOuter, {{0, 0}, {1, 0}, {1, 1}});
  addLoop(twoOuter, {{5, 0}, {6, 0}, {6, 1}});
  EXPECT_FALSE(triangulate(twoOuter, true));
  Polygon outside;
  addLoop(outside, {{0, 0}, {1, 0}, {1, 1}, {0, 1}});
  addLoop(outside, {{5, 0}, {5, 1}, {6, 0}});
  EXPECT_FALSE(triangulate(outside, true));
}

TEST(PolygonTriangulation, sidesThatMeet) {
  Polygon bowTie;
  addLoop(bowTie, {{0, 0}, {4, 4}, {4, 0}, {0, 4}});
  EXPECT_TRUE(sidesMeet(bowTie));
  Polygon crossing;
  addLoop(crossing, {{0, 0}, {4, 0}, {4, 4}, {0, 4}});
  addLoop(crossing, {{3, 1}, {3, 2}, {5, 2}, {5, 1}});
  EXPECT_TRUE(sidesMeet(crossing));
  Polygon touching;
  addLoop(touching, {{0, 0}, {4, 0}, {4, 4}, {0, 4}});
  addLoop(touching, {{3, 1}, {3, 2}, {4, 1.5}});
  EXPECT_TRUE(sidesMeet(touching));
  Polygon folded;
  addLoop(folded, {{0, 0}, {4, 0}, {2, 0}, {2, 2}});
  EXPECT_TRUE(sidesMeet(folded));
  Polygon fine;
  addLoop(fine, {{0, 0}, {4, 0}, {4, 4}, {0, 4}});
  addLoop(fine, {{1, 1}, {1, 2}, {2, 2}, {2, 1}});
  EXPECT_FALSE(sidesMeet(fine));
}

}  // namespace
}  // namespace cadrecode::solid
