// Programs on their way from the decoding thread to the pool that runs them. The putting and the taking end may be
// different threads, one each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

#include "sandbox/script_pool.hpp"

namespace cadrecode::inference {

class ProgramQueue : public sandbox::ItemSource {
 public:
  // Holds at most `capacity` items; a putter waits for room.
  explicit ProgramQueue(std::size_t capacity);
  ~ProgramQueue() override;
  ProgramQueue(const ProgramQueue&) = delete;
  ProgramQueue& operator=(const ProgramQueue&) = delete;

  void put(sandbox::Item item);
  // No more items come; those that are in it can still be taken.
  void close();
  // Nothing will be taken any more: putting no longer waits, and what is put is dropped.
  void abandon();

  Next next(sandbox::Item& item) override;
  int descriptor() const override { return event_; }

 private:
  void wake();
  const std::size_t capacity_;
  int event_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<sandbox::Item> items_;
  bool closed_ = false, abandoned_ = false;
};

}  // namespace cadrecode::inference
