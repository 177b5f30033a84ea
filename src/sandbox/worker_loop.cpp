#include "sandbox/worker_loop.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <new>

#include "core/error.hpp"
#include "sandbox/fault_handlers.hpp"
#include "sandbox/frame.hpp"
#include "sandbox/system_call_filter.hpp"

namespace cadrecode::sandbox {
namespace {

constexpr int kSocket = 3;

void arrangeFiles(int socket) {
  int kept = ::fcntl(socket, F_DUPFD, kSocket + 1);  // out of the way of the numbers below
  int null = ::open("/dev/null", O_RDWR);
  for (int number : {0, 1, 2}) ::dup2(null, number);
  ::dup2(kept, kSocket);
  closeFilesFrom(kSocket + 1);
}

// One request; what goes wrong in the body is told to the parent as long as it leaves this process standing.
bool serveOne(const WorkerBody& body, WorkerPage& page, std::string& request) {
  FrameHeader header;
  auto answer = [&](FrameKind kind, std::string_view text) { return writeFrame(kSocket, kind, header.nonce, text); };
  try {
    if (!readFrame(kSocket, header, request)) return false;
    return answer(FrameKind::reply, body.handle(request));
  } catch (const std::bad_alloc&) {
    page.outOfMemory = 1;
    return answer(FrameKind::outOfMemory, {});
  } catch (const Error& error) {
    return answer(FrameKind::failure, error.type() + ": " + error.what());
  } catch (const std::exception& error) {
    return answer(FrameKind::failure, error.what());
  }
}

}  // namespace

void runWorker(const WorkerBody& body, const Limits& limits, WorkerPage& page, int socket, pid_t parent) {
  ::prctl(PR_SET_NAME, "cadrecode-work");
  arrangeFiles(socket);
  installFaultHandlers(page, body.position, limits.memoryBytes);
  limitThisProcess(limits);
  if (::getppid() != parent) ::_exit(1);
  if (!installSystemCallFilter(kSocket)) page.filterError = static_cast<std::uint32_t>(errno);
  std::string request;
  while (serveOne(body, page, request)) {
  }
  ::_exit(0);
}

}  // namespace cadrecode::sandbox
