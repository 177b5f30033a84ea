// A benchmark run: every model's prediction of every part, scored by several threads into one tree, and the reports of
// it. rows.jsonl takes a line a prediction, after its files; a run that was stopped, in whatever way, goes on there and
// ends with the same reports as one that was not (but for times, which can be left out).
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "benchmark/page.hpp"
#include "benchmark/part_set.hpp"
#include "benchmark/scorer.hpp"

namespace cadrecode::benchmark {

struct BenchOptions {
  DataOptions data;
  ScoreOptions score;
  bool overwrite = false;  // forget what an earlier run left in the folder
  int jobs = 1;
  std::string command;  // for the report
  PageLimits page;
};

struct BenchOutcome {
  std::size_t rows = 0, known = 0;  // of them, from earlier runs
  std::size_t failed = 0;
  bool interrupted = false;
};

// `done` is called for every row, by any thread but never by two at once. Error(usage) for a folder that holds a run
// with other settings.
BenchOutcome runBench(const BenchOptions& options, const References& references, const std::vector<Model>& models,
                      const std::function<void()>& done, const std::atomic<bool>& stop);

// Makes the reports of a tree again from its rows. Error(input) for a folder that holds no run.
void writeReports(const std::string& folder, const PageLimits& page = {});

}  // namespace cadrecode::benchmark
