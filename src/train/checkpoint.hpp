// A training run's state on the disk: checkpoint-N/ in the layout of Hugging Face's Trainer. A checkpoint appears under
// its name only when it is whole. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "train/training_network.hpp"

namespace cadrecode::train {

// Where a run stands, besides weights and moments. All random choices follow from the seed and these numbers.
struct TrainingState {
  std::int64_t step = 0;      // updates made
  std::uint64_t batches = 0;  // batches taken from the stream
  std::int64_t maxSteps = 0;
  double epoch = 0;
  std::optional<double> bestLoss;
  std::string bestCheckpoint;  // a folder's name: "checkpoint-100"
};

// Writes FOLDER/checkpoint-N: the trained parameters (float32) as a model or an adapter, `texts`,
// optimizer.safetensors, scheduler.json, trainer_state.json and, last, the sums. `complete`, when given, may add to the
// folder before it gets its name. Returns its path. Error(resources) for a full disk; nothing is left then.
std::string saveCheckpoint(const std::string& folder, TrainingNetwork& network, const TrainingState& state,
                           double nextLearningRate, std::map<std::string, std::string> texts,
                           const std::function<void(const std::string& folder)>& complete = {});

// Verifies the sums and reads weights, moments and state. Error(input) naming what is wrong or of another shape.
TrainingState loadCheckpoint(const std::string& checkpoint, TrainingNetwork& network);

// The finished checkpoint of the folder with the greatest number.
std::optional<std::string> newestCheckpoint(const std::string& folder);

// Deletes the adapters and moments of all checkpoints but the newest that have a merged model.
void dropOldAdapters(const std::string& folder);

// Deletes the oldest checkpoints until `limit` are left, but never `kept` nor the newest one; 0 deletes none. Removes
// what an interrupted save left behind.
void deleteOldCheckpoints(const std::string& folder, std::int64_t limit, const std::string& kept);

}  // namespace cadrecode::train
