#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "metrics/figures.hpp"
#include "metrics/pair_files.hpp"
#include "metrics/statistics.hpp"

namespace cadrecode::metrics {
namespace {

using Json = nlohmann::ordered_json;

Json figureOf(const std::vector<Json>& rows, const char* key) {
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
  Json figure = toJson(spreadOf(std::move(values)));
  if (!without.empty()) figure["without"] = without;
  return figure;
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
  for (const Figure& figure : kFigures) figures[figure.key] = figureOf(rows, figure.key);
  figures["computation_time"] = figureOf(rows, "computation_time");
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
