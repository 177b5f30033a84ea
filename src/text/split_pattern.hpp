// The regular expression that cuts a text into the pieces byte-pair merges may not cross ("Split", "Isolated").
// Owns the compiled pattern; immutable after construction and safe to share between threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cadrecode::text {

class SplitPattern {
 public:
  // Throws ValueError when the pattern does not compile or uses something that would mean another thing here than in
  // the reference (Oniguruma): nested character classes, \S in a class.
  explicit SplitPattern(const std::string& pattern);

  // Calls `take` with every piece of well-formed UTF-8 text in order: the matches and what lies between them. No piece
  // is empty, and together they are the text. Throws RuntimeError when the pattern needs too much backtracking.
  void split(std::string_view text, const std::function<void(std::string_view)>& take) const;

  // Whether the pattern matches somewhere.
  bool matches(std::string_view text) const;

 private:
  std::shared_ptr<const void> code_;
};

}  // namespace cadrecode::text
