#include "search/rounded_rectangle.hpp"

#include <gtest/gtest.h>

#include "search/moves.hpp"
#include "search/objective.hpp"
#include "search/refine.hpp"
#include "search/round_numbers.hpp"

namespace cadrecode::search {
namespace {

Program plate(const RoundedRectangle& rectangle) {
  Program program;
  program.planes.push_back({PlaneName::xy, {0, 0, -20}});
  Body body;
  body.extent = 40;
  Region region;
  region.loop = outlineOf(rectangle);
  body.regions = {region};
  program.bodies = {body};
  return program;
}

TEST(RoundedRectangle, IsRecognised) {
  const RoundedRectangle rectangle{{-80, -40.5}, {60, 30}, 12};
  const auto found = roundedRectangleOf(outlineOf(rectangle));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->low, rectangle.low);
  EXPECT_EQ(found->high, rectangle.high);
  EXPECT_EQ(found->radius, 12);
  Loop other = outlineOf(rectangle);
  other.edges[3].middle.x += 0.1;
  EXPECT_FALSE(roundedRectangleOf(other));
  other.edges.pop_back();
  EXPECT_FALSE(roundedRectangleOf(other));
}

TEST(RoundedRectangle, NoMoveMakesItAnotherOutline) {
  Program program = plate({{-80, -40}, {60, 30}, 12});
  for (const Move& move : movesOf(program, 0)) {
    move.apply(2);
    EXPECT_TRUE(roundedRectangleOf(program.bodies[0].regions[0].loop));
    move.apply(-2);
  }
  const Program rounded = roundedTo(0.5, plate({{-80.1, -40.2}, {60.1, 30}, 11.9}), {{0, 0, 0}, 1});
  const auto corners = roundedRectangleOf(rounded.bodies[0].regions[0].loop);
  ASSERT_TRUE(corners);
  EXPECT_EQ(corners->low, (Vector2{-80, -40}));
  EXPECT_EQ(corners->radius, 12);
}

TEST(RoundedRectangle, ABoxGetsRoundCornersWhereThePartHasThem) {
  const Program truth = plate({{-90, -60}, {90, 60}, 24});
  BitVolume target(gridCovering(100, 128));
  for (const Body& body : truth.bodies) target.add(VoxelBody(truth, body, target.grid()));
  VolumeObjective objective(std::move(target));
  Program box;
  box.planes = truth.planes;
  Body body;
  body.kind = Body::Kind::box;
  body.extent = 40;
  body.width = 180;
  body.height = 120;
  box.bodies = {body};
  const Refinement found = refine(box, objective, {});
  EXPECT_GT(found.after, 0.995);
  ASSERT_EQ(found.program.bodies.size(), 1U);
  ASSERT_EQ(found.program.bodies[0].regions.size(), 1U);
  const auto corners = roundedRectangleOf(found.program.bodies[0].regions[0].loop);
  ASSERT_TRUE(corners);
  EXPECT_NEAR(corners->radius, 24, 2);
}

}  // namespace
}  // namespace cadrecode::search
