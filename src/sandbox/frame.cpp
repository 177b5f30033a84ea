#include "sandbox/frame.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace cadrecode::sandbox {
namespace {

bool readAll(int socket, char* bytes, std::size_t size) {
  while (size > 0) {
    ssize_t count = ::read(socket, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool writeAll(int socket, const char* bytes, std::size_t size) {
  while (size > 0) {
    ssize_t count = ::write(socket, bytes, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

// Grown as bytes arrive: a header that announces more than ever comes costs nothing.
constexpr std::size_t kGrowth = 256 * 1024;

}  // namespace

bool readFrame(int socket, FrameHeader& header, std::string& body) {
  if (!readAll(socket, reinterpret_cast<char*>(&header), sizeof header)) return false;
  if (header.magic != FrameHeader::kMagic) return false;
  body.resize(header.size);
  return readAll(socket, body.data(), body.size());
}

bool writeFrame(int socket, FrameKind kind, std::uint64_t nonce, std::string_view body) {
  FrameHeader header{FrameHeader::kMagic, kind, nonce, body.size()};
  return writeAll(socket, reinterpret_cast<const char*>(&header), sizeof header) &&
         writeAll(socket, body.data(), body.size());
}

FrameReader::State FrameReader::readFrom(int socket) {
  for (;;) {
    bool inHeader = headerBytes_ < sizeof header_;
    if (!inHeader && bodyBytes_ == header_.size) return State::complete;
    if (!inHeader && body_.size() == bodyBytes_) {
      std::size_t wanted = std::min<std::uint64_t>(header_.size, std::max(bodyBytes_ * 2, kGrowth));
      body_.resize(wanted);
    }
    char* target = inHeader ? reinterpret_cast<char*>(&header_) + headerBytes_ : body_.data() + bodyBytes_;
    std::size_t room = inHeader ? sizeof header_ - headerBytes_ : body_.size() - bodyBytes_;
    ssize_t count = ::recv(socket, target, room, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return State::incomplete;
    if (count <= 0) return State::closed;
    (inHeader ? headerBytes_ : bodyBytes_) += static_cast<std::size_t>(count);
    if (inHeader && headerBytes_ == sizeof header_) {
      if (header_.magic != FrameHeader::kMagic || header_.nonce != nonce_ || header_.kind < FrameKind::reply ||
          header_.kind > FrameKind::outOfMemory) {
        return State::malformed;
      }
      if (header_.size > maxBytes_) return State::tooLarge;
    }
  }
}

FrameWriter::FrameWriter(std::uint64_t nonce, std::string body) : body_(std::move(body)) {
  header_.nonce = nonce;
  header_.size = body_.size();
}

FrameWriter::State FrameWriter::writeTo(int socket) {
  while (sent_ < sizeof header_ + body_.size()) {
    iovec parts[2];
    int used = 0;
    if (sent_ < sizeof header_) parts[used++] = {reinterpret_cast<char*>(&header_) + sent_, sizeof header_ - sent_};
    std::size_t bodySent = sent_ > sizeof header_ ? sent_ - sizeof header_ : 0;
    if (bodySent < body_.size()) parts[used++] = {body_.data() + bodySent, body_.size() - bodySent};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = static_cast<std::size_t>(used);
    ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return State::incomplete;
    if (count < 0) return State::closed;
    sent_ += static_cast<std::size_t>(count);
  }
  return State::complete;
}

}  // namespace cadrecode::sandbox
