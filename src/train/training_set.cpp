#include "train/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::train {

TrainingSet::TrainingSet(const dataset::SampleList& list, const text::Tokenizer& tokenizer, std::size_t maxTokens,
                         std::size_t threads)
    : padToken_(tokenizer.require("<|im_end|>")) {
  const text::TokenId start = tokenizer.require("<|im_start|>");
  const text::TokenId end = tokenizer.require("<|endoftext|>");
  std::vector<dataset::Sample> listed;
  std::copy_if(list.samples.begin(), list.samples.end(), std::back_inserter(listed),
               [](const dataset::Sample& sample) { return sample.scriptPath.ends_with(".py"); });
  for (const std::string& id : list.missing) skipped_.push_back({id, "an index names it, but it is not there"});
  for (const std::string& id : list.excluded) skipped_.push_back({id, "an error_samples.json excludes it"});
  std::vector<TrainingSample> read(listed.size());
  std::vector<std::string> reasons(listed.size());
  std::atomic<std::size_t> next{0};
  auto work = [&] {
    constexpr std::size_t stride = 64;
    for (std::size_t first = next.fetch_add(stride); first < listed.size(); first = next.fetch_add(stride)) {
      for (std::size_t i = first; i < std::min(first + stride, listed.size()); ++i) {
        try {
          if (!listed[i].cloud.exists) {
            throw Error(ErrorCode::input, "FileNotFoundError", listed[i].cloud.path + ": no such cloud");
          }
          const std::vector<text::TokenId> code = tokenizer.encode(readFile(listed[i].scriptPath));
          read[i].tokens.reserve(code.size() + 2);
          read[i].tokens.push_back(start);
          read[i].tokens.insert(read[i].tokens.end(), code.begin(), code.end());
          read[i].tokens.push_back(end);
        } catch (const std::exception& error) {
          read[i].tokens.clear();
          reasons[i] = error.what();
        }
      }
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < threads; ++i) helpers.emplace_back(work);
  work();
  helpers.clear();
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (!reasons[i].empty()) {
      skipped_.push_back({listed[i].id, reasons[i]});
    } else if (read[i].tokens.size() > maxTokens) {
      ++tooLong_;
      skipped_.push_back({listed[i].id, fmt::format("{} tokens, more than the {} there is place for",
                                                    read[i].tokens.size(), maxTokens)});
    } else {
      read[i].source = std::move(listed[i]);
      samples_.push_back(std::move(read[i]));
    }
  }
}

std::vector<SkippedSample> TrainingSet::skipped() const {
  const std::lock_guard lock(mutex_);
  return skipped_;
}

void TrainingSet::skip(const std::string& id, const std::string& reason) const {
  const std::lock_guard lock(mutex_);
  const bool known =
      std::any_of(skipped_.begin(), skipped_.end(), [&](const SkippedSample& sample) { return sample.id == id; });
  if (!known) skipped_.push_back({id, reason});
}

}  // namespace cadrecode::train
