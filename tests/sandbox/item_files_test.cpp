#include "sandbox/item_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "sandbox/line_reader.hpp"

namespace cadrecode::sandbox {
namespace {

namespace fs = std::filesystem;

class ItemFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/cadrecode_items_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string put(const std::string& name, const std::string& text) {
    fs::path path = fs::path(folder_) / name;
    fs::create_directories(path.parent_path());
    writeFileAtomically(path.string(), text);
    return path.string();
  }
  std::vector<Item> all(const std::vector<std::string>& arguments, const Task& pattern = {}) {
    FileSource source(listInputs(arguments, {".py"}), pattern);
    std::vector<Item> items;
    Item item;
    while (source.next(item) == ItemSource::Next::item) items.push_back(item);
    return items;
  }

  std::string folder_;
};

TEST_F(ItemFiles, AFolderGivesItsScriptsSortedWithTheirPlaceAsId) {
  put("b.py", "B");
  put("a/z.py", "AZ");
  put("a/note.txt", "no");
  put("c/d/e.PY", "E");
  auto items = all({folder_});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].id, "a/z");
  EXPECT_EQ(items[0].task.text, "AZ");
  EXPECT_EQ(items[1].id, "b");
  EXPECT_EQ(items[2].id, "c/d/e");
}

TEST_F(ItemFiles, ArgumentsKeepTheirOrderAndEqualIdsAreToldApart) {
  std::string first = put("x/part.py", "1"), second = put("y/part.py", "2");
  std::string lines = put("l.jsonl", R"({"id": "part", "script": "3"})"
                                     "\n"
                                     R"({"id": "part#2", "script": "4"})"
                                     "\n");
  Task pattern;
  pattern.stl = true;
  auto items = all({second, first, lines, second}, pattern);
  ASSERT_EQ(items.size(), 5u);
  std::set<std::string> ids;
  std::string texts;
  for (const auto& item : items) {
    ids.insert(item.id);
    texts += item.task.text;
  }
  EXPECT_EQ(texts, "21342");
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(items[0].id, "part");
  EXPECT_EQ(items[1].id, "part#2");
}

TEST_F(ItemFiles, LinesKeepTheirIdsWhereNoFileIsNamedAfterThem) {
  auto items = all({put("l.jsonl", "{\"id\": \"a\", \"script\": \"1\"}\n{\"id\": \"a\", \"script\": \"2\"}\n")});
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].id, "a");
  EXPECT_EQ(items[1].id, "a");
}

TEST_F(ItemFiles, MalformedLinesAreItemsThatNameFileAndLine) {
  std::string path = put("data.jsonl",
                         "{\"id\": 7, \"script\": \"r = 1\"}\n"
                         "\n"
                         "{\"id\": \"half\", \"scr\n"
                         "[1, 2]\n"
                         "{\"id\": \"none\"}\n"
                         "{\"script\": \"r = 2\"}\r\n"
                         "\"text\"\n"
                         "{\"id\": null, \"script\": \"r = 3\"}");
  auto items = all({path});
  ASSERT_EQ(items.size(), 7u);
  EXPECT_EQ(items[0].id, "7");
  EXPECT_FALSE(items[0].known);
  for (auto [index, line] : {std::pair(1, ":3: "), std::pair(2, ":4: "), std::pair(3, ":5: "), std::pair(5, ":7: ")}) {
    const Item& item = items[static_cast<std::size_t>(index)];
    ASSERT_TRUE(item.known) << index;
    EXPECT_EQ(item.known->run.status, cadquery::Status::syntaxError);
    EXPECT_EQ(item.known->run.error->message.find(path + line), 0u) << item.known->run.error->message;
  }
  EXPECT_EQ(items[3].id, "none");
  EXPECT_EQ(items[4].id, "data:6");
  EXPECT_EQ(items[4].task.text, "r = 2");
  EXPECT_EQ(items[6].task.text, "r = 3");
}

