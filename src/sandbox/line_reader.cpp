#include "sandbox/line_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/error.hpp"

namespace cadrecode::sandbox {
namespace {

[[noreturn]] void fail(const std::string& path) {
  throw Error(ErrorCode::input, errno == ENOENT ? "FileNotFoundError" : "OSError",
              fmt::format("cannot read '{}': {}", path, std::generic_category().message(errno)));
}

}  // namespace

LineReader::LineReader(const std::string& path, std::size_t maxBytes) : path_(path), maxBytes_(maxBytes) {
  file_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) fail(path);
  struct stat facts {};
  regular_ = ::fstat(file_, &facts) == 0 && S_ISREG(facts.st_mode);
}

LineReader::~LineReader() {
  if (file_ > STDERR_FILENO) ::close(file_);
}

bool LineReader::read() {
  if (ended_) return false;
  if (!regular_) {
    pollfd waiting{file_, POLLIN, 0};
    if (::poll(&waiting, 1, 0) == 0) return false;
  }
  constexpr std::size_t kChunk = 256 * 1024;
  if (start_ > 0) {
    buffer_.erase(0, start_);
    searched_ -= start_;
    start_ = 0;
  }
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kChunk);
  ssize_t count;
  do {
    count = ::read(file_, buffer_.data() + old, kChunk);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno != EAGAIN) fail(path_);
  buffer_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count == 0) ended_ = true;
  return count > 0;
}

LineReader::State LineReader::next(std::string& line) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      line.assign(buffer_, start_, end - start_);
      start_ = searched_ = end + 1;
      if (std::exchange(skipping_, false)) continue;
      ++lineNumber_;
      tooLong_ = false;
      return State::line;
    }
    searched_ = buffer_.size();
    if (buffer_.size() - start_ > maxBytes_) {
      line.assign(buffer_, start_, maxBytes_);
      buffer_.clear();
      start_ = searched_ = 0;
      if (std::exchange(skipping_, true)) continue;
      ++lineNumber_;
      tooLong_ = true;
      return State::line;
    }
    if (read()) continue;
    if (!ended_) return State::wait;
    if (start_ == buffer_.size() || skipping_) return State::end;
    line.assign(buffer_, start_);
    buffer_.clear();
    start_ = searched_ = 0;
    ++lineNumber_;
    tooLong_ = false;
    return State::line;
  }
}

LineReader::State LineReader::peek(char& character) {
  for (;;) {
    const std::size_t found = buffer_.find_first_not_of(" \t\r\n\f\xef\xbb\xbf", start_);
    if (found != std::string::npos) {
      character = buffer_[found];
      return State::line;
    }
    if (!read()) return ended_ ? State::end : State::wait;
  }
}

LineReader::State LineReader::rest(std::string& text) {
  while (read()) {
    if (buffer_.size() - start_ > maxBytes_) {
      throw Error(ErrorCode::input, "OSError", fmt::format("'{}' is larger than {} bytes", path_, maxBytes_));
    }
  }
  if (!ended_) return State::wait;
  text.assign(buffer_, start_);
  buffer_.clear();
  start_ = searched_ = 0;
  return State::line;
}

}  // namespace cadrecode::sandbox
