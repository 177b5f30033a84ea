#include "cloud/text_scanner.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace cadrecode::cloud {

bool isSpace(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == '\v' || letter == '\f';
}

std::string lowerCase(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

bool parseNumber(std::string_view word, double& value) {
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  if (word.empty() || word.front() == '+') return false;
  auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end != word.data() + word.size()) return false;
  if (problem == std::errc::result_out_of_range) {
    // Too near to zero or too large: only the sign of the exponent tells.
    bool tiny = word.find("e-") != word.npos || word.find("E-") != word.npos || word.find_first_of("eE") == word.npos;
    value = tiny ? 0.0 : HUGE_VAL;
    return true;
  }
  return problem == std::errc();
}

bool TextScanner::nextLine() {
  if (position_ >= text_.size()) {
    rest_ = {};
    return false;
  }
  ++lineNumber_;
  std::size_t end = text_.find_first_of("\n\r", position_);
  if (end == text_.npos) end = text_.size();
  rest_ = text_.substr(position_, end - position_);
  bool pair = end + 1 < text_.size() && text_[end] == '\r' && text_[end + 1] == '\n';
  position_ = std::min(text_.size(), end + (pair ? 2 : 1));
  return true;
}

bool TextScanner::nextFilledLine(char comment) {
  while (nextLine()) {
    if (comment != '\0') cutLine(rest_.find(comment));
    while (!rest_.empty() && isSpace(rest_.front())) rest_.remove_prefix(1);
    if (!rest_.empty()) return true;
  }
  return false;
}

std::string_view TextScanner::word() {
  std::size_t begin = 0;
  while (begin < rest_.size() && isSpace(rest_[begin])) ++begin;
  std::size_t end = begin;
  while (end < rest_.size() && !isSpace(rest_[end])) ++end;
  std::string_view result = rest_.substr(begin, end - begin);
  rest_.remove_prefix(end);
  return result;
}

std::string_view TextScanner::wordOfAnyLine() {
  std::string_view result = word();
  while (result.empty() && nextLine()) result = word();
  return result;
}

double TextScanner::toNumber(std::string_view word, const char* what) const {
  double value = 0;
  if (word.empty()) fail(fmt::format("{} is missing", what));
  if (!parseNumber(word, value)) fail(fmt::format("{} is no number: {}", what, quoted(word)));
  if (!std::isfinite(value)) fail(fmt::format("{} is not finite: {}", what, quoted(word)));
  if (std::abs(value) > largestCoordinate) fail(fmt::format("{} is too large: {}", what, quoted(word)));
  return value;
}

std::int64_t TextScanner::toInteger(std::string_view word, const char* what) const {
  if (word.empty()) fail(fmt::format("{} is missing", what));
  std::string_view digits = word;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  std::int64_t value = 0;
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || end != digits.data() + digits.size()) {
    fail(fmt::format("{} is no whole number: {}", what, quoted(word)));
  }
  return value;
}

}  // namespace cadrecode::cloud
