// Batches of a training set in an order that depends on the seed alone, made ahead by threads of their own.
#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "train/training_set.hpp"

namespace cadrecode::train {

// Indices of an epoch's batches: shuffled by (seed, epoch), samples of like length together where `byLength`. Every
// sample once; the last batch may be smaller.
std::vector<std::vector<std::uint32_t>> planEpoch(const std::vector<std::uint32_t>& lengths, std::size_t batchSize,
                                                  std::uint64_t seed, std::uint64_t epoch, bool byLength);

struct Batch {
  at::Tensor points;            // samples x points x 3, float32
  at::Tensor tokens, labels;    // samples x longest, int64; labels are -100 at the start token and behind the end
  std::int64_t samples = 0;     // may be 0 when no cloud could be read
  std::int64_t realTokens = 0;  // points and tokens without padding
};

struct BatchOptions {
  std::size_t batchSize = 8;
  std::size_t points = 256;
  std::uint64_t seed = 0;
  double noiseProbability = 0;
  double noiseDeviation = 0;
  bool byLength = true;
};

// One batch of given samples; noise depends on (seed, epoch, index of the sample).
Batch makeBatch(const TrainingSet& set, const std::vector<std::uint32_t>& indices, const BatchOptions& options,
                std::uint64_t epoch);

// An endless stream of batches, epoch after epoch. next() is for one thread; the set must outlive the stream.
class BatchStream {
 public:
  // Begins with batch number `first`, counted through all epochs.
  BatchStream(const TrainingSet& set, const BatchOptions& options, std::uint64_t first, std::size_t threads);
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  Batch next();
  // The number of the batch that next() gives.
  std::uint64_t position() const { return position_; }
  std::uint64_t batchesPerEpoch() const { return batchesPerEpoch_; }

 private:
  void work();
  std::vector<std::uint32_t> indicesOf(std::uint64_t number);

  const TrainingSet& set_;
  BatchOptions options_;
  std::vector<std::uint32_t> lengths_;
  std::uint64_t batchesPerEpoch_;
  std::uint64_t position_;
  std::size_t ahead_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t claimed_;
  std::map<std::uint64_t, Batch> ready_;
  std::map<std::uint64_t, std::vector<std::vector<std::uint32_t>>> plans_;  // of the epochs in work
  std::exception_ptr failure_;
  bool stop_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace cadrecode::train
