// What a worker process may use, and how it is held to it. Limits are set from outside the code they bind: rlimits of
// the kernel, SIGKILL by the parent. Memory in bytes, times in seconds.
#pragma once

#include <cstdint>

namespace cadrecode::sandbox {

struct Limits {
  double wallSeconds = 30;                   // of one request, by the parent's clock
  double cpuSeconds = 0;                     // of one request; 0: one second more than wallSeconds
  std::uint64_t memoryBytes = 2ull << 30;    // of private memory, what the libraries and the warm-up took included
  std::uint64_t stackBytes = 64ull << 20;    // works when the pool is made by the main thread; else the thread's own
  std::uint64_t replyBytes = 1024ull << 20;  // of one reply
};

// For the worker itself: sets its rlimits (memory, stack, no files, no processes, no core), gives up privileges, makes
// it die with its parent and the first victim when the machine runs out of memory. `memoryBytes` of 0 leaves memory
// free.
void limitThisProcess(const Limits& limits);

// For the parent: `seconds` of CPU time from now on, enforced by SIGXCPU, which ends the worker.
void limitCpuTime(int pid, double seconds);

// Memory that the process holds in RAM now; 0 when it is gone.
std::uint64_t residentBytes(int pid);

// Closes every file descriptor from `first` on.
void closeFilesFrom(int first);

}  // namespace cadrecode::sandbox
