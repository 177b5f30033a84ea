#include "sandbox/fault_handlers.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <new>
#include <utility>

namespace cadrecode::sandbox {
namespace {

WorkerPage* thePage = nullptr;
std::function<std::uint64_t()>* thePosition = nullptr;
std::size_t probeBytes = 0;  // not being able to get this much means that memory ran out

alignas(64) char handlerStack[64 * 1024];

std::uintptr_t stackPointer(const void* context) {
  const auto* state = static_cast<const ucontext_t*>(context);
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(state->uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return static_cast<std::uintptr_t>(state->uc_mcontext.sp);
#else
#error "where does this architecture keep its stack pointer?"
#endif
}

void notePosition() {
  if (!*thePosition || thePage->positionKnown != 0) return;
  thePage->position = (*thePosition)();
  thePage->positionKnown = 1;
}

void noteMemory() {
  void* memory = ::mmap(nullptr, probeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    thePage->outOfMemory = 1;
  } else {
    ::munmap(memory, probeBytes);
  }
}

// Not instrumented, like all that calls it: before a call that does not return AddressSanitizer reads the stack's place
// from a file, which a worker cannot open.
[[noreturn, gnu::no_sanitize_address]] void die(int signal) {
  thePage->signal = static_cast<std::uint32_t>(signal);
  notePosition();  // last: it may fault itself when the heap is in ruins
  ::_exit(128 + signal);
}

[[gnu::no_sanitize_address]] void onFault(int signal, siginfo_t* facts, void* context) {
  if (thePage->signal != 0) ::_exit(128 + signal);
  if (signal == SIGSEGV || signal == SIGBUS) {
    auto address = reinterpret_cast<std::uintptr_t>(facts->si_addr);
    std::uintptr_t stack = stackPointer(context);
    if (address + (1u << 20) > stack && address < stack + (1u << 16)) thePage->stackOverflow = 1;
  }
  noteMemory();
  die(signal);
}

[[gnu::no_sanitize_address]] void onForbiddenCall(int, siginfo_t* facts, void* context) {
  // abort() raises its signal by a call that the filter refuses like any other sending of signals.
  const auto* state = static_cast<const ucontext_t*>(context);
#if defined(__x86_64__)
  bool aborts = facts->si_syscall == SYS_tgkill && state->uc_mcontext.gregs[REG_RDX] == SIGABRT;
#else
  bool aborts = facts->si_syscall == SYS_tgkill && state->uc_mcontext.regs[2] == SIGABRT;
#endif
  if (aborts) {
    noteMemory();
    die(SIGABRT);
  }
  thePage->forbiddenCall = static_cast<std::uint32_t>(facts->si_syscall) + 1;
  die(SIGSYS);
}

void onPositionWanted(int) { notePosition(); }

void onAllocationFailure() {
  thePage->outOfMemory = 1;
  throw std::bad_alloc();
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

int positionSignal() { return SIGUSR1; }

void installFaultHandlers(WorkerPage& page, std::function<std::uint64_t()> position, std::uint64_t memoryBytes) {
  static std::function<std::uint64_t()> kept;
  kept = std::move(position);
  thePage = &page;
  thePosition = &kept;
  probeBytes = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(memoryBytes / 32, std::uint64_t{1} << 20, std::uint64_t{32} << 20));
  stack_t stack{};
  stack.ss_sp = handlerStack;
  stack.ss_size = sizeof handlerStack;
  ::sigaltstack(&stack, nullptr);
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU}) handle(signal, onFault);
  handle(SIGSYS, onForbiddenCall);
  struct sigaction ask {};
  ask.sa_handler = onPositionWanted;
  ask.sa_flags = SA_ONSTACK | SA_RESTART;
  ::sigaction(positionSignal(), &ask, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::set_new_handler(onAllocationFailure);
}

}  // namespace cadrecode::sandbox
