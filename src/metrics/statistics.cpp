#include "metrics/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace cadrecode::metrics {

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double part = at - static_cast<double>(below);
  if (part == 0 || std::isinf(sorted[below])) return sorted[below];
  return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

Spread spreadOf(std::vector<double> values) {
  Spread spread;
  spread.count = values.size();
  if (values.empty()) return spread;
  std::sort(values.begin(), values.end());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const auto n = static_cast<double>(values.size());
  spread.mean = sum / n;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  spread.standardError = spread.deviation / std::sqrt(n);
  spread.least = values.front();
  spread.lowerQuartile = quantile(values, 0.25);
  spread.median = quantile(values, 0.5);
  spread.upperQuartile = quantile(values, 0.75);
  spread.most = values.back();
  return spread;
}

nlohmann::ordered_json toJson(const Spread& spread) {
  nlohmann::ordered_json json{{"count", spread.count}};
  if (spread.count == 0) return json;
  json["mean"] = spread.mean;
  json["std"] = spread.deviation;
  json["standard_error"] = spread.standardError;
  json["median"] = spread.median;
  json["quartiles"] = {spread.lowerQuartile, spread.upperQuartile};
  json["min"] = spread.least;
  json["max"] = spread.most;
  return json;
}

}  // namespace cadrecode::metrics
