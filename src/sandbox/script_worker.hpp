// The work of a script worker: runs CadQuery scripts with the Engine and reads STEP and BREP files, one task at a time.
#pragma once

#include "sandbox/script_task.hpp"
#include "sandbox/zygote.hpp"

namespace cadrecode::sandbox {

// What is loaded before workers are locked in. A pool that will see many tasks warms everything; one task only pays for
// what it needs.
struct WarmUp {
  bool everything = true;  // fonts and a first run of the kernel
  bool step = true;        // tables of STEP
};

// What a single task needs of it.
WarmUp warmUpFor(const Task& task);

// A body that answers encoded Tasks with encoded TaskResults; its position is a line of the script.
WorkerBody scriptWorkerBody(WarmUp warmUp);

// Performs one task in this process, without any isolation.
TaskResult perform(cadquery::Engine& engine, const Task& task);

}  // namespace cadrecode::sandbox
