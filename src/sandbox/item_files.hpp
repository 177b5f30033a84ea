// Items from files, folders, JSONL and streams: what the arguments of a command name, as one ItemSource. Reads one item
// at a time; waits for nothing but regular files. Ids of files are made distinct, those of lines where files are
// written under them; a mere stream of lines keeps the ids it came with, and nothing of what has passed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/script_pool.hpp"

namespace cadrecode::sandbox {

// Tells equal ids apart: the second "a" becomes "a#2". Sixteen to thirty-two bytes an id, so that streams of millions
// are no burden.
class DistinctIds {
 public:
  std::string distinct(const std::string& id);

 private:
  bool insert(std::uint64_t hash);  // false: it was there
  void grow();
  std::vector<std::uint64_t> table_;  // open addressing; 0: free
  std::size_t used_ = 0;
};

// The path of an item's file below a folder: the parts of its id, made safe, as folders and name.
std::string safePath(const std::string& id);

// What an argument stands for.
struct Input {
  enum class Kind { file, lines, stream };
  Kind kind = Kind::file;
  std::string path;  // of a stream "-"
  std::string id;    // of a file
};

// The inputs behind arguments: a folder gives the files below it that end in one of `endings`, sorted; "x.jsonl" lines
// {"id", "script"}; "-" standard input, lines when it begins with "{", else one script; all others are files.
// Error(input) for a path that does not exist and a folder without such files.
std::vector<Input> listInputs(const std::vector<std::string>& arguments, const std::vector<std::string>& endings);

// A malformed or unreadable item is given as one whose result is known; its error names file and line.
class FileSource : public ItemSource {
 public:
  // `pattern` is the task of every item but for its text.
  FileSource(std::vector<Input> inputs, Task pattern);
  ~FileSource() override;
  Next next(Item& item) override;
  int descriptor() const override;

  // The first input is lines, of a file or a stream; waits for a stream's first character. Error(input) when it is
  // empty.
  bool readsLines();
  // Items in all, when that can be told without waiting.
  std::optional<std::uint64_t> count() const;

 private:
  Next fromFile(const Input& input, Item& item);
  Next fromLines(Item& item);
  Next fromStream(Item& item);
  void fill(Item& item, std::string id, std::string text);
  void parseLine(const std::string& line, Item& item);

  std::vector<Input> inputs_;
  std::size_t current_ = 0;
  Task pattern_;
  DistinctIds ids_;
  std::unique_ptr<class LineReader> lines_;
};

}  // namespace cadrecode::sandbox
