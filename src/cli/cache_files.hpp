// The part that the commands `cache` and `brep` share: options, progress, report. One thread.
#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dataset/cache_run.hpp"

namespace cadrecode::cli {

struct CacheSettings {
  dataset::CacheOptions cache;
  std::vector<std::string> splits;
  std::string shard;
  int jobs = 0;
  double timeout = 30;
  std::uint64_t memory = 2ull << 30;
  bool json = false;
};

using MakeFiles = std::function<dataset::CacheReport(const dataset::CacheOptions&, const dataset::CacheProgress&,
                                                     const std::atomic<bool>& stop)>;

void addCacheOptions(CLI::App& command, CacheSettings& settings);
// Makes the files of every split; `noun` is what they are called. The exit code.
int makeCacheFiles(CacheSettings& settings, const char* noun, const MakeFiles& make);

}  // namespace cadrecode::cli
