// Walks through a text by lines and words and knows where it stands. Lines end with \n, \r\n or \r. Refers to the text
// it was given, owns only the file's name; one thread an object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/input_error.hpp"

namespace cadrecode::cloud {

class TextScanner {
 public:
  // `firstLine`: the number, from 1, of the line with which `text` begins in its file.
  TextScanner(std::string_view text, std::string file, std::size_t firstLine = 1)
      : text_(text), file_(std::move(file)), lineNumber_(firstLine - 1) {}

  // Goes to the next line; false at the end of the text.
  bool nextLine();
  // Goes to the next line that holds a word; with `comment`, what follows that character is not seen.
  bool nextFilledLine(char comment = '\0');
  // The rest of the line that was not yet taken as words.
  std::string_view rest() const { return rest_; }
  // The next word of the line; empty at its end.
  std::string_view word();
  // The next word of this or a later line; empty at the end of the text.
  std::string_view wordOfAnyLine();
  // Ends the current line at `length` characters from here.
  void cutLine(std::size_t length) { rest_ = rest_.substr(0, length); }

  // The next word of the line as a number; `what` names it in the errors ("a coordinate").
  double number(const char* what) { return toNumber(word(), what); }
  // Finite, and at most 1e60 in size, so that no square of an area overflows.
  double toNumber(std::string_view word, const char* what) const;
  std::int64_t toInteger(std::string_view word, const char* what) const;

  const std::string& file() const { return file_; }
  std::size_t lineNumber() const { return lineNumber_; }
  // How far in the text the next line begins.
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return text_.size() - position_ + rest_.size(); }
  [[noreturn]] void fail(const std::string& reason) const { failInput(file_, PlaceKind::line, lineNumber_, reason); }

 private:
  std::string_view text_;
  std::string file_;
  std::string_view rest_;
  std::size_t position_ = 0;
  std::size_t lineNumber_;
};

// Numbers beyond this are refused by every reader: products of four of them still fit a double.
inline constexpr double largestCoordinate = 1e60;

// The word as a number, finite or not; nothing when it is none.
bool parseNumber(std::string_view word, double& value);

bool isSpace(char letter);
// The text in lower case, ASCII letters only.
std::string lowerCase(std::string_view text);

}  // namespace cadrecode::cloud
