#include "inference/output_tree.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <numeric>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::inference {

namespace {

namespace fs = std::filesystem;

constexpr const char* resultsPath = "results/inference_results.json";
constexpr const char* statisticsPath = "results/statistics.json";
constexpr const char* settingsPath = "results/settings.json";
constexpr const char* recordsPath = "results/records.jsonl";

}  // namespace

OutputTree::OutputTree(const std::string& folder, const Json& settings, bool overwrite)
    : folder_(folder), settings_(settings) {
  for (const char* part : {"generated_code", "generated_stl", "generated_step", "results"}) {
    makeFolder((fs::path(folder) / part).string());
  }
  const std::string settingsFile = (fs::path(folder) / settingsPath).string();
  const std::string recordsFile = (fs::path(folder) / recordsPath).string();
  if (overwrite) {
    for (const char* file : {resultsPath, statisticsPath, recordsPath, settingsPath})
      fs::remove(fs::path(folder) / file);
  }
  if (fs::exists(settingsFile)) {
    const Json before = Json::parse(readFile(settingsFile), nullptr, false);
    if (before != settings) {
      std::string differing;
      for (const auto& [key, value] : settings.items()) {
        if (!before.is_object() || !before.contains(key) || before.at(key) != value) {
          differing += (differing.empty() ? "" : ", ") + key;
        }
      }
      throw Error(ErrorCode::usage, "UsageError",
                  fmt::format("'{}' holds a run with other settings ({}); choose another folder or --overwrite", folder,
                              differing));
    }
  } else {
    if (fs::exists(recordsFile)) fs::remove(recordsFile);
    writeFileAtomically(settingsFile, settings.dump(1) + "\n");
  }
  log_.emplace(recordsFile);
  removeTemporaryFiles(folder);
  for (const std::string& line : log_->lines()) {
    Json record = Json::parse(line, nullptr, false);
    if (!record.is_object() || !record.contains("id") || !record["id"].is_string()) continue;
    const std::string id = record["id"];
    records_[id] = std::move(record);
  }
}

void OutputTree::write(const std::string& id, Json record, const std::string& script,
                       const sandbox::TaskResult& result) {
  auto writeFile = [&](const char* key, const std::string& path, const std::string& bytes) {
    if (bytes.empty()) return;
    writeFileAtomically((fs::path(folder_) / path).string(), bytes);
    record[key] = path;
  };
  writeFile("code_path", "generated_code/" + id + ".py", script);
  writeFile("stl_path", "generated_stl/" + id + ".stl", result.stl);
  writeFile("step_path", "generated_step/" + id + ".step", result.step);
  log_->append(sandbox::dumpJson(record));
  records_[id] = std::move(record);
}

std::map<std::string, std::uint64_t> OutputTree::finish(const std::vector<std::string>& ids, const Json& timing) {
  std::map<std::string, std::uint64_t> counts;
  Json results = Json::array();
  std::uint64_t tokens = 0, notEnded = 0;
  for (const std::string& id : ids) {
    const auto found = records_.find(id);
    if (found == records_.end()) continue;
    const Json& record = found->second;
    ++counts[record.value("status", "")];
    tokens += record.value("tokens", std::uint64_t{0});
    notEnded += record.value("ended", true) ? 0 : 1;
    results.push_back(record);
  }
  const std::size_t total = results.size();
  const std::uint64_t ok = counts.contains("ok") ? counts.at("ok") : 0;
  const Json document = {{"settings", settings_}, {"results", std::move(results)}};
  writeFileAtomically((fs::path(folder_) / resultsPath).string(),
                      document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  Json statistics;
  statistics["expected"] = ids.size();
  statistics["total"] = total;
  statistics["successful"] = ok;
  statistics["success_rate"] = total == 0 ? Json() : Json(static_cast<double>(ok) / static_cast<double>(total));
  statistics["by_status"] = counts;
  statistics["not_ended"] = notEnded;
  statistics["tokens"] = tokens;
  statistics["this_run"] = timing;
  writeFileAtomically((fs::path(folder_) / statisticsPath).string(), statistics.dump(1) + "\n");
  return counts;
}

}  // namespace cadrecode::inference
