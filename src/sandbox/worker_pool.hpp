// A fixed number of warm worker processes that answer requests and may die at any moment: a dead one is replaced at
// once, one that served long or grew large is exchanged. Knows nothing of what the requests mean. One thread; the
// parent never blocks on a single worker.
//
//   WorkerPool pool(body, {.workers = 2});
//   while (...) {
//     while (pool.free() > 0 && more) pool.start(ticket, request);
//     pool.wait(-1, -1, [](std::uint64_t ticket, Outcome outcome) { ... });
//   }
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "sandbox/zygote.hpp"

namespace cadrecode::sandbox {

enum class End { reply, failure, timeout, outOfMemory, crash };

struct Outcome {
  End end = End::reply;
  std::string reply;                      // of End::reply
  std::string reason;                     // of the others, in words
  std::optional<std::uint64_t> position;  // where the body stood when it died, as WorkerBody::position says it
  double seconds = 0;                     // by the parent's clock
};

struct PoolOptions {
  int workers = 1;
  Limits limits;
  int recycleRequests = 2000;                         // a worker is exchanged after so many,
  std::uint64_t recycleResidentBytes = 512ull << 20;  // or when it holds this much between two requests
};

struct PoolStatistics {
  std::uint64_t spawned = 0, recycled = 0, died = 0;
};

class WorkerPool {
 public:
  // The workers are forked when first needed, from a zygote that is forked now.
  WorkerPool(WorkerBody body, PoolOptions options);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int free() const;  // requests that can be started now
  int running() const { return running_; }
  // Needs free() > 0. Error(resources) when no process can be made.
  void start(std::uint64_t ticket, std::string request);
  // Waits until a request ends, `descriptor` (-1: none) can be read, a signal arrives, or `milliseconds` (-1: no limit)
  // are over. Calls `done` for every request that ended.
  void wait(int milliseconds, int descriptor, const std::function<void(std::uint64_t, Outcome)>& done);

  const PoolStatistics& statistics() const { return statistics_; }
  // Why workers run without the system call filter: an errno, 0 when they have it. Known after the first outcome.
  int filterError() const { return filterError_; }

 private:
  struct Worker;
  bool sound(const Worker& worker) const;
  void spawn(Worker& worker);
  pid_t fork(Worker& worker, int socket);
  int end(Worker& worker);
  void renewZygote();
  void advance(Worker& worker, short events);
  void finish(Worker& worker, Outcome outcome);
  void giveBackTimeAway(std::chrono::steady_clock::time_point now);
  void askPosition(Worker& worker);
  Outcome explainDeath(Worker& worker, int status) const;
  void recycleIfWorn(Worker& worker);

  WorkerBody body_;
  PoolOptions options_;
  SharedPages pages_;
  std::unique_ptr<Zygote> zygote_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::pair<std::uint64_t, Outcome>> finished_;
  std::mt19937_64 nonces_{std::random_device{}()};
  std::chrono::steady_clock::time_point lastLook_;
  int running_ = 0;
  int filterError_ = 0;
  PoolStatistics statistics_;
};

}  // namespace cadrecode::sandbox
