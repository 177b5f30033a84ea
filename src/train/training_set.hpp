// The samples of one split as token ids in memory; clouds are read when they are needed. What cannot be used is left
// out, counted and named, never replaced. Owns its samples; const methods may run in any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "dataset/samples.hpp"
#include "text/tokenizer.hpp"

namespace cadrecode::train {

struct TrainingSample {
  dataset::Sample source;
  std::vector<text::TokenId> tokens;  // <|im_start|>, the program, <|endoftext|>
};

struct SkippedSample {
  std::string id, reason;
};

class TrainingSet {
 public:
  // Reads and encodes the listed programs (*.py) in `threads` threads. Samples of more than `maxTokens` tokens are
  // skipped, and so is what the list says is missing or excluded.
  TrainingSet(const dataset::SampleList& list, const text::Tokenizer& tokenizer, std::size_t maxTokens,
              std::size_t threads);

  const std::vector<TrainingSample>& samples() const { return samples_; }
  std::size_t tooLong() const { return tooLong_; }
  text::TokenId padToken() const { return padToken_; }

  // Those left out so far, in no particular order; clouds add to them while batches are made.
  std::vector<SkippedSample> skipped() const;
  // Notes a sample once.
  void skip(const std::string& id, const std::string& reason) const;

 private:
  std::vector<TrainingSample> samples_;
  std::size_t tooLong_ = 0;
  text::TokenId padToken_ = 0;
  mutable std::mutex mutex_;
  mutable std::vector<SkippedSample> skipped_;
};

}  // namespace cadrecode::train
