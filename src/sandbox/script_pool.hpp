// Runs tasks on a pool of script workers: one, or a stream of them with their results in the order they came in,
// however long each takes and whatever becomes of its worker. Holds a bounded number of results, so that a stream
// without end needs no more memory than a short one. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sandbox/script_task.hpp"
#include "sandbox/script_worker.hpp"
#include "sandbox/worker_pool.hpp"

namespace cadrecode::sandbox {

struct Item {
  std::string id;
  Task task;
  std::optional<TaskResult> known;  // set: there is nothing to run, this is its result (a malformed line of input)
};

// Where items come from. `next` gives one, says that more may come when `descriptor` can be read, or that all are out.
class ItemSource {
 public:
  enum class Next { item, wait, end };
  virtual ~ItemSource() = default;
  virtual Next next(Item& item) = 0;
  virtual int descriptor() const { return -1; }
};

using ItemSink = std::function<void(Item& item, TaskResult& result)>;

class ScriptPool {
 public:
  ScriptPool(PoolOptions options, WarmUp warmUp);

  TaskResult run(Task task);
  // Every item of the source once to the sink, in order. Ends early, with false, when `stop` becomes true.
  bool run(ItemSource& source, const ItemSink& sink, const std::atomic<bool>& stop);

  const WorkerPool& workers() const { return pool_; }

 private:
  TaskResult resultOf(Outcome outcome) const;

  PoolOptions options_;
  WorkerPool pool_;
};

// Reads the bytes of a STEP file in a worker process: malformed ones can crash the kernel. For many files keep a
// ScriptPool.
TaskResult readStep(std::string bytes, const Limits& limits = {});

}  // namespace cadrecode::sandbox
