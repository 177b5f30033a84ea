// Signal handlers of a worker that write into its page why it dies, and then let it die. They limit nothing: a worker
// that got rid of them is killed all the same, only with less to tell.
#pragma once

#include <cstdint>
#include <functional>

#include "sandbox/worker_page.hpp"

namespace cadrecode::sandbox {

// Asks a worker to write its position into its page.
int positionSignal();

// `position` is called inside a signal handler: it may only read memory. Null: not known. Once a process.
void installFaultHandlers(WorkerPage& page, std::function<std::uint64_t()> position, std::uint64_t memoryBytes);

}  // namespace cadrecode::sandbox
