// Selector classes on simple bodies: what they choose, in which order, and which errors they raise.
#include "cadquery/selector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace cadrecode::cadquery {
namespace {

template <class Action>
std::string errorOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.type() + ": " + error.what();
  }
  return "none";
}

// Five unit squares side by side along x, the middle one twice as wide in y.
std::vector<Shape> row() {
  std::vector<Shape> faces;
  for (int i = 0; i < 5; ++i) faces.push_back(Face::makePlane(i == 2 ? 2 : 1, 1, Vector(i, 0, 0)));
  return faces;
}

TEST(Selector, BaseSelectsEverything) { EXPECT_EQ(Selector().filter(row()).size(), 5u); }

TEST(Selector, NearestToPoint) {
  const std::vector<Shape> chosen = NearestToPointSelector(Vector(3.2, 5, 0)).filter(row());
  ASSERT_EQ(chosen.size(), 1u);
  EXPECT_NEAR(chosen[0].center().x(), 3, 1e-12);
  EXPECT_NEAR(NearestToPointSelector(Vector(1.5, 0, 0)).filter(row())[0].center().x(), 1, 1e-12) << "first of equals";
  EXPECT_EQ(errorOf([] { NearestToPointSelector(Vector()).filter({}); }), "ValueError: min() arg is an empty sequence");
}

TEST(Selector, BoxTakesCornersInAnyOrder) {
  EXPECT_EQ(BoxSelector(Vector(0.5, -1, -1), Vector(3.5, 1, 1)).filter(row()).size(), 3u);
  EXPECT_EQ(BoxSelector(Vector(3.5, 1, -1), Vector(0.5, -1, 1)).filter(row()).size(), 3u);
  EXPECT_EQ(BoxSelector(Vector(0, -1, -1), Vector(4, 1, 1)).filter(row()).size(), 4u) << "the high side is open";
}

TEST(Selector, BoxByBoundingBox) {
  const Vector low(0.4, -0.6, -1), high(3.6, 0.6, 1);
  EXPECT_EQ(BoxSelector(low, high).filter(row()).size(), 3u);
  EXPECT_EQ(BoxSelector(low, high, true).filter(row()).size(), 2u) << "the wide one sticks out";
}

TEST(Selector, DirectionsLookAtPlanesAndLinesOnly) {
  const Shape cylinder = Solid::makeCylinder(1, 2);
  EXPECT_EQ(ParallelDirSelector(Vector(0, 0, 1)).filter(cylinder.faces()).size(), 2u);
  EXPECT_EQ(DirectionSelector(Vector(0, 0, 1)).filter(cylinder.faces()).size(), 1u);
  EXPECT_EQ(PerpendicularDirSelector(Vector(0, 0, 1)).filter(cylinder.faces()).size(), 0u);
  EXPECT_EQ(ParallelDirSelector(Vector(0, 0, 1)).filter(cylinder.edges()).size(), 1u) << "the seam";
  EXPECT_EQ(ParallelDirSelector(Vector(0, 0, 1)).filter(cylinder.vertices()).size(), 0u);
}

TEST(Selector, ParallelDependsOnTheLengthOfTheVector) {
  const std::vector<Shape> face = {Face::makePlane(1, 1, Vector(), Vector(0.001, 0, 1))};
  EXPECT_EQ(ParallelDirSelector(Vector(0, 0, 1)).filter(face).size(), 0u);
  EXPECT_EQ(ParallelDirSelector(Vector(0, 0, 0.01)).filter(face).size(), 1u) << "the cross product shrinks with it";
}

TEST(Selector, Types) {
  const Shape cylinder = Solid::makeCylinder(1, 2);
  EXPECT_EQ(TypeSelector("plane").filter(cylinder.faces()).size(), 2u);
  EXPECT_EQ(TypeSelector("CYLINDER").filter(cylinder.faces()).size(), 1u);
  EXPECT_EQ(TypeSelector("CIRCLE").filter(cylinder.edges()).size(), 2u);
}

