// Convex hulls: known areas, convexity, and CPython's order of points.
#include "cadquery/hull.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "cadquery/python_order.hpp"
#include "cadquery/sketch.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {
namespace {

constexpr double kPi = std::numbers::pi;

double hullArea(const std::vector<Shape>& edges) { return std::abs(Face::makeFromWires(findHull(edges)).area()); }

TEST(Hull, TwoEqualCircles) {
  const std::vector<Shape> edges = {Edge::makeCircle(1), Edge::makeCircle(1, Vector(4, 0))};
  EXPECT_NEAR(hullArea(edges), kPi + 8, 1e-9);
}

TEST(Hull, TwoUnequalCircles) {
  const std::vector<Shape> edges = {Edge::makeCircle(2), Edge::makeCircle(1, Vector(5, 0))};
  const double lean = std::acos(1.0 / 5), tangent = std::sqrt(25.0 - 1);
  const double expected = 4 * (kPi - lean) + lean + 3 * tangent;
  EXPECT_NEAR(hullArea(edges), expected, 1e-9);
}

TEST(Hull, LinesOnly) {
  const std::vector<Shape> edges = {Edge::makeLine(Vector(0, 0), Vector(4, 0)),
                                    Edge::makeLine(Vector(1, 1), Vector(2, 1)),
                                    Edge::makeLine(Vector(4, 3), Vector(0, 3))};
  EXPECT_NEAR(hullArea(edges), 12, 1e-12) << "the segment inside does not matter";
}

TEST(Hull, CircleAndPoint) {
  const std::vector<Shape> edges = {Edge::makeCircle(1), Edge::makeLine(Vector(0, -2), Vector(0, -2.5))};
  const double tangent = std::sqrt(2.5 * 2.5 - 1), lean = std::acos(1 / 2.5);
  EXPECT_NEAR(hullArea(edges), kPi - lean + tangent, 1e-9);
}

TEST(Hull, OfASketch) {
  Sketch sketch;
  sketch.push({Vector(0, 0), Vector(6, 0), Vector(0, 6)}).circle(1).reset().hull();
  EXPECT_NEAR(sketch.faceShape().clean().area(), 18 + 6 * (2 + std::sqrt(2)) + kPi, 1e-9);
}

TEST(Hull, Refusals) {
  EXPECT_THROW(findHull({}), Error);
  EXPECT_THROW(findHull({Edge::makeEllipse(2, 1)}), Error);
}

// Orders printed by CPython 3.11 for set([(x, y), ...]).
TEST(PythonSetOrder, IsCPythons) {
  PythonSetOrder grid;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 3; ++j) grid.add(i - 1.5, j * 0.1);
  }
  grid.add(-1.5, 0.0);
  const std::vector<std::pair<double, double>> gridOrder = {{1.5, 0.2},  {0.5, 0.0},  {0.5, 0.1},  {-1.5, 0.0},
                                                            {-0.5, 0.0}, {0.5, 0.2},  {-1.5, 0.1}, {1.5, 0.0},
                                                            {-0.5, 0.1}, {-1.5, 0.2}, {1.5, 0.1},  {-0.5, 0.2}};
  EXPECT_EQ(grid.items(), gridOrder);
  PythonSetOrder few;
  for (const auto& [x, y] :
       std::vector<std::pair<double, double>>{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {0, -0.0}, {0, 0}}) {
    few.add(x, y);
  }
  const std::vector<std::pair<double, double>> fewOrder = {
      {-1.0, -1.0}, {0.0, -0.0}, {-1.0, 1.0}, {1.0, 1.0}, {1.0, -1.0}};
  EXPECT_EQ(few.items(), fewOrder);
}

}  // namespace
}  // namespace cadrecode::cadquery
