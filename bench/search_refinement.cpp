// What refinement does to the answers of a model: IoU with the input before and after, on its grid and on a finer one
// the search never saw. The input is the mesh of the ground-truth script.
//   search_refinement TRUTH.jsonl PREDICTIONS.jsonl ROLE [every=1] [evaluations=20000]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cloud/read.hpp"
#include "core/error.hpp"
#include "sandbox/script_pool.hpp"
#include "search/refine.hpp"
#include "search/voxel_mesh.hpp"

namespace {

using namespace cadrecode;

void print(const char* what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += value;
  const std::size_t n = values.size();
  fmt::print("| {} | {:.4f} | {:.4f} | {:.4f} | {:.1f} % |\n", what, sum / static_cast<double>(n), values[n / 2],
             values[n / 10],
             100.0 *
                 static_cast<double>(std::count_if(values.begin(), values.end(), [](double v) { return v >= 0.95; })) /
                 static_cast<double>(n));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: search_refinement TRUTH.jsonl PREDICTIONS.jsonl ROLE [every] [evaluations]\n";
    return 2;
  }
  const auto every = static_cast<std::size_t>(argc > 4 ? std::max(1, std::atoi(argv[4])) : 1);
  search::RefineOptions options;
  if (argc > 5) options.maxEvaluations = std::strtoull(argv[5], nullptr, 10);
  std::map<std::string, std::string> truth;
  std::ifstream truthFile(argv[1]), predictions(argv[2]);
  for (std::string line; std::getline(truthFile, line);) {
    const auto json = nlohmann::json::parse(line);
    truth[json["id"]] = json["script"];
  }
  sandbox::PoolOptions pool;
  pool.workers = 1;
  sandbox::ScriptPool scripts(pool, {.everything = true, .step = false});

  std::vector<double> before, after, fineBefore, fineAfter, seconds;
  std::size_t seen = 0, outside = 0, rejected = 0;
  double evaluations = 0;
  for (std::string line; std::getline(predictions, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json["role"] != argv[3] || truth.count(json["id"]) == 0 || seen++ % every != 0) continue;
    sandbox::Task task;
    task.text = truth[json["id"]];
    task.tolerance = 0.05;
    task.stl = true;
    const sandbox::TaskResult solid = scripts.run(task);
    const auto mesh = std::get<cloud::Mesh>(cloud::readInput(solid.stl, "truth.stl").geometry);
    search::Program program;
    try {
      program = search::parseProgram(std::string(json["script"]));
    } catch (const Error&) {
      ++outside;
      continue;
    }
    const double extent = std::max(100.0, search::extentOf(program));
    search::VolumeObjective objective(search::fillMesh(mesh, search::gridCovering(extent, 128)).cells);
    search::VolumeObjective fine(search::fillMesh(mesh, search::gridCovering(extent, 256)).cells);
    const auto start = std::chrono::steady_clock::now();
    const search::Refinement refined = search::refine(program, objective, options);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    evaluations += static_cast<double>(refined.evaluations);
    before.push_back(refined.before);
    after.push_back(refined.after);
    fineBefore.push_back(fine.of(program));
    fineAfter.push_back(fine.of(refined.program));
    task = {};
    task.text = search::writeProgram(refined.program);
    task.mesh = false;
    const sandbox::TaskResult built = scripts.run(task);
    if (built.run.status != cadquery::Status::ok || !built.run.measures || !built.run.measures->valid) {
      ++rejected;
      fmt::print(stderr, "the kernel rejects {}:\n{}\n", std::string(json["id"]), task.text);
    }
  }
  if (before.empty()) return 1;
  fmt::print("| IoU | mean | median | 10 % | at least 0.95 |\n|---|---|---|---|---|\n");
  print("before, 128³", before);
  print("after, 128³", after);
  print("before, 256³", fineBefore);
  print("after, 256³", fineAfter);
  double sum = 0;
  for (const double second : seconds) sum += second;
  fmt::print(
      "\n{} parts, {:.2f} s a part, {:.0f} evaluations a part, {:.0f} a second; {} outside the dialect; the kernel "
      "rejects {}\n",
      seconds.size(), sum / static_cast<double>(seconds.size()), evaluations / static_cast<double>(seconds.size()),
      evaluations / sum, outside, rejected);
}
