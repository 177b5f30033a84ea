// The folder an inference run writes, in the original's layout: generated_code/NAME.py, generated_stl/NAME.stl,
// generated_step/NAME.step, results/inference_results.json and results/statistics.json. While the run goes on,
// results/records.jsonl takes a line a program, after its files; a run that was stopped, in whatever way, goes on
// there. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/append_log.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::inference {

using sandbox::Json;

class OutputTree {
 public:
  // Makes the folders. `settings`: what decides about the results; a folder that was written with other settings is
  // refused with Error(usage), unless `overwrite`, which forgets what is recorded there. Error(failure) while another
  // run writes there.
  OutputTree(const std::string& folder, const Json& settings, bool overwrite);

  bool has(const std::string& id) const { return records_.contains(id); }

  // Writes the program's files and then its record, to which the files' paths are added. `result`: with the bytes of
  // the files.
  void write(const std::string& id, Json record, const std::string& script, const sandbox::TaskResult& result);

  // Writes the two files of results, those of `ids` in that order; gives the number of records of every status.
  std::map<std::string, std::uint64_t> finish(const std::vector<std::string>& ids, const Json& timing);

 private:
  std::string folder_;
  Json settings_;
  std::map<std::string, Json> records_;  // by id
  std::optional<AppendLog> log_;
};

}  // namespace cadrecode::inference
