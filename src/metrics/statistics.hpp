// What a set of values is like. Stateless, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

namespace cadrecode::metrics {

struct Spread {
  std::size_t count = 0;                              // 0: all else is meaningless
  double mean = 0, deviation = 0, standardError = 0;  // deviation with count - 1; 0 for one value
  double least = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, most = 0;
};

Spread spreadOf(std::vector<double> values);

// Between sorted values, by the rule of numpy's default; 0 <= share <= 1, at least one value.
double quantile(const std::vector<double>& sorted, double share);

// count, and where that is not 0: mean, std, standard_error, median, quartiles, min, max.
nlohmann::ordered_json toJson(const Spread& spread);

}  // namespace cadrecode::metrics
