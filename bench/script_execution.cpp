// Times whole scripts in one warm process, as ../shared/oracle's --bench does for real CadQuery: every script N times,
// the best and the median of each, then medians over the scripts. Prints one JSON object.
//   script_execution SCRIPTS.jsonl|FOLDER [runs=9] [tolerance=0.001] [angular=0.1]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cadquery/engine.hpp"
#include "solid/mesh.hpp"

namespace {

using Clock = std::chrono::steady_clock;
double milliseconds(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

std::vector<std::string> readScripts(const std::filesystem::path& source) {
  std::vector<std::string> scripts;
  if (std::filesystem::is_directory(source)) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(source)) {
      if (entry.path().extension() == ".py") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file);
      scripts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return scripts;
  }
  std::ifstream in(source);
  for (std::string line; std::getline(in, line);) scripts.push_back(nlohmann::json::parse(line)["script"]);
  return scripts;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: script_execution SCRIPTS.jsonl|FOLDER [runs] [tolerance] [angular]\n";
    return 2;
  }
  const std::vector<std::string> scripts = readScripts(argv[1]);
  const int runs = argc > 2 ? std::atoi(argv[2]) : 9;
  const double tolerance = argc > 3 ? std::atof(argv[3]) : 0.001;
  const double angular = argc > 4 ? std::atof(argv[4]) : 0.1;

  cadrecode::cadquery::Engine engine;
  engine.warmUp();
  std::vector<double> bestExecution, medianExecution, bestMesh, bestBoth, parse, build, measure;
  int failed = 0;
  for (const std::string& script : scripts) {
    std::vector<double> execution, mesh, parsing, building, measuring;
    for (int run = 0; run < runs; ++run) {
      const auto result = engine.run(script);
      if (result.status != cadrecode::cadquery::Status::ok) break;
      const auto start = Clock::now();
      (void)cadrecode::solid::tessellate(result.shape, tolerance, angular);
      mesh.push_back(milliseconds(start, Clock::now()));
      parsing.push_back(result.parseMs);
      building.push_back(result.buildMs);
      measuring.push_back(result.measureMs);
      // What CadQuery's exec() does: parse and build; measuring is reported apart.
      execution.push_back(result.parseMs + result.buildMs);
    }
    if (execution.empty()) {
      ++failed;
      continue;
    }
    const auto least = [](const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); };
    bestExecution.push_back(least(execution));
    medianExecution.push_back(median(execution));
    bestMesh.push_back(least(mesh));
    bestBoth.push_back(least(execution) + least(mesh));
    parse.push_back(least(parsing));
    build.push_back(least(building));
    measure.push_back(least(measuring));
  }
  const nlohmann::ordered_json out = {{"scripts", scripts.size()},
                                      {"failed", failed},
                                      {"runs_each", runs},
                                      {"median_exec_ms", median(medianExecution)},
                                      {"median_exec_min_ms", median(bestExecution)},
                                      {"median_tessellate_min_ms", median(bestMesh)},
                                      {"median_exec_min_plus_tessellate_min_ms", median(bestBoth)},
                                      {"median_parse_min_ms", median(parse)},
                                      {"median_build_min_ms", median(build)},
                                      {"median_measure_min_ms", median(measure)}};
  std::cout << out.dump(1) << "\n";
  return failed == static_cast<int>(scripts.size()) ? 1 : 0;
}
