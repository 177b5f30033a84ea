// What `exec` and `measure` share: options of a run over items, the run itself, and its exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/output_files.hpp"
#include "sandbox/item_files.hpp"

namespace cadrecode::cli {

struct RunSettings {
  std::vector<std::string> arguments;
  OutputOptions outputs;
  double tolerance = 0.001, angular = 0.1;
  int jobs = 0;  // 0: one a core
  double timeout = 30;
  std::uint64_t memory = 2ull << 30;
  bool json = false, jsonl = false, noMesh = false, noTimes = false;
};

// The options above but for the arguments.
void addRunOptions(CLI::App& command, RunSettings& settings);

// Runs every item through a pool, prints and writes the results, and returns the exit code. `pattern` is the task of
// each item but for its text and what the settings say.
int runItems(const RunSettings& settings, std::vector<sandbox::Input> inputs, sandbox::Task pattern);

}  // namespace cadrecode::cli
