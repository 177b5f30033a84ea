// Text: sizes, alignment, heights, and fonts that are not there. All but the last need any font installed.
#include "cadquery/fonts.hpp"
#include "shape_checks.hpp"

namespace cadrecode::cadquery {
namespace {

TEST(Text, ScalesWithItsSize) {
  const Shape small = flatText("Ag", 10, {}), large = flatText("Ag", 20, {});
  EXPECT_GT(small.area(), 1);
  EXPECT_NEAR(large.area(), 4 * small.area(), 1e-4 * large.area());
}

TEST(Text, HasTheVolumeOfItsFaces) {
  const double area = flatText("CAD 1", 10, {}).area();
  EXPECT_NEAR(Compound::makeText("CAD 1", 10, 3, {}).volume(), 3 * area, 1e-6 * area);
  EXPECT_NEAR(Compound::makeText("CAD 1", 10, -3, {}).boundingBox().zmin, -3, 1e-6);
  EXPECT_NEAR(Compound::makeText("CAD 1", 10, 0, {}).boundingBox().zlen, 0, 1e-6);
}

TEST(Text, StandsWhereItIsAligned) {
  Compound::TextOptions options;
  options.halign = "left";
  const BoundBox left = Compound::makeText("H", 10, 1, options).boundingBox();
  options.halign = "right";
  const BoundBox right = Compound::makeText("H", 10, 1, options).boundingBox();
  EXPECT_GT(left.xmin, -1e-6);
  EXPECT_LT(right.xmax, 1e-6);
  const BoundBox front = Compound::makeText("H", 10, 1, options, Plane::named("XZ", Vector(0, 5, 0))).boundingBox();
  EXPECT_NEAR(front.ymin, 4, 1e-6);
  EXPECT_NEAR(front.ylen, 1, 1e-6);
}

TEST(Text, AnUnknownFontIsReplaced) {
  Compound::TextOptions options;
  options.font = "No Such Font";
  options.fontPath = "/no/such/file.ttf";
  EXPECT_GT(Compound::makeText("H", 10, 1, options).volume(), 1);
}

TEST(Text, RefusesWhatHasNoGlyphs) {
  EXPECT_EQ(errorOf([] { Compound::makeText("", 10, 1, {}); }), "IndexError: list index out of range");
  EXPECT_EQ(errorOf([] { Compound::makeText("H", 0, 1, {}); }),
            "ValueError: the size of a text must be greater than zero");
  Compound::TextOptions options;
  options.kind = "heavy";
  EXPECT_EQ(errorOf([&] { Compound::makeText("H", 10, 1, options); }), "KeyError: heavy");
}

}  // namespace
}  // namespace cadrecode::cadquery
