#include "sandbox/worker_pool.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "pool_run.hpp"
#include "sandbox/system_call_filter.hpp"

namespace cadrecode::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Gone, or a zombie that nobody has reaped yet.
bool isDead(pid_t process) {
  try {
    return readFile("/proc/" + std::to_string(process) + "/stat").find(") Z") != std::string::npos;
  } catch (const Error&) {
    return true;
  }
}

// Within half a minute, which no machine is too busy for.
bool dies(pid_t process) {
  for (const auto start = Clock::now(); !isDead(process); ::usleep(10'000)) {
    if (secondsSince(start) > 30) return false;
  }
  return true;
}

// Does what the request says.
std::string obey(std::string_view request) {
  if (request.substr(0, 5) == "echo ") return std::string(request.substr(5));
  if (request == "pid") return std::to_string(::getpid());
  if (request == "die") ::_exit(3);
  if (request == "segv") std::raise(SIGSEGV);
  if (request == "sleep") {
    for (volatile bool forever = true; forever;) {
    }
  }
  if (request == "nap") {
    auto end = Clock::now() + std::chrono::milliseconds(150);
    while (Clock::now() < end) {
    }
  }
  if (request.substr(0, 5) == "hold ") {
    static std::vector<std::string> held;
    held.emplace_back(std::stoul(std::string(request.substr(5))) << 20, 'x');
    return std::to_string(held.size());
  }
  return "done";
}

WorkerBody obedient() { return {nullptr, obey, nullptr}; }

TEST(WorkerPool, AnswersRequestsOfAllSizes) {
  WorkerPool pool(obedient(), {.workers = 2, .limits = {}});
  std::vector<std::string> requests;
  for (std::size_t size : {0u, 1u, 1000u, 300'000u, 20'000'000u}) requests.push_back("echo " + std::string(size, 'z'));
  requests.push_back("echo " + std::string("\0\xff\n", 3));
  auto outcomes = runAll(pool, requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(outcomes[i].end, End::reply) << outcomes[i].reason;
    EXPECT_TRUE(outcomes[i].reply == requests[i].substr(5)) << i;
  }
  EXPECT_EQ(pool.filterError(), 0);
}

TEST(WorkerPool, AWorkerHoldsNoDescriptorButItsOwn) {
  int open = ::open("/proc/self/status", O_RDONLY);  // of the parent, and inheritable
  WorkerPool pool(obedient(), {.workers = 1, .limits = {}});
  std::string worker = runOne(pool, "pid").reply;
  std::set<std::string> numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + worker + "/fd")) {
    numbers.insert(entry.path().filename());
  }
  EXPECT_EQ(numbers, (std::set<std::string>{"0", "1", "2", "3"}));
  ::close(open);
}

TEST(WorkerPool, WorkersStayWarmAndThePreparedStateReachesThem) {
  auto prepared = std::make_shared<int>(0);
  WorkerPool pool(
      {[prepared] { *prepared = ::getpid(); },
       [prepared](std::string_view) { return std::to_string(*prepared) + " " + std::to_string(::getpid()); }, nullptr},
      {.workers = 1, .limits = {}});
  std::string first = runOne(pool, "").reply;
  EXPECT_EQ(runOne(pool, "").reply, first) << "the worker was not kept";
  EXPECT_EQ(*prepared, 0) << "prepared in the parent";
  EXPECT_NE(first.substr(0, first.find(' ')), "0");
  EXPECT_EQ(pool.statistics().spawned, 1u);
}

TEST(WorkerPool, AFailingPreparationIsToldWithItsReason) {
  WorkerPool pool({[] { throw Error("FontError", "no fonts at all"); }, obey, nullptr}, {.workers = 1, .limits = {}});
  try {
    pool.start(0, "pid");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no fonts at all"), std::string::npos);
  }
}

TEST(WorkerPool, AnExceptionFailsItsRequestAndNothingElse) {
  WorkerPool pool({nullptr,
                   [](std::string_view request) -> std::string {
                     if (request == "throw") throw Error("ValueError", "a bad value");
                     return std::to_string(::getpid());
                   },
                   nullptr},
                  {.workers = 1, .limits = {}});
  auto outcomes = runAll(pool, {"", "throw", ""});
  EXPECT_EQ(outcomes[1].end, End::failure);
  EXPECT_EQ(outcomes[1].reason, "ValueError: a bad value");
  EXPECT_EQ(outcomes[0].reply, outcomes[2].reply);
}

TEST(WorkerPool, TheDeadAreReplacedAndTheOthersGoOn) {
  WorkerPool pool(obedient(), {.workers = 2, .limits = {}});
  std::vector<std::string> requests;
  for (int i = 0; i < 60; ++i) {
    requests.push_back(i % 7 == 3 ? "die" : i % 7 == 5 ? "segv" : "echo " + std::to_string(i));
  }
  auto outcomes = runAll(pool, requests);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i] == "die") {
      EXPECT_EQ(outcomes[i].end, End::crash);
      EXPECT_EQ(outcomes[i].reason, "the worker ended by itself with status 3");
    } else if (requests[i] == "segv") {
      EXPECT_EQ(outcomes[i].end, End::crash);
    } else {
      EXPECT_EQ(outcomes[i].reply, std::to_string(i));
    }
  }
  EXPECT_EQ(pool.free(), 2);
}

