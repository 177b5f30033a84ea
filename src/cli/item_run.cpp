#include "cli/item_run.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/item_printer.hpp"
#include "cli/process.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::cli {
namespace {

using cadquery::Status;
using sandbox::Item;
using sandbox::TaskResult;

// How many items ended how.
class Counts {
 public:
  void add(Status status) { ++byStatus_[cadquery::statusName(status)]; }
  std::uint64_t of(Status status) const {
    auto found = byStatus_.find(cadquery::statusName(status));
    return found == byStatus_.end() ? 0 : found->second;
  }
  std::uint64_t all() const {
    std::uint64_t sum = 0;
    for (const auto& [name, number] : byStatus_) sum += number;
    return sum;
  }
  std::string json() const {
    sandbox::Json counts = byStatus_;
    return counts.dump();
  }
  std::string text() const {
    std::string list;
    for (const auto& [name, number] : byStatus_) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", number, name);
    return list;
  }

 private:
  std::map<std::string, std::uint64_t> byStatus_;
};

int exitCodeOf(const Counts& counts, bool several, bool interrupted) {
  if (interrupted) return static_cast<int>(ErrorCode::interrupted);
  if (counts.of(Status::ok) == counts.all()) return 0;
  if (several) return static_cast<int>(ErrorCode::items);
  if (counts.of(Status::timeout) > 0) return static_cast<int>(ErrorCode::limit);
  if (counts.of(Status::outOfMemory) > 0) return static_cast<int>(ErrorCode::resources);
  return static_cast<int>(ErrorCode::failure);
}

// An item that is already read; for a run of one, whose text decides what has to be warmed up.
class SingleSource : public sandbox::ItemSource {
 public:
  explicit SingleSource(Item item) : item_(std::move(item)) {}
  Next next(Item& item) override {
    if (!item_) return Next::end;
    item = std::move(*item_);
    item_.reset();
    return Next::item;
  }

 private:
  std::optional<Item> item_;
};

void reportMissingFilter(int error) {
  if (error == 0) return;
  fmt::print(stderr, "cadrecode: warning: scripts run without a system call filter, the kernel refuses it: {}\n",
             std::strerror(error));
}

}  // namespace

void addRunOptions(CLI::App& command, RunSettings& settings) {
  command
      .add_option(
          "-o,--output", settings.outputs.file,
          "File to write, of one result: .step, .stl or .brep; .json the printed object, .py-json the same with "
          "the script's text in it")
      ->option_text("FILE");
  command.add_option("--step-dir", settings.outputs.stepFolder, "Folder for a STEP file a result")->option_text("DIR");
  command.add_option("--stl-dir", settings.outputs.stlFolder, "Folder for an STL file a result")->option_text("DIR");
  command.add_option("--brep-dir", settings.outputs.brepFolder, "Folder for a BREP file a result")->option_text("DIR");
  command.add_option("--tolerance", settings.tolerance, "Largest distance of the mesh from the shape")
      ->check(CLI::PositiveNumber)
      ->option_text("LENGTH (0.001)");
  command.add_option("--angular", settings.angular, "Largest angle between neighbouring triangles, in radians")
      ->check(CLI::PositiveNumber)
      ->option_text("ANGLE (0.1)");
  command.add_flag("--no-mesh", settings.noMesh, "Leave out the mesh's figures: about half the time of a small script");
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
  auto* json = command.add_flag("--json", settings.json, "Print one JSON object");
  command.add_flag("--jsonl", settings.jsonl, "Print a JSON object a line; the default when not on a terminal")
      ->excludes(json);
  command.add_flag("--no-times", settings.noTimes, "Leave out times, so that equal runs print equal bytes");
}

int runItems(const RunSettings& settings, std::vector<sandbox::Input> inputs, sandbox::Task pattern) {
  pattern.tolerance = settings.tolerance;
  pattern.angular = settings.angular;
  pattern.mesh = !settings.noMesh;
  pattern.options.maxHeapBytes = std::min<std::uint64_t>(pattern.options.maxHeapBytes, settings.memory / 2);
  OutputFiles::request(settings.outputs, pattern);

  // One file, or one script on standard input, is a run of its own; all else is a run of items.
  bool several = inputs.size() != 1 || inputs[0].kind == sandbox::Input::Kind::lines;
  std::unique_ptr<sandbox::ItemSource> source;
  std::optional<std::uint64_t> total;
  sandbox::WarmUp warmUp{.everything = true, .step = pattern.step || pattern.kind == sandbox::Task::Kind::step};
  {
    auto files = std::make_unique<sandbox::FileSource>(std::move(inputs), pattern);
    if (several) {
      if (::isatty(STDERR_FILENO) == 1) total = files->count();
      source = std::move(files);
    } else if (files->readsLines()) {
      several = true;
      source = std::move(files);
    } else {
      Item item;
      while (files->next(item) == sandbox::ItemSource::Next::wait) {
        pollfd waiting{files->descriptor(), POLLIN, 0};
        ::poll(&waiting, 1, -1);
      }
      if (item.known) throw Error(ErrorCode::input, item.known->run.error->type, item.known->run.error->message);
      warmUp = sandbox::warmUpFor(item.task);
      source = std::make_unique<SingleSource>(std::move(item));
    }
  }
  OutputFiles outputs(settings.outputs, several);

  const Format format = settings.json                  ? Format::json
                        : settings.jsonl               ? Format::jsonl
                        : ::isatty(STDOUT_FILENO) == 1 ? Format::text
                                                       : Format::jsonl;
  sandbox::PoolOptions options;
  options.workers = several ? (settings.jobs > 0 ? settings.jobs : cores()) : 1;
  options.limits.wallSeconds = settings.timeout;
  options.limits.memoryBytes = settings.memory;
  sandbox::ScriptPool pool(options, warmUp);
  const std::atomic<bool>& interrupted = stopOnSignals();

  ItemPrinter printer(format, several, !settings.noTimes);
  Progress progress("items", total);
  Counts counts;
  const auto start = std::chrono::steady_clock::now();
  pool.run(
      *source,
      [&](Item& item, TaskResult& result) {
        if (several && format == Format::text) progress.clear();
        if (counts.all() == 0) reportMissingFilter(pool.workers().filterError());
        counts.add(result.run.status);
        printer.print(item, result);
        if (sandbox::succeeded(result)) outputs.write(item, result);
        if (several) progress.advance();
      },
      interrupted);
  progress.clear();
  printer.finish(counts.json());
  if (several) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print(stderr, "{} items in {:.1f} s: {}\n", counts.all(), seconds, counts.text());
  }
  return exitCodeOf(counts, several, interrupted);
}

}  // namespace cadrecode::cli
