#include "sandbox/worker_pool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "sandbox/fault_handlers.hpp"
#include "sandbox/frame.hpp"
#include "sandbox/system_call_filter.hpp"

namespace cadrecode::sandbox {

using Clock = std::chrono::steady_clock;

struct WorkerPool::Worker {
  std::size_t index = 0;
  pid_t process = -1;  // -1: none
  int socket = -1;
  int served = 0;
  bool busy = false;
  std::uint64_t ticket = 0;
  Clock::time_point started, deadline;
  std::optional<FrameWriter> request;  // as long as it is being sent
  std::optional<FrameReader> reply;
};

WorkerPool::WorkerPool(WorkerBody body, PoolOptions options)
    : body_(std::move(body)), options_(options), pages_(static_cast<std::size_t>(std::max(1, options.workers))) {
  if (options_.limits.cpuSeconds <= 0) options_.limits.cpuSeconds = options_.limits.wallSeconds + 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(1, options.workers)); ++i) {
    workers_.push_back(std::make_unique<Worker>());
    workers_.back()->index = i;
  }
  renewZygote();
}

WorkerPool::~WorkerPool() {
  zygote_.reset();  // ends the workers
  for (auto& worker : workers_) {
    if (worker->socket >= 0) ::close(worker->socket);
  }
}

int WorkerPool::free() const { return static_cast<int>(workers_.size()) - running_; }

void WorkerPool::renewZygote() {
  zygote_.reset();
  zygote_ = std::make_unique<Zygote>(body_, options_.limits, pages_);
}

pid_t WorkerPool::fork(Worker& worker, int socket) {
  try {
    return zygote_->spawn(socket, worker.index);
  } catch (const ZygoteLost&) {
    renewZygote();
    try {
      return zygote_->spawn(socket, worker.index);
    } catch (const ZygoteLost&) {
      throw Error(ErrorCode::resources, "SandboxError", "the process that forks workers dies again and again");
    }
  }
}

void WorkerPool::spawn(Worker& worker) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw Error(ErrorCode::resources, "OSError", "cannot make a socket for a worker");
  }
  try {
    worker.process = fork(worker, ends[1]);
  } catch (...) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[1]);
  worker.socket = ends[0];
  worker.served = 0;
  ++statistics_.spawned;
}

// Ends the worker's process if it still runs. Its status as of waitpid, -1 when its zygote died before it.
int WorkerPool::end(Worker& worker) {
  int status = -1;
  try {
    status = zygote_->end(worker.process);
  } catch (const ZygoteLost&) {
    renewZygote();
  }
  ::close(worker.socket);
  worker.socket = -1;
  worker.process = -1;
  return status;
}

