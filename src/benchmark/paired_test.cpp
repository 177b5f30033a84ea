#include "benchmark/paired_test.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/random.hpp"
#include "metrics/statistics.hpp"

namespace cadrecode::benchmark {
namespace {

constexpr std::size_t kExact = 50;

// Two-sided, of `least` or fewer of `count` fair tosses.
double signProbability(std::size_t least, std::size_t count) {
  double sum = 0;
  const auto n = static_cast<double>(count);
  for (std::size_t k = 0; k <= least; ++k) {
    const auto x = static_cast<double>(k);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) - n * std::numbers::ln2);
  }
  return std::min(1.0, 2 * sum);
}

// The chance that ranks 1..count, each with a fair sign, have a sum of the positive ones of at most `sum`; doubled.
double exactWilcoxon(std::size_t count, double sum) {
  std::vector<double> ways(count * (count + 1) / 2 + 1, 0.0);
  ways[0] = 1;
  for (std::size_t rank = 1; rank <= count; ++rank) {
    for (std::size_t s = ways.size(); s-- > rank;) ways[s] += ways[s - rank];
  }
  const auto end = static_cast<std::size_t>(sum) + 1;
  const double below = std::accumulate(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
  return std::min(1.0, 2 * below / std::exp2(static_cast<double>(count)));
}

double wilcoxon(const std::vector<double>& differences) {
  std::vector<double> sorted;
  for (const double d : differences) {
    if (d != 0) sorted.push_back(d);
  }
  if (sorted.empty()) return 1;
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  const auto n = static_cast<double>(sorted.size());
  double positive = 0, ties = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && std::abs(sorted[end]) == std::abs(sorted[i])) ++end;
    const double rank = static_cast<double>(i + 1 + end) / 2, group = static_cast<double>(end - i);
    for (; i < end; ++i) positive += sorted[i] > 0 ? rank : 0;
    ties += group * group * group - group;
  }
  const double whole = n * (n + 1) / 2, least = std::min(positive, whole - positive);
  if (ties == 0 && sorted.size() <= kExact) return exactWilcoxon(sorted.size(), least);
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
  if (variance <= 0) return 1;
  const double z = std::max(0.0, whole / 2 - least - 0.5) / std::sqrt(variance);  // corrected for whole numbers
  return std::erfc(z / std::numbers::sqrt2);
}

}  // namespace

Interval bootstrapMean(const std::vector<double>& values, double confidence, std::uint64_t seed, int rounds) {
  Random random(seed);
  std::vector<double> means;
  for (int round = 0; round < rounds; ++round) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  std::sort(means.begin(), means.end());
  return {metrics::quantile(means, (1 - confidence) / 2), metrics::quantile(means, (1 + confidence) / 2)};
}

PairedTest pairedTest(const std::vector<double>& differences) {
  PairedTest test;
  test.pairs = differences.size();
  if (differences.empty()) return test;
  double sum = 0;
  for (const double d : differences) {
    sum += d;
    ++(d < 0 ? test.below : d > 0 ? test.above : test.equal);
  }
  test.meanDifference = sum / static_cast<double>(differences.size());
  test.signP = signProbability(std::min(test.below, test.above), test.below + test.above);
  test.wilcoxonP = wilcoxon(differences);
  return test;
}

}  // namespace cadrecode::benchmark
