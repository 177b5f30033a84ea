#include "metrics/earth_mover.hpp"

#include <algorithm>
#include <numeric>

#include "metrics/support.hpp"

namespace cadrecode::metrics {
namespace {

using testing::randomPoints;

double byTrying(const std::vector<cloud::Point>& a, const std::vector<cloud::Point>& b) {
  std::vector<std::size_t> order(a.size());
  std::iota(order.begin(), order.end(), 0);
  double least = 1e300;
  do {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += length(a[i] - b[order[i]]);
    least = std::min(least, sum / static_cast<double>(a.size()));
  } while (std::next_permutation(order.begin(), order.end()));
  return least;
}

TEST(EarthMover, IsTheBestOfAllAssignments) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::size_t count = 1 + seed % 7;
    const std::vector<cloud::Point> a = randomPoints(count, seed), b = randomPoints(count, seed + 1000);
    EXPECT_NEAR(earthMover(a, b).distance, byTrying(a, b), 1e-12) << "seed " << seed;
  }
}

TEST(EarthMover, AgreesWithTheNetworkSimplex) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const std::size_t count = 50 + 40 * seed;
    const std::vector<cloud::Point> a = randomPoints(count, seed), b = randomPoints(count, seed + 1000);
    const EarthMover ours = earthMover(a, b), other = earthMoverByNetworkSimplex(a, b);
    EXPECT_NEAR(ours.distance, other.distance, 1e-9) << "seed " << seed;
    EXPECT_LE(std::abs(ours.gap), 1e-9);
    std::vector<std::uint32_t> partners = ours.partners;
    std::sort(partners.begin(), partners.end());
    for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(partners[i], i);  // everyone has one of his own
  }
}

TEST(EarthMover, MovesUnequalCloudsByShares) {
  // Half of the one point goes to each of two.
  EXPECT_NEAR(earthMover({{0, 0, 0}}, {{1, 0, 0}, {3, 0, 0}}).distance, 2, 1e-9);
  EXPECT_NEAR(earthMover({{0, 0, 0}, {0, 0, 0}, {9, 0, 0}}, {{0, 0, 0}, {9, 0, 0}}).distance, 1.5, 1e-9);
  // Every point twice: the same cloud.
  std::vector<cloud::Point> a = randomPoints(40, 1), twice = a;
  twice.insert(twice.end(), a.begin(), a.end());
  EXPECT_NEAR(earthMover(a, twice).distance, 0, 1e-9);
}

TEST(EarthMover, OfATranslationIsItsLength) {
  const std::vector<cloud::Point> a = randomPoints(300, 3);
  std::vector<cloud::Point> b;
  for (const cloud::Point& p : a) b.push_back(p + cloud::Point{0.3, -0.4, 1.2});
  std::reverse(b.begin(), b.end());
  EXPECT_NEAR(earthMover(a, b).distance, 1.3, 1e-12);
  EXPECT_NEAR(earthMover(a, a).distance, 0, 1e-15);
}

TEST(EarthMover, EndsForPointsInFewPlaces) {
  std::vector<cloud::Point> a, b;
  for (int i = 0; i < 200; ++i) {
    a.push_back({static_cast<double>(i % 3), 0, 0});
    b.push_back({static_cast<double>(i % 2), 0, 0});
  }
  // 67, 67 and 66 of 200 against 100 and 100: 33 go from 1 to 0, 66 from 2 to 1.
  EXPECT_NEAR(earthMover(a, b).distance, 99.0 / 200, 1e-12);
}

}  // namespace
}  // namespace cadrecode::metrics
