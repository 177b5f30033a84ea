#include "core/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cadrecode {
namespace {

// What other implementations of xoshiro256++, seeded by SplitMix64 from 0, give.
TEST(Random, IsXoshiro256PlusPlus) {
  Random random(0);
  EXPECT_EQ(random.bits(), 5987356902031041503U);
  EXPECT_EQ(random.bits(), 7051070477665621255U);
  EXPECT_EQ(random.bits(), 6633766593972829180U);
  EXPECT_EQ(random.bits(), 211316841551650330U);
}

TEST(Random, SplitsIndependentlyOfTheNumbersDrawn) {
  Random fresh(5);
  Random used(5);
  for (int i = 0; i < 100; ++i) used.bits();
  EXPECT_EQ(fresh.split(3).bits(), used.split(3).bits());
  EXPECT_EQ(fresh.split("name").bits(), used.split("name").bits());
  EXPECT_NE(fresh.split(3).bits(), fresh.split(4).bits());
  EXPECT_NE(fresh.split("a").bits(), fresh.split("b").bits());
  EXPECT_NE(fresh.split(1).split(2).bits(), fresh.split(2).split(1).bits());
  EXPECT_NE(fresh.split(3).bits(), Random(6).split(3).bits());
}

TEST(Random, IsUniform) {
  Random random(1);
  std::array<int, 10> counted{};
  for (int i = 0; i < 100000; ++i) {
    double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    ++counted[static_cast<std::size_t>(value * 10)];
  }
  double sum = 0;
  for (int count : counted) sum += (count - 1e4) * (count - 1e4) / 1e4;
  EXPECT_LT(sum, 35);  // nine degrees of freedom
}

TEST(Random, DrawsBelowABoundWithoutBias) {
  Random random(2);
  std::array<int, 7> counted{};
  for (int i = 0; i < 70000; ++i) ++counted[random.below(7)];
  double sum = 0;
  for (int count : counted) sum += (count - 1e4) * (count - 1e4) / 1e4;
  EXPECT_LT(sum, 30);  // six degrees of freedom
  EXPECT_EQ(random.below(1), 0U);
  // Without the second draw, a bound of 3 * 2^62 would give the lowest third twice as often.
  std::uint64_t bound = std::uint64_t{3} << 62;
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += random.below(bound) < bound / 3 ? 1 : 0;
  EXPECT_NEAR(low, 10000, 400);
}

TEST(Random, HasANormalDistribution) {
  Random random(3);
  constexpr int count = 200000;
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  int beyondTwo = 0;
  for (int i = 0; i < count; ++i) {
    double value = random.normal();
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
    beyondTwo += std::abs(value) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / count, 0, 0.012);
  EXPECT_NEAR(squares / count, 1, 0.016);
  EXPECT_NEAR(fourths / count, 3, 0.12);
  EXPECT_NEAR(beyondTwo / static_cast<double>(count), 0.0455, 0.0025);
}

TEST(Random, ShufflesEveryOrderAlike) {
  Random random(4);
  std::array<int, 6> counted{};
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> items{0, 1, 2};
    random.shuffle(items);
    int rank = items[0] * 2 + (items[1] > items[2] ? 1 : 0);
    ++counted[static_cast<std::size_t>(rank)];
  }
  for (int count : counted) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace cadrecode
