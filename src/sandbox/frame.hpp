// Messages between parent and worker: a header with a magic number, a kind and a length, then that many bytes. The
// worker reads and writes whole frames, blocking; the parent takes what there is, since it never waits for one worker
// alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cadrecode::sandbox {

enum class FrameKind : std::uint32_t { request = 1, reply = 2, failure = 3, outOfMemory = 4 };

struct FrameHeader {
  static constexpr std::uint32_t kMagic = 0x43414452;
  std::uint32_t magic = kMagic;
  FrameKind kind = FrameKind::request;
  std::uint64_t nonce = 0;  // of the request, repeated by its reply: no reply can be made in advance
  std::uint64_t size = 0;
};

// Blocking. False at the end of the stream or on a malformed frame.
bool readFrame(int socket, FrameHeader& header, std::string& body);
bool writeFrame(int socket, FrameKind kind, std::uint64_t nonce, std::string_view body);

// Puts together one frame from a socket that does not block.
class FrameReader {
 public:
  enum class State { incomplete, complete, closed, malformed, tooLarge };
  FrameReader(std::uint64_t nonce, std::uint64_t maxBytes) : nonce_(nonce), maxBytes_(maxBytes) {}
  State readFrom(int socket);
  FrameKind kind() const { return header_.kind; }
  std::uint64_t announcedBytes() const { return header_.size; }
  std::string takeBody() { return std::move(body_); }

 private:
  std::uint64_t nonce_;
  std::uint64_t maxBytes_;
  FrameHeader header_;
  std::size_t headerBytes_ = 0;
  std::string body_;
  std::size_t bodyBytes_ = 0;
};

// Sends one frame over a socket that does not block.
class FrameWriter {
 public:
  enum class State { incomplete, complete, closed };
  FrameWriter(std::uint64_t nonce, std::string body);
  State writeTo(int socket);

 private:
  FrameHeader header_;
  std::string body_;
  std::size_t sent_ = 0;
};

}  // namespace cadrecode::sandbox
