// Segments and arcs: distances and containment against dense sampling.
#include "solid/planar_curves.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace cadrecode::solid {
namespace {

constexpr double kPi = std::numbers::pi;

PlanarCurve segment(Point2 from, Point2 to) { return {from, to}; }

PlanarCurve arc(Point2 center, double radius, double start, double sweep) {
  PlanarCurve c;
  c.radius = radius;
  c.center = center;
  c.start = start;
  c.sweep = sweep;
  c.from = c.at(0.0);
  c.to = c.at(1.0);
  return c;
}

double gap(const Point2& a, const Point2& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  double number(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  PlanarCurve curve() {
    if (number(0, 1) < 0.5) return segment({number(-5, 5), number(-5, 5)}, {number(-5, 5), number(-5, 5)});
    return arc({number(-5, 5), number(-5, 5)}, number(0.5, 6), number(-7, 7),
               number(0.1, 6) * (number(0, 1) < 0.5 ? 1 : -1));
  }

 private:
  std::mt19937 random_;
};

TEST(PlanarCurves, distancesAgainstSampling) {
  Draw draw(1);
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE(round);
    const PlanarCurve a = draw.curve(), b = draw.curve();
    constexpr int kSamples = 200;
    double least = 1e9;
    for (int i = 0; i <= kSamples; ++i) {
      const Point2 p = a.at(i / double(kSamples));
      double toB = 1e9;
      for (int j = 0; j <= kSamples; ++j) toB = std::min(toB, gap(p, b.at(j / double(kSamples))));
      EXPECT_NEAR(distanceTo(b, p), toB, 0.2);
      EXPECT_LE(distanceTo(b, p), toB + 1e-12);
      least = std::min(least, toB);
    }
    EXPECT_LE(distanceBetween(a, b), least + 1e-12);
    EXPECT_GT(distanceBetween(a, b), least - 0.2);
    EXPECT_NEAR(distanceBetween(a, b), distanceBetween(b, a), 1e-12);
    EXPECT_NEAR(distanceBetween(a.reversed(), b), distanceBetween(a, b), 1e-9);
  }
}

TEST(PlanarCurves, boxesHoldTheirCurves) {
  Draw draw(2);
  for (int round = 0; round < 200; ++round) {
    const PlanarCurve c = draw.curve();
    PlanarBox box;
    box.add(c);
    for (int i = 0; i <= 100; ++i) {
      const Point2 p = c.at(i / 100.0);
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_GE(p[k], box.low[k] - 1e-12);
        EXPECT_LE(p[k], box.high[k] + 1e-12);
      }
    }
  }
}

// A rounded loop: a polygon round the origin with arcs for some of its sides.
PlanarLoop roundedLoop(Draw& draw, int sides) {
  std::vector<Point2> corners;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2.0 * kPi * i / sides, r = draw.number(4, 8);
    corners.push_back({r * std::cos(angle), r * std::sin(angle)});
  }
  PlanarLoop loop;
  for (int i = 0; i < sides; ++i) {
    const Point2 a = corners[static_cast<std::size_t>(i)], b = corners[static_cast<std::size_t>((i + 1) % sides)];
    if (draw.number(0, 1) < 0.5) {
      loop.push_back(segment(a, b));
      continue;
    }
    // An arc over the chord, to either side, of up to a little more than a half turn.
    const double half = gap(a, b) / 2.0, sweep = draw.number(0.3, 3.3) * (draw.number(0, 1) < 0.5 ? 1 : -1);
    const double radius = half / std::abs(std::sin(sweep / 2.0));
    const double offset = half / std::tan(sweep / 2.0);
    const Point2 along{(b[0] - a[0]) / (2 * half), (b[1] - a[1]) / (2 * half)};
    const Point2 center{(a[0] + b[0]) / 2 - along[1] * offset, (a[1] + b[1]) / 2 + along[0] * offset};
    loop.push_back(arc(center, radius, std::atan2(a[1] - center[1], a[0] - center[0]), sweep));
    EXPECT_NEAR(gap(loop.back().from, a), 0.0, 1e-9);
    EXPECT_NEAR(gap(loop.back().to, b), 0.0, 1e-9);
  }
  return loop;
}