// An idle worker that is alive and silent.
bool WorkerPool::sound(const Worker& worker) const {
  char byte;
  return ::recv(worker.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void WorkerPool::start(std::uint64_t ticket, std::string request) {
  // A worker that lives is preferred to forking another.
  Worker* chosen = nullptr;
  for (auto& worker : workers_) {
    if (!worker->busy && (chosen == nullptr || (chosen->process < 0 && worker->process >= 0))) chosen = worker.get();
  }
  if (chosen == nullptr) throw Error("SandboxError", "no worker is free");
  Worker& worker = *chosen;
  if (worker.process >= 0 && !sound(worker)) {
    end(worker);
    ++statistics_.died;
  }
  if (worker.process < 0) spawn(worker);
  pages_[worker.index].reset();
  limitCpuTime(worker.process, options_.limits.cpuSeconds);
  worker.busy = true;
  worker.ticket = ticket;
  worker.started = Clock::now();
  worker.deadline = worker.started + std::chrono::duration_cast<Clock::duration>(
                                         std::chrono::duration<double>(options_.limits.wallSeconds));
  const std::uint64_t nonce = nonces_();
  worker.request.emplace(nonce, std::move(request));
  worker.reply.emplace(nonce, options_.limits.replyBytes);
  ++running_;
  advance(worker, POLLOUT);
}

// While the parent was busy elsewhere, held up by a slow reader of its output for instance, replies could not be taken:
// that time is not the workers'.
void WorkerPool::giveBackTimeAway(Clock::time_point now) {
  for (auto& worker : workers_) {
    if (!worker->busy) continue;
    Clock::duration away = now - std::max(lastLook_, worker->started);
    if (away > std::chrono::milliseconds(100)) worker->deadline += away;
  }
}

void WorkerPool::wait(int milliseconds, int descriptor, const std::function<void(std::uint64_t, Outcome)>& done) {
  std::vector<pollfd> polled;
  std::vector<Worker*> owners;
  Clock::time_point now = Clock::now();
  giveBackTimeAway(now);
  std::optional<Clock::time_point> nearest;
  if (milliseconds >= 0) nearest = now + std::chrono::milliseconds(milliseconds);
  for (auto& worker : workers_) {
    if (worker->process < 0) continue;
    polled.push_back({worker->socket, static_cast<short>(POLLIN | (worker->request ? POLLOUT : 0)), 0});
    owners.push_back(worker.get());
    if (worker->busy && (!nearest || worker->deadline < *nearest)) nearest = worker->deadline;
  }
  if (descriptor >= 0) polled.push_back({descriptor, POLLIN, 0});
  if (finished_.empty() && (nearest || descriptor >= 0)) {
    timespec rest{};
    if (nearest) {
      auto left = std::max<Clock::duration>(*nearest - now, Clock::duration::zero());
      auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
      rest = {static_cast<time_t>(nanoseconds / 1'000'000'000), static_cast<long>(nanoseconds % 1'000'000'000)};
    }
    if (::ppoll(polled.data(), polled.size(), nearest ? &rest : nullptr, nullptr) > 0) {
      for (std::size_t i = 0; i < owners.size(); ++i) {
        if (polled[i].revents != 0) advance(*owners[i], polled[i].revents);
      }
    }
  }
  now = Clock::now();
  for (Worker* worker : owners) {
    if (!worker->busy || now < worker->deadline) continue;
    askPosition(*worker);
    end(*worker);
    Outcome outcome;
    outcome.end = End::timeout;
    outcome.reason = fmt::format("took longer than {:g} s", options_.limits.wallSeconds);
    finish(*worker, std::move(outcome));
  }
  lastLook_ = now;
  auto ended = std::exchange(finished_, {});
  for (auto& [ticket, outcome] : ended) done(ticket, std::move(outcome));
}

// Moves a worker's messages on as far as they go without waiting.
void WorkerPool::advance(Worker& worker, short events) {
  if (!worker.busy) {  // an idle worker has nothing to say: it died, or is up to something
    end(worker);
    ++statistics_.died;
    return;
  }
  if (worker.request && (events & POLLOUT) != 0) {
    // A worker that closed its end has told, or its death will tell, why.
    if (worker.request->writeTo(worker.socket) != FrameWriter::State::incomplete) worker.request.reset();
  }
  if ((events & ~POLLOUT) == 0) return;
  Outcome outcome;
  switch (worker.reply->readFrom(worker.socket)) {
    case FrameReader::State::incomplete:
      return;
    case FrameReader::State::complete:
      if (worker.request) {
        end(worker);
        outcome.end = End::crash;
        outcome.reason = "the worker answered before it was asked";
      } else if (worker.reply->kind() == FrameKind::reply) {
        outcome.reply = worker.reply->takeBody();
      } else if (worker.reply->kind() == FrameKind::outOfMemory) {
        end(worker);  // what it holds is best given back
        outcome.end = End::outOfMemory;
        outcome.reason = fmt::format("needs more than {} MiB of memory", options_.limits.memoryBytes >> 20);
      } else {
        outcome.end = End::failure;
        outcome.reason = worker.reply->takeBody();
      }
      break;
    case FrameReader::State::closed:
      outcome = explainDeath(worker, end(worker));
      break;
    case FrameReader::State::malformed:
      end(worker);
      outcome.end = End::crash;
      outcome.reason = "the worker sent a malformed reply";
      break;
    case FrameReader::State::tooLarge:
      outcome.end = End::outOfMemory;
      outcome.reason = fmt::format("the result takes {} MiB, more than {} MiB", worker.reply->announcedBytes() >> 20,
                                   options_.limits.replyBytes >> 20);
      end(worker);
      break;
  }
  finish(worker, std::move(outcome));
}

void WorkerPool::finish(Worker& worker, Outcome outcome) {
  WorkerPage& page = pages_[worker.index];
  if (outcome.end != End::reply && page.positionKnown != 0) outcome.position = page.position;
  filterError_ = static_cast<int>(page.filterError);
  outcome.seconds = std::chrono::duration<double>(Clock::now() - worker.started).count();
  finished_.emplace_back(worker.ticket, std::move(outcome));
  worker.busy = false;
  worker.request.reset();
  worker.reply.reset();
  --running_;
  ++worker.served;
  if (worker.process < 0) {
    ++statistics_.died;
    spawn(worker);
  } else {
    recycleIfWorn(worker);
  }
}

void WorkerPool::recycleIfWorn(Worker& worker) {
  if (worker.served < options_.recycleRequests && residentBytes(worker.process) < options_.recycleResidentBytes) return;
  end(worker);
  ++statistics_.recycled;
  spawn(worker);
}

// Gives a worker that is about to be killed a moment to say where it stands.
void WorkerPool::askPosition(Worker& worker) {
  if (!body_.position || ::kill(worker.process, positionSignal()) != 0) return;
  for (int i = 0; i < 50 && pages_[worker.index].positionKnown == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Outcome WorkerPool::explainDeath(Worker& worker, int status) const {
  const WorkerPage& page = const_cast<SharedPages&>(pages_)[worker.index];
  Outcome outcome;
  outcome.end = End::crash;
  int signal = page.signal != 0 ? static_cast<int>(page.signal) : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (page.forbiddenCall != 0) {
    outcome.reason = fmt::format("forbidden system call {}", systemCallName(static_cast<int>(page.forbiddenCall) - 1));
  } else if (page.outOfMemory != 0) {
    outcome.end = End::outOfMemory;
    outcome.reason = fmt::format("needs more than {} MiB of memory", options_.limits.memoryBytes >> 20);
  } else if (signal == SIGXCPU) {
    outcome.end = End::timeout;
    outcome.reason = fmt::format("took more than {:g} s of CPU time", options_.limits.cpuSeconds);
  } else if (page.stackOverflow != 0) {
    outcome.reason = "stack overflow";
  } else if (status == -1) {
    outcome.reason = "the worker was lost with the process that forks workers";
  } else if (signal == SIGKILL) {
    outcome.end = End::outOfMemory;
    outcome.reason = "killed by the system, most likely for want of memory";
  } else if (signal != 0) {
    outcome.reason = fmt::format("killed by signal {} ({})", signal, ::strsignal(signal));
  } else {
    outcome.reason = fmt::format("the worker ended by itself with status {}", WEXITSTATUS(status));
  }
  return outcome;
}

}  // namespace cadrecode::sandbox
