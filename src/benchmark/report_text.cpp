#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "benchmark/report.hpp"
#include "metrics/figures.hpp"

namespace cadrecode::benchmark {
namespace {

using metrics::Figure;

// Text for one cell of a Markdown table.
std::string cell(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string number(const Json& value, const char* absent = "–") {
  return value.is_number() ? fmt::format("{:.4g}", value.get<double>()) : absent;
}

std::string probability(const Json& value) {
  if (!value.is_number()) return "–";
  const double p = value.get<double>();
  return p < 1e-4 ? "< 0.0001" : fmt::format("{:.4f}", p);
}

// "mean [low, high], median m (q1–q3)"; what is absent is left out, never 0.
std::string spread(const Json& s) {
  if (s["count"] == 0) return "–";
  std::string text;
  if (s.contains("mean")) {
    text = fmt::format("{} ± {}", number(s["mean"]), number(s["standard_error"]));
    if (s.contains("mean_interval_95")) {
      text += fmt::format(" [{}, {}]", number(s["mean_interval_95"][0]), number(s["mean_interval_95"][1]));
    }
    text += "; ";
  }
  return text + fmt::format("{} ({}–{})", number(s["median"], "∞"), number(s["quartiles"][0], "∞"),
                            number(s["quartiles"][1], "∞"));
}

std::string figureTable(const Json& report, const char* set) {
  std::string head = "| figure |", rule = "|---|";
  for (const Json& model : report["models"]) {
    head += fmt::format(" {} |", cell(model["name"]));
    rule += "---|";
  }
  std::string text = head + "\n" + rule + "\n";
  for (const Figure& figure : metrics::kFigures) {
    text += fmt::format("| {} {} |", figure.title, figure.higherIsBetter ? "↑" : "↓");
    for (const Json& model : report["models"]) text += fmt::format(" {} |", spread(model[set][figure.key]));
    text += "\n";
  }
  return text + "\n";
}

std::string pairTable(const Json& pair) {
  std::string text =
      fmt::format("### {} against {}\n\n", cell(pair["a"]), cell(pair["b"])) +
      fmt::format(
          "| figure | pairs | {0} better | {1} better | equal | mean difference [95 %] | p (Wilcoxon) | p (signs) "
          "| with failures: {0} / {1} / equal |\n|---|---|---|---|---|---|---|---|---|\n",
          cell(pair["a"]), cell(pair["b"]));
  for (const Figure& figure : metrics::kFigures) {
    const Json& f = pair["figures"][figure.key];
    const std::string difference =
        f.contains("mean_difference")
            ? fmt::format("{} [{}, {}]", number(f["mean_difference"]), number(f["mean_difference_interval_95"][0]),
                          number(f["mean_difference_interval_95"][1]))
            : "–";
    const Json& all = f["with_failures"];
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} / {} / {} |\n", figure.title, f["pairs"].dump(),
                        f["a_better"].dump(), f["b_better"].dump(), f["equal"].dump(), difference,
                        probability(f.value("p_wilcoxon", Json())), probability(f.value("p_sign", Json())),
                        all["a_better"].dump(), all["b_better"].dump(), all["equal"].dump());
  }
  return text + "\n";
}

std::string leftOutText(const Json& report) {
  const Json& list = report["left_out"];
  if (list.empty()) return "Nothing was left out.\n";
  std::string text = "| sample | model | what | reason |\n|---|---|---|---|\n";
  for (const Json& item : list) {
    text += fmt::format("| {} | {} | {} | {} |\n", cell(item["id"]), cell(item.value("model", "all")),
                        cell(item.value("status", item.value("figure", ""))), cell(item["reason"]));
  }
  return text;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

}  // namespace

std::string markdownOf(const Json& report) {
  const Json& settings = report["settings"];
  std::string text = "# Benchmark\n\n";
  text +=
      fmt::format("{} samples of `{}`; profile {}, seed {}. cadrecode {} ({}).\n\n", report["samples"].dump(),
                  report["data"].get<std::string>(), settings["profile"].get<std::string>(), settings["seed"].dump(),
                  report["versions"]["cadrecode"].get<std::string>(), report["versions"]["commit"].get<std::string>());
  text += fmt::format("    {}\n\n", report["command"].get<std::string>());
  text += "| model | samples | ok | failed | invalid ratio | failures |\n|---|---|---|---|---|---|\n";
  for (const Json& model : report["models"]) {
    std::string failures;
    for (const auto& [status, count] : model["by_status"].items()) {
      if (status != "ok") failures += fmt::format("{}{} {}", failures.empty() ? "" : ", ", count.dump(), status);
    }
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(model["name"]), model["samples"].dump(),
                        model["ok"].dump(), model["failed"].dump(), number(model["invalid_ratio"]), failures);
  }
  text += "\nCells: mean ± standard error [95 % bootstrap interval of the mean]; median (quartiles).\n\n";
  text += fmt::format("## On the {} samples that all models solved\n\n", report["common_samples"].dump());
  text += figureTable(report, "common");
  text += "## On all samples\n\nA failure counts as 0 in shares, and as worst in the quantiles of the others.\n\n";
  text += figureTable(report, "all");
  if (!report["pairs"].empty()) {
    text +=
        "## Paired tests\n\nDifferences are the first model's figure less the second's, on samples both solved.\n\n";
    for (const Json& pair : report["pairs"]) text += pairTable(pair);
  }
  text += "## What was left out\n\n" + leftOutText(report);
  return text;
}

std::string csvOf(const std::vector<Json>& rows) {
  constexpr std::array before{"id", "model", "status", "reason"};
  constexpr std::array after{"iou_method",
                             "iou_voxel_bound",
                             "volume_reference",
                             "volume_prediction",
                             "valid_reference",
                             "valid_prediction",
                             "watertight_reference",
                             "watertight_prediction",
                             "computation_time",
                             "code_path",
                             "step_path",
                             "stl_path"};
  std::string text;
  auto line = [&](const auto& valueOf) {
    const char* separator = "";
    auto add = [&](const char* key) {
      text += separator + valueOf(key);
      separator = ",";
    };
    for (const char* key : before) add(key);
    for (const Figure& figure : metrics::kFigures) add(figure.key);
    for (const char* key : after) add(key);
    text += "\n";
  };
  line([](const char* key) { return std::string(key); });
  for (const Json& row : rows) {
    line([&](const char* key) {
      const auto found = row.find(key);
      if (found == row.end() || found->is_null()) return std::string();
      return found->is_string() ? quoted(found->get<std::string>()) : found->dump();
    });
  }
  return text;
}

}  // namespace cadrecode::benchmark
