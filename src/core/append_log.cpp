#include "core/append_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.hpp"

namespace cadrecode {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw Error(error == ENOSPC ? ErrorCode::resources : ErrorCode::failure, "OSError",
              path + ": " + std::strerror(error));
}

}  // namespace

AppendLog::AppendLog(const std::string& path) : path_(path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path, errno);
  // A lock of this process, which workers forked from it do not keep alive as they would one of flock().
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(file_, F_SETLK, &whole) != 0) {
    ::close(file_);
    throw Error(ErrorCode::failure, "RuntimeError", path + ": another run is at work there");
  }
  std::string text;
  char block[1 << 16];
  for (ssize_t count; (count = ::pread(file_, block, sizeof block, static_cast<off_t>(text.size()))) != 0;) {
    if (count < 0 && errno != EINTR) fail(path, errno);
    if (count > 0) text.append(block, static_cast<std::size_t>(count));
  }
  std::size_t end_of_lines = 0;
  for (std::size_t end; (end = text.find('\n', end_of_lines)) != std::string::npos; end_of_lines = end + 1) {
    lines_.push_back(text.substr(end_of_lines, end - end_of_lines));
  }
  if (end_of_lines < text.size() && ::ftruncate(file_, static_cast<off_t>(end_of_lines)) != 0) fail(path, errno);
}

AppendLog::~AppendLog() { ::close(file_); }

void AppendLog::append(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file_, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) fail(path_, errno);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
}

}  // namespace cadrecode
