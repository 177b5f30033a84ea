#include "core/files.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "core/error.hpp"

namespace cadrecode {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/cadrecode_files_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::size_t count() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  std::string folder_;
};

ErrorCode codeOf(const std::function<void()>& call, const std::string& part) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    return error.code();
  }
  ADD_FAILURE() << "no error, expected: " << part;
  return ErrorCode::failure;
}

TEST_F(Files, WhatIsWrittenIsRead) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes.push_back(static_cast<char>(i * 7919));
  writeFileAtomically(path("a"), bytes);
  EXPECT_EQ(readFile(path("a")), bytes);
  writeFileAtomically(path("a"), "");
  EXPECT_EQ(readFile(path("a")), "");
  EXPECT_EQ(count(), 1u) << "a temporary file was left";
}

TEST_F(Files, ErrorsSayWhichFileAndWhy) {
  EXPECT_EQ(codeOf([&] { readFile(path("none")); }, "none': No such file"), ErrorCode::input);
  EXPECT_EQ(codeOf([&] { readFile(folder_); }, "Is a directory"), ErrorCode::input);
  EXPECT_EQ(codeOf([&] { writeFileAtomically(path("no/where"), "x"); }, "no/where': No such file"), ErrorCode::input);
  writeFileAtomically(path("big"), std::string(1000, 'x'));
  EXPECT_EQ(codeOf([&] { readFile(path("big"), 999); }, "larger than 999 bytes"), ErrorCode::input);
  EXPECT_EQ(readFile(path("big"), 1000).size(), 1000u);
}

TEST_F(Files, AFailedWriteLeavesTheOldFileAndNoOther) {
  writeFileAtomically(path("a"), "old");
  pid_t child = ::fork();
  if (child == 0) {
    // A file size limit makes write() fail half-way, as a full disk does.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      writeFileAtomically(path("a"), std::string(1'000'000, 'n'));
    } catch (const Error&) {
      ::_exit(7);
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(readFile(path("a")), "old");
  EXPECT_EQ(count(), 1u);
}

// A writer killed at any moment: whoever reads sees one of the two whole contents.
TEST_F(Files, AKilledWriterNeverLeavesAHalfFile) {
  const std::string first(3'000'000, 'a'), second(3'000'000, 'b');
  writeFileAtomically(path("a"), first);
  for (int delay = 0; delay < 20; ++delay) {
    pid_t child = ::fork();
    if (child == 0) {
      for (;;) {
        writeFileAtomically(path("a"), second);
        writeFileAtomically(path("a"), first);
      }
    }
    ::usleep(static_cast<useconds_t>(1000 + 700 * delay));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    std::string now = readFile(path("a"));
    EXPECT_TRUE(now == first || now == second) << now.size();
  }
}

TEST_F(Files, ALinkIsFollowedAndADeviceIsNotReplaced) {
  writeFileAtomically(path("real"), "1");
  fs::create_symlink(path("real"), path("link"));
  writeFileAtomically(path("link"), "2");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(readFile(path("real")), "2");
  writeFileAtomically("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(Files, PermissionsFollowTheUmask) {
  mode_t old = ::umask(027);
  writeFileAtomically(path("a"), "x");
  ::umask(old);
  struct stat facts {};
  ASSERT_EQ(::stat(path("a").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0640u);
}

TEST_F(Files, FoldersAreMadeWithTheirParents) {
  makeFolder(path("a/b/c"));
  EXPECT_TRUE(fs::is_directory(path("a/b/c")));
  writeFileAtomically(path("file"), "x");
  EXPECT_THROW(makeFolder(path("file/b")), Error);
}

TEST_F(Files, APipeIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string sent(50'000, 'p');
  ASSERT_EQ(::write(ends[1], sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
  ::close(ends[1]);
  EXPECT_EQ(readFile("/dev/fd/" + std::to_string(ends[0])), sent);
  ::close(ends[0]);
}

}  // namespace
}  // namespace cadrecode
