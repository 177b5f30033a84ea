#include "cli/output_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

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

void writeBelow(const std::string& folder, const std::string& id, const char* ending, const std::string& bytes) {
  if (folder.empty() || bytes.empty()) return;
  fs::path path = fs::path(folder) / (safePath(id) + ending);
  makeFolder(path.parent_path().string());
  writeFileAtomically(path.string(), bytes);
}

}  // namespace

std::string safePath(const std::string& id) {
  std::string safe, part;
  auto endPart = [&] {
    // No part may be empty, hidden or lead upwards.
    if (part.empty()) return;
    if (part.front() == '.') part.front() = '_';
    if (part.size() > 200) part.resize(200);
    safe += (safe.empty() ? "" : "/") + part;
    part.clear();
  };
  for (char c : id) {
    auto code = static_cast<unsigned char>(c);
    if (c == '/') {
      endPart();
    } else {
      bool plain = code >= 0x80 || std::isalnum(code) || std::string_view("._-+#=@ ").find(c) != std::string_view::npos;
      part += plain ? c : '_';
    }
  }
  endPart();
  return safe.empty() ? "_" : safe;
}

void checkOutputs(const OutputOptions& outputs, bool several) {
  if (outputs.file.empty()) return;
  if (several) {
    throw Error(ErrorCode::usage, "UsageError",
                "-o names one file; for several scripts use --step-dir, --stl-dir or --brep-dir");
  }
  if (kindOf(outputs.file) == Kind::unknown) {
    throw Error(ErrorCode::usage, "UsageError",
                fmt::format("'{}' ends in none of .step .stp .stl .brep .json .py-json", outputs.file));
  }
}

void requestOutputs(const OutputOptions& outputs, sandbox::Task& task) {
  const Kind kind = outputs.file.empty() ? Kind::unknown : kindOf(outputs.file);
  task.step = kind == Kind::step || !outputs.stepFolder.empty();
  task.stl = kind == Kind::stl || !outputs.stlFolder.empty();
  task.brep = kind == Kind::brep || !outputs.brepFolder.empty();
}

void writeOutputs(const OutputOptions& outputs, const sandbox::Item& item, const sandbox::TaskResult& result) {
  if (!outputs.file.empty()) {
    const Kind kind = kindOf(outputs.file);
    const std::string& bytes = kind == Kind::step ? result.step : kind == Kind::stl ? result.stl : result.brep;
    if (kind == Kind::json || kind == Kind::scriptJson) {
      writeFileAtomically(outputs.file, record(item, result, kind == Kind::scriptJson));
    } else if (bytes.empty()) {
      throw Error("ValueError", fmt::format("'{}' is not written: the result holds no {}", outputs.file,
                                            kind == Kind::stl ? "faces" : "shape"));
    } else {
      writeFileAtomically(outputs.file, bytes);
    }
  }
  writeBelow(outputs.stepFolder, item.id, ".step", result.step);
  writeBelow(outputs.stlFolder, item.id, ".stl", result.stl);
  writeBelow(outputs.brepFolder, item.id, ".brep", result.brep);
}

}  // namespace cadrecode::cli
