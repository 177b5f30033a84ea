// A whole training run: data, network, loop, logs, checkpoints. One run at a time in a process.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "train/training_config.hpp"

namespace cadrecode::train {

struct RunOptions {
  bool resume = false;
  std::string resumeFrom;                            // a checkpoint; empty: the newest of the run's folder
  const std::atomic<bool>* stop = nullptr;           // set by a signal: save and return after this update
  std::function<void(const std::string& line)> say;  // progress for people; may be empty
};

struct RunResult {
  std::int64_t step = 0;
  bool interrupted = false;
  std::string checkpoint;  // the last one saved
  std::optional<double> evaluationLoss, bestLoss;
  std::size_t skippedSamples = 0;
};

// Trains to config.maxSteps and leaves checkpoints, logs, the resolved configuration (train_config.yaml) and, at the
// end, the model itself in config.modelSavePath. With the same configuration and data the weights are the same bytes on
// the CPU, whether or not the run was interrupted and resumed. Error(usage) when the folder holds another run's
// checkpoints; Error(resources) for a full disk, naming the last good checkpoint; Error(failure) for a loss that is no
// number.
RunResult runTraining(const TrainingConfig& config, const RunOptions& options);

}  // namespace cadrecode::train
