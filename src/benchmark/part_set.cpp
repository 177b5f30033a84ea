#include "benchmark/part_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "dataset/samples.hpp"
#include "sandbox/item_files.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::vector<std::string> kEndings = {".py",  ".step", ".stp", ".p21", ".brep",
                                           ".brp", ".stl",  ".obj", ".ply", ".off"};

[[noreturn]] void failInput(const std::string& message) { throw Error(ErrorCode::input, "ValueError", message); }

// Calls `take` with the object, id and program of every line.
template <class Take>
void readLines(const std::string& path, const Take& take) {
  std::istringstream lines(readFile(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("id") || !json.contains("script") || !json["script"].is_string()) {
      failInput(fmt::format("{} line {}: no object with \"id\" and a text \"script\"", path, number));
    }
    take(json, json["id"].is_string() ? json["id"].get<std::string>() : json["id"].dump(), number);
  }
}

std::vector<PartFile> filesBelow(const std::string& folder) {
  std::vector<PartFile> parts;
  for (const sandbox::Input& input : sandbox::listInputs({folder}, kEndings)) {
    parts.push_back({comparableId(input.id), input.path, std::nullopt});
  }
  return parts;
}

void requireDistinct(const std::vector<PartFile>& sorted) {
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                        [](const PartFile& a, const PartFile& b) { return a.id == b.id; });
  if (twice == sorted.end()) return;
  failInput(fmt::format("{} and {}: two parts of the id '{}'", twice->path, std::next(twice)->path, twice->id));
}

References fromDataSet(const DataOptions& options) {
  const bool gallery = options.type == "fusion360" || !options.splitFile.empty() ||
                       (options.type == "auto" && fs::exists(fs::path(options.path) / "train_test.json"));
  const std::string split = !options.split.empty() ? options.split : gallery ? "test" : "val";
  const dataset::SampleList list = dataset::readSamples(options.path, split, {.splitFile = options.splitFile});
  References references;
  for (const dataset::Sample& sample : list.samples) references.parts.push_back({sample.id, sample.scriptPath, {}});
  for (const std::string& id : list.missing) references.leftOut[id] = "named by " + list.source + ", but not there";
  for (const std::string& id : list.excluded) references.leftOut[id] = "named by the data set's error_samples.json";
  return references;
}

void readInferenceResults(const fs::path& file, Model& model) {
  const Json document = Json::parse(readFile(file.string()), nullptr, false);
  if (!document.is_object() || !document.contains("results") || !document["results"].is_array()) return;
  for (const Json& record : document["results"]) {
    if (!record.is_object() || !record.contains("id") || !record["id"].is_string()) continue;
    const std::string id = comparableId(record["id"]);
    if (!model.predictions.contains(id)) {
      const Json error = record.value("error", Json::object());
      model.reasons[id] = record.value("status", "no program") + ": " + error.value("message", "");
    }
    if (record.contains("program_frame")) {
      const Json& frame = record["program_frame"];
      model.frames[id] = {frame.at("origin").get<cloud::Point>(), frame.at("unit").get<double>()};
    }
  }
}

void add(Model& model, PartFile part) {
  const auto [place, isNew] = model.predictions.emplace(part.id, part);
  if (!isNew) {
    failInput(fmt::format("{} and {}: two predictions of the id '{}'", place->second.path, part.path, part.id));
  }
}

std::vector<Model> modelsOfLines(const std::string& path) {
  std::map<std::string, Model> byRole;
  readLines(path, [&](const Json& json, const std::string& id, int number) {
    std::string role;
    for (const char* key : {"role", "model"}) {
      if (json.contains(key) && json[key].is_string()) role = json[key];
    }
    Model& model = byRole[role];
    model.path = role.empty() ? path : path + "/" + role;
    add(model, {comparableId(id), fmt::format("{}:{}", path, number), json["script"].get<std::string>()});
  });
  if (byRole.empty()) failInput(path + ": there are no programs in this file");
  std::vector<Model> models;
  for (auto& [role, model] : byRole) models.push_back(std::move(model));
  return models;
}

}  // namespace

