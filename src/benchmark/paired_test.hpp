// How sure a difference is: bootstrap intervals and paired tests. Deterministic; stateless, any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace cadrecode::benchmark {

struct Interval {
  double low = 0, high = 0;
};

// The percentile interval of the mean, from `rounds` resamplings with the seed (Efron 1979). At least one value.
Interval bootstrapMean(const std::vector<double>& values, double confidence, std::uint64_t seed, int rounds = 2000);

struct PairedTest {
  std::size_t pairs = 0;                        // of them
  std::size_t below = 0, equal = 0, above = 0;  // differences below, at and above 0
  double meanDifference = 0;
  double signP = 1;      // two-sided, of as many signs one way in fair tosses (ties left out)
  double wilcoxonP = 1;  // two-sided signed-rank test (Wilcoxon 1945; zeros left out, tied ranks shared): exact up to
                         // 50 untied differences, else by the normal distribution with correction for ties
};

PairedTest pairedTest(const std::vector<double>& differences);

}  // namespace cadrecode::benchmark
