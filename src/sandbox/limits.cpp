#include "sandbox/limits.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace cadrecode::sandbox {
namespace {

void setLimit(__rlimit_resource resource, std::uint64_t value) {
  rlimit old{};
  ::getrlimit(resource, &old);
  rlim_t bounded = std::min<rlim_t>(value, old.rlim_max);
  rlimit limit{bounded, bounded};
  ::setrlimit(resource, &limit);
}

void writeSmallFile(const char* path, const char* text, std::size_t size) {
  int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] ssize_t count = ::write(file, text, size);
  ::close(file);
}

// Reads /proc/<pid>/statm: sizes in pages, the whole and the resident part first.
bool readPages(int pid, unsigned long& whole, unsigned long& resident) {
  std::string path = "/proc/" + std::to_string(pid) + "/statm";
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char text[128];
  ssize_t count = ::read(file, text, sizeof text - 1);
  ::close(file);
  if (count <= 0) return false;
  text[count] = '\0';
  return std::sscanf(text, "%lu %lu", &whole, &resident) == 2;
}

void dropCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  ::syscall(SYS_capset, &header, none);
}

}  // namespace

void limitThisProcess(const Limits& limits) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  writeSmallFile("/proc/self/oom_score_adj", "1000", 4);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow takes terabytes of addresses
  unsigned long whole = 0, resident = 0;
  if (limits.memoryBytes != 0 && readPages(::getpid(), whole, resident)) {
    // RLIMIT_DATA bounds private writable memory; RLIMIT_AS also what is not counted there.
    auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    setLimit(RLIMIT_DATA, limits.memoryBytes);
    setLimit(RLIMIT_AS, whole * page + limits.memoryBytes + limits.stackBytes);
  }
#endif
  setLimit(RLIMIT_STACK, limits.stackBytes);
  setLimit(RLIMIT_CORE, 0);
  setLimit(RLIMIT_FSIZE, 0);
  setLimit(RLIMIT_NPROC, 0);
  setLimit(RLIMIT_MEMLOCK, 0);
  setLimit(RLIMIT_MSGQUEUE, 0);
  setLimit(RLIMIT_NOFILE, 0);
  dropCapabilities();
}

void limitCpuTime(int pid, double seconds) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return;
  rlimit limit{static_cast<rlim_t>(std::ceil(static_cast<double>(used.tv_sec + 1) + seconds)), RLIM_INFINITY};
  ::prlimit(pid, RLIMIT_CPU, &limit, nullptr);
}

std::uint64_t residentBytes(int pid) {
  unsigned long whole = 0, resident = 0;
  if (!readPages(pid, whole, resident)) return 0;
  return static_cast<std::uint64_t>(resident) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void closeFilesFrom(int first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, first, ~0u, 0) == 0) return;
#endif
  std::vector<int> open;
  if (DIR* folder = ::opendir("/proc/self/fd")) {
    while (dirent* entry = ::readdir(folder)) {
      int number = std::atoi(entry->d_name);
      if (number >= first && number != ::dirfd(folder)) open.push_back(number);
    }
    ::closedir(folder);
  }
  for (int number : open) ::close(number);
}

}  // namespace cadrecode::sandbox
