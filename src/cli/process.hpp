// What commands ask of their own process: how many processors it has and whether it was asked to stop.
#pragma once

#include <atomic>

namespace cadrecode::cli {

// Processors this process may run on; one at least.
int cores();

// From now on the first SIGINT or SIGTERM sets the flag that is returned, and a second one ends the process.
const std::atomic<bool>& stopOnSignals();

}  // namespace cadrecode::cli
