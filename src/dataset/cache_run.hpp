// Makes one file a sample of a split, in a folder beside the samples. May be ended at any point, by kill -9 too, and
// taken up again: a file is there whole or not at all and says what it was made of, so that nothing is lost, made twice
// or served after its program changed. The result does not depend on the number of workers, on interruptions or on the
// order of work. One thread; one run a cache (and shard) at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cloud/recipe.hpp"
#include "dataset/origin.hpp"
#include "dataset/samples.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::dataset {

struct CacheOptions {
  std::string root;
  std::string split;  // empty: `root` is the folder of the samples
  cloud::Recipe recipe;
  std::string recipeName = "v1.5";  // as told in the files
  std::uint64_t seed = 0;           // each sample draws from a generator of its own, by its id
  sandbox::PartOptions part = {};   // how fine shapes are meshed
  brep::GridSizes grids = {};       // of graphs
  sandbox::PoolOptions pool = {};
  std::size_t shard = 0, shards = 1;  // this run takes the samples shard, shard + shards, ...
  bool retry = false;                 // items that failed before, of the same source and recipe, too
};

struct CacheReport {
  std::uint64_t samples = 0;  // of this shard
  std::uint64_t made = 0, present = 0, failed = 0;
  std::map<std::string, std::uint64_t> failures;  // by status
  std::size_t missing = 0, excluded = 0;          // as in SampleList
  std::string folder;                             // of the files
  bool finished = false;                          // false: stopped, to be taken up again
};

// Called for every item, with the number of those that are to be looked at.
using CacheProgress = std::function<void(std::uint64_t total)>;

// What is made of a sample and how.
struct CacheProduct {
  struct Item {
    const Sample& sample;
    const std::string& bytes;    // of what the worker was not asked about: a mesh or a cloud
    sandbox::TaskResult result;  // of a program or a shape
    std::uint64_t seed;          // the sample's own
    Origin origin;
  };
  Cached kind = Cached::cloud;
  std::string recipe;                                               // all but the source that decides a file
  sandbox::PartOptions part = {};                                   // what the worker is asked for
  std::function<std::string(Item item)> make;                       // the file's bytes; Error when there can be none
  std::function<std::optional<Origin>(std::string_view)> originOf;  // as a file tells it
};

// A file of the same program and recipe in another place where such files are looked for ($CADRECODE_CACHE_ROOT) counts
// as present and is not made again.
// Beside the files: ledger.jsonl {"id", "status", "source", "recipe", "reason"} a line, sorted by id when finished, and
// error_samples.json, the ids that failed twice on a fresh worker, or for a reason of their own. With shards both have
// the shard in their name. Error(input) for a data set that cannot be listed or is empty, Error(failure) when another
// run is at work.
CacheReport runCache(const CacheOptions& options, const CacheProduct& product, const CacheProgress& progress,
                     const std::atomic<bool>& stop);

// The part that a worker made of the item's program or shape.
sandbox::Part partOf(CacheProduct::Item& item, const sandbox::PartOptions& options);

}  // namespace cadrecode::dataset
