#include "core/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/version.hpp"

namespace cadrecode {
namespace {

TEST(Progress, TextGivesCountRateAndTimeLeft) {
  EXPECT_EQ(Progress::text("scripts", 0, 10, 0), "scripts 0/10");
  EXPECT_EQ(Progress::text("scripts", 50, 150, 5), "scripts 50/150, 10/s, 10 s left");
  EXPECT_EQ(Progress::text("scripts", 100, 7300, 100), "scripts 100/7300, 1/s, 2:00 h left");
  EXPECT_EQ(Progress::text("scripts", 10, 100, 10), "scripts 10/100, 1/s, 1:30 min left");
  EXPECT_EQ(Progress::text("scripts", 5, std::nullopt, 10), "scripts 5, 0.5/s");
  EXPECT_EQ(Progress::text("scripts", 10, 10, 10), "scripts 10/10, 1/s");
}

std::string written(bool enabled) {
  std::FILE* stream = std::tmpfile();
  {
    Progress progress("items", 3000, stream, enabled);
    for (int i = 0; i < 3000; ++i) progress.advance();
  }
  std::string text(static_cast<std::size_t>(std::ftell(stream)), '\0');
  std::rewind(stream);
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), stream), text.size());
  std::fclose(stream);
  return text;
}

TEST(Progress, IsSilentWithoutATerminalAndRareOnOne) {
  EXPECT_EQ(written(false), "");
  std::string text = written(true);
  EXPECT_EQ(text.find("items 1/3000"), 1u);
  EXPECT_LT(std::count(text.begin(), text.end(), '\r'), 300) << "more than five lines a second";
  EXPECT_EQ(text.substr(text.size() - 4), "\r\x1b[K") << "the line stays on the terminal";
}

TEST(Version, NamesTheCommit) {
  EXPECT_STRNE(versionNumber(), "");
  EXPECT_GE(std::string(gitCommit()).size(), 7u);
}

}  // namespace
}  // namespace cadrecode
