#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metrics/pair_files.hpp"

namespace cadrecode::metrics {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 14> kFigures{"chamfer_distance",
                                               "chamfer_squared_x1000",
                                               "hausdorff_distance",
                                               "earth_mover_distance",
                                               "rms_error",
                                               "iou_brep",
                                               "iou_mesh",
                                               "iou_voxel",
                                               "iou",
                                               "matching_rate",
                                               "coverage_rate",
                                               "normal_consistency",
                                               "normal_agreement",
                                               "computation_time"};

// Between sorted values, as numpy's default does.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Json summaryOf(const std::vector<Json>& rows) {
  Json summary{{"pairs", rows.size()}};
  std::size_t failed = 0;
  double iouOfAll = 0;
  Json failures = Json::array();
  for (const Json& row : rows) {
    if (row["status"] != "ok") {
      ++failed;
      failures.push_back({{"id", row["id"]}, {"error", row["error"]}});
    } else if (row["iou"].is_number()) {
      iouOfAll += row["iou"].get<double>();
    }
  }
  const auto count = static_cast<double>(std::max<std::size_t>(rows.size(), 1));
  summary["failed"] = failed;
  summary["invalid_ratio"] = static_cast<double>(failed) / count;
  summary["iou_failures_as_0"] = iouOfAll / count;
  Json figures = Json::object();
  for (const char* key : kFigures) {
    std::vector<double> values;
    Json without = Json::array();
    for (const Json& row : rows) {
      if (row["status"] != "ok") continue;
      if (row[key].is_number()) {
        values.push_back(row[key].get<double>());
      } else {
        without.push_back({{"id", row["id"]}, {"reason", row["missing"].value(key, "")}});
      }
    }
    Json figure{{"count", values.size()}};
    if (!values.empty()) {
      std::sort(values.begin(), values.end());
      double sum = 0, squares = 0;
      for (const double value : values) sum += value;
      const auto n = static_cast<double>(values.size());
      for (const double value : values) squares += (value - sum / n) * (value - sum / n);
      const double deviation = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
      figure["mean"] = sum / n;
      figure["std"] = deviation;
      figure["standard_error"] = deviation / std::sqrt(n);
      figure["median"] = quantile(values, 0.5);
      figure["quartiles"] = {quantile(values, 0.25), quantile(values, 0.75)};
      figure["min"] = values.front();
      figure["max"] = values.back();
    }
    if (!without.empty()) figure["without"] = without;
    figures[key] = figure;
  }
  summary["figures"] = figures;
  summary["failures"] = failures;
  return summary;
}

std::string summaryText(const Json& summary) {
  std::string text =
      fmt::format("{} pairs, {} failed ({:.2f} %); mean IoU with failures as 0: {:.4f}\n",
                  summary["pairs"].get<std::size_t>(), summary["failed"].get<std::size_t>(),
                  100 * summary["invalid_ratio"].get<double>(), summary["iou_failures_as_0"].get<double>());
  text += fmt::format("{:<24}{:>8}{:>12}{:>12}{:>12}\n", "", "count", "mean", "median", "std");
  for (const auto& [key, figure] : summary["figures"].items()) {
    const auto count = figure["count"].get<std::size_t>();
    if (count == 0) {
      text += fmt::format("{:<24}{:>8}{:>12}{:>12}{:>12}\n", key, 0, "-", "-", "-");
      continue;
    }
    text += fmt::format("{:<24}{:>8}{:>12.5g}{:>12.5g}{:>12.5g}\n", key, count, figure["mean"].get<double>(),
                        figure["median"].get<double>(), figure["std"].get<double>());
  }
  for (const Json& failure : summary["failures"]) {
    text += fmt::format("failed: {}: {}\n", failure["id"].get<std::string>(), failure["error"].get<std::string>());
  }
  return text;
}

}  // namespace cadrecode::metrics
