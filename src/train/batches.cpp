#include "train/batches.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "cloud/noise.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::train {

std::vector<std::vector<std::uint32_t>> planEpoch(const std::vector<std::uint32_t>& lengths, std::size_t batchSize,
                                                  std::uint64_t seed, std::uint64_t epoch, bool byLength) {
  Random random = Random(seed).split("order").split(epoch);
  std::vector<std::uint32_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0U);
  random.shuffle(order);
  if (byLength) {
    // Sorting within stretches of many batches keeps most of the shuffle and nearly all of the saving.
    const std::size_t stretch = batchSize * 64;
    for (std::size_t first = 0; first < order.size(); first += stretch) {
      const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(first + stretch, order.size()));
      std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return lengths[a] < lengths[b]; });
    }
  }
  std::vector<std::vector<std::uint32_t>> batches;
  for (std::size_t first = 0; first < order.size(); first += batchSize) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(first + batchSize, order.size()));
    batches.emplace_back(begin, end);
  }
  random.shuffle(batches);
  return batches;
}

Batch makeBatch(const TrainingSet& set, const std::vector<std::uint32_t>& indices, const BatchOptions& options,
                std::uint64_t epoch) {
  const Random noise = Random(options.seed).split("noise").split(epoch);
  std::vector<const TrainingSample*> samples;
  std::vector<std::vector<cloud::PointF>> clouds;
  std::size_t longest = 0;
  for (const std::uint32_t index : indices) {
    const TrainingSample& sample = set.samples()[index];
    try {
      std::vector<cloud::PointF> points = dataset::readCloud(sample.source, options.points);
      const cloud::Noise settings{options.noiseDeviation, options.noiseProbability, 0};
      if (options.noiseProbability > 0) cloud::addNoise(points, settings, noise.split(index));
      clouds.push_back(std::move(points));
    } catch (const Error& error) {
      set.skip(sample.source.id, error.what());
      continue;
    }
    samples.push_back(&sample);
    longest = std::max(longest, sample.tokens.size());
  }
  Batch batch;
  batch.samples = static_cast<std::int64_t>(samples.size());
  if (samples.empty()) return batch;
  const auto length = static_cast<std::int64_t>(longest);
  const auto count = static_cast<std::int64_t>(options.points);
  batch.points = at::empty({batch.samples, count, 3}, at::kFloat);
  batch.tokens = at::empty({batch.samples, length}, at::kLong);
  batch.labels = at::empty({batch.samples, length}, at::kLong);
  auto* points = static_cast<float*>(batch.points.data_ptr());
  auto* tokens = static_cast<std::int64_t*>(batch.tokens.data_ptr());
  auto* labels = static_cast<std::int64_t*>(batch.labels.data_ptr());
  for (std::size_t row = 0; row < samples.size(); ++row) {
    for (const cloud::PointF& point : clouds[row]) points = std::copy(point.begin(), point.end(), points);
    const std::vector<text::TokenId>& ids = samples[row]->tokens;
    for (std::size_t i = 0; i < longest; ++i) {
      const bool real = i < ids.size();
      *tokens++ = static_cast<std::int64_t>(real ? ids[i] : set.padToken());
      *labels++ = real && i > 0 ? static_cast<std::int64_t>(ids[i]) : -100;
    }
    batch.realTokens += count + static_cast<std::int64_t>(ids.size());
  }
  return batch;
}

BatchStream::BatchStream(const TrainingSet& set, const BatchOptions& options, std::uint64_t first, std::size_t threads)
    : set_(set), options_(options), position_(first), ahead_(2 * threads + 2), claimed_(first) {
  if (set.samples().empty()) throw Error(ErrorCode::input, "ValueError", "no sample is left to train on");
  for (const TrainingSample& sample : set.samples()) {
    lengths_.push_back(static_cast<std::uint32_t>(sample.tokens.size()));
  }
  batchesPerEpoch_ = (lengths_.size() + options.batchSize - 1) / options.batchSize;
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BatchStream::~BatchStream() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

// Called with the lock held.
std::vector<std::uint32_t> BatchStream::indicesOf(std::uint64_t number) {
  const std::uint64_t epoch = number / batchesPerEpoch_;
  auto plan = plans_.find(epoch);
  if (plan == plans_.end()) {
    plan =
        plans_.emplace(epoch, planEpoch(lengths_, options_.batchSize, options_.seed, epoch, options_.byLength)).first;
    while (plans_.begin()->first + 1 < epoch) plans_.erase(plans_.begin());
  }
  return plan->second[number % batchesPerEpoch_];
}

void BatchStream::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stop_ || claimed_ < position_ + ahead_; });
    if (stop_) return;
    const std::uint64_t number = claimed_++;
    try {
      const std::vector<std::uint32_t> indices = indicesOf(number);
      lock.unlock();
      Batch batch = makeBatch(set_, indices, options_, number / batchesPerEpoch_);
      lock.lock();
      ready_.emplace(number, std::move(batch));
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failure_ = std::current_exception();
    }
    changed_.notify_all();
  }
}

Batch BatchStream::next() {
  std::unique_lock lock(mutex_);
  if (threads_.empty()) {
    const std::vector<std::uint32_t> indices = indicesOf(position_);
    return makeBatch(set_, indices, options_, position_++ / batchesPerEpoch_);
  }
  changed_.wait(lock, [&] { return failure_ != nullptr || ready_.contains(position_); });
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  Batch batch = std::move(ready_.extract(position_).mapped());
  ++position_;
  lock.unlock();
  changed_.notify_all();
  return batch;
}

}  // namespace cadrecode::train
