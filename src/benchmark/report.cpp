#include "benchmark/report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "benchmark/paired_test.hpp"
#include "core/random.hpp"
#include "core/version.hpp"
#include "metrics/figures.hpp"
#include "metrics/statistics.hpp"

namespace cadrecode::benchmark {
namespace {

using metrics::Figure;

constexpr double kConfidence = 0.95;

bool succeeded(const Json& row) { return row["status"] == "ok"; }

std::optional<double> valueOf(const Json& row, const Figure& figure) {
  const auto found = row.find(figure.key);
  return found != row.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

// The rows of one model by id.
struct ModelRows {
  std::string name;
  std::map<std::string, const Json*> rows;
};

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json spreadJson(const std::vector<double>& values, const Random& random) {
  Json json = metrics::toJson(metrics::spreadOf(values));
  if (!values.empty()) {
    Random own = random;
    const Interval interval = bootstrapMean(values, kConfidence, own.bits());
    json["mean_interval_95"] = {interval.low, interval.high};
  }
  return json;
}

// Of the samples that count, those that failed included.
Json spreadOfAll(const ModelRows& model, const Figure& figure, const Random& random) {
  std::vector<double> values;
  const double worst = figure.share            ? 0
                       : figure.higherIsBetter ? -std::numeric_limits<double>::infinity()
                                               : std::numeric_limits<double>::infinity();
  for (const auto& [id, row] : model.rows) {
    if ((*row)["status"] == "reference_failed") continue;
    const std::optional<double> value = succeeded(*row) ? valueOf(*row, figure) : worst;
    if (value) values.push_back(*value);
  }
  if (figure.share) return spreadJson(values, random);
  Json json{{"count", values.size()}};
  if (values.empty()) return json;
  std::sort(values.begin(), values.end());
  json["median"] = finite(metrics::quantile(values, 0.5));
  json["quartiles"] = {finite(metrics::quantile(values, 0.25)), finite(metrics::quantile(values, 0.75))};
  return json;
}

template <class Counts>
Json figuresOf(const ModelRows& model, const Random& random, const Counts& counts) {
  Json json = Json::object();
  for (const Figure& figure : metrics::kFigures) {
    std::vector<double> values;
    for (const auto& [id, row] : model.rows) {
      if (!succeeded(*row) || !counts(id)) continue;
      if (const std::optional<double> value = valueOf(*row, figure)) values.push_back(*value);
    }
    json[figure.key] = spreadJson(values, random.split(figure.key));
  }
  return json;
}

Json modelJson(const Json& about, const ModelRows& model, const std::set<std::string>& common, const Random& random) {
  Json json{{"name", model.name}, {"path", about["path"]}, {"kind", about["kind"]}};
  std::map<std::string, std::size_t> byStatus;
  for (const auto& [id, row] : model.rows) ++byStatus[(*row)["status"]];
  const std::size_t ok = byStatus.contains("ok") ? byStatus["ok"] : 0;
  const std::size_t uncounted = byStatus.contains("reference_failed") ? byStatus["reference_failed"] : 0;
  const std::size_t samples = model.rows.size() - uncounted;
  json["samples"] = samples;
  json["ok"] = ok;
  json["failed"] = samples - ok;
  json["invalid_ratio"] =
      samples > 0 ? Json(static_cast<double>(samples - ok) / static_cast<double>(samples)) : Json(nullptr);
  json["references_failed"] = uncounted;
  json["by_status"] = byStatus;
  json["without_reference"] = about["without_reference"];
  json["common"] = figuresOf(model, random.split("common"), [&](const std::string& id) { return common.contains(id); });
  json["own"] = figuresOf(model, random.split("own"), [](const std::string&) { return true; });
  Json& all = json["all"] = Json::object();
  for (const Figure& figure : metrics::kFigures) {
    all[figure.key] = spreadOfAll(model, figure, random.split("all").split(figure.key));
  }
  return json;
}

// `a` and `b` on the samples where both have the figure; and who is better on all, where a failure loses.
Json pairedJson(const ModelRows& a, const ModelRows& b, const Figure& figure, const Random& random) {
  std::vector<double> differences;
  std::size_t aBetter = 0, bBetter = 0, equal = 0;
  for (const auto& [id, row] : a.rows) {
    const auto other = b.rows.find(id);
    if (other == b.rows.end() || (*row)["status"] == "reference_failed") continue;
    const std::optional<double> x = valueOf(*row, figure), y = valueOf(*other->second, figure);
    const bool xFailed = !succeeded(*row), yFailed = !succeeded(*other->second);
    if (x && y) {
      differences.push_back(*x - *y);
      ++(*x == *y ? equal : (*x > *y) == figure.higherIsBetter ? aBetter : bBetter);
    } else if (xFailed && yFailed) {
      ++equal;
    } else if (xFailed || yFailed) {
      ++(xFailed ? bBetter : aBetter);
    }
  }
  const PairedTest test = pairedTest(differences);
  Json json{{"pairs", test.pairs},
            {"a_better", figure.higherIsBetter ? test.above : test.below},
            {"b_better", figure.higherIsBetter ? test.below : test.above},
            {"equal", test.equal}};
  if (test.pairs > 0) {
    Random own = random;
    const Interval interval = bootstrapMean(differences, kConfidence, own.bits());
    json["mean_difference"] = test.meanDifference;
    json["mean_difference_interval_95"] = {interval.low, interval.high};
    json["p_sign"] = test.signP;
    json["p_wilcoxon"] = test.wilcoxonP;
  }
  json["with_failures"] = {{"a_better", aBetter}, {"b_better", bBetter}, {"equal", equal}};
  return json;
}

Json leftOut(const std::vector<Json>& rows, const Json& settings) {
  Json list = Json::array();
  for (const auto& [id, reason] : settings["run"]["references_left_out"].items()) {
    list.push_back({{"id", id}, {"status", "reference_left_out"}, {"reason", reason}});
  }
  for (const Json& row : rows) {
    if (!succeeded(row)) {
      list.push_back(
          {{"id", row["id"]}, {"model", row["model"]}, {"status", row["status"]}, {"reason", row["reason"]}});
      continue;
    }
    for (const Figure& figure : metrics::kFigures) {
      if (valueOf(row, figure)) continue;
      list.push_back({{"id", row["id"]},
                      {"model", row["model"]},
                      {"figure", figure.key},
                      {"reason", row.value("missing", Json::object()).value(figure.key, "it is no number")}});
    }
  }
  return list;
}

}  // namespace

Json summaryOf(const std::vector<Json>& rows, const Json& settings) {
  const Json& run = settings["run"];
  const Random random = Random(settings["seed"].get<std::uint64_t>()).split("bootstrap");
  std::vector<ModelRows> models;
  for (const Json& about : run["models"]) models.push_back({about["name"], {}});
  for (const Json& row : rows) {
    for (ModelRows& model : models) {
      if (row["model"] == model.name) model.rows[row["id"]] = &row;
    }
  }
  std::set<std::string> common;
  for (const Json& id : run["ids"]) {
    const bool byAll = std::all_of(models.begin(), models.end(), [&](const ModelRows& model) {
      const auto found = model.rows.find(id);
      return found != model.rows.end() && succeeded(*found->second);
    });
    if (byAll && !models.empty()) common.insert(id.get<std::string>());
  }
  Json report;
  report["versions"] = {{"cadrecode", versionNumber()}, {"commit", gitCommit()}, {"build", buildType()}};
  report["command"] = run["command"];
  report["settings"] = settings;
  report["settings"].erase("run");
  report["data"] = run["data"];
  report["split"] = run["split"];
  report["samples"] = run["ids"].size();
  report["common_samples"] = common.size();
  report["models"] = Json::array();
  for (std::size_t i = 0; i < models.size(); ++i) {
    report["models"].push_back(modelJson(run["models"][i], models[i], common, random.split(models[i].name)));
  }
  report["pairs"] = Json::array();
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = i + 1; j < models.size(); ++j) {
      Json figures = Json::object();
      const Random own = random.split(models[i].name).split(models[j].name);
      for (const Figure& figure : metrics::kFigures) {
        figures[figure.key] = pairedJson(models[i], models[j], figure, own.split(figure.key));
      }
      report["pairs"].push_back({{"a", models[i].name}, {"b", models[j].name}, {"figures", figures}});
    }
  }
  report["left_out"] = leftOut(rows, settings);
  return report;
}

}  // namespace cadrecode::benchmark
