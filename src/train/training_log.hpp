// What a run says about itself: a line on stderr, a line of JSON in training_log.jsonl and values in a TensorBoard
// event file for every logging step and evaluation; at the end a curve. Owns its files; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cadrecode::train {

struct LogEntry {
  std::int64_t step = 0;
  std::vector<std::pair<std::string, double>> values;  // in the order they are written
};

class TrainingLog {
 public:
  // Continues the folder's log after `step`; what it has of later steps is dropped, because they come again.
  TrainingLog(const std::string& folder, std::int64_t step);

  void add(const LogEntry& entry);
  const std::vector<LogEntry>& entries() const { return entries_; }

  // loss_curve.svg in the folder.
  void writeCurve() const;

 private:
  std::string folder_, eventFile_;
  std::vector<LogEntry> entries_;
};

std::string toJsonLine(const LogEntry& entry);

}  // namespace cadrecode::train
