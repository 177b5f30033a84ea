// The voxel evaluator of search beside the kernel: volumes of scripts, IoU of pairs of solids, and how many IoUs a
// second it makes. The kernel's figures come from the sandbox's workers.
//   voxel_accuracy TRUTH.jsonl PREDICTIONS.jsonl [every=1]
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "sandbox/script_pool.hpp"
#include "search/voxel_score.hpp"

namespace {

using namespace cadrecode;
using Clock = std::chrono::steady_clock;

struct Line {
  std::string id, script;
};

std::vector<Line> read(const char* path) {
  std::vector<Line> lines;
  std::ifstream in(path);
  for (std::string text; std::getline(in, text);) {
    const auto json = nlohmann::json::parse(text);
    lines.push_back({json["id"], json["script"]});
  }
  return lines;
}

std::optional<search::Program> parse(const std::string& script) {
  try {
    return search::parseProgram(script);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// The volumes that scripts have in the kernel; none for those that fail.
std::vector<std::optional<double>> kernelVolumes(sandbox::ScriptPool& pool, const std::vector<std::string>& scripts) {
  class Source : public sandbox::ItemSource {
   public:
    explicit Source(const std::vector<std::string>& scripts) : scripts_(scripts) {}
    Next next(sandbox::Item& item) override {
      if (next_ == scripts_.size()) return Next::end;
      item = {};
      item.task.text = scripts_[next_++];
      item.task.mesh = false;
      return Next::item;
    }

   private:
    const std::vector<std::string>& scripts_;
    std::size_t next_ = 0;
  };
  Source source(scripts);
  std::vector<std::optional<double>> volumes;
  const std::atomic<bool> never{false};
  pool.run(
      source,
      [&](sandbox::Item&, sandbox::TaskResult& result) {
        const bool good = result.run.status == cadquery::Status::ok && result.run.measures;
        volumes.push_back(good ? std::optional(result.run.measures->volume) : std::nullopt);
      },
      never);
  return volumes;
}

// The script whose result `r` is what two programs have in common.
std::string commonScript(std::string a, std::string b) {
  const auto rename = [](std::string& text, char prefix) {
    text = text.substr(text.find('\n') + 1);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool start = i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]));
      const bool plane = text[i] == 'w' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1]));
      const bool result = text[i] == 'r' && i + 1 < text.size() && text[i + 1] == '=';
      if (start && (plane || result)) out += prefix;
      out += text[i];
    }
    text = out;
  };
  rename(a, 'a');
  rename(b, 'b');
  return "import cadquery as cq\n" + a + b + "r=ar.intersect(br)\n";
}

