#include "dataset/index_files.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "dataset/samples.hpp"

namespace cadrecode::dataset {

namespace fs = std::filesystem;

IndexReport writeIndexFiles(const std::string& root, const std::vector<std::string>& splits, bool overwrite) {
  IndexReport report;
  auto merged = nlohmann::ordered_json::array();
  auto write = [&](const fs::path& path, const nlohmann::ordered_json& rows) {
    if (fs::exists(path) && !overwrite) {
      report.kept.push_back(path.string());
      return;
    }
    writeFileAtomically(path.string(), rows.dump(2) + "\n");
    report.written.push_back(path.string());
  };
  for (const std::string& split : splits) {
    const bool gallery = fs::exists(fs::path(root) / "train_test.json");
    if (!gallery && !fs::is_directory(fs::path(root) / split)) {
      report.absent.push_back(split);
      continue;
    }
    const SampleList list = readSamples(root, split, {.useIndex = false});
    auto rows = nlohmann::ordered_json::array();
    for (const Sample& sample : list.samples) {
      rows.push_back({{"sample_id", sample.id},
                      {"code_path", sample.scriptPath},
                      {"relative_path", sample.relativePath},
                      {"split", split}});
    }
    report.splits.push_back({split, list.samples.size(), list.excluded, list.missing});
    if (rows.empty()) continue;
    write(fs::path(root) / (split + "_index.json"), rows);
    merged.insert(merged.end(), rows.begin(), rows.end());
  }
  if (merged.empty()) throw Error(ErrorCode::input, "ValueError", root + ": no samples in any of the splits");
  write(fs::path(root) / "index.json", merged);
  return report;
}

}  // namespace cadrecode::dataset
