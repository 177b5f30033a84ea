#include "dataset/cache_run.hpp"

#include <fmt/format.h>

#include <deque>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "dataset/ledger.hpp"
#include "dataset/origin.hpp"
#include "dataset/samples.hpp"

namespace cadrecode::dataset {
namespace {

namespace fs = std::filesystem;

std::string shardSuffix(const CacheOptions& options) {
  return options.shards == 1 ? "" : fmt::format("-{}-of-{}", options.shard, options.shards);
}

// One pass over samples: gives each to the pool, in order.
class SampleSource : public sandbox::ItemSource {
 public:
  // `take` says whether the sample is to be made, given its bytes.
  using Take = std::function<bool(const Sample&, const std::string& bytes)>;
  SampleSource(const std::vector<const Sample*>& samples, const sandbox::PartOptions& part, Take take)
      : samples_(samples), part_(part), take_(std::move(take)) {}

  Next next(sandbox::Item& item) override {
    while (position_ < samples_.size()) {
      const Sample& sample = *samples_[position_++];
      item = {};
      item.id = sample.id;
      std::string bytes;
      try {
        bytes = readFile(sample.scriptPath);
      } catch (const Error& error) {
        item.known = sandbox::failedResult(cadquery::Status::noResult, error.type(), error.what());
        running_.push_back({&sample, ""});
        return Next::item;
      }
      if (!take_(sample, bytes)) continue;
      running_.push_back({&sample, sha256(bytes)});
      if (const auto kind = sandbox::shapeKind(bytes, sample.scriptPath)) {
        item.task = sandbox::partTask(*kind, std::move(bytes), part_);
      } else {
        item.task.text = std::move(bytes);
        item.known = sandbox::TaskResult{};  // read by the parent
      }
      return Next::item;
    }
    return Next::end;
  }

  struct Running {
    const Sample* sample;
    std::string source;
  };
  // The sample of the next result.
  Running takeRunning() {
    Running running = std::move(running_.front());
    running_.pop_front();
    return running;
  }

 private:
  const std::vector<const Sample*>& samples_;
  sandbox::PartOptions part_;
  Take take_;
  std::deque<Running> running_;
  std::size_t position_ = 0;
};

bool isOfTheMachine(cadquery::Status status) {
  return status == cadquery::Status::timeout || status == cadquery::Status::outOfMemory ||
         status == cadquery::Status::crash;
}

class CacheRun {
 public:
  CacheRun(const CacheOptions& options, const CacheProduct& product, const CacheProgress& progress,
           const std::atomic<bool>& stop)
      : options_(options),
        product_(product),
        progress_(progress),
        stop_(stop),
        list_(readSamples(options.root, options.split, {.useIndex = true, .cacheFailures = false})),
        folder_(localCacheFolder(list_.folder, product.kind)) {
    if (options.shard >= options.shards) throw Error(ErrorCode::usage, "UsageError", "no such shard");
    if (list_.samples.empty() && list_.missing.empty() && list_.excluded.empty()) {
      throw Error(ErrorCode::input, "ValueError",
                  list_.folder + ": holds no samples: no batch_*/*.py and no programs, shapes, meshes or scans");
    }
    makeFolder(folder_.string());
    ledger_.emplace((folder_ / ("ledger" + shardSuffix(options) + ".jsonl")).string());
    if (options.shards == 1) removeTemporaryFiles(folder_.string());
    for (std::size_t i = options.shard; i < list_.samples.size(); i += options.shards) {
      samples_.push_back(&list_.samples[i]);
    }
  }

  CacheReport run() {
    report_.samples = samples_.size();
    report_.missing = list_.missing.size();
    report_.excluded = list_.excluded.size();
    report_.folder = folder_.string();
    sandbox::ScriptPool pool(options_.pool, {.everything = true, .step = true});
    bool finished = pass(pool, samples_, false);
    // An item that died may have been starved by its neighbours: it gets a worker of a quiet pool once more.
    if (finished && !again_.empty()) {
      const std::vector<const Sample*> again = std::exchange(again_, {});
      sandbox::PoolOptions alone = options_.pool;
      alone.workers = 1;
      sandbox::ScriptPool single(alone, {.everything = true, .step = true});
      finished = pass(single, again, true);
    }
    report_.finished = finished;
    if (finished) finish();
    return report_;
  }