std::string PartFile::bytes() const { return script ? *script : readFile(path); }

std::string PartFile::name() const { return script ? path + ".py" : path; }

std::string comparableId(std::string id) {
  std::replace(id.begin(), id.end(), '/', '_');
  return id;
}

References readReferences(const DataOptions& options) {
  References references;
  std::error_code error;
  if (!fs::exists(options.path, error)) {
    throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("no such file or folder: '{}'", options.path));
  }
  if (!fs::is_directory(options.path, error)) {
    readLines(options.path, [&](const Json& json, const std::string& id, int number) {
      references.parts.push_back(
          {comparableId(id), fmt::format("{}:{}", options.path, number), json["script"].get<std::string>()});
    });
  } else if (options.type == "legacy" || options.type == "fusion360" ||
             (options.type == "auto" &&
              (!options.split.empty() || fs::exists(fs::path(options.path) / "train_test.json")))) {
    references = fromDataSet(options);
  } else {
    references.parts = filesBelow(options.path);
  }
  std::sort(references.parts.begin(), references.parts.end(),
            [](const PartFile& a, const PartFile& b) { return a.id < b.id; });
  requireDistinct(references.parts);
  if (references.parts.empty()) failInput(options.path + ": there are no parts to compare with");
  if (options.count > 0 && options.count < references.parts.size()) {
    Random random = Random(options.seed).split("samples");
    random.shuffle(references.parts);
    references.parts.resize(options.count);
    std::sort(references.parts.begin(), references.parts.end(),
              [](const PartFile& a, const PartFile& b) { return a.id < b.id; });
  }
  return references;
}

std::vector<Model> readPredictions(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("no such file or folder: '{}'", path));
  }
  if (!fs::is_directory(path, error)) return modelsOfLines(path);
  Model model;
  model.path = path;
  std::string folder = path;
  for (const char* part : {"generated_code", "generated_step"}) {
    const fs::path inside = fs::path(path) / part;
    if (fs::is_directory(inside, error) && !fs::is_empty(inside)) {
      folder = inside.string();
      break;
    }
  }
  for (PartFile& part : filesBelow(folder)) add(model, std::move(part));
  for (const char* file : {"results/inference_results.json", "inference_results.json"}) {
    if (fs::exists(fs::path(path) / file, error)) readInferenceResults(fs::path(path) / file, model);
  }
  return {std::move(model)};
}

void nameModels(std::vector<Model>& models) {
  std::vector<std::vector<std::string>> parts;  // of each path, the last first
  for (const Model& model : models) {
    std::vector<std::string> names;
    for (const fs::path& part : fs::weakly_canonical(model.path)) {
      if (part.string() != "/" && !part.empty()) names.push_back(sandbox::safePath(part.string()));
    }
    std::reverse(names.begin(), names.end());
    if (names.empty()) names.push_back("model");
    parts.push_back(std::move(names));
  }
  auto nameOf = [&](std::size_t i, std::size_t length) {
    std::string name;
    for (std::size_t k = std::min(length, parts[i].size()); k-- > 0;) name += (name.empty() ? "" : "__") + parts[i][k];
    return name;
  };
  for (std::size_t i = 0; i < models.size(); ++i) {
    std::size_t length = 1;
    auto shared = [&] {
      for (std::size_t j = 0; j < models.size(); ++j) {
        if (j != i && nameOf(j, length) == nameOf(i, length)) return true;
      }
      return false;
    };
    while (length < parts[i].size() && shared()) ++length;
    models[i].name = nameOf(i, length);
  }
  std::set<std::string> taken;
  for (Model& model : models) {
    const std::string name = model.name;
    for (int copy = 2; !taken.insert(model.name).second; ++copy) model.name = fmt::format("{}_{}", name, copy);
  }
}

}  // namespace cadrecode::benchmark
