#include "benchmark/bench_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "benchmark/report.hpp"
#include "core/append_log.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSettings = "settings.json";
constexpr const char* kRows = "rows.jsonl";

using RowKey = std::pair<std::string, std::string>;  // model, id
using Rows = std::map<RowKey, Json>;

Json settingsOf(const BenchOptions& options, const References& references, const std::vector<Model>& models) {
  const metrics::CompareOptions& compare = options.score.compare;
  Json settings;
  // What decides about a row:
  settings["profile"] = metrics::nameOf(compare.profile);
  settings["metric_points"] = compare.points;
  settings["seed"] = compare.seed;
  settings["align"] = compare.alignment ? metrics::nameOf(*compare.alignment) : "profile";
  settings["voxels"] = compare.voxels;
  settings["emd_points"] = compare.earthMoverPoints;
  settings["timeout"] = options.score.limits.wallSeconds;
  settings["memory"] = options.score.limits.memoryBytes;
  settings["stl"] = options.score.stl;
  settings["step"] = options.score.step;
  settings["code"] = options.score.code;
  settings["times"] = options.score.times;
  // and which rows there are:
  Json& run = settings["run"];
  run["command"] = options.command;
  run["data"] = options.data.path;
  run["split"] = options.data.split;
  run["references"] = references.parts.size();
  run["ids"] = Json::array();
  for (const PartFile& part : references.parts) run["ids"].push_back(part.id);
  run["references_left_out"] = references.leftOut;
  run["models"] = Json::array();
  for (const Model& model : models) {
    Json unmatched = Json::array();
    for (const auto& [id, file] : model.predictions) {
      const bool known = std::binary_search(references.parts.begin(), references.parts.end(), PartFile{id, {}, {}},
                                            [](const PartFile& a, const PartFile& b) { return a.id < b.id; });
      if (!known) unmatched.push_back(id);
    }
    run["models"].push_back(
        {{"name", model.name}, {"path", model.path}, {"kind", model.kind}, {"without_reference", unmatched}});
  }
  return settings;
}

void prepareFolder(const BenchOptions& options, const Json& settings) {
  const fs::path folder = options.score.folder;
  makeFolder(folder.string());
  const fs::path file = folder / kSettings;
  if (options.overwrite) {
    fs::remove(folder / kRows);
  } else if (fs::exists(file)) {
    const Json before = Json::parse(readFile(file.string()), nullptr, false);
    std::string differing;
    for (const auto& [key, value] : settings.items()) {
      if (key != "run" && (!before.is_object() || !before.contains(key) || before[key] != value)) {
        differing += (differing.empty() ? "" : ", ") + key;
      }
    }
    if (!differing.empty()) {
      throw Error(ErrorCode::usage, "UsageError",
                  fmt::format("'{}' holds a run with other settings ({}); choose another folder or --overwrite",
                              folder.string(), differing));
    }
  }
  writeFileAtomically(file.string(), settings.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Rows parseRows(const std::vector<std::string>& lines) {
  Rows rows;
  for (const std::string& line : lines) {
    Json row = Json::parse(line, nullptr, false);
    if (!row.is_object() || !row.contains("id") || !row.contains("model")) continue;
    const RowKey key{row["model"], row["id"]};
    rows[key] = std::move(row);
  }
  return rows;
}

// The rows of the run in order of models and ids.
std::vector<Json> ordered(Rows& rows, const Json& settings) {
  std::vector<Json> list;
  for (const Json& model : settings["run"]["models"]) {
    for (const Json& id : settings["run"]["ids"]) {
      const auto found = rows.find({model["name"], id});
      if (found != rows.end()) list.push_back(std::move(found->second));
    }
  }
  return list;
}

// The parts with rows to be made, given out to threads one at a time.
class Work {
 public:
  struct Item {
    const PartFile* part;
    std::vector<const Model*> models;
  };

  Work(const References& references, const std::vector<Model>& models, const Rows& known) {
    for (const PartFile& part : references.parts) {
      Item item{&part, {}};
      for (const Model& model : models) {
        const auto row = known.find({model.name, part.id});
        if (row == known.end() || row->second.value("source", "") != sourceOf(part, model)) {
          item.models.push_back(&model);
        } else {
          ++known_;
        }
      }
      if (!item.models.empty()) items_.push_back(std::move(item));
    }
  }

  std::size_t known() const { return known_; }
  const Item* next() {
    const std::size_t index = next_++;
    return index < items_.size() ? &items_[index] : nullptr;
  }

 private:
  std::vector<Item> items_;
  std::size_t known_ = 0;
  std::atomic<std::size_t> next_{0};
};

}  // namespace

BenchOutcome runBench(const BenchOptions& options, const References& references, const std::vector<Model>& models,
                      const std::function<void()>& done, const std::atomic<bool>& stop) {
  const Json settings = settingsOf(options, references, models);
  prepareFolder(options, settings);
  AppendLog log((fs::path(options.score.folder) / kRows).string());
  removeTemporaryFiles(options.score.folder);
  Rows rows = parseRows(log.lines());
  Work work(references, models, rows);
  for (std::size_t i = 0; i < work.known(); ++i) done();

  std::vector<std::unique_ptr<Scorer>> scorers;
  for (int job = 0; job < options.jobs; ++job) scorers.push_back(std::make_unique<Scorer>(options.score));
  std::mutex mutex;
  std::exception_ptr failure;
  auto serve = [&](Scorer& scorer) {
    try {
      while (!stop) {
        const Work::Item* item = work.next();
        if (!item) return;
        std::vector<Json> made = scorer.score(*item->part, item->models);
        const std::lock_guard lock(mutex);
        if (failure) return;
        for (Json& row : made) {
          log.append(sandbox::dumpJson(row));
          const RowKey key{row["model"], row["id"]};
          rows[key] = std::move(row);
          done();
        }
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t job = 1; job < scorers.size(); ++job) threads.emplace_back(serve, std::ref(*scorers[job]));
    serve(*scorers[0]);
  }
  if (failure) std::rethrow_exception(failure);

  BenchOutcome outcome;
  outcome.known = work.known();
  outcome.interrupted = stop;
  const std::vector<Json> list = ordered(rows, settings);
  outcome.rows = list.size();
  for (const Json& row : list) outcome.failed += row["status"] != "ok";
  if (!outcome.interrupted) writeReportFiles(options.score.folder, settings, list, options.page);
  return outcome;
}

void writeReports(const std::string& folder, const PageLimits& page) {
  const fs::path settingsFile = fs::path(folder) / kSettings, rowsFile = fs::path(folder) / kRows;
  if (!fs::exists(settingsFile) || !fs::exists(rowsFile)) {
    throw Error(ErrorCode::input, "FileNotFoundError", folder + ": there is no benchmark in this folder");
  }
  const Json settings = Json::parse(readFile(settingsFile.string()), nullptr, false);
  if (!settings.is_object() || !settings.contains("run")) {
    throw Error(ErrorCode::input, "ValueError", settingsFile.string() + ": is damaged");
  }
  AppendLog log(rowsFile.string());
  Rows rows = parseRows(log.lines());
  writeReportFiles(folder, settings, ordered(rows, settings), page);
}

}  // namespace cadrecode::benchmark
