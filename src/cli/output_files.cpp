#include "cli/output_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

namespace fs = std::filesystem;

enum class Kind { step, stl, brep, json, scriptJson, unknown };

Kind kindOf(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".step" || ending == ".stp") return Kind::step;
  if (ending == ".stl") return Kind::stl;
  if (ending == ".brep") return Kind::brep;
  if (ending == ".json") return Kind::json;
  if (ending == ".py-json") return Kind::scriptJson;
  return Kind::unknown;
}

std::string record(const sandbox::Item& item, const sandbox::TaskResult& result, bool withScript) {
  sandbox::Json json = {{"id", item.id}};
  if (withScript) json["script"] = item.task.text;
  json.update(sandbox::toJson(result));
  return sandbox::dumpJson(json) + "\n";
}

void writeBelow(const std::string& folder, const std::string& name, const char* ending, const std::string& bytes) {
  if (folder.empty() || bytes.empty()) return;
  const fs::path path = fs::path(folder) / (name + ending);
  makeFolder(path.parent_path().string());
  writeFileAtomically(path.string(), bytes);
}

}  // namespace

OutputFiles::OutputFiles(OutputOptions options, bool several) : options_(std::move(options)) {
  if (options_.file.empty()) return;
  if (several) {
    throw Error(ErrorCode::usage, "UsageError",
                "-o names one file; for several items use --step-dir, --stl-dir or --brep-dir");
  }
  if (kindOf(options_.file) == Kind::unknown) {
    throw Error(ErrorCode::usage, "UsageError",
                fmt::format("'{}' ends in none of .step .stp .stl .brep .json .py-json", options_.file));
  }
}

void OutputFiles::request(const OutputOptions& options, sandbox::Task& task) {
  const Kind kind = options.file.empty() ? Kind::unknown : kindOf(options.file);
  task.step = kind == Kind::step || !options.stepFolder.empty();
  task.stl = kind == Kind::stl || !options.stlFolder.empty();
  task.brep = kind == Kind::brep || !options.brepFolder.empty();
}

void OutputFiles::write(const sandbox::Item& item, const sandbox::TaskResult& result) {
  if (!options_.file.empty()) {
    const Kind kind = kindOf(options_.file);
    const std::string& bytes = kind == Kind::step ? result.step : kind == Kind::stl ? result.stl : result.brep;
    if (kind == Kind::json || kind == Kind::scriptJson) {
      writeFileAtomically(options_.file, record(item, result, kind == Kind::scriptJson));
    } else if (bytes.empty()) {
      throw Error("ValueError", fmt::format("'{}' is not written: the result holds no {}", options_.file,
                                            kind == Kind::stl ? "faces" : "shape"));
    } else {
      writeFileAtomically(options_.file, bytes);
    }
  }
  if (options_.stepFolder.empty() && options_.stlFolder.empty() && options_.brepFolder.empty()) return;
  const std::string name = paths_.distinct(sandbox::safePath(item.id));
  writeBelow(options_.stepFolder, name, ".step", result.step);
  writeBelow(options_.stlFolder, name, ".stl", result.stl);
  writeBelow(options_.brepFolder, name, ".brep", result.brep);
}

}  // namespace cadrecode::cli