void print(const std::string& what, int cells, std::vector<double> errors) {
  std::sort(errors.begin(), errors.end());
  double sum = 0;
  for (const double error : errors) sum += error;
  const auto at = [&](double share) {
    return errors[static_cast<std::size_t>(share * static_cast<double>(errors.size() - 1))];
  };
  fmt::print("| {} | {}³ | {} | {:.4f} | {:.4f} | {:.4f} | {:.4f} | {:.4f} |\n", what, cells, errors.size(),
             sum / static_cast<double>(errors.size()), at(0.5), at(0.95), at(0.99), errors.back());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: voxel_accuracy TRUTH.jsonl PREDICTIONS.jsonl [every]\n";
    return 2;
  }
  const auto every = static_cast<std::size_t>(argc > 3 ? std::max(1, std::atoi(argv[3])) : 1);
  std::vector<Line> truth = read(argv[1]), predictions = read(argv[2]);
  sandbox::PoolOptions options;
  options.workers = 2;
  sandbox::ScriptPool pool(options, {.everything = true, .step = false});

  std::map<std::string, std::size_t> truthOf;
  for (std::size_t i = 0; i < truth.size(); ++i) truthOf[truth[i].id] = i;
  std::vector<std::string> scripts;
  std::vector<std::size_t> pairs;  // the truth of each prediction
  for (std::size_t i = 0; i < truth.size(); i += 1) scripts.push_back(truth[i].script);
  std::vector<std::string> commons;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < predictions.size(); i += every) {
    const auto found = truthOf.find(predictions[i].id);
    if (found == truthOf.end()) continue;
    chosen.push_back(i);
    pairs.push_back(found->second);
    scripts.push_back(predictions[i].script);
    commons.push_back(commonScript(truth[found->second].script, predictions[i].script));
  }
  const auto volumes = kernelVolumes(pool, scripts);
  const auto common = kernelVolumes(pool, commons);

  std::vector<std::optional<search::Program>> programs;
  std::size_t fallBacks = 0;
  for (const std::string& script : scripts) {
    programs.push_back(parse(script));
    fallBacks += programs.back() ? 0 : 1;
  }
  fmt::print("{} scripts, {} outside the dialect (to the kernel)\n\n", scripts.size(), fallBacks);
  fmt::print("| error | grid | items | mean | median | 95 % | 99 % | largest |\n|---|---|---|---|---|---|---|---|\n");
  for (const int cells : {64, 128, 256}) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < scripts.size(); ++i) {
      if (!programs[i] || !volumes[i] || *volumes[i] <= 0) continue;
      const search::Grid grid = search::gridCovering(search::extentOf(*programs[i]), cells);
      const double volume = static_cast<double>(search::volumeOf(*programs[i], grid).count()) * grid.volumeOfCell();
      errors.push_back(std::abs(volume / *volumes[i] - 1));
      if (cells == 256 && errors.back() > 0.1)
        fmt::print(stderr, "volume off by {:.3f}:\n{}", errors.back(), scripts[i]);
    }
    print("volume, relative", cells, errors);
  }
  std::size_t failed = 0;
  for (const int cells : {64, 128, 256}) {
    std::vector<double> errors;
    failed = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const std::size_t a = pairs[i], b = truth.size() + i;
      if (!programs[a] || !programs[b] || !volumes[a] || !volumes[b]) continue;
      if (!common[i]) {
        ++failed;
        continue;
      }
      const double iou = *common[i] / (*volumes[a] + *volumes[b] - *common[i]);
      const double extent = std::max(search::extentOf(*programs[a]), search::extentOf(*programs[b]));
      const search::VoxelScore score(search::volumeOf(*programs[a], search::gridCovering(extent, cells)));
      errors.push_back(std::abs(score.of(*programs[b]).iou() - iou));
      if (cells == 256 && errors.back() > 0.05) {
        fmt::print(stderr, "IoU off by {:.3f} (kernel {:.4f}, {}):\n{}", errors.back(), iou, predictions[chosen[i]].id,
                   commons[i]);
      }
    }
    print("IoU, absolute", cells, errors);
  }
  fmt::print("\n{} pairs have no kernel figure: their common part failed or is empty\n", failed);

  // How many IoUs a second, on one core: parse once, then draw and compare again and again.
  for (const int cells : {64, 128, 256}) {
    std::vector<double> whole, one;
    for (std::size_t i = 0; i < chosen.size() && whole.size() < 200; ++i) {
      const std::size_t a = pairs[i], b = truth.size() + i;
      if (!programs[a] || !programs[b]) continue;
      search::VoxelScore score(search::volumeOf(*programs[a], search::gridCovering(104, cells)));
      const search::Program& program = *programs[b];
      double sum = 0;
      constexpr int kRuns = 20;
      auto start = Clock::now();
      for (int run = 0; run < kRuns; ++run) sum += score.of(program).iou();
      whole.push_back(std::chrono::duration<double>(Clock::now() - start).count() / kRuns);
      std::vector<search::VoxelBody> bodies;
      for (const auto& body : program.bodies) bodies.emplace_back(program, body, score.grid());
      score.fixAllBut(bodies, 0);
      start = Clock::now();
      for (int run = 0; run < kRuns; ++run) {
        sum += score.ofBody(search::VoxelBody(program, program.bodies[0], score.grid())).iou();
      }
      one.push_back(std::chrono::duration<double>(Clock::now() - start).count() / kRuns);
      if (sum < 0) return 1;
    }
    std::sort(whole.begin(), whole.end());
    std::sort(one.begin(), one.end());
    fmt::print("{}³: {:.0f} IoUs a second of whole programs, {:.0f} with one body changed (medians of {})\n", cells,
               1 / whole[whole.size() / 2], 1 / one[one.size() / 2], whole.size());
  }
}
