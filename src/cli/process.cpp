#include "cli/process.hpp"

#include <sched.h>

#include <algorithm>
#include <csignal>

namespace cadrecode::cli {
namespace {

std::atomic<bool> stopped{false};

}  // namespace

int cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

const std::atomic<bool>& stopOnSignals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stopped = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return stopped;
}

}  // namespace cadrecode::cli
