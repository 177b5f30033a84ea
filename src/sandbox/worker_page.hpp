// A few words of memory that a worker shares with its parent, so that its last moments are known: what it ran out of,
// which system call it was refused, where in its work it was. The worker writes, the parent reads and trusts nothing in
// it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cadrecode::sandbox {

struct alignas(64) WorkerPage {
  std::atomic<std::uint32_t> outOfMemory;    // an allocation failed
  std::atomic<std::uint32_t> forbiddenCall;  // number of the refused system call plus one
  std::atomic<std::uint32_t> signal;         // the signal that ended the worker
  std::atomic<std::uint32_t> stackOverflow;  // that signal came of a full stack
  std::atomic<std::uint32_t> positionKnown;
  std::atomic<std::uint64_t> position;     // where the work stood, in the body's own terms (a line of a script)
  std::atomic<std::uint32_t> filterError;  // why the worker has no system call filter, an errno; 0: it has

  void reset();  // between requests
};

// Pages for `count` workers, mapped before the workers are forked.
class SharedPages {
 public:
  explicit SharedPages(std::size_t count);
  ~SharedPages();
  SharedPages(const SharedPages&) = delete;
  SharedPages& operator=(const SharedPages&) = delete;
  WorkerPage& operator[](std::size_t index) { return pages_[index]; }

 private:
  WorkerPage* pages_;
  std::size_t bytes_;
};

}  // namespace cadrecode::sandbox
