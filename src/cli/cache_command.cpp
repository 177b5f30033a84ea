#include <memory>

#include "cli/cache_files.hpp"
#include "cli/commands.hpp"
#include "dataset/cloud_cache.hpp"

namespace cadrecode::cli {

void addCache(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<CacheSettings>();
  CLI::App* command = program.add_subcommand("cache", "Make the point clouds of a data set");
  addCacheOptions(*command, *settings);
  command->footer(
      "Examples:\n"
      "  cadrecode cache data --splits train val\n"
      "  cadrecode cache fusion360 --splits test\n"
      "  cadrecode cache data/train --shard 0/8\n"
      "\n"
      "Clouds go to point_cloud_cache/<id>.npy in the folder of the samples. A run that was ended, however, is taken\n"
      "up by the same command; a changed program is made anew. ledger.jsonl there tells what became of each sample.\n"
      "Clouds of the same programs and recipe below $CADRECODE_CACHE_ROOT are used as they are.");
  command->callback([settings, &exitCode] { exitCode = makeCacheFiles(*settings, "clouds", dataset::makeClouds); });
}

}  // namespace cadrecode::cli
