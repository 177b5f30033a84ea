// Pairs of files to compare, and their comparison from reading to figures. A pair that fails is a row with its reason.
// One thread a runner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "metrics/comparison.hpp"
#include "sandbox/script_pool.hpp"

namespace cadrecode::metrics {

struct PairFiles {
  std::string id;
  std::string reference, prediction;  // paths; an empty one: there is none, which is the pair's failure
};

// Of two folders: files whose paths below them are the same but for the ending, sorted; a reference without a
// prediction is a pair too. Error(input) for a folder without files, or two files that differ in their ending only.
std::vector<PairFiles> pairsOfFolders(const std::string& references, const std::string& predictions);

// Of a file: JSON lines {"reference", "prediction", "id"?}, or CSV with a header that names these columns in any order.
// Relative paths are taken from the file's folder. Error(input) with the line.
std::vector<PairFiles> readPairsFile(const std::string& path);

struct PairResult {
  std::optional<Comparison> comparison;
  std::string error;   // when there is none
  std::string failed;  // "reference" or "prediction": which could not be read
};

class PairRunner {
 public:
  // `workers`' limits are those of reading a part and of a boolean.
  PairRunner(CompareOptions options, const sandbox::Limits& limits);
  PairResult run(const PairFiles& pair);
  // Of parts that are read already.
  Comparison run(const sandbox::Part& reference, const sandbox::Part& prediction);
  sandbox::ScriptPool& pool() { return pool_; }

 private:
  CompareOptions options_;
  sandbox::ScriptPool pool_;
  BrepIouWorker brep_;
};

// {"id", "reference", "prediction", "status": "ok" | "failed", "error"?, figures...}
nlohmann::ordered_json rowOf(const PairFiles& pair, const PairResult& result);

// Of such rows: of each figure the mean, standard deviation, median, quartiles and count over the rows that have it,
// with the ids of those that do not; and over all pairs the share of failures and the mean IoU with failures as 0.
nlohmann::ordered_json summaryOf(const std::vector<nlohmann::ordered_json>& rows);
std::string summaryText(const nlohmann::ordered_json& summary);

}  // namespace cadrecode::metrics
