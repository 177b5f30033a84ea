// Runs requests on a pool with an injected body and gives the outcomes in the order of the requests.
#pragma once

#include <string>
#include <vector>

#include "sandbox/worker_pool.hpp"

namespace cadrecode::sandbox {

inline std::vector<Outcome> runAll(WorkerPool& pool, const std::vector<std::string>& requests) {
  std::vector<Outcome> outcomes(requests.size());
  std::size_t next = 0, ended = 0;
  while (ended < requests.size()) {
    while (next < requests.size() && pool.free() > 0) {
      pool.start(next, requests[next]);
      ++next;
    }
    pool.wait(-1, -1, [&](std::uint64_t ticket, Outcome outcome) {
      outcomes[ticket] = std::move(outcome);
      ++ended;
    });
  }
  return outcomes;
}

inline Outcome runOne(WorkerPool& pool, const std::string& request) { return runAll(pool, {request})[0]; }

}  // namespace cadrecode::sandbox