TEST(PlanarCurves, areaAndContainmentAgainstFinePolygons) {
  Draw draw(3);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    const PlanarLoop loop = roundedLoop(draw, 3 + round % 6);
    std::vector<Point2> fine;
    for (const PlanarCurve& c : loop) {
      for (int i = 0; i < 500; ++i) fine.push_back(c.at(i / 500.0));
    }
    double area = 0.0;
    for (std::size_t i = 0; i < fine.size(); ++i) {
      const Point2 &a = fine[i], &b = fine[(i + 1) % fine.size()];
      area += (a[0] * b[1] - a[1] * b[0]) / 2.0;
    }
    EXPECT_NEAR(signedArea(loop), area, 1e-3 * (1.0 + std::abs(area)));
    if (!isSimple(loop, 1e-3)) continue;
    for (int k = 0; k < 100; ++k) {
      const Point2 p{draw.number(-10, 10), draw.number(-10, 10)};
      double turned = 0.0, nearest = 1e9;
      for (std::size_t i = 0; i < fine.size(); ++i) {
        const Point2 a{fine[i][0] - p[0], fine[i][1] - p[1]};
        const Point2 b{fine[(i + 1) % fine.size()][0] - p[0], fine[(i + 1) % fine.size()][1] - p[1]};
        turned += std::atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]);
        nearest = std::min(nearest, std::hypot(a[0], a[1]));
      }
      if (nearest < 0.05) continue;
      EXPECT_EQ(contains(loop, p), std::abs(turned) > kPi);
    }
  }
}

TEST(PlanarCurves, pointsOnAChord) {
  const PlanarLoop lens{arc({0, 0}, 5, -1.0, 2.0), arc({5 * std::cos(1.0) * 2, 0}, 5, kPi - 1.0, 2.0)};
  EXPECT_TRUE(contains(lens, {lens[0].from[0], 0.0}));
  EXPECT_TRUE(contains(lens, {lens[0].from[0], 1.0}));
  EXPECT_FALSE(contains(lens, {lens[0].from[0], 6.0}));
  const PlanarLoop circle{arc({1, 1}, 2, 0.7, 2 * kPi)};
  EXPECT_TRUE(contains(circle, {1, 1}));
  EXPECT_FALSE(contains(circle, {3.1, 1}));
  EXPECT_NEAR(signedArea(circle), 4 * kPi, 1e-12);
  EXPECT_NEAR(signedArea({circle[0].reversed()}), -4 * kPi, 1e-12);
}

TEST(PlanarCurves, simpleLoops) {
  const PlanarLoop square{segment({0, 0}, {4, 0}), segment({4, 0}, {4, 4}), segment({4, 4}, {0, 4}),
                          segment({0, 4}, {0, 0})};
  EXPECT_TRUE(isSimple(square, 1e-5));
  const PlanarLoop bowTie{segment({0, 0}, {4, 4}), segment({4, 4}, {4, 0}), segment({4, 0}, {0, 4}),
                          segment({0, 4}, {0, 0})};
  EXPECT_FALSE(isSimple(bowTie, 1e-5));
  const PlanarLoop half{arc({0, 0}, 3, 0, kPi), segment({-3, 0}, {3, 0})};
  EXPECT_TRUE(isSimple(half, 1e-5));
  // The arc leaves the side tangentially: no clear angle, so nothing is claimed.
  const PlanarLoop tangent{segment({-4, -3}, {0, -3}), arc({0, 0}, 3, -kPi / 2, kPi), segment({0, 3}, {-4, 3}),
                           segment({-4, 3}, {-4, -3})};
  EXPECT_FALSE(isSimple(tangent, 1e-5));
  // An arc that bulges through the opposite side.
  const PlanarLoop through{segment({0, 0}, {4, 0}), segment({4, 0}, {4, 1}), arc({2, 1}, 2, 0, -kPi),
                           segment({0, 1}, {0, 0})};
  EXPECT_FALSE(isSimple(through, 1e-5));
}

TEST(PlanarCurves, loopsApart) {
  const PlanarLoop outer{arc({0, 0}, 5, 0, 2 * kPi)}, inner{arc({1, 0}, 3, 0, 2 * kPi)},
      touching{arc({2, 0}, 3, 0, 2 * kPi)};
  EXPECT_TRUE(keepApart(outer, inner, 0.5));
  EXPECT_FALSE(keepApart(outer, inner, 1.5));
  EXPECT_FALSE(keepApart(outer, touching, 1e-9));
}

}  // namespace
}  // namespace cadrecode::solid
