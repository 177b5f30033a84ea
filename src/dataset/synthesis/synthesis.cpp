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

// The executed shape is what the program says: its box, and the volume of one body or the bounds of several's.
bool isAsPlanned(const Program& program, const solid::Measures& measures) {
  if (!measures.bbox) return false;
  const std::array<double, 6> bounds = boundsOf(program);
  for (std::size_t i = 0; i < 6; ++i) {
    if (std::abs(bounds[i] - (*measures.bbox)[i]) > 1e-3) return false;
  }
  double sum = 0, largest = 0;
  for (const Body& body : program.bodies) {
    const double volume = areaOf(body) * std::abs(body.height);
    sum += volume;
    largest = std::max(largest, volume);
  }
  return measures.volume > largest * (1 - 1e-6) && measures.volume < sum * (1 + 1e-6);
}

class Candidates : public sandbox::ItemSource {
 public:
  Candidates(const Options& options, const std::vector<std::string>& known) : options_(options), known_(known) {}

  Next next(sandbox::Item& item) override {
    int strangers = 0;
    for (;;) {
      Program program = candidate(options_.seed, number_++, options_.maxChars);
      std::string text = toText(program);
      if (!seen_.insert(std::hash<std::string>{}(text)).second) continue;
      item = {};
      bool known = false;
      if (matched_ < known_.size()) {
        if (text != known_[matched_]) {
          if (++strangers > kStrangers) {
            throw Error(ErrorCode::input, "ValueError",
                        fmt::format("the programs that are there are not those of seed {} (from number {} on)",
                                    options_.seed, matched_));
          }
          continue;
        }
        ++matched_;
        known = true;
        item.known = sandbox::TaskResult{};
      }
      item.id = std::to_string(number_ - 1);
      item.task.text = std::move(text);
      item.task.mesh = false;
      running_.push_back({std::move(program), known});
      return Next::item;
    }
  }

  struct Running {
    Program program;
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
        } else if (!isAsPlanned(candidate.program, *result.run.measures)) {
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
