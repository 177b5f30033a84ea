#include "dataset/synthesis/synthesis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "dataset/synthesis/extended_maker.hpp"
#include "dataset/synthesis/part_maker.hpp"
#include "sandbox/script_pool.hpp"

namespace cadrecode::synthesis {
namespace {

// Candidates in a row that match nothing before a folder is taken for another seed's.
constexpr int kStrangers = 300;

// Real programs never push to where the sketch begins.
constexpr std::string_view kNoMove = ".push([(0,0)])";

// How often the geometry is drawn anew for one wish; some wishes make no program that is short enough.
constexpr int kTries = 40;

// The executed shape has the planned box and volume.
bool isAsPlanned(const PlannedPart& part, const solid::Measures& measures) {
  if (!measures.bbox) return false;
  for (std::size_t i = 0; i < 6; ++i) {
    if (std::abs(part.bounds[i] - (*measures.bbox)[i]) > 1e-3) return false;
  }
  return measures.volume > part.leastVolume && measures.volume < part.mostVolume;
}

// A program of the CAD-Recode dialect with what its execution must show: the volume of one body, or between the largest
// and the sum of several.
PlannedPart planOf(const Program& program) {
  double sum = 0, largest = 0;
  for (const Body& body : program.bodies) {
    const double volume = volumeOf(body);
    sum += volume;
    largest = std::max(largest, volume);
  }
  return {toText(program), boundsOf(program), largest * (1 - 1e-6), sum * (1 + 1e-6)};
}

PlannedPart extendedCandidate(std::uint64_t seed, std::uint64_t number, std::size_t maxChars) {
  Random random = Random(seed).split("extended program").split(number);
  for (;;) {
    std::optional<PlannedPart> part = makeExtendedPart(random);
    if (part && part->text.size() <= maxChars) return std::move(*part);
  }
}

class Candidates : public sandbox::ItemSource {
 public:
  Candidates(const Options& options, const std::vector<std::string>& known) : options_(options), known_(known) {}

  Next next(sandbox::Item& item) override {
    int strangers = 0;
    for (;;) {
      PlannedPart part = options_.dialect == Dialect::extended
                             ? extendedCandidate(options_.seed, number_++, options_.maxChars)
                             : planOf(candidate(options_.seed, number_++, options_.maxChars));
      const std::string& text = part.text;
      if (!seen_.insert(std::hash<std::string>{}(text)).second) continue;
      item = {};
      bool known = false;
      if (matched_ < known_.size()) {
        if (text != known_[matched_]) {
          if (++strangers > kStrangers) {
            throw Error(
                ErrorCode::input, "ValueError",
                fmt::format("the programs that are there are not those of seed {} and this dialect (from number {} on)",
                            options_.seed, matched_));
          }
          continue;
        }
        ++matched_;
        known = true;
        item.known = sandbox::TaskResult{};
      }
      item.id = std::to_string(number_ - 1);
      item.task.text = text;
      item.task.mesh = false;
      running_.push_back({std::move(part), known});
      return Next::item;
    }
  }

  struct Running {
    PlannedPart part;
    bool known = false;  // from an earlier run
  };
  Running takeOldest() {
    Running oldest = std::move(running_.front());
    running_.pop_front();
    return oldest;
  }

 private:
  const Options& options_;
  const std::vector<std::string>& known_;
  std::uint64_t number_ = 0;
  std::size_t matched_ = 0;
  std::unordered_set<std::size_t> seen_;
  std::deque<Running> running_;
};

}  // namespace

Program candidate(std::uint64_t seed, std::uint64_t number, std::size_t maxChars) {
  Random random = Random(seed).split("program").split(number);
  for (;;) {
    const PartWish wish = drawPartWish(random);
    for (int tries = 0; tries < kTries; ++tries) {
      std::optional<Program> program = makePart(random, wish);
      if (!program) continue;
      const std::string text = toText(*program);
      if (text.size() <= maxChars && text.find(kNoMove) == text.npos) return std::move(*program);
    }
  }
}

Counts synthesize(const Options& options, const std::vector<std::string>& known, const Sink& sink,
                  const std::atomic<bool>& stop) {
  Counts counts;
  if (options.count == 0) return counts;
  sandbox::PoolOptions poolOptions;
  poolOptions.workers = std::max(1, options.jobs);
  poolOptions.limits.wallSeconds = options.timeoutSeconds;
  sandbox::ScriptPool pool(poolOptions, {true, false});
  Candidates source(options, known);
  std::atomic<bool> done = false;
  pool.run(
      source,
      [&](sandbox::Item& item, sandbox::TaskResult& result) {
        const Candidates::Running candidate = source.takeOldest();
        if (done) return;
        ++counts.candidates;
        if (candidate.known) {
          ++counts.kept;
        } else if (!sandbox::succeeded(result) || !result.run.measures || !result.run.measures->valid) {
          ++counts.failed;
          return;
        } else if (!isAsPlanned(candidate.part, *result.run.measures)) {
          ++counts.mismatched;
          return;
        }
        sink(counts.accepted++, item.task.text);
        if (counts.accepted >= options.count || stop) done = true;
      },
      done);
  return counts;
}

}  // namespace cadrecode::synthesis
