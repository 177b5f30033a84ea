#include "sandbox/zygote.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "sandbox/worker_loop.hpp"

namespace cadrecode::sandbox {

struct Zygote::Order {
  std::uint64_t page = 0;  // of the worker to fork
  pid_t end = 0;           // the worker to end; 0: fork one
};

struct Zygote::Answer {
  pid_t worker = -1;
  int error = 0;           // errno of a fork that failed
  int status = 0;          // of the worker that ended
  char failure[240] = {};  // what `prepare` threw
};

namespace {

// Sends a fixed-size message, with a file descriptor when `attached` is one.
template <class Message>
bool sendMessage(int socket, const Message& message, int attached = -1) {
  iovec part{const_cast<Message*>(&message), sizeof message};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (attached >= 0) {
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &attached, sizeof attached);
  }
  ssize_t count;
  do {
    count = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof message);
}

template <class Message>
bool receiveMessage(int socket, Message& message, int* attached = nullptr) {
  iovec part{&message, sizeof message};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t count;
  do {
    count = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (count < 0 && errno == EINTR);
  if (attached != nullptr) {
    *attached = -1;
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS) {
      std::memcpy(attached, CMSG_DATA(rights), sizeof *attached);
    }
  }
  return count == static_cast<ssize_t>(sizeof message);
}

int waitFor(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

constexpr int kControl = 3;  // the zygote's end of its socket

// Leaves the parent's terminal, files and signal handlers alone. stderr stays, for what `prepare` may have to say.
void leaveParent(int control) {
  for (int signal : {SIGINT, SIGQUIT, SIGHUP}) ::signal(signal, SIG_IGN);
  for (int signal : {SIGTERM, SIGCHLD, SIGPIPE}) ::signal(signal, SIG_DFL);
  int kept = ::fcntl(control, F_DUPFD, kControl + 1);  // out of the way of the numbers below
  int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, 0);
  ::dup2(null, 1);
  ::dup2(kept, kControl);
  closeFilesFrom(kControl + 1);
}

std::string failureOf(const std::function<void()>& prepare) {
  try {
    if (prepare) prepare();
    return {};
  } catch (const std::exception& error) {
    return error.what()[0] == '\0' ? "unknown failure" : error.what();
  }
}

}  // namespace

Zygote::Zygote(const WorkerBody& body, const Limits& limits, SharedPages& pages) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw Error(ErrorCode::resources, "OSError", "cannot make a socket for workers");
  }
  process_ = ::fork();
  if (process_ < 0) {
    int reason = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw Error(ErrorCode::resources, "OSError",
                fmt::format("cannot start a process: {}", std::generic_category().message(reason)));
  }
  if (process_ > 0) {
    ::close(ends[1]);
    control_ = ends[0];
    return;
  }

  ::prctl(PR_SET_NAME, "cadrecode-fork");
  leaveParent(ends[1]);
  serve(body, limits, pages);
}

// The zygote's own loop; on the parent's end all workers end.
void Zygote::serve(const WorkerBody& body, const Limits& limits, SharedPages& pages) {
  const std::string failure = failureOf(body.prepare);
  const pid_t self = ::getpid();
  std::vector<pid_t> workers;
  for (;;) {
    Order order;
    int socket = -1;
    if (!receiveMessage(kControl, order, &socket)) break;
    Answer answer;
    if (order.end != 0) {
      ::kill(order.end, SIGKILL);
      answer.status = waitFor(order.end);
      std::erase(workers, order.end);
    } else if (!failure.empty()) {
      std::copy_n(failure.data(), std::min(failure.size(), sizeof answer.failure - 1), answer.failure);
    } else {
      answer.worker = ::fork();
      if (answer.worker == 0) runWorker(body, limits, pages[order.page], socket, self);
      answer.error = errno;
      if (answer.worker > 0) workers.push_back(answer.worker);
    }
    if (socket >= 0) ::close(socket);
    if (!sendMessage(kControl, answer)) break;
  }
  for (pid_t worker : workers) ::kill(worker, SIGKILL);
  for (pid_t worker : workers) waitFor(worker);
  ::_exit(0);
}

Zygote::~Zygote() {
  ::close(control_);  // the zygote's sign to end
  waitFor(process_);
}

Zygote::Answer Zygote::ask(const Order& order, int socket) {
  Answer answer;
  if (!sendMessage(control_, order, socket) || !receiveMessage(control_, answer)) throw ZygoteLost();
  return answer;
}

pid_t Zygote::spawn(int socket, std::size_t page) {
  Answer answer = ask({page, 0}, socket);
  if (answer.failure[0] != '\0') {
    answer.failure[sizeof answer.failure - 1] = '\0';
    throw Error("SandboxError", fmt::format("cannot prepare workers: {}", answer.failure));
  }
  if (answer.worker < 0) {
    throw Error(ErrorCode::resources, "OSError",
                fmt::format("cannot start a worker: {}", std::generic_category().message(answer.error)));
  }
  return answer.worker;
}

int Zygote::end(pid_t worker) { return ask({0, worker}, -1).status; }

}  // namespace cadrecode::sandbox
