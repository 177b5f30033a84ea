#include "search/stretch.hpp"

#include <gtest/gtest.h>

namespace cadrecode::search {
namespace {

const char* const kRod =
    "import cadquery as cq\n"
    "w0=cq.Workplane('YZ',origin=(-100,2,4))\n"
    "r=w0.sketch().push([(3,-5)]).circle(10).push([(3,-5)]).circle(4,mode='s').finalize().extrude(200)\n";

cloud::Box boxOf(double x, double y, double z) { return {{-x / 2, -y / 2, -z / 2}, {x / 2, y / 2, z / 2}}; }

TEST(Stretch, OfRodsAndPlatesOnly) {
  EXPECT_FALSE(stretchFor(boxOf(100, 100, 100)));
  EXPECT_FALSE(stretchFor(boxOf(199, 100, 60)));
  EXPECT_FALSE(stretchFor(boxOf(0, 0, 0)));
  const auto rod = stretchFor(boxOf(50, 200, 40));
  ASSERT_TRUE(rod);
  EXPECT_EQ(rod->axis, 1);
  EXPECT_EQ(rod->along, 1);
  EXPECT_EQ(rod->across, 4);
  const auto plate = stretchFor(boxOf(10, 160, 200));
  ASSERT_TRUE(plate);
  EXPECT_EQ(plate->axis, 0);
  EXPECT_EQ(plate->along, 20);
  EXPECT_EQ(plate->across, 1);
}

TEST(Stretch, ChangesEveryNumberOfAProgramAndComesBack) {
  const Program program = parseProgram(kRod);
  const Stretch stretch{0, 2, 4};
  const auto wide = stretched(program, stretch);
  ASSERT_TRUE(wide);
  EXPECT_EQ(writeProgram(*wide),
            "import cadquery as cq\n"
            "w0=cq.Workplane('YZ',origin=(-200,8,16))\n"
            "r=w0.sketch().push([(12,-20)]).circle(40).push([(12,-20)]).circle(16,mode='s').finalize().extrude(400)\n");
  EXPECT_EQ(writeProgram(*stretched(*wide, inverse(stretch))), kRod);
  EXPECT_FALSE(stretched(program, Stretch{1, 2, 4}));
}

}  // namespace
}  // namespace cadrecode::search
