#include "sandbox/system_call_filter.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

namespace cadrecode::sandbox {
namespace {

// Harmless whatever their arguments.
constexpr int allowedCalls[] = {
    SCMP_SYS(exit),           SCMP_SYS(exit_group),        SCMP_SYS(brk),          SCMP_SYS(munmap),
    SCMP_SYS(mremap),         SCMP_SYS(madvise),           SCMP_SYS(futex),        SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),   SCMP_SYS(gettimeofday),      SCMP_SYS(time),         SCMP_SYS(times),
    SCMP_SYS(getrusage),      SCMP_SYS(getrandom),         SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),   SCMP_SYS(sigaltstack),       SCMP_SYS(getpid),       SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),    SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo),      SCMP_SYS(getcpu),
    SCMP_SYS(restart_syscall)};

// Asked by the C library of its standard streams; a refusal is answer enough.
constexpr int refusedCalls[] = {SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(ioctl), SCMP_SYS(lseek)};

int addRules(scmp_filter_ctx filter, int socket) {
  int failed = 0;
  auto fd = static_cast<scmp_datum_t>(socket);
  for (int call : allowedCalls) failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  for (int call : refusedCalls) failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, fd));
  for (scmp_datum_t output : {fd, scmp_datum_t{1}, scmp_datum_t{2}}) {
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, output));
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(writev), 1, SCMP_A0(SCMP_CMP_EQ, output));
  }
  // Private anonymous memory that is not code: argument 2 of both calls says what for, 3 of mmap which kind.
  scmp_arg_cmp noCode = SCMP_CMP64(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  scmp_arg_cmp anonymous =
      SCMP_CMP64(3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS | MAP_SHARED | MAP_PRIVATE, MAP_ANONYMOUS | MAP_PRIVATE);
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, noCode, anonymous);
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, noCode);
  return failed;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const bool filterIsBuiltIn = false;
#else
const bool filterIsBuiltIn = true;
#endif

bool installSystemCallFilter(int socket) {
  if (!filterIsBuiltIn) return true;
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_TRAP), seccomp_release);
  if (!filter) {
    errno = ENOMEM;
    return false;
  }
  // The processor's protection against speculation is for code of others in this process; there is none.
  seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_SSB, 1);
  int failed = addRules(filter.get(), socket);
  if (failed == 0) failed = seccomp_load(filter.get());
  if (failed != 0) errno = failed < 0 ? -failed : EINVAL;
  return failed == 0;
}

std::string systemCallName(int number) {
  std::unique_ptr<char, void (*)(void*)> name(seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), std::free);
  return name ? name.get() : std::to_string(number);
}

}  // namespace cadrecode::sandbox