TEST(Selector, NthClustersWithinTheTolerance) {
  std::vector<Shape> faces = row();
  faces.push_back(Face::makePlane(1, 1, Vector(1.00005, 7, 0)));
  const Vector x(1, 0, 0);
  EXPECT_EQ(CenterNthSelector(x, 1).filter(faces).size(), 2u);
  EXPECT_EQ(CenterNthSelector(x, 1, true, 1e-6).filter(faces).size(), 1u);
  EXPECT_NEAR(CenterNthSelector(x, -2).filter(faces)[0].center().x(), 3, 1e-12);
  EXPECT_NEAR(CenterNthSelector(x, 0, false).filter(faces)[0].center().x(), 4, 1e-12);
  EXPECT_NEAR(DirectionMinMaxSelector(x, false).filter(faces)[0].center().x(), 0, 1e-12);
  EXPECT_EQ(errorOf([&] { CenterNthSelector(x, 5).filter(faces); }),
            "IndexError: Attempted to access index 5 of a list with length 5");
  EXPECT_EQ(errorOf([&] { CenterNthSelector(x, -6).filter(faces); }),
            "IndexError: Attempted to access index -6 of a list with length 5");
  EXPECT_EQ(errorOf([&] { CenterNthSelector(x, 0).filter({}); }),
            "ValueError: Can not return the Nth element of an empty list");
}

TEST(Selector, DirectionNthFiltersFirst) {
  const Shape box = Solid::makeBox(1, 1, 1);
  const Vector z(0, 0, 1);
  EXPECT_EQ(CenterNthSelector(z, 1).filter(box.edges()).size(), 4u);
  EXPECT_EQ(DirectionNthSelector(z, 0).filter(box.edges()).size(), 4u) << "only the upright edges are looked at";
  EXPECT_EQ(errorOf([&] { DirectionNthSelector(z, 1).filter(box.edges()); }),
            "IndexError: Attempted to access index 1 of a list with length 1");
  EXPECT_EQ(errorOf([&] { DirectionNthSelector(z, 0).filter(box.vertices()); }),
            "ValueError: Can not return the Nth element of an empty list");
}

TEST(Selector, RadiusLeavesOutWhatHasNone) {
  std::vector<Shape> edges = {Edge::makeCircle(3), Edge::makeLine(Vector(), Vector(1, 0, 0)), Edge::makeCircle(1)};
  EXPECT_NEAR(RadiusNthSelector(0).filter(edges)[0].radius(), 1, 1e-12);
  EXPECT_NEAR(RadiusNthSelector(-1).filter(edges)[0].radius(), 3, 1e-12);
  EXPECT_EQ(errorOf([&] { RadiusNthSelector(0).filter({edges[1]}); }), "IndexError: list index out of range");
}

TEST(Selector, LengthAndArea) {
  const std::vector<Shape> edges = {Edge::makeLine(Vector(), Vector(2, 0, 0)), Edge::makeCircle(1),
                                    Edge::makeLine(Vector(), Vector(0, 1, 0))};
  EXPECT_NEAR(LengthNthSelector(1).filter(edges)[0].curveLength(), 2, 1e-12);
  EXPECT_EQ(AreaNthSelector(-1).filter(row()).size(), 1u);
  EXPECT_EQ(AreaNthSelector(0).filter(row()).size(), 4u);
  const std::vector<Shape> wires = {Wire::makeCircle(2, Vector(), Vector(0, 0, 1)),
                                    Wire::makeCircle(1, Vector(), Vector(0, 0, -1)),
                                    Wire::makePolygon({Vector(), Vector(1, 0, 0), Vector(1, 1, 1), Vector(0, 1, 5)})};
  EXPECT_NEAR(AreaNthSelector(0).filter(wires)[0].radius(), 1, 1e-12) << "by size, whichever way round";
  EXPECT_EQ(errorOf([&] { AreaNthSelector(0).filter(edges); }), "IndexError: list index out of range");
}

TEST(Selector, Combinations) {
  const auto first = std::make_shared<BoxSelector>(Vector(-1, -1, -1), Vector(2.5, 1, 1));
  const auto last = std::make_shared<BoxSelector>(Vector(1.5, -1, -1), Vector(9, 1, 1));
  const auto xs = [](const std::vector<Shape>& shapes) {
    std::string result;
    for (const Shape& shape : shapes) result += std::to_string(std::lround(shape.center().x()));
    return result;
  };
  const std::vector<Shape> faces = row();
  EXPECT_EQ(xs(AndSelector(first, last).filter(faces)), "2");
  EXPECT_EQ(xs(SumSelector(last, first).filter(faces)), "23401") << "each once, in the order they came up";
  EXPECT_EQ(xs(SubtractSelector(first, last).filter(faces)), "01");
  EXPECT_EQ(xs(InverseSelector(first).filter(faces)), "34");
  const auto reversed = std::make_shared<CallbackSelector>(
      [](const std::vector<Shape>& all) { return std::vector<Shape>(all.rbegin(), all.rend()); });
  EXPECT_EQ(xs(AndSelector(reversed, first).filter(faces)), "210");
}

}  // namespace
}  // namespace cadrecode::cadquery
