#include "cli/cache_files.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/process.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

void readShard(CacheSettings& settings) {
  if (settings.shard.empty()) return;
  unsigned shard = 0, shards = 0;
  int used = 0;
  if (std::sscanf(settings.shard.c_str(), "%u/%u%n", &shard, &shards, &used) != 2 ||
      static_cast<std::size_t>(used) != settings.shard.size() || shard >= shards) {
    throw Error(ErrorCode::usage, "UsageError", "--shard is i/n with i from 0 to n - 1, not " + settings.shard);
  }
  settings.cache.shard = shard;
  settings.cache.shards = shards;
}

}  // namespace

void addCacheOptions(CLI::App& command, CacheSettings& settings) {
  command.add_option("data", settings.cache.root, "Folder of the samples, or data root with --splits")
      ->required()
      ->option_text(" ");
  command.add_option("--splits", settings.splits, "Splits of a data root")->option_text("NAME...");
  command.add_option("--recipe", settings.cache.recipeName, "v1.5, v1 or opencadrecode")->option_text("NAME (v1.5)");
  command.add_option("--seed", settings.cache.seed, "Seed of the sampling")->option_text("N (0)");
  command.add_option("--shard", settings.shard, "Only every n-th sample from the i-th on, counted from 0")
      ->option_text("i/n");
  command.add_flag("--retry", settings.cache.retry, "Try again what failed before");
  command.add_option("-j,--jobs", settings.jobs, "Worker processes; 0: one a core")
      ->check(CLI::Range(0, 1024))
      ->option_text("N (0)");
  command.add_option("--timeout", settings.timeout, "Time one item may take")
      ->check(CLI::Range(0.01, 1e6))
      ->option_text("SECONDS (30)");
  command.add_option("--memory", settings.memory, "Memory one worker may take, as 512M or 2G")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::uint64_t{64} << 20, std::uint64_t{1} << 50))
      ->option_text("SIZE (2G)");
  command.add_flag("--json", settings.json, "Print one JSON object a split");
}

int makeCacheFiles(CacheSettings& settings, const char* noun, const MakeFiles& make) {
  dataset::CacheOptions& options = settings.cache;
  options.recipe = cloud::Recipe::named(options.recipeName);
  readShard(settings);
  options.pool.workers = settings.jobs > 0 ? settings.jobs : cores();
  options.pool.limits.wallSeconds = settings.timeout;
  options.pool.limits.memoryBytes = settings.memory;
  const std::atomic<bool>& stopped = stopOnSignals();

  if (settings.splits.empty()) settings.splits.emplace_back();
  bool failed = false;
  for (const std::string& split : settings.splits) {
    options.split = split;
    Progress progress(noun, std::nullopt);
    const dataset::CacheReport report = make(
        options,
        [&](std::uint64_t total) {
          progress.setTotal(total);
          progress.advance();
        },
        stopped);
    progress.clear();
    if (settings.json) {
      const sandbox::Json object = {{"split", split},
                                    {"folder", report.folder},
                                    {"samples", report.samples},
                                    {"made", report.made},
                                    {"present", report.present},
                                    {"failed", report.failed},
                                    {"failures", report.failures},
                                    {"missing", report.missing},
                                    {"excluded", report.excluded},
                                    {"finished", report.finished}};
      fmt::print("{}\n", sandbox::dumpJson(object));
    } else {
      fmt::print("{}: {} samples: {} {} made, {} there already, {} failed; {} files missing\n", report.folder,
                 report.samples, report.made, noun, report.present, report.failed, report.missing);
      for (const auto& [status, count] : report.failures) fmt::print("  {} {}\n", count, status);
    }
    if (!report.finished) return static_cast<int>(ErrorCode::interrupted);
    failed = failed || report.failed > 0 || report.missing > 0;
  }
  return failed ? static_cast<int>(ErrorCode::items) : 0;
}

}  // namespace cadrecode::cli
