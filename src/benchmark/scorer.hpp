// Scores what models made of one part: runs programs in a worker, writes their solids into the benchmark's tree,
// measures them against the reference, and gives a row a model. One thread an object; several objects may work beside
// each other in one tree.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "benchmark/part_set.hpp"
#include "metrics/brep_iou.hpp"
#include "metrics/comparison.hpp"
#include "sandbox/script_pool.hpp"

namespace cadrecode::benchmark {

using Json = nlohmann::ordered_json;

struct ScoreOptions {
  std::string folder;  // of the tree
  metrics::CompareOptions compare;
  sandbox::Limits limits;                     // of a program, a STEP file, a boolean
  bool stl = true, step = true, code = true;  // files wanted
  bool times = true;                          // rows say how long things took
};

class Scorer {
 public:
  // Make it on the main thread: worker processes are forked from there.
  explicit Scorer(ScoreOptions options);

  // The rows of one part, in the order of `models`: {"id", "model", "status", "reason"?, "source", files, figures...}.
  // Status "ok", a program's own ("syntax_error", "timeout", ...), "no_prediction", "unreadable", "reference_failed" or
  // "comparison_failed". Throws only for what ends a run, as a full disk.
  std::vector<Json> score(const PartFile& reference, const std::vector<const Model*>& models);

 private:
  struct Reading;
  Reading read(const PartFile& file);
  void measure(Json& row, const Reading& reference, const Reading& prediction, const cloud::Frame* frame);

  ScoreOptions options_;
  sandbox::ScriptPool pool_;
  metrics::BrepIouWorker brep_;
};

// What a row was made of; a row whose sources are others now is made again. SHA-256 over both sides' bytes.
std::string sourceOf(const PartFile& reference, const Model& model);

}  // namespace cadrecode::benchmark
