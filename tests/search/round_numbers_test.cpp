#include "search/round_numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cadrecode::search {
namespace {

Program box(double x, double y, double z) {
  Program program;
  program.planes.push_back({PlaneName::xy, {0, 0, -z / 2}});
  Body body;
  body.kind = Body::Kind::box;
  body.extent = z;
  body.width = x;
  body.height = y;
  program.bodies.push_back(body);
  return program;
}

// 1 less the greatest relative error of a side.
double fitWith(const Program& program, double x, double y, double z) {
  const Body& body = program.bodies[0];
  return 1 - std::max({std::abs(body.width / x - 1), std::abs(body.height / y - 1), std::abs(body.extent / z - 1)});
}

TEST(RoundNumbers, TheGreatestStepThatFits) {
  // Sides of 62.5, 40 and 10 mm in a frame of 0.3125 mm, a little off.
  const cloud::Frame frame{{0, 0, 0}, 0.3125};
  const auto fitOf = [](const Program& program) { return fitWith(program, 200, 128, 32); };
  const auto round = withRoundNumbers(box(199.9, 128.07, 32.01), frame, 200, 1e-3, fitOf);
  ASSERT_TRUE(round);
  EXPECT_NEAR(round->bodies[0].width * frame.unit, 62.5, 1e-9);
  EXPECT_NEAR(round->bodies[0].height * frame.unit, 40, 1e-9);
  EXPECT_NEAR(round->bodies[0].extent * frame.unit, 10, 1e-9);
}

TEST(RoundNumbers, PlacesOfPlanesAreRoundedWhereThePartIs) {
  const cloud::Frame frame{{100.26, 0, 3}, 0.5};
  Program program = box(8, 8, 8);
  program.planes[0].origin = {0.1, 0, -4};
  const Program rounded = roundedTo(1, program, frame);
  EXPECT_NEAR(frame.origin[0] + rounded.planes[0].origin[0] * frame.unit, 100, 1e-9);
  EXPECT_NEAR(frame.origin[2] + rounded.planes[0].origin[2] * frame.unit, 1, 1e-9);
}

TEST(RoundNumbers, NothingIsRoundedAtTheFitsCost) {
  const auto fitOf = [](const Program& program) { return fitWith(program, 199.9137, 128.07713, 32.01171); };
  EXPECT_FALSE(withRoundNumbers(box(199.9137, 128.07713, 32.01171), {{0, 0, 0}, 1}, 200, 1e-7, fitOf));
}

}  // namespace
}  // namespace cadrecode::search
