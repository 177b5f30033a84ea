#include "sandbox/script_pool.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::sandbox {
namespace {

using cadquery::Status;

// Items are held until all earlier ones have ended, up to these bounds; then no new one starts.
constexpr std::size_t kMaxHeld = 4096;
constexpr std::size_t kMaxHeldBytes = 256u << 20;
constexpr int kLookAtStop = 500;  // milliseconds

struct Slot {
  Item item;
  std::optional<TaskResult> result;
};

std::size_t bytesOf(const Slot& slot) {
  std::size_t bytes = slot.item.task.text.size();
  if (slot.result) {
    const TaskResult& result = *slot.result;
    bytes += result.step.size() + result.stl.size() + result.brep.size() + result.run.output.size();
    bytes += result.arrays.vertices.size() * sizeof(double[3]);
    bytes += result.arrays.triangles.size() * sizeof(std::uint32_t[3]);
  }
  return bytes;
}

TaskResult failure(Status status, const char* type, std::vector<std::string> bases, const Outcome& outcome) {
  TaskResult result = failedResult(status, type, outcome.reason);
  result.run.error->bases = std::move(bases);
  // What is no line of a script comes of a worker in ruins.
  if (outcome.position && *outcome.position < 100'000'000) result.run.error->line = static_cast<int>(*outcome.position);
  return result;
}

}  // namespace

ScriptPool::ScriptPool(PoolOptions options, WarmUp warmUp)
    : options_(options), pool_(scriptWorkerBody(warmUp), options) {}

TaskResult ScriptPool::resultOf(Outcome outcome) const {
  TaskResult result;
  switch (outcome.end) {
    case End::reply:
      try {
        return decodeResult(outcome.reply);
      } catch (const Error& error) {
        outcome.reason = std::string("the worker sent a malformed reply: ") + error.what();
        return failure(Status::crash, "Crash", {"Exception"}, outcome);
      }
    case End::timeout:
      result = failure(Status::timeout, "TimeoutError", {"OSError", "Exception"}, outcome);
      break;
    case End::outOfMemory:
      result = failure(Status::outOfMemory, "MemoryError", {"Exception"}, outcome);
      break;
    case End::failure:
    case End::crash:
      result = failure(Status::crash, "Crash", {"Exception"}, outcome);
      break;
  }
  result.run.buildMs = outcome.seconds * 1000;
  return result;
}

TaskResult ScriptPool::run(Task task) {
  TaskResult result;
  bool ended = false;
  pool_.start(0, encode(task));
  while (!ended) {
    pool_.wait(-1, -1, [&](std::uint64_t, Outcome outcome) {
      result = resultOf(std::move(outcome));
      ended = true;
    });
  }
  return result;
}

bool ScriptPool::run(ItemSource& source, const ItemSink& sink, const std::atomic<bool>& stop) {
  std::deque<Slot> slots;     // the items that are out, in order
  std::uint64_t first = 0;    // ticket of slots.front()
  std::size_t heldBytes = 0;  // of all slots
  ItemSource::Next state = ItemSource::Next::item;
  auto full = [&] { return slots.size() >= kMaxHeld || (heldBytes >= kMaxHeldBytes && !slots.empty()); };
  auto settle = [&](Slot& slot, TaskResult result) {
    heldBytes -= bytesOf(slot);
    slot.result = std::move(result);
    heldBytes += bytesOf(slot);
  };

  while (!stop) {
    while (pool_.free() > 0 && state != ItemSource::Next::end && !full()) {
      Item item;
      state = source.next(item);
      if (state != ItemSource::Next::item) break;
      Slot& slot = slots.emplace_back(Slot{std::move(item), std::nullopt});
      heldBytes += bytesOf(slot);
      if (slot.item.known) {
        settle(slot, *std::exchange(slot.item.known, std::nullopt));
      } else {
        pool_.start(first + slots.size() - 1, encode(slot.item.task));
      }
    }
    while (!slots.empty() && slots.front().result) {
      heldBytes -= bytesOf(slots.front());
      sink(slots.front().item, *slots.front().result);
      slots.pop_front();
      ++first;
    }
    if (slots.empty() && state == ItemSource::Next::end) return true;
    const bool wantsInput = state == ItemSource::Next::wait && pool_.free() > 0 && !full();
    // Not without limit: a signal that sets `stop` may arrive just before the wait.
    pool_.wait(kLookAtStop, wantsInput ? source.descriptor() : -1, [&](std::uint64_t ticket, Outcome outcome) {
      settle(slots[ticket - first], resultOf(std::move(outcome)));
    });
  }
  return false;
}

TaskResult readStep(std::string bytes, const Limits& limits) {
  Task task;
  task.kind = Task::Kind::step;
  task.text = std::move(bytes);
  return ScriptPool({.workers = 1, .limits = limits}, warmUpFor(task)).run(std::move(task));
}

}  // namespace cadrecode::sandbox
