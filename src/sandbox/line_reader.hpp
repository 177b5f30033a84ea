// Lines of a file or of a stream that may not have them yet; never waits for a stream. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cadrecode::sandbox {

class LineReader {
 public:
  enum class State { line, wait, end };
  // Opens a file; "-" is standard input. Lines longer than `maxBytes` are given up to there and marked. Error(input).
  explicit LineReader(const std::string& path, std::size_t maxBytes = std::size_t{64} << 20);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its end; a last one without "\n" counts.
  State next(std::string& line);
  // The first character that is no white space, without taking it; none (with State::end) in an empty stream.
  State peek(char& character);
  // Everything that is left.
  State rest(std::string& text);

  std::uint64_t lineNumber() const { return lineNumber_; }  // of the line given last, from 1
  bool tooLong() const { return tooLong_; }                 // it was cut
  int descriptor() const { return file_; }
  const std::string& path() const { return path_; }

 private:
  bool read();  // false: nothing there now, or the end

  std::string path_;
  std::size_t maxBytes_;
  int file_ = -1;
  bool regular_ = false;
  bool ended_ = false;
  bool skipping_ = false;  // the rest of a line too long
  bool tooLong_ = false;
  std::uint64_t lineNumber_ = 0;
  std::string buffer_;
  std::size_t start_ = 0;     // of what is not yet given
  std::size_t searched_ = 0;  // no line end before here
};

}  // namespace cadrecode::sandbox