TEST(WorkerPool, AWorkerThatDiesWhileIdleDoesNotCostARequest) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {}});
  int worker = std::stoi(runOne(pool, "pid").reply);
  ::kill(worker, SIGKILL);
  ASSERT_TRUE(dies(worker));
  EXPECT_EQ(runOne(pool, "echo here").reply, "here");
}

TEST(WorkerPool, TheDeathOfTheZygoteIsSurvived) {
  auto zygote = std::make_shared<int>(0);
  WorkerPool pool(
      {[zygote] { *zygote = ::getpid(); }, [zygote](std::string_view) { return std::to_string(*zygote); }, nullptr},
      {.workers = 1, .limits = {}});
  std::string first = runOne(pool, "").reply;
  ASSERT_NE(first, std::to_string(::getpid()));
  ::kill(std::stoi(first), SIGKILL);
  ASSERT_TRUE(dies(std::stoi(first)));
  auto outcomes = runAll(pool, {"", ""});
  EXPECT_EQ(outcomes[1].end, End::reply) << outcomes[1].reason;
  EXPECT_NE(outcomes[1].reply, first);
}

TEST(WorkerPool, AnEndlessRequestEndsAtItsLimitAndHoldsUpNoOther) {
  WorkerPool pool(obedient(), {.workers = 2, .limits = {.wallSeconds = 2}});
  pool.start(0, "sleep");
  int answered = 0;  // while the endless one runs
  std::optional<Outcome> endless;
  for (std::uint64_t ticket = 1; !endless; ++ticket) {
    if (pool.free() > 0) pool.start(ticket, "echo x");
    pool.wait(-1, -1, [&](std::uint64_t ended, Outcome outcome) {
      if (ended == 0) {
        endless = std::move(outcome);
      } else {
        EXPECT_EQ(outcome.reply, "x") << outcome.reason;
        ++answered;
      }
    });
  }
  EXPECT_EQ(endless->end, End::timeout);
  EXPECT_GE(endless->seconds, 2);
  EXPECT_LT(endless->seconds, 30);
  EXPECT_GT(answered, 0);
}

TEST(WorkerPool, CpuTimeIsLimitedApartFromTheClock) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {.wallSeconds = 120, .cpuSeconds = 0.2}});
  auto outcome = runOne(pool, "sleep");
  EXPECT_EQ(outcome.end, End::timeout);
  EXPECT_NE(outcome.reason.find("CPU"), std::string::npos) << outcome.reason;
}

TEST(WorkerPool, TheCpuLimitIsOfOneRequestAndNotOfTheWorkersLife) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {.wallSeconds = 30, .cpuSeconds = 0.5}});
  for (int i = 0; i < 20; ++i) ASSERT_EQ(runOne(pool, "nap").end, End::reply) << i;
  EXPECT_EQ(pool.statistics().spawned, 1u);
}

TEST(WorkerPool, RecyclesByCount) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {}, .recycleRequests = 10});
  for (int i = 0; i < 35; ++i) runOne(pool, "pid");
  EXPECT_EQ(pool.statistics().recycled, 3u);
  EXPECT_EQ(pool.statistics().died, 0u);
}

