// The process from which workers are forked: made once, while the parent is still small, it prepares the work (loads
// fonts and tables) and from then on gives a warm copy of itself in about a millisecond. It is the workers' parent and
// reaps them; it ends, and they with it, when the parent closes its socket or dies. One thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string_view>

#include "sandbox/limits.hpp"
#include "sandbox/worker_page.hpp"

namespace cadrecode::sandbox {

// What workers do. `prepare` runs once, in the zygote, with all files still open to it; `handle` in a worker, for every
// request; `position`, which may be null, says where `handle` stands and is called from signal handlers.
struct WorkerBody {
  std::function<void()> prepare;
  std::function<std::string(std::string_view request)> handle;
  std::function<std::uint64_t()> position;
};

// The zygote itself is gone, and its workers with it.
class ZygoteLost : public std::runtime_error {
 public:
  ZygoteLost() : std::runtime_error("the process that forks workers died") {}
};

class Zygote {
 public:
  Zygote(const WorkerBody& body, const Limits& limits, SharedPages& pages);
  ~Zygote();
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  // Forks a worker that serves requests arriving on `socket` and writes into the given page. Its process id. Throws
  // ZygoteLost, Error when `prepare` failed, Error(resources) when there are no more processes.
  pid_t spawn(int socket, std::size_t page);
  // Ends a worker by SIGKILL unless it is dead already; its status as of waitpid. Throws ZygoteLost.
  int end(pid_t worker);

 private:
  struct Order;
  struct Answer;
  [[noreturn]] static void serve(const WorkerBody& body, const Limits& limits, SharedPages& pages);
  Answer ask(const Order& order, int socket);

  pid_t process_ = -1;
  int control_ = -1;
};

}  // namespace cadrecode::sandbox
