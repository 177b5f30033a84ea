// The life of a worker process after its fork: lock itself in, then answer requests until its socket closes.
#pragma once

#include <sys/types.h>

#include "sandbox/zygote.hpp"

namespace cadrecode::sandbox {

// `parent` is the zygote's process id: a worker born as an orphan ends at once. The signal mask and the handlers of the
// parent are left behind; descriptors 0, 1 and 2 become /dev/null, the socket 3, all others are closed.
[[noreturn]] void runWorker(const WorkerBody& body, const Limits& limits, WorkerPage& page, int socket, pid_t parent);

}  // namespace cadrecode::sandbox
