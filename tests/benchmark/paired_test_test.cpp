#include "benchmark/paired_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.hpp"

namespace cadrecode::benchmark {
namespace {

// Both p-values by trying every choice of signs.
std::pair<double, double> byTrying(const std::vector<double>& differences) {
  const std::size_t count = differences.size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::abs(differences[a]) < std::abs(differences[b]); });
  std::vector<double> rank(count);
  for (std::size_t i = 0; i < count; ++i) rank[order[i]] = static_cast<double>(i + 1);
  auto statistics = [&](auto positive) {
    double ranks = 0, signs = 0;
    for (std::size_t i = 0; i < count; ++i) {
      ranks += positive(i) ? rank[i] : -rank[i];
      signs += positive(i) ? 1 : -1;
    }
    return std::pair(std::abs(ranks), std::abs(signs));
  };
  const auto [ranks, signs] = statistics([&](std::size_t i) { return differences[i] > 0; });
  double asRanks = 0, asSigns = 0;
  for (std::uint32_t choice = 0; choice < 1u << count; ++choice) {
    const auto [r, s] = statistics([&](std::size_t i) { return choice >> i & 1; });
    asRanks += r >= ranks;
    asSigns += s >= signs;
  }
  return {asRanks / std::exp2(count), asSigns / std::exp2(count)};
}

TEST(PairedTest, EqualsTryingAllSigns) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    std::vector<double> differences;
    for (std::size_t i = 0; i < 4 + seed % 10; ++i) differences.push_back(random.normal() + 0.4);
    const PairedTest test = pairedTest(differences);
    const auto [ranks, signs] = byTrying(differences);
    EXPECT_NEAR(test.wilcoxonP, ranks, 1e-12) << "seed " << seed;
    EXPECT_NEAR(test.signP, signs, 1e-12) << "seed " << seed;
    EXPECT_EQ(test.below + test.above + test.equal, differences.size());
  }
}

TEST(PairedTest, NormalApproximationMeetsTheExactOne) {
  Random random(3);
  std::vector<double> differences;
  for (int i = 0; i < 50; ++i) differences.push_back(random.normal() + 0.3);
  const double exact = pairedTest(differences).wilcoxonP;
  differences.push_back(differences[0]);  // a tie: now by the normal distribution
  EXPECT_NEAR(pairedTest(differences).wilcoxonP, exact, 0.02);
}

TEST(PairedTest, IsSymmetricAndBlindToNothing) {
  Random random(5);
  std::vector<double> one, other;
  for (int i = 0; i < 200; ++i) {
    one.push_back(std::round(4 * random.normal()));
    other.push_back(-one.back());
  }
  const PairedTest a = pairedTest(one), b = pairedTest(other);
  EXPECT_EQ(a.wilcoxonP, b.wilcoxonP);
  EXPECT_EQ(a.signP, b.signP);
  EXPECT_EQ(a.below, b.above);
  EXPECT_EQ(pairedTest({}).pairs, 0u);
  EXPECT_EQ(pairedTest({0, 0}).wilcoxonP, 1);
  EXPECT_EQ(pairedTest({0, 0}).signP, 1);
  EXPECT_LT(pairedTest(std::vector<double>(600, 0.1)).wilcoxonP, 1e-20);
}

// 95 % intervals of means hold the true mean in about 95 % of the cases.
TEST(Bootstrap, CoversTheMean) {
  int held = 0;
  for (std::uint64_t round = 0; round < 300; ++round) {
    Random random(round + 1000);
    std::vector<double> values;
    for (int i = 0; i < 60; ++i) values.push_back(random.normal());
    const Interval interval = bootstrapMean(values, 0.95, round, 400);
    held += interval.low <= 0 && 0 <= interval.high;
  }
  EXPECT_GT(held, 300 * 0.89);
  EXPECT_LT(held, 300 * 0.985);
  const Interval one = bootstrapMean({1, 2, 3, 4}, 0.95, 7), same = bootstrapMean({1, 2, 3, 4}, 0.95, 7);
  EXPECT_EQ(one.low, same.low);
  EXPECT_EQ(one.high, same.high);
}

}  // namespace
}  // namespace cadrecode::benchmark
