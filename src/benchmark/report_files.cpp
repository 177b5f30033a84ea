#include <array>
#include <filesystem>

#include "benchmark/report.hpp"
#include "core/files.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  makeFolder(path.parent_path().string());
  writeFileAtomically(path.string(), text);
}

std::string dump(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

// What became of each program, under the original's keys, and the figures of those that could be measured.
void writeModelFiles(const fs::path& folder, const Json& model, const std::vector<Json>& rows) {
  Json results = Json::array(), metrics = Json::array();
  for (const Json& row : rows) {
    if (row["model"] != model["name"]) continue;
    Json result{{"sample_id", row["id"]}, {"success", row["status"] == "ok"}};
    for (const char* key : {"status", "reason", "code_path", "step_path", "stl_path", "execution_time"}) {
      if (row.contains(key)) result[key] = row[key];
    }
    results.push_back(std::move(result));
    if (row["status"] == "ok") metrics.push_back(row);
  }
  const Json inference{
      {"model", model["name"]},    {"path", model["path"]},           {"total_samples", model["samples"]},
      {"successful", model["ok"]}, {"by_status", model["by_status"]}, {"results", std::move(results)}};
  write(folder / "inference_results.json", dump(inference));
  write(folder / "detailed_metrics.json", dump(metrics));
}

}  // namespace

void writeReportFiles(const std::string& folder, const Json& settings, const std::vector<Json>& rows,
                      const PageLimits& page) {
  const fs::path root = folder;
  const Json report = summaryOf(rows, settings);
  for (const Json& model : report["models"]) {
    writeModelFiles(root / "results" / model["name"].get<std::string>(), model, rows);
  }
  write(root / "rows.csv", csvOf(rows));
  write(root / "benchmark_report.md", markdownOf(report));
  write(root / "report.html", pageOf(folder, report, settings, rows, page));
  write(root / "benchmark_report.json", dump(report));
}

}  // namespace cadrecode::benchmark
