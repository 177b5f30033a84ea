// Filters and draws of the next token against probabilities worked out by hand.
#include "generate/token_choice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::generate {
namespace {

constexpr float never = -std::numeric_limits<float>::infinity();

// Probabilities 0.5, 0.25, 0.15, 0.1 in mixed order.
const std::vector<float> logits = {std::log(0.15F), std::log(0.5F), std::log(0.1F), std::log(0.25F)};

std::set<std::int32_t> reachable(const Sampling& sampling) {
  std::set<std::int32_t> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(chooseToken(logits, sampling, i / 1000.0));
  return tokens;
}

TEST(TokenChoice, GreedyTakesTheFirstOfTheGreatest) {
  EXPECT_EQ(chooseToken(std::vector<float>{1, 3, 3, 2}, {}, 0.9), 1);
  EXPECT_EQ(chooseToken(std::vector<float>{never, -5, never}, {}, 0.0), 1);
}

TEST(TokenChoice, DrawsByProbability) {
  const Sampling sampling{.sample = true};
  std::vector<int> counts(4, 0);
  Random random(7);
  constexpr int draws = 40000;
  for (int i = 0; i < draws; ++i) ++counts[static_cast<std::size_t>(chooseToken(logits, sampling, random.uniform()))];
  for (std::size_t i = 0; i < 4; ++i) {
    const double p = std::exp(logits[i]);
    EXPECT_NEAR(counts[i], draws * p, 5 * std::sqrt(draws * p * (1 - p))) << i;
  }
}

TEST(TokenChoice, TemperatureSharpens) {
  const Sampling cold{.sample = true, .temperature = 0.5};
  int greatest = 0;
  for (int i = 0; i < 1000; ++i) greatest += chooseToken(logits, cold, i / 1000.0) == 1;
  EXPECT_NEAR(greatest, 1000 * 0.25 / (0.25 + 0.0625 + 0.0225 + 0.01), 2);
}

TEST(TokenChoice, TopKKeepsTheGreatestAndTies) {
  EXPECT_EQ(reachable({.sample = true, .topK = 1}), (std::set<std::int32_t>{1}));
  EXPECT_EQ(reachable({.sample = true, .topK = 3}), (std::set<std::int32_t>{0, 1, 3}));
  const std::vector<float> ties = {1, 2, 1, 1};
  std::set<std::int32_t> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(chooseToken(ties, {.sample = true, .topK = 2}, i / 100.0));
  EXPECT_EQ(tokens.size(), 4U);
}

TEST(TokenChoice, TopPKeepsWhatIsNeededToReachIt) {
  EXPECT_EQ(reachable({.sample = true, .topP = 0.3}), (std::set<std::int32_t>{1}));
  EXPECT_EQ(reachable({.sample = true, .topP = 0.6}), (std::set<std::int32_t>{1, 3}));
  EXPECT_EQ(reachable({.sample = true, .topP = 0.8}), (std::set<std::int32_t>{0, 1, 3}));
  EXPECT_EQ(reachable({.sample = true, .topP = 1.0}).size(), 4U);
}

TEST(TokenChoice, TopPCountsWhatTopKLeft) {
  // Of 0.5 and 0.25 the first has two thirds.
  EXPECT_EQ(reachable({.sample = true, .topK = 2, .topP = 0.65}), (std::set<std::int32_t>{1}));
  EXPECT_EQ(reachable({.sample = true, .topK = 2, .topP = 0.7}), (std::set<std::int32_t>{1, 3}));
}

TEST(TokenChoice, NeverTakesWhatIsForbidden) {
  const std::vector<float> masked = {never, 0, never, 0};
  for (const double uniform : {0.0, 0.5, 0.999999}) {
    const auto token = chooseToken(masked, {.sample = true, .temperature = 100.0}, uniform);
    EXPECT_TRUE(token == 1 || token == 3);
  }
}

TEST(TokenChoice, RefusesNonsense) {
  EXPECT_THROW(chooseToken(std::vector<float>{never, never}, {}, 0.0), Error);
  EXPECT_THROW(chooseToken(std::vector<float>{NAN}, {}, 0.0), Error);
  EXPECT_THROW(chooseToken({}, {}, 0.0), Error);
  EXPECT_THROW(checkSampling({.temperature = 0.0}), Error);
  EXPECT_THROW(checkSampling({.topK = -1}), Error);
  EXPECT_THROW(checkSampling({.topP = 0.0}), Error);
  EXPECT_THROW(checkSampling({.topP = NAN}), Error);
}

}  // namespace
}  // namespace cadrecode::generate
