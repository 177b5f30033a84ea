#include "metrics/pair_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::metrics {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failInput(const std::string& message) { throw Error(ErrorCode::input, "ValueError", message); }

// Path below the folder without its ending, and the file.
std::map<std::string, std::string> filesBelow(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), folder).replace_extension().string();
    if (!files.emplace(name, entry.path().string()).second) {
      failInput(folder + ": two files are named '" + name + "' but for the ending; one of them has to go");
    }
  }
  if (files.empty()) failInput(folder + ": there are no files in this folder");
  return files;
}

// One line of CSV: fields may stand in double quotes, with "" for a quote.
std::vector<std::string> csvFields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

std::vector<PairFiles> pairsOfFolders(const std::string& references, const std::string& predictions) {
  const std::map<std::string, std::string> first = filesBelow(references), second = filesBelow(predictions);
  std::vector<PairFiles> pairs;
  for (const auto& [id, path] : first) {
    const auto found = second.find(id);
    pairs.push_back({id, path, found == second.end() ? "" : found->second});
  }
  return pairs;
}

std::vector<PairFiles> readPairsFile(const std::string& path) {
  std::istringstream lines(readFile(path));
  const fs::path folder = fs::path(path).parent_path();
  const bool csv = fs::path(path).extension() == ".csv";
  std::vector<PairFiles> pairs;
  std::vector<std::string> header;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string place = path + " line " + std::to_string(number) + ": ";
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::map<std::string, std::string> values;
    if (csv) {
      const std::vector<std::string> fields = csvFields(line);
      if (header.empty()) {
        header = fields;
        for (const char* name : {"reference", "prediction"}) {
          if (std::find(header.begin(), header.end(), name) == header.end()) {
            failInput(place + "the header has no column '" + name + "'");
          }
        }
        continue;
      }
      if (fields.size() != header.size()) failInput(place + "another number of columns than the header");
      for (std::size_t i = 0; i < fields.size(); ++i) values[header[i]] = fields[i];
    } else {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      if (!json.is_object()) failInput(place + "not a JSON object");
      for (const char* name : {"reference", "prediction", "id"}) {
        if (json.contains(name) && json[name].is_string()) values[name] = json[name];
      }
      if (!values.count("reference") || !values.count("prediction")) {
        failInput(place + "needs \"reference\" and \"prediction\"");
      }
    }
    auto resolved = [&](const std::string& name) {
      return name.empty() || fs::path(name).is_absolute() ? name : (folder / name).string();
    };
    const std::string id =
        values["id"].empty() ? fs::path(values["reference"]).replace_extension().string() : values["id"];
    pairs.push_back({id, resolved(values["reference"]), resolved(values["prediction"])});
  }
  if (pairs.empty()) failInput(path + ": there are no pairs in this file");
  return pairs;
}

PairRunner::PairRunner(CompareOptions options, const sandbox::Limits& limits)
    : options_(std::move(options)), pool_({.workers = 1, .limits = limits}, {}), brep_(limits) {}

Comparison PairRunner::run(const sandbox::Part& reference, const sandbox::Part& prediction) {
  return compare(reference, prediction, options_, &brep_);
}

PairResult PairRunner::run(const PairFiles& pair) {
  PairResult result;
  sandbox::Part parts[2];
  for (const bool isPrediction : {false, true}) {
    const std::string& path = isPrediction ? pair.prediction : pair.reference;
    try {
      if (path.empty()) failInput("there is no file for '" + pair.id + "'");
      parts[isPrediction] = sandbox::readPart(pool_, path, {.brep = true});
    } catch (const Error& error) {
      result.error = error.what();
      result.failed = isPrediction ? "prediction" : "reference";
      return result;
    }
  }
  try {
    result.comparison = run(parts[0], parts[1]);
  } catch (const Error& error) {
    result.error = error.what();
  }
  return result;
}

nlohmann::ordered_json rowOf(const PairFiles& pair, const PairResult& result) {
  nlohmann::ordered_json row{{"id", pair.id}, {"reference", pair.reference}, {"prediction", pair.prediction}};
  row["status"] = result.comparison ? "ok" : "failed";
  if (result.comparison) {
    row.update(toJson(*result.comparison));
  } else {
    row["error"] = result.error;
    if (!result.failed.empty()) row["failed"] = result.failed;
  }
  return row;
}

}  // namespace cadrecode::metrics