TEST_F(ItemFiles, WhatDoesNotExistIsSaidBeforeAnythingRuns) {
  EXPECT_THROW(listInputs({folder_ + "/none.py"}, {".py"}), Error);
  EXPECT_THROW(listInputs({folder_}, {".py"}), Error) << "a folder without scripts";
  std::string path = put("gone.py", "x");
  FileSource source(listInputs({path}, {".py"}), {});
  fs::remove(path);
  Item item;
  ASSERT_EQ(source.next(item), ItemSource::Next::item);
  ASSERT_TRUE(item.known) << "a file that went away after all is the failure of one item";
  EXPECT_EQ(item.known->run.error->type, "FileNotFoundError");
}

TEST_F(ItemFiles, CountIsKnownForFilesAndLines) {
  std::string lines = put("l.jsonl", "{}\n\n{}\n{}");
  std::string file = put("a.py", "");
  EXPECT_EQ(FileSource(listInputs({lines, file}, {".py"}), {}).count(), 4u);
}

TEST_F(ItemFiles, AStreamIsNotWaitedFor) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  int input = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  {
    FileSource source(listInputs({"-"}, {".py"}), {});
    Item item;
    auto say = [&](const std::string& text) {
      ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    };
    EXPECT_EQ(source.next(item), ItemSource::Next::wait);
    say("  \n");
    EXPECT_EQ(source.next(item), ItemSource::Next::wait);
    say("{\"id\": \"a\", \"scr");
    EXPECT_EQ(source.next(item), ItemSource::Next::wait);
    say("ipt\": \"1\"}\n{\"id\"");
    ASSERT_EQ(source.next(item), ItemSource::Next::item);
    EXPECT_EQ(item.id, "a");
    EXPECT_EQ(source.next(item), ItemSource::Next::wait);
    say(": \"b\", \"script\": \"2\"}");
    ::close(ends[1]);
    ASSERT_EQ(source.next(item), ItemSource::Next::item);
    EXPECT_EQ(item.id, "b");
    EXPECT_EQ(source.next(item), ItemSource::Next::end);
    EXPECT_EQ(source.next(item), ItemSource::Next::end);
  }
  ::dup2(input, STDIN_FILENO);
  ::close(input);
  ::close(ends[0]);
}

TEST_F(ItemFiles, LinesAreCutAtTheirLimitAndTheNextOneIsFound) {
  std::string path = put("long", "ab\n" + std::string(3'000'000, 'x') + "\ncd\n" + std::string(1'500'000, 'y'));
  LineReader lines(path, 1'000'000);
  std::string line;
  ASSERT_EQ(lines.next(line), LineReader::State::line);
  EXPECT_EQ(line, "ab");
  EXPECT_FALSE(lines.tooLong());
  ASSERT_EQ(lines.next(line), LineReader::State::line);
  EXPECT_TRUE(lines.tooLong());
  EXPECT_EQ(line.size(), 1'000'000u);
  EXPECT_EQ(lines.lineNumber(), 2u);
  ASSERT_EQ(lines.next(line), LineReader::State::line);
  EXPECT_EQ(line, "cd");
  EXPECT_EQ(lines.lineNumber(), 3u);
  EXPECT_FALSE(lines.tooLong());
  ASSERT_EQ(lines.next(line), LineReader::State::line);
  EXPECT_TRUE(lines.tooLong());
  EXPECT_EQ(lines.next(line), LineReader::State::end);
}

TEST(DistinctIds, AHundredThousandIdsStayApartInLittleMemory) {
  DistinctIds ids;
  std::set<std::string> given;
  for (int i = 0; i < 100'000; ++i) given.insert(ids.distinct("id" + std::to_string(i % 60'000)));
  EXPECT_EQ(given.size(), 100'000u);
  EXPECT_TRUE(given.count("id5#2"));
}

}  // namespace
}  // namespace cadrecode::sandbox