 private:
  fs::path pathOf(const std::string& id) const { return folder_ / (id + std::string(endingOf(product_.kind))); }

  bool pass(sandbox::ScriptPool& pool, const std::vector<const Sample*>& samples, bool last) {
    SampleSource source(samples, product_.part, [&](const Sample& sample, const std::string& bytes) {
      if (last || isNeeded(sample, bytes)) return true;
      progress_(report_.samples);
      return false;
    });
    return pool.run(
        source,
        [&](sandbox::Item& item, sandbox::TaskResult& result) {
          const SampleSource::Running running = source.takeRunning();
          if (!last && isOfTheMachine(result.run.status)) {
            again_.push_back(running.sample);
            return;
          }
          make(*running.sample, running.source, item.task.text, std::move(result));
          progress_(report_.samples);
        },
        stop_);
  }

  // Counts what is there already.
  bool isNeeded(const Sample& sample, const std::string& bytes) {
    const Origin wanted{sha256(bytes), product_.recipe};
    // The list knows where else a file may be, but not what this run has made.
    const fs::path own = pathOf(sample.id);
    const CachedFile& listed = sample.cached(product_.kind);
    const fs::path path = fs::exists(own) || !listed.exists ? own : fs::path(listed.path);
    if (fs::exists(path) && product_.originOf(readFile(path.string())) == wanted) {
      const LedgerEntry* entry = ledger_->find(sample.id);
      if (!entry || entry->status != "ok" || entry->source != wanted.source || entry->recipe != wanted.recipe) {
        ledger_->record(sample.id, {"ok", wanted.source, wanted.recipe, ""});
      }
      ++report_.present;
      return false;
    }
    const LedgerEntry* entry = ledger_->find(sample.id);
    if (options_.retry || !entry || entry->status == "ok" || entry->source != wanted.source ||
        entry->recipe != wanted.recipe) {
      return true;
    }
    ++report_.failed;
    ++report_.failures[entry->status];
    return false;
  }

  void make(const Sample& sample, const std::string& source, const std::string& bytes, sandbox::TaskResult result) {
    const std::string status = cadquery::statusName(result.run.status);
    try {
      const std::uint64_t seed = Random(options_.seed).split(sample.id).bits();
      std::string file = product_.make({sample, bytes, std::move(result), seed, {source, product_.recipe}});
      writeFileAtomically(pathOf(sample.id).string(), file);
      ledger_->record(sample.id, {"ok", source, product_.recipe, ""});
      ++report_.made;
    } catch (const Error& error) {
      if (error.type() == "OSError") throw;  // of the disk, not of the item
      std::error_code ignored;
      fs::remove(pathOf(sample.id), ignored);  // one of another version
      const std::string name = status == "ok" ? "refused" : status;
      ledger_->record(sample.id, {name, source, product_.recipe, error.what()});
      ++report_.failed;
      ++report_.failures[name];
    }
  }

  void finish() {
    std::vector<std::string> ids;
    for (const Sample* sample : samples_) ids.push_back(sample->id);
    ledger_->finish(ids);
    auto errors = nlohmann::json::array();
    for (const auto& [id, entry] : ledger_->entries()) {
      if (entry.status != "ok") errors.push_back(id);
    }
    writeFileAtomically((folder_ / ("error_samples" + shardSuffix(options_) + ".json")).string(),
                        errors.dump(2) + "\n");
  }

  const CacheOptions& options_;
  const CacheProduct& product_;
  const CacheProgress& progress_;
  const std::atomic<bool>& stop_;
  SampleList list_;
  fs::path folder_;
  std::optional<Ledger> ledger_;
  std::vector<const Sample*> samples_, again_;
  CacheReport report_;
};

}  // namespace

sandbox::Part partOf(CacheProduct::Item& item, const sandbox::PartOptions& options) {
  return sandbox::partOf(std::move(item.result), item.sample.relativePath, options);
}

CacheReport runCache(const CacheOptions& options, const CacheProduct& product, const CacheProgress& progress,
                     const std::atomic<bool>& stop) {
  return CacheRun(options, product, progress, stop).run();
}

}  // namespace cadrecode::dataset
