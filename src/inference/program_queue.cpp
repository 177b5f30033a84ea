#include "inference/program_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::inference {

ProgramQueue::ProgramQueue(std::size_t capacity)
    : capacity_(capacity), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_ < 0) throw Error(ErrorCode::resources, "OSError", "no file descriptor is left");
}

ProgramQueue::~ProgramQueue() { ::close(event_); }

void ProgramQueue::wake() {
  const std::uint64_t one = 1;
  // It only fails when the counter is full, and then the descriptor can be read anyway.
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

void ProgramQueue::put(sandbox::Item item) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return abandoned_ || items_.size() < capacity_; });
  if (abandoned_) return;
  items_.push_back(std::move(item));
  wake();
}

void ProgramQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake();
}

void ProgramQueue::abandon() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  room_.notify_all();
}

sandbox::ItemSource::Next ProgramQueue::next(sandbox::Item& item) {
  const std::lock_guard lock(mutex_);
  if (items_.empty()) {
    if (closed_) return Next::end;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(event_, &count, sizeof count);
    return Next::wait;
  }
  item = std::move(items_.front());
  items_.pop_front();
  room_.notify_one();
  return Next::item;
}

}  // namespace cadrecode::inference
