#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/version.hpp"
#include "sandbox/result_json.hpp"
#include "sandbox/script_pool.hpp"
#include "sandbox/system_call_filter.hpp"

namespace cadrecode::cli {
namespace {

using sandbox::Outcome;

struct Finding {
  enum class Verdict { ok, missing, broken };  // missing: something optional
  Verdict verdict;
  std::string detail;
};

struct Check {
  const char* name;
  std::function<Finding()> look;
};

Finding fine(std::string detail) { return {Finding::Verdict::ok, std::move(detail)}; }
Finding missing(std::string detail) { return {Finding::Verdict::missing, std::move(detail)}; }
Finding broken(std::string detail) { return {Finding::Verdict::broken, std::move(detail)}; }

// Runs a function in a worker and says how it ended.
Outcome inWorker(std::function<void()> deed, const sandbox::Limits& limits, int& filterError) {
  sandbox::WorkerBody body{nullptr,
                           [deed](std::string_view) {
                             deed();
                             return std::string();
                           },
                           nullptr};
  sandbox::WorkerPool pool(body, {.workers = 1, .limits = limits});
  Outcome outcome;
  pool.start(0, "");
  while (pool.running() > 0) pool.wait(-1, -1, [&](std::uint64_t, Outcome ended) { outcome = std::move(ended); });
  filterError = pool.filterError();
  return outcome;
}

sandbox::TaskResult runScript(const std::string& script) {
  sandbox::Task task;
  task.text = script;
  task.step = task.stl = true;
  return sandbox::ScriptPool({.workers = 1, .limits = {.wallSeconds = 20}}, sandbox::warmUpFor(task)).run(task);
}

Finding kernel() {
  auto result = runScript("import cadquery as cq\nr = cq.Workplane().box(1, 2, 3).edges('|Z').fillet(0.2)\n");
  if (!sandbox::succeeded(result)) return broken(result.run.error->message);
  if (result.step.empty() || result.stl.empty()) return broken("no STEP or STL was written");
  return fine(fmt::format("a script in {:.1f} ms", result.run.parseMs + result.run.buildMs + result.run.measureMs));
}

Finding fonts() {
  auto result = runScript("import cadquery as cq\nr = cq.Workplane().text('CAD', 10, 1)\n");
  if (!sandbox::succeeded(result)) return missing("text() fails: " + result.run.error->message);
  return fine(fmt::format("text() makes {} faces", result.run.measures ? result.run.measures->nFaces : 0));
}

Finding filter() {
  if (!sandbox::filterIsBuiltIn) return missing("left out of builds with sanitizers");
  int error = 0;
  Outcome outcome = inWorker([] { ::access("/", R_OK); }, {.wallSeconds = 5}, error);
  if (error != 0) return broken(fmt::format("the kernel refuses the filter: {}", std::strerror(error)));
  if (outcome.end != sandbox::End::crash) return broken("a forbidden call went through");
  return fine(outcome.reason);
}

Finding memoryLimit() {
  if (!sandbox::filterIsBuiltIn) return missing("left out of builds with sanitizers");
  int error = 0;
  auto grow = [] {
    std::vector<std::string> held;
    for (int i = 0; i < 1024; ++i) held.emplace_back(1u << 20, 'x');
  };
  Outcome outcome = inWorker(grow, {.wallSeconds = 10, .memoryBytes = 256u << 20}, error);
  if (outcome.end != sandbox::End::outOfMemory) return broken("a worker got more memory than its limit");
  return fine("a worker is held to 256 MiB");
}

Finding timeLimit() {
  int error = 0;
  auto hang = [] {
    for (volatile bool forever = true; forever;) {
    }
  };
  Outcome outcome = inWorker(hang, {.wallSeconds = 0.2}, error);
  if (outcome.end != sandbox::End::timeout) return broken("a worker ran past its limit");
  return fine(fmt::format("a worker is ended after {:.2f} s of 0.2 s", outcome.seconds));
}

Finding temporaryFolder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) return broken(error.message());
  const std::string file = (folder / fmt::format("cadrecode-doctor-{}", ::getpid())).string();
  writeFileAtomically(file, "x");
  std::filesystem::remove(file, error);
  return fine(folder.string());
}

Finding torch() {
  const std::string built = torchVersion();
  void* library = ::dlopen("libtorch_cpu.so", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) library = ::dlopen("libtorch_cpu.so.1.13", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return missing("not found; nothing of this program needs it yet");
  return fine(built.empty() ? "found, without headers" : "headers " + built);
}

Finding cores() { return fine(std::to_string(std::thread::hardware_concurrency())); }

const char* word(Finding::Verdict verdict) {
  switch (verdict) {
    case Finding::Verdict::ok:
      return "ok";
    case Finding::Verdict::missing:
      return "missing";
    case Finding::Verdict::broken:
      return "broken";
  }
  return "broken";
}

Finding look(const Check& check) {
  try {
    return check.look();
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

}  // namespace

void addDoctor(CLI::App& program, int& exitCode) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = program.add_subcommand("doctor", "Check what is installed here and whether it works");
  command->add_flag("--json", *json, "Print one JSON object");
  command->footer("Exits with 1 when something that is needed is broken; what is missing is optional.");
  command->callback([json, &exitCode] {
    const std::vector<Check> checks = {
        {"OpenCASCADE", kernel},       {"fonts", fonts},          {"system call filter", filter},
        {"memory limit", memoryLimit}, {"time limit", timeLimit}, {"temporary folder", temporaryFolder},
        {"libtorch", torch},           {"cores", cores}};
    sandbox::Json report;
    exitCode = 0;
    for (const Check& check : checks) {
      const Finding finding = look(check);
      if (finding.verdict == Finding::Verdict::broken) exitCode = static_cast<int>(ErrorCode::failure);
      report[check.name] = {{"verdict", word(finding.verdict)}, {"detail", finding.detail}};
      if (!*json) fmt::print("{:<20} {:<8} {}\n", check.name, word(finding.verdict), finding.detail);
    }
    if (*json) fmt::print("{}\n", sandbox::dumpJson(report));
  });
}

}  // namespace cadrecode::cli
