#include "script/lexer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "script/unicode.hpp"

namespace cadrecode::script {

namespace {

constexpr std::array kKeywords = {"False",  "None",   "True",    "and",      "as",       "assert", "async",
                                  "await",  "break",  "class",   "continue", "def",      "del",    "elif",
                                  "else",   "except", "finally", "for",      "from",     "global", "if",
                                  "import", "in",     "is",      "lambda",   "nonlocal", "not",    "or",
                                  "pass",   "raise",  "return",  "try",      "while",    "with",   "yield"};
constexpr std::size_t kMaximumBrackets = 200;
constexpr std::size_t kMaximumIndents = 100;

bool nameStart(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80; }
bool namePart(unsigned char c) { return nameStart(c) || (c >= '0' && c <= '9'); }
bool decimal(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  TokenList run() {
    splitLines();
    try {
      while (!finished_) readLine();
    } catch (const SyntaxFailure& failure) {
      list_.failure = failure;
      add(TokenType::error, position_, position_, line_, column(position_));
    }
    if (!brackets_.empty()) {
      list_.open = true;
      list_.openBracket = brackets_.back().bracket;
      list_.openLine = brackets_.back().line;
      list_.openColumn = brackets_.back().column;
    }
    return std::move(list_);
  }

 private:
  struct Bracket {
    char bracket;
    int line, column;
  };

  char at(std::size_t position) const { return position < source_.size() ? source_[position] : '\0'; }
  int column(std::size_t position) const { return static_cast<int>(position - lineStart_); }

  void splitLines() {
    for (std::size_t start = 0; start <= source_.size();) {
      std::size_t end = source_.find_first_of("\r\n", start);
      if (end == std::string_view::npos) end = source_.size();
      list_.lines.push_back(source_.substr(start, end - start));
      start = end + (end + 1 < source_.size() && source_[end] == '\r' && source_[end + 1] == '\n' ? 2 : 1);
    }
  }

  [[noreturn]] void fail(const std::string& message, int byteColumn, int line = 0, const char* type = "SyntaxError") {
    if (line == 0) line = line_;
    const bool late = std::string_view(type) != "SyntaxError" || message.rfind("unexpected ", 0) == 0;
    throw SyntaxFailure{type, message, line, characterColumn(list_.lines, line, byteColumn) + 1, late};
  }

  void add(TokenType type, std::size_t from, std::size_t to, int startLine, int startColumn) {
    list_.tokens.push_back({type, source_.substr(from, to - from), startLine, startColumn, line_, column(to),
                            static_cast<int>(brackets_.size())});
  }
  void addHere(TokenType type, std::size_t to) {
    add(type, position_, to, line_, column(position_));
    position_ = to;
  }

  bool atLineEnd(std::size_t position) const {
    return position >= source_.size() || source_[position] == '\n' || source_[position] == '\r';
  }
  void skipLineEnd() {
    if (at(position_) == '\r' && at(position_ + 1) == '\n') ++position_;
    ++position_;
    ++line_;
    lineStart_ = position_;
  }

  // The start of a logical line: its indentation.
  void readLine() {
    int columns = 0;
    int alternative = 0;
    for (;; ++position_) {
      const char c = at(position_);
      if (c == ' ') {
        ++columns;
        ++alternative;
      } else if (c == '\t') {
        columns = (columns / 8 + 1) * 8;
        ++alternative;
      } else if (c == '\f') {
        columns = alternative = 0;
      } else {
        break;
      }
    }
    if (position_ >= source_.size()) return finish();
    if (at(position_) == '#') {
      while (!atLineEnd(position_)) ++position_;
    }
    if (atLineEnd(position_)) {
      if (position_ < source_.size()) skipLineEnd();
      return;
    }
    indent(columns, alternative);
    readTokens();
  }

  void indent(int columns, int alternative) {
    if (columns == indents_.back()) {
      if (alternative != alternatives_.back()) failTabs();
    } else if (columns > indents_.back()) {
      if (indents_.size() >= kMaximumIndents) fail("too many levels of indentation", 0, 0, "IndentationError");
      if (alternative <= alternatives_.back()) failTabs();
      indents_.push_back(columns);
      alternatives_.push_back(alternative);
      add(TokenType::indent, position_, position_, line_, column(position_));
    } else {
      while (indents_.size() > 1 && columns < indents_.back()) {
        indents_.pop_back();
        alternatives_.pop_back();
        ++pendingDedents_;
      }
      if (columns != indents_.back()) {
        const auto length = list_.lines[static_cast<std::size_t>(line_ - 1)].size();
        fail("unindent does not match any outer indentation level", static_cast<int>(length), 0, "IndentationError");
      }
      if (alternative != alternatives_.back()) failTabs();
      for (; pendingDedents_ > 0; --pendingDedents_) {
        add(TokenType::dedent, position_, position_, line_, column(position_));
      }
    }
  }
  [[noreturn]] void failTabs() { fail("inconsistent use of tabs and spaces in indentation", 0, 0, "TabError"); }

  void readTokens() {
    for (;;) {
      while (at(position_) == ' ' || at(position_) == '\t' || at(position_) == '\f') ++position_;
      if (at(position_) == '#') {
        while (!atLineEnd(position_)) ++position_;
      }
      if (position_ >= source_.size()) {
        if (brackets_.empty()) addNewline();
        return finish();
      }
      const char c = at(position_);
      if (c == '\n' || c == '\r') {
        if (brackets_.empty()) {
          addNewline();
          skipLineEnd();
          return;
        }
        skipLineEnd();
      } else if (c == '\\') {
        continueLine();
      } else {
        readToken(c);
      }
    }
  }
  void addNewline() { add(TokenType::newline, position_, position_, line_, column(position_)); }

  void continueLine() {
    ++position_;
    if (position_ >= source_.size()) fail("unexpected EOF while parsing", column(position_));
    if (!atLineEnd(position_)) fail("unexpected character after line continuation character", column(position_));
    skipLineEnd();
    if (position_ >= source_.size()) {
      fail("unexpected EOF while parsing", static_cast<int>(list_.lines[static_cast<std::size_t>(line_ - 2)].size()),
           line_ - 1);
    }
  }

  void finish() {
    finished_ = true;
    if (!brackets_.empty()) {
      const Bracket& open = brackets_.back();
      list_.atEnd = true;
      fail(std::string("'") + open.bracket + "' was never closed", open.column, open.line);
    }
    // CPython places what it finds missing at the end of the text behind its last line.
    std::size_t last = list_.lines.size();
    if (last > 1 && list_.lines[last - 1].empty()) --last;
    const auto line = static_cast<int>(last);
    const auto column = static_cast<int>(list_.lines[last - 1].size());
    while (indents_.size() > 1) {
      indents_.pop_back();
      list_.tokens.push_back({TokenType::dedent, {}, line, column, line, column, 0});
    }
    list_.tokens.push_back({TokenType::end, {}, line, column, line, column, 0});
  }

  void readToken(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (nameStart(byte)) {
      std::size_t end = position_;
      while (namePart(static_cast<unsigned char>(at(end)))) ++end;
      const std::string_view word = source_.substr(position_, end - position_);
      if ((at(end) == '"' || at(end) == '\'') && stringPrefix(word)) return readString(end);
      checkName(word);
      return addHere(isKeyword(word) ? TokenType::keyword : TokenType::name, end);
    }
    if (decimal(c) || (c == '.' && decimal(at(position_ + 1)))) return readNumber();
    if (c == '"' || c == '\'') return readString(position_);
    readOperator(c);
  }

  static bool stringPrefix(std::string_view word) {
    if (word.size() > 2) return false;
    std::string lower(word);
    for (char& c : lower) c = static_cast<char>(c | 0x20);
    return lower == "r" || lower == "u" || lower == "b" || lower == "f" || lower == "rb" || lower == "br" ||
           lower == "rf" || lower == "fr";
  }

  void checkName(std::string_view word) {
    for (std::size_t i = 0; i < word.size();) {
      const std::size_t before = i;
      const char32_t code = decodeUtf8(word, i);
      if (code < 0x80 || isLetter(code) || (before > 0 && ((code >= 0x300 && code <= 0x36F) || code == 0xB7))) continue;
      char text[64];
      std::snprintf(text, sizeof text, "(U+%04X)", static_cast<unsigned>(code));
      const int where = column(position_) + static_cast<int>(before);
      if (!isPrintable(code))
        fail(std::string("invalid non-printable character U+") +
                 std::string(text + 3).substr(0, std::string(text + 3).size() - 1),
             where);
      fail("invalid character '" + std::string(word.substr(before, i - before)) + "' " + text, where);
    }
  }

  void readString(std::size_t quoteAt) {
    const char quote = at(quoteAt);
    const bool triple = at(quoteAt + 1) == quote && at(quoteAt + 2) == quote;
    const int startLine = line_;
    const int startColumn = column(position_);
    const std::size_t start = position_;
    std::size_t i = quoteAt + (triple ? 3 : 1);
    for (;; ++i) {
      const bool ended = i >= source_.size();
      const char c = at(i);
      if (ended || (!triple && (c == '\n' || c == '\r'))) {
        const int quoteColumn = startColumn;
        if (triple) {
          int last = line_;
          if (lineStart_ >= source_.size() && last > startLine) --last;
          fail("unterminated triple-quoted string literal (detected at line " + std::to_string(last) + ")", quoteColumn,
               startLine);
        }
        fail("unterminated string literal (detected at line " + std::to_string(line_) + ")", quoteColumn, startLine);
      }
      if (c == quote && (!triple || (at(i + 1) == quote && at(i + 2) == quote))) break;
      if (c == '\\') ++i;
      if (i < source_.size() && (at(i) == '\n' || at(i) == '\r')) {
        if (at(i) == '\r' && at(i + 1) == '\n') ++i;
        ++line_;
        lineStart_ = i + 1;
      }
    }
    position_ = i + (triple ? 3 : 1);
    list_.tokens.push_back({TokenType::string, source_.substr(start, position_ - start), startLine, startColumn, line_,
                            column(position_), static_cast<int>(brackets_.size())});
  }

  // Digits with single underscores between them. The position after them.
  template <class Accept>
  std::size_t digits(std::size_t i, Accept accept, const char* kind) {
    for (;;) {
      while (accept(at(i))) ++i;
      if (at(i) != '_') return i;
      ++i;
      if (!accept(at(i))) {
        if (decimal(at(i)) && std::string_view(kind) != "decimal") badDigit(i, kind);
        fail(std::string("invalid ") + kind + " literal", column(i) - 1);
      }
    }
  }
  [[noreturn]] void badDigit(std::size_t i, const char* kind) {
    fail(std::string("invalid digit '") + at(i) + "' in " + kind + " literal", column(i));
  }

  void readNumber() {
    std::size_t i = position_;
    const char second = static_cast<char>(at(i + 1) | 0x20);
    if (at(i) == '0' && (second == 'x' || second == 'o' || second == 'b')) {
      const char* kind = second == 'x' ? "hexadecimal" : second == 'o' ? "octal" : "binary";
      const auto accept = [second](char c) {
        if (second == 'x') return decimal(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        return c >= '0' && c <= (second == 'o' ? '7' : '1');
      };
      i += 2;
      if (at(i) == '_') ++i;
      if (!accept(at(i))) {
        if (decimal(at(i))) badDigit(i, kind);
        fail(std::string("invalid ") + kind + " literal", column(i) - 1);
      }
      i = digits(i, accept, kind);
      if (decimal(at(i))) badDigit(i, kind);
      return endNumber(i, kind);
    }
    const bool zero = at(i) == '0';
    bool nonZero = false;
    const std::size_t start = i;
    i = digits(i, decimal, "decimal");
    for (std::size_t k = start; k < i; ++k) nonZero = nonZero || (at(k) != '0' && at(k) != '_');
    bool real = false;
    if (at(i) == '.') {
      real = true;
      ++i;
      if (decimal(at(i))) i = digits(i, decimal, "decimal");
    }
    if ((at(i) | 0x20) == 'e') {
      std::size_t k = i + 1;
      const bool sign = at(k) == '+' || at(k) == '-';
      if (sign) ++k;
      if (decimal(at(k))) {
        real = true;
        i = digits(k, decimal, "decimal");
      } else if (sign) {
        fail("invalid decimal literal", column(k) - 1);
      }
    }
    if ((at(i) | 0x20) == 'j') {
      throw SyntaxFailure{"Unsupported", "not supported: complex numbers", line_,
                          characterColumn(list_.lines, line_, column(position_)) + 1};
    }
    if (!real && zero && nonZero) {
        fail("leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
           column(start));
    }
    endNumber(i, "decimal");
  }

  void endNumber(std::size_t end, const char* kind) {
    const auto c = static_cast<unsigned char>(at(end));
    if (namePart(c)) {
      const std::string_view rest = source_.substr(end);
      bool word = false;
      for (const std::string_view next : {"and", "else", "for", "if", "in", "is", "or", "not"}) {
        const bool whole = next[0] == 'i' || !namePart(static_cast<unsigned char>(at(end + next.size())));
        if (rest.substr(0, next.size()) == next && whole) word = true;
      }
      if (!word) fail(std::string("invalid ") + kind + " literal", column(end) - 1);
    }
    addHere(TokenType::number, end);
  }

  void readOperator(char c) {
    static constexpr std::array kThree = {"**=", "//=", ">>=", "<<=", "..."};
    static constexpr std::array kTwo = {"**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=",
                                        "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "<>"};
    const std::string_view rest = source_.substr(position_, 3);
    for (const std::string_view op : kThree) {
      if (rest == op) return addHere(TokenType::op, position_ + 3);
    }
    for (const std::string_view op : kTwo) {
      if (rest.substr(0, 2) == op) return addHere(TokenType::op, position_ + 2);
    }
    if (c == '(' || c == '[' || c == '{') {
      if (brackets_.size() >= kMaximumBrackets) fail("too many nested parentheses", column(position_));
      brackets_.push_back({c, line_, column(position_)});
    } else if (c == ')' || c == ']' || c == '}') {
      close(c);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char text[48];
      std::snprintf(text, sizeof text, "invalid non-printable character U+%04X", static_cast<unsigned>(c));
      fail(text, column(position_));
    }
    addHere(TokenType::op, position_ + 1);
  }

  void close(char c) {
    if (brackets_.empty()) fail(std::string("unmatched '") + c + "'", column(position_));
    const Bracket open = brackets_.back();
    const char expected = open.bracket == '(' ? ')' : open.bracket == '[' ? ']' : '}';
    if (c != expected) {
      std::string message =
          std::string("closing parenthesis '") + c + "' does not match opening parenthesis '" + open.bracket + "'";
      if (open.line != line_) message += " on line " + std::to_string(open.line);
      fail(message, column(position_));
    }
    brackets_.pop_back();
  }

  std::string_view source_;
  TokenList list_;
  std::size_t position_ = 0;
  std::size_t lineStart_ = 0;
  int line_ = 1;
  bool finished_ = false;
  int pendingDedents_ = 0;
  std::vector<Bracket> brackets_;
  std::vector<int> indents_{0};
  std::vector<int> alternatives_{0};
};

}  // namespace

bool isKeyword(std::string_view name) {
  return std::any_of(kKeywords.begin(), kKeywords.end(), [name](const char* word) { return name == word; });
}

int characterColumn(const std::vector<std::string_view>& lines, int line, int byteColumn) {
  if (line < 1 || static_cast<std::size_t>(line) > lines.size() || byteColumn < 0) return byteColumn;
  const std::string_view text = lines[static_cast<std::size_t>(line - 1)];
  const auto inside = std::min(static_cast<std::size_t>(byteColumn), text.size());
  return static_cast<int>(countCharacters(text.substr(0, inside)) + (static_cast<std::size_t>(byteColumn) - inside));
}

bool validUtf8(std::string_view text, std::size_t& position, std::string& reason) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    position = i;
    if (first < 0x80) {
      ++i;
      continue;
    }
    const int extra = first >= 0xC2 && first < 0xE0   ? 1
                      : first >= 0xE0 && first < 0xF0 ? 2
                      : first >= 0xF0 && first < 0xF5 ? 3
                                                      : 0;
    if (extra == 0) {
      reason = "invalid start byte";
      return false;
    }
    for (int k = 1; k <= extra; ++k) {
      if (i + static_cast<std::size_t>(k) >= text.size()) {
        reason = "unexpected end of data";
        return false;
      }
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
      const bool bad =
          (next & 0xC0) != 0x80 || (k == 1 && ((first == 0xE0 && next < 0xA0) || (first == 0xED && next > 0x9F) ||
                                               (first == 0xF0 && next < 0x90) || (first == 0xF4 && next > 0x8F)));
      if (bad) {
        reason = "invalid continuation byte";
        return false;
      }
    }
    i += static_cast<std::size_t>(extra) + 1;
  }
  return true;
}

TokenList tokenize(std::string_view source) {
  if (source.find('\0') != std::string_view::npos) {
    throw SyntaxFailure{"SyntaxError", "source code string cannot contain null bytes", 0, 0};
  }
  std::size_t position = 0;
  std::string reason;
  if (!validUtf8(source, position, reason)) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%02x", static_cast<unsigned char>(source[position]));
    const int line =
        1 + static_cast<int>(std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
    throw SyntaxFailure{"SyntaxError",
                        std::string("(unicode error) 'utf-8' codec can't decode byte ") + text + " in position " +
                            std::to_string(position) + ": " + reason,
                        line, 0};
  }
  return Lexer(source).run();
}

}  // namespace cadrecode::script
