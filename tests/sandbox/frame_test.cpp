#include "sandbox/frame.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "sandbox/limits.hpp"

namespace cadrecode::sandbox {
namespace {

class Frames : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  void TearDown() override {
    for (int end : ends_) {
      if (end >= 0) ::close(end);
    }
  }
  void send(const void* bytes, std::size_t size) {
    ASSERT_EQ(::write(ends_[0], bytes, size), static_cast<ssize_t>(size));
  }
  int ends_[2] = {-1, -1};
};

TEST_F(Frames, AReplyIsPutTogetherFromSingleBytes) {
  FrameHeader header{FrameHeader::kMagic, FrameKind::reply, 9, 5};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += "hello";
  FrameReader reader(9, 1000);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(reader.readFrom(ends_[1]), FrameReader::State::incomplete);
    send(&bytes[i], 1);
  }
  EXPECT_EQ(reader.readFrom(ends_[1]), FrameReader::State::complete);
  EXPECT_EQ(reader.takeBody(), "hello");
}

TEST_F(Frames, TheHeaderIsChecked) {
  struct Case {
    FrameHeader header;
    FrameReader::State expected;
  };
  for (const Case& one : {Case{{1, FrameKind::reply, 9, 5}, FrameReader::State::malformed},
                          Case{{FrameHeader::kMagic, FrameKind::request, 9, 5}, FrameReader::State::malformed},
                          Case{{FrameHeader::kMagic, static_cast<FrameKind>(77), 9, 5}, FrameReader::State::malformed},
                          Case{{FrameHeader::kMagic, FrameKind::reply, 10, 5}, FrameReader::State::malformed},
                          Case{{FrameHeader::kMagic, FrameKind::reply, 9, 1001}, FrameReader::State::tooLarge},
                          Case{{FrameHeader::kMagic, FrameKind::reply, 9, UINT64_MAX}, FrameReader::State::tooLarge},
                          Case{{FrameHeader::kMagic, FrameKind::failure, 9, 0}, FrameReader::State::complete}}) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ASSERT_EQ(::write(ends[0], &one.header, sizeof one.header), static_cast<ssize_t>(sizeof one.header));
    FrameReader reader(9, 1000);
    EXPECT_EQ(reader.readFrom(ends[1]), one.expected) << one.header.size;
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

TEST_F(Frames, AnAnnouncedSizeCostsNothingUntilItComes) {
  std::uint64_t before = residentBytes(::getpid());
  FrameHeader header{FrameHeader::kMagic, FrameKind::reply, 9, 4ull << 30};
  send(&header, sizeof header);
  send("some", 4);
  FrameReader reader(9, UINT64_MAX);
  EXPECT_EQ(reader.readFrom(ends_[1]), FrameReader::State::incomplete);
  EXPECT_LT(residentBytes(::getpid()), before + (4u << 20));
  ::close(ends_[0]);
  ends_[0] = -1;
  EXPECT_EQ(reader.readFrom(ends_[1]), FrameReader::State::closed);
}

TEST_F(Frames, WriterAndReaderMeetOverASmallBuffer) {
  std::string body(3'000'000, 'w');
  FrameWriter writer(4, body);
  pid_t child = ::fork();
  if (child == 0) {
    ::close(ends_[0]);
    ::usleep(20'000);
    std::string got;
    FrameHeader header;
    bool same = readFrame(ends_[1], header, got) && got == body && header.nonce == 4;
    bool sent = writeFrame(ends_[1], FrameKind::reply, 4, same ? "same" : "different");
    ::_exit(sent ? 0 : 1);
  }
  ::close(ends_[1]);
  ends_[1] = -1;
  int rounds = 0;
  while (writer.writeTo(ends_[0]) == FrameWriter::State::incomplete) {
    ++rounds;
    ::usleep(100);
  }
  EXPECT_GT(rounds, 0) << "the buffer took it all: the test shows nothing";
  FrameReader reader(4, 100);
  while (reader.readFrom(ends_[0]) == FrameReader::State::incomplete) ::usleep(100);
  EXPECT_EQ(reader.takeBody(), "same");
}

}  // namespace
}  // namespace cadrecode::sandbox