TEST(WorkerPool, RecyclesByResidentMemory) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {}, .recycleResidentBytes = 300u << 20});
  // Each request leaves 40 MiB behind; what a fresh worker holds is not known, but less than 200 MiB.
  int held = 0, before = 0;
  for (int i = 0; i < 8 && pool.statistics().recycled == 0; ++i) {
    before = held;
    held = std::stoi(runOne(pool, "hold 40").reply);
    EXPECT_EQ(held, before + 1);
  }
  EXPECT_GE(held, 3);
  EXPECT_EQ(pool.statistics().recycled, 1u);
  EXPECT_EQ(runOne(pool, "hold 40").reply, "1");
}

TEST(WorkerPool, TheBodyTellsWhereItStoodWhenItDied) {
  static std::atomic<std::uint64_t> place{0};
  WorkerBody body = {nullptr,
                     [](std::string_view request) {
                       place = 42;
                       return obey(request);
                     },
                     [] { return place.load(); }};
  WorkerPool pool(body, {.workers = 1, .limits = {.wallSeconds = 2}});
  auto timeout = runOne(pool, "sleep");
  EXPECT_EQ(timeout.end, End::timeout);
  EXPECT_EQ(timeout.position, 42u);
  auto crash = runOne(pool, "segv");
  EXPECT_EQ(crash.end, End::crash);
  EXPECT_EQ(crash.position, 42u);
  EXPECT_FALSE(runOne(pool, "pid").position.has_value());
}

TEST(WorkerPool, WaitingWakesForADescriptor) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {}});
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::thread writer([&] {
    ::usleep(50'000);
    ASSERT_EQ(::write(ends[1], "x", 1), 1);
  });
  auto start = Clock::now();
  pool.wait(200'000, ends[0], [](std::uint64_t, Outcome) { FAIL(); });
  EXPECT_LT(secondsSince(start), 100);
  writer.join();
  ::close(ends[0]);
  ::close(ends[1]);
}

// A parent held up elsewhere, by a slow reader of its output for instance, does not make timeouts of it.
TEST(WorkerPool, TimeTheParentSpendsElsewhereIsNotTheWorkers) {
  WorkerPool pool(obedient(), {.workers = 1, .limits = {.wallSeconds = 4}});
  runOne(pool, "pid");
  pool.start(1, "echo " + std::string(2'000'000, 'y'));
  pool.wait(0, -1, [](std::uint64_t, Outcome) {});
  ::usleep(4'500'000);
  std::optional<Outcome> got;
  while (!got) pool.wait(-1, -1, [&](std::uint64_t, Outcome outcome) { got = std::move(outcome); });
  EXPECT_EQ(got->end, End::reply) << got->reason;
}

TEST(WorkerPool, NoProcessOutlivesTheParentHoweverItEnds) {
  for (int how : {0, SIGKILL, SIGTERM}) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    pid_t parent = ::fork();
    if (parent == 0) {
      ::close(ends[0]);
      WorkerPool pool(obedient(), {.workers = 1, .limits = {}});
      pid_t worker = std::stoi(runOne(pool, "pid").reply);
      if (::write(ends[1], &worker, sizeof worker) != sizeof worker) ::_exit(1);
      if (how == 0) ::_exit(0);
      for (;;) ::pause();
    }
    ::close(ends[1]);
    pid_t worker = 0;
    ASSERT_EQ(::read(ends[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
    if (how != 0) ::kill(parent, how);
    ::waitpid(parent, nullptr, 0);
    EXPECT_TRUE(dies(worker)) << "the worker lives after its parent ended by " << how;
    ::close(ends[0]);
  }
}

TEST(WorkerPool, ManyRequestsLeaveNoDescriptorAndNoMemoryBehind) {
  WorkerPool pool(obedient(), {.workers = 2, .limits = {}, .recycleRequests = 50});
  auto descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator{});
  };
  std::vector<std::string> requests(2000, "echo " + std::string(2000, 'q'));
  for (std::size_t i = 0; i < requests.size(); i += 40) requests[i] = "die";
  runAll(pool, requests);
  auto files = descriptors();
  std::uint64_t memory = residentBytes(::getpid());
  runAll(pool, requests);
  EXPECT_EQ(descriptors(), files);
  if (filterIsBuiltIn) {  // a sanitizer keeps what is freed for a while
    EXPECT_LT(residentBytes(::getpid()), memory + (8u << 20));
  }
}

}  // namespace
}  // namespace cadrecode::sandbox
