// Bodies that do, in native code, what a script that broke out of the language would try.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "pool_run.hpp"
#include "sandbox/frame.hpp"
#include "sandbox/system_call_filter.hpp"

namespace cadrecode::sandbox {
namespace {

// Runs one function in a worker and then an innocent request on the same pool.
Outcome attack(const std::function<std::string()>& deed, Limits limits = {.wallSeconds = 60}) {
  WorkerBody body = {nullptr,
                     [deed](std::string_view request) { return request == "attack" ? deed() : std::string("well"); },
                     nullptr};
  WorkerPool pool(body, {.workers = 1, .limits = limits});
  auto start = std::chrono::steady_clock::now();
  auto outcomes = runAll(pool, {"attack", "live on"});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::duration<double>(limits.wallSeconds + 20))
      << "the limit of " << limits.wallSeconds << " s was not enforced, or the machine is very busy";
  EXPECT_EQ(outcomes[1].reply, "well") << outcomes[1].reason;
  return outcomes[0];
}

int overflow(volatile char* above, int depth) {
  volatile char here[1024];
  here[0] = *above;
  return depth == 1'000'000'000 ? 0 : overflow(here, depth + 1) + here[0];
}

class Refused : public ::testing::TestWithParam<std::pair<const char*, std::function<void()>>> {
 protected:
  void SetUp() override {
    if (!filterIsBuiltIn) GTEST_SKIP() << "no filter under sanitizers";
  }
};

TEST_P(Refused, EndsTheWorkerAndIsNamed) {
  auto [name, deed] = GetParam();
  Outcome outcome = attack([deed = deed] {
    deed();
    return std::string("got through");
  });
  EXPECT_EQ(outcome.end, End::crash);
  EXPECT_EQ(outcome.reason, std::string("forbidden system call ") + name);
}

using Deed = std::pair<const char*, std::function<void()>>;
INSTANTIATE_TEST_SUITE_P(
    Calls, Refused,
    ::testing::Values(Deed{"openat", [] { ::open("/etc/passwd", O_RDONLY); }},
                      Deed{"socket", [] { ::socket(AF_INET, SOCK_STREAM, 0); }},
                      Deed{"execve", [] { ::execl("/bin/true", "true", nullptr); }},
                      Deed{"clone", [] { [[maybe_unused]] int child = ::fork(); }},
                      Deed{"kill", [] { ::kill(1, SIGTERM); }},
                      Deed{"ptrace", [] { ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
                      Deed{"unlink", [] { ::unlink("/nowhere/x"); }}, Deed{"chdir", [] { (void)!::chdir("/"); }},
                      Deed{"prlimit64",
                           [] {
                             rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
                             ::prlimit(0, RLIMIT_DATA, &limit, nullptr);
                           }},
                      Deed{"mprotect",
                           [] {
                             void* page =
                                 ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                             ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
                           }},
                      Deed{"mmap", [] { ::mmap(nullptr, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }},
                      Deed{"read",
                           [] {
                             char byte;
                             (void)!::read(0, &byte, 1);
                           }},
                      Deed{"write", [] { (void)!::write(7, "x", 1); }},
                      Deed{"io_uring_setup", [] { ::syscall(SYS_io_uring_setup, 1, nullptr); }}),
    [](const auto& call) { return std::string(call.param.first); });

TEST(HostileBody, MemoryBombIsOutOfMemory) {
  Outcome outcome = attack(
      [] {
        std::vector<std::string> held;
        for (;;) held.emplace_back(1u << 20, 'x');
        return std::string();
      },
      {.wallSeconds = 60, .memoryBytes = 256u << 20});
  if (filterIsBuiltIn) {
    EXPECT_EQ(outcome.end, End::outOfMemory) << outcome.reason;
    EXPECT_NE(outcome.reason.find("256 MiB"), std::string::npos) << outcome.reason;
  }
}

TEST(HostileBody, AnUncheckedAllocationFailureIsOutOfMemoryToo) {
  if (!filterIsBuiltIn) GTEST_SKIP() << "no memory limit under sanitizers";
  Outcome outcome = attack(
      [] {
        for (;;) {
          auto* memory = static_cast<volatile char*>(std::malloc(1u << 20));
          for (std::size_t i = 0; i < (1u << 20); i += 4096) memory[i] = 1;  // null at the limit
        }
        return std::string();
      },
      {.wallSeconds = 60, .memoryBytes = 256u << 20});
  EXPECT_EQ(outcome.end, End::outOfMemory) << outcome.reason;
}

TEST(HostileBody, AnAllocationFailureThatNobodyMayCatchIsOutOfMemory) {
  if (!filterIsBuiltIn) GTEST_SKIP() << "no memory limit under sanitizers";
  Outcome outcome = attack(
      [] {
        auto grow = []() noexcept {
          std::vector<std::string> held;
          for (;;) held.emplace_back(1u << 20, 'x');
        };
        grow();
        return std::string();
      },
      {.wallSeconds = 60, .memoryBytes = 256u << 20});
  EXPECT_EQ(outcome.end, End::outOfMemory) << outcome.reason;
}

TEST(HostileBody, StackOverflowIsNamed) {
  Outcome outcome = attack([] {
    volatile char start = 1;
    return std::to_string(overflow(&start, 0));
  });
  EXPECT_EQ(outcome.end, End::crash);
  EXPECT_EQ(outcome.reason, "stack overflow");
}

TEST(HostileBody, AbortAndOtherSignalsAreNamed) {
  Outcome aborted = attack([]() -> std::string { std::abort(); });
  EXPECT_EQ(aborted.end, End::crash);
  EXPECT_NE(aborted.reason.find("signal 6"), std::string::npos) << aborted.reason;
  Outcome illegal = attack([]() -> std::string { __builtin_trap(); });
  EXPECT_EQ(illegal.end, End::crash);
  EXPECT_NE(illegal.reason.find("signal"), std::string::npos) << illegal.reason;
}

TEST(HostileBody, IgnoringSignalsHelpsNothing) {
  Outcome outcome = attack(
      []() -> std::string {
        for (int signal = 1; signal < 32; ++signal) ::signal(signal, SIG_IGN);
        for (volatile bool forever = true; forever;) {
        }
        return {};
      },
      {.wallSeconds = 0.5});
  EXPECT_EQ(outcome.end, End::timeout);
}

TEST(HostileBody, GarbageAndHalfRepliesAreCrashes) {
  Outcome garbage = attack([]() -> std::string {
    (void)!::write(3, "this is no frame, and it is long enough to be taken for a header", 64);
    for (;;) {
    }
  });
  EXPECT_EQ(garbage.end, End::crash);
  EXPECT_EQ(garbage.reason, "the worker sent a malformed reply");
  Outcome half = attack([]() -> std::string {
    FrameHeader header{FrameHeader::kMagic, FrameKind::reply, 0, 100};
    (void)!::write(3, &header, sizeof header / 2);
    ::_exit(0);
  });
  EXPECT_EQ(half.end, End::crash);
  Outcome forged = attack([]() -> std::string {
    FrameHeader header{FrameHeader::kMagic, FrameKind::reply, 12345, 4};
    (void)!::write(3, &header, sizeof header);
    (void)!::write(3, "fake", 4);
    for (;;) {
    }
  });
  EXPECT_EQ(forged.reason, "the worker sent a malformed reply");
}

TEST(HostileBody, AReplyLargerThanTheLimitIsNotTaken) {
  Outcome outcome = attack([] { return std::string(50u << 20, 'r'); }, {.wallSeconds = 60, .replyBytes = 16u << 20});
  EXPECT_EQ(outcome.end, End::outOfMemory);
  EXPECT_EQ(outcome.reason, "the result takes 50 MiB, more than 16 MiB");
}

}  // namespace
}  // namespace cadrecode::sandbox
