// How well `reconstruct` does on parts whose programs are known: every line of a .jsonl of scripts is built, given to
// the search as a mesh or as a cloud, and the answer compared with the truth by figures the search does not use.
//   reconstruction SCRIPTS.jsonl [--every N] [--noise S] [--half] [--model DIR] [--rows FILE] ...
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "cloud/noise.hpp"
#include "cloud/read.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "metrics/distances.hpp"
#include "metrics/voxel_iou.hpp"
#include "sandbox/part.hpp"
#include "search/reconstruct.hpp"
#ifdef CADRECODE_TORCH
#include "inference/candidates.hpp"
#endif

namespace {

using namespace cadrecode;

struct Settings {
  std::string scripts, rows, model;
  std::size_t every = 1, first = 0, most = 1000000, points = 10000;
  double noise = 0;
  bool half = false, cloud = false, noProposals = false;
  std::size_t candidates = 16, clouds = 4;
  double temperature = 0.8;
  search::ReconstructOptions search;
};

// What a scan of the part would give: points of its surface, noisy, and those alone that face one side where half is
// missing.
sandbox::Part inputOf(const sandbox::Part& truth, const Settings& settings, std::uint64_t seed) {
  if (settings.noise == 0 && !settings.half && !settings.cloud) return truth;
  Random random(seed);
  cloud::Cloud cloud = metrics::sampleSurface(truth.mesh(), settings.points, random.split("points").bits());
  if (settings.half) {  // what faces away from where a scanner stands
    Random side = random.split("side");
    const cloud::Point eye{side.normal(), side.normal(), side.normal()};
    std::vector<std::size_t> order(cloud.points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return cloud::dot(cloud.normals[a], eye) > cloud::dot(cloud.normals[b], eye);
    });
    std::vector<cloud::Point> seen;
    for (std::size_t i = 0; i < order.size() / 2; ++i) seen.push_back(cloud.points[order[i]]);
    cloud.points = std::move(seen);
  }
  cloud.normals.clear();
  const double size = cloud::boxOf(truth.mesh()).longestSide();
  Random noise = random.split("noise");
  for (cloud::Point& p : cloud.points) {
    for (double& x : p) x += settings.noise * size * noise.normal();
  }
  sandbox::Part part;
  part.geometry = std::move(cloud);
  return part;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Reconstruction of parts whose programs are known");
  app.add_option("scripts", settings.scripts, "{\"id\", \"script\"} a line")->required();
  app.add_option("--every", settings.every, "Take every Nth line");
  app.add_option("--first", settings.first, "Begin with this line");
  app.add_option("--most", settings.most, "Parts at most");
  app.add_option("--noise", settings.noise, "Deviation of every coordinate, as a share of the part's longest side");
  app.add_flag("--half", settings.half, "Only the points whose surface faces one side");
  app.add_flag("--cloud", settings.cloud, "Points instead of the mesh");
  app.add_option("--points", settings.points, "Points of a cloud");
  app.add_option("--rows", settings.rows, "A JSON object a part goes here");
  app.add_option("--evaluations", settings.search.maxEvaluations, "As of `cadrecode reconstruct`");
  app.add_option("--refine", settings.search.refined, "As of `cadrecode reconstruct`");
  app.add_option("--model", settings.model, "A model whose candidates take part");
  app.add_option("--candidates", settings.candidates, "So many");
  app.add_option("--clouds", settings.clouds, "From so many samplings");
  app.add_option("--temperature", settings.temperature, "Of all but the first of each");
  app.add_flag("--no-proposals", settings.noProposals, "Those of the model alone");
  CLI11_PARSE(app, argc, argv);
  settings.search.proposals = !settings.noProposals;

  sandbox::PoolOptions poolOptions;
  poolOptions.workers = 1;
  sandbox::ScriptPool pool(poolOptions, {.everything = true, .step = true});
#ifdef CADRECODE_TORCH
  std::optional<inference::CadModel> model;
  if (!settings.model.empty()) model = inference::CadModel::load(settings.model, {});
#endif
  std::ofstream rows(settings.rows);
  std::vector<double> ious, chamfers, seconds;
  std::size_t parts = 0, failed = 0, line = 0;
  std::ifstream file(settings.scripts);
  for (std::string text; std::getline(file, text) && parts < settings.most; ++line) {
    if (line < settings.first || (line - settings.first) % settings.every != 0) continue;
    const auto json = nlohmann::json::parse(text);
    const std::string id = json["id"];
    const sandbox::Part truth =
        sandbox::readPartBytes(pool, json["script"], id + ".py", {.mesh = true, .tolerance = 0.01});
    const cloud::Mesh& mesh = truth.mesh();
    ++parts;
    nlohmann::json row{{"id", id}};
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    double iou = 0;
    try {
      const sandbox::Part input = inputOf(truth, settings, line);
      search::ReconstructOptions options = settings.search;
#ifdef CADRECODE_TORCH
      if (model) {
        inference::CandidateOptions decoding;
        decoding.count = settings.candidates;
        decoding.clouds = settings.clouds;
        decoding.temperature = settings.temperature;
        for (std::string& script : inference::decodeCandidates(*model, input, decoding)) {
          options.programs.push_back({"model", std::move(script)});
        }
      }
#endif
      const search::Reconstruction result = search::reconstruct(input, id, pool, options);
      seconds.push_back(static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC);
      const auto answer = std::get<cloud::Mesh>(cloud::readInput(result.stl, "answer.stl").geometry);
      iou = metrics::voxelIou(mesh, answer, 128).iou.value_or(0);
      const double size = cloud::boxOf(mesh).longestSide();
      const auto distances = metrics::surfaceDistances(mesh, answer, metrics::sampleSurface(mesh, 2000, 1),
                                                       metrics::sampleSurface(answer, 2000, 2), 0.01 * size);
      chamfers.push_back(100 * distances.chamfer() / size);
      row["iou"] = iou;
      row["fit"] = result.fit;
      row["chamfer_percent"] = chamfers.back();
      row["bodies"] = result.program.bodies.size();
      for (const auto& candidate : result.candidates) {
        if (candidate.outcome == "chosen") row["source"] = candidate.source;
      }
      row["program"] = result.programText;
    } catch (const Error& error) {
      ++failed;
      row["error"] = error.what();
    }
    ious.push_back(iou);
    row["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rows << row << std::endl;
  }
  if (seconds.empty()) return 1;
  double sum = 0, least = 0, time = 0;
  for (const double value : ious) {
    sum += value;
    least += value >= 0.85 ? 1 : 0;
  }
  for (const double value : seconds) time += value;
  const auto n = static_cast<double>(parts);
  fmt::print("| parts | invalid | mean IoU | median | 10 % | at least 0.85 | median chamfer, % | processor s |\n");
  std::sort(ious.begin(), ious.end());
  fmt::print("| {} | {:.1f} % | {:.4f} | {:.4f} | {:.4f} | {:.1f} % | {:.3f} | {:.2f} |\n", parts,
             100 * static_cast<double>(failed) / n, sum / n, median(ious), ious[ious.size() / 10], 100 * least / n,
             median(chamfers), time / static_cast<double>(seconds.size()));
}
