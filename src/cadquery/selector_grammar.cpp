// The grammar of selector strings. It is a parsing expression grammar: alternatives are tried in order and the first
// that matches wins; where all fail, the failure that came furthest is reported, as pyparsing does. Loosest first:
//   expression := 'not' expression | difference
//   difference := union (('except' | 'exc') union)*
//   union      := meet ('or' meet)*
//   meet       := term ('and' term)*
//   term       := simple | '(' expression ')'
// so that 'not' cannot stand right of 'and', 'or' or 'except' without brackets. Operators need no spaces around them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "cadquery/selector.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

// A failure to match, at a position in the text.
struct Mismatch {
  std::size_t at;
};

std::u32string decode(const std::string& text) {
  std::u32string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i++]);
    int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    char32_t code = more == 3 ? byte & 0x07 : more == 2 ? byte & 0x0F : more == 1 ? byte & 0x1F : byte;
    for (; more > 0 && i < text.size(); --more) code = code << 6 | (static_cast<unsigned char>(text[i++]) & 0x3F);
    if (code == '\t') {
      // Tabs become spaces up to the next multiple of eight columns.
      const std::size_t newline = result.rfind(U'\n');
      const std::size_t column = newline == std::u32string::npos ? result.size() : result.size() - newline - 1;
      result.append(8 - column % 8, U' ');
    } else {
      result.push_back(code);
    }
  }
  return result;
}

void encode(char32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Letters and digits of Latin, Greek and Cyrillic: what an error message quotes as one word.
bool isWordCharacter(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= 0xC0 && c < 0x530 && c != 0xD7 && c != 0xF7);
}

constexpr std::array<std::string_view, 16> kGeometryTypes = {
    "LINE",  "CIRCLE", "ELLIPSE",  "HYPERBOLA", "PARABOLA", "BEZIER", "BSPLINE",    "OFFSET",
    "OTHER", "PLANE",  "CYLINDER", "CONE",      "SPHERE",   "TORUS",  "REVOLUTION", "EXTRUSION"};

struct NamedView {
  std::string_view name;
  int axis;
  bool largest;
};
constexpr std::array<NamedView, 6> kNamedViews = {{{"front", 2, true},
                                                   {"back", 2, false},
                                                   {"left", 0, false},
                                                   {"right", 0, true},
                                                   {"top", 1, true},
                                                   {"bottom", 1, false}}};

Vector axis(int index) { return {index == 0 ? 1.0 : 0.0, index == 1 ? 1.0 : 0.0, index == 2 ? 1.0 : 0.0}; }

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(decode(text)) {}

  SelectorPtr parse() {
    SelectorPtr result;
    try {
      result = expression();
    } catch (const Mismatch& mismatch) {
      fail("Expected 'not' term", mismatch.at);
    }
    skipSpaces();
    if (at_ < text_.size()) fail("Expected end of text", at_);
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& expected, std::size_t at) const {
    std::string message = expected;
    if (!text_.empty()) message += at >= text_.size() ? ", found end of text" : ", found " + quotedWord(at);
    std::size_t line = 1, lineStart = 0;
    for (std::size_t i = 0; i < at && i < text_.size(); ++i) {
      if (text_[i] != '\n') continue;
      ++line;
      lineStart = i + 1;
    }
    throw Error("ParseException", message + "  (at char " + std::to_string(at) + "), (line:" + std::to_string(line) +
                                      ", col:" + std::to_string(at - lineStart + 1) + ")");
  }

  // The word (or else the character) at a position as Python's repr quotes it.
  std::string quotedWord(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && end - at < 16 && isWordCharacter(text_[end])) ++end;
    if (end == at) {
      const char32_t c = text_[at];
      if (c == '\'') return "\"'\"";
      if (c == '\n') return "'\\n'";
      if (c == '\r') return "'\\r'";
      if (c < 0x20 || c == 0x7F) {
        constexpr std::string_view digits = "0123456789abcdef";
        return std::string("'\\x") + digits[c >> 4] + digits[c & 15] + "'";
      }
      end = at + 1;
    }
    std::string word = "'";
    for (std::size_t i = at; i < end; ++i) encode(text_[i], word);
    return word + "'";
  }

  void skipSpaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool accept(std::string_view word, bool anyCase = false) {
    if (text_.size() - at_ < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      char32_t c = text_[at_ + i];
      if (anyCase && c >= 'a' && c <= 'z') c -= 'a' - 'A';
      if (c != static_cast<unsigned char>(word[i])) return false;
    }
    at_ += word.size();
    return true;
  }
  bool acceptSpaced(std::string_view word) {
    skipSpaces();
    return accept(word);
  }
  void expect(std::string_view word) {
    if (!acceptSpaced(word)) throw Mismatch{at_};
  }
  std::string digits() {
    std::string result;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') result += static_cast<char>(text_[at_++]);
    if (result.empty()) throw Mismatch{at_};
    return result;
  }

  SelectorPtr expression() {
    if (++depth_ > kMaxDepth) throw Error("RecursionError", "maximum recursion depth exceeded");
    skipSpaces();
    const std::size_t start = at_;
    const int depth = depth_;
    std::size_t furthest = start;
    SelectorPtr result;
    if (accept("not")) {
      try {
        result = std::make_shared<InverseSelector>(expression());
      } catch (const Mismatch& mismatch) {
        furthest = mismatch.at;
        at_ = start;
        depth_ = depth;
      }
    }
    if (!result) {
      try {
        result = difference();
      } catch (const Mismatch& mismatch) {
        throw Mismatch{std::max(furthest, mismatch.at)};
      }
    }
    --depth_;
    return result;
  }

  // operand (operator operand)*: an operator without its operand is left for the caller to stumble over.
  template <class Combined>
  SelectorPtr chain(SelectorPtr (Parser::*operand)(), std::initializer_list<std::string_view> operators) {
    SelectorPtr result = (this->*operand)();
    for (;;) {
      const std::size_t start = at_;
      const int depth = depth_;
      skipSpaces();
      bool found = false;
      for (std::string_view name : operators) found = found || accept(name);
      try {
        if (found) result = std::make_shared<Combined>(result, (this->*operand)());
      } catch (const Mismatch&) {
        found = false;
        depth_ = depth;
      }
      if (found) continue;
      at_ = start;
      return result;
    }
  }
  SelectorPtr meet() { return chain<AndSelector>(&Parser::term, {"and"}); }
  SelectorPtr unionOf() { return chain<SumSelector>(&Parser::meet, {"or"}); }
  SelectorPtr difference() { return chain<SubtractSelector>(&Parser::unionOf, {"except", "exc"}); }

  SelectorPtr term() {
    skipSpaces();
    const std::size_t start = at_;
    const int depth = depth_;
    std::size_t furthest = start;
    try {
      return simple();
    } catch (const Mismatch& mismatch) {
      furthest = mismatch.at;
      at_ = start;
    }
    try {
      expect("(");
      SelectorPtr result = expression();
      expect(")");
      return result;
    } catch (const Mismatch& mismatch) {
      depth_ = depth;
      throw Mismatch{std::max(furthest, mismatch.at)};
    }
  }

  SelectorPtr simple() {
    using Alternative = SelectorPtr (Parser::*)();
    constexpr Alternative alternatives[] = {&Parser::onlyDirection, &Parser::type,      &Parser::extreme,
                                            &Parser::nthCenter,     &Parser::alongAxis, &Parser::namedView};
    const std::size_t start = at_;
    std::size_t furthest = start;
    for (Alternative alternative : alternatives) {
      try {
        return (this->*alternative)();
      } catch (const Mismatch& mismatch) {
        furthest = std::max(furthest, mismatch.at);
        at_ = start;
      }
    }
    throw Mismatch{furthest};
  }

  SelectorPtr onlyDirection() { return std::make_shared<DirectionSelector>(direction()); }

  SelectorPtr type() {
    expect("%");
    skipSpaces();
    for (std::string_view name : kGeometryTypes) {
      if (accept(name, true)) return std::make_shared<TypeSelector>(std::string(name));
    }
    throw Mismatch{at_};
  }

  SelectorPtr extreme() {
    const bool largest = accept(">");
    if (!largest) expect("<");
    const Vector v = direction();
    if (const std::optional<std::int64_t> n = index()) return std::make_shared<DirectionNthSelector>(v, *n, largest);
    return std::make_shared<DirectionMinMaxSelector>(v, largest);
  }

  SelectorPtr nthCenter() {
    const bool largest = accept(">>");
    if (!largest) expect("<<");
    const Vector v = direction();
    return std::make_shared<CenterNthSelector>(v, index().value_or(-1), largest);
  }

  SelectorPtr alongAxis() {
    if (accept("|")) return std::make_shared<ParallelDirSelector>(direction());
    if (accept("#")) return std::make_shared<PerpendicularDirSelector>(direction());
    if (accept("+")) return std::make_shared<DirectionSelector>(direction());
    expect("-");
    return std::make_shared<DirectionSelector>(-direction());
  }

  SelectorPtr namedView() {
    for (const NamedView& view : kNamedViews) {
      if (accept(view.name)) return std::make_shared<DirectionMinMaxSelector>(axis(view.axis), view.largest);
    }
    throw Mismatch{at_};
  }

  Vector direction() {
    skipSpaces();
    if (accept("XY")) return {1, 1, 0};
    if (accept("XZ")) return {1, 0, 1};
    if (accept("X")) return {1, 0, 0};
    if (accept("YZ")) return {0, 1, 1};
    if (accept("Y")) return {0, 1, 0};
    if (accept("Z")) return {0, 0, 1};
    expect("(");
    const double x = number();
    expect(",");
    const double y = number();
    expect(",");
    const double z = number();
    expect(")");
    return {x, y, z};
  }

  // A sign, digits, and perhaps a point and more digits, without a space in between.
  double number() {
    skipSpaces();
    std::string result = accept("-") ? "-" : "";
    if (result.empty()) accept("+");
    result += digits();
    if (accept(".")) {
      result += '.';
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') result += static_cast<char>(text_[at_++]);
    }
    return std::strtod(result.c_str(), nullptr);
  }

  // [n] or [-n], or nothing at all.
  std::optional<std::int64_t> index() {
    const std::size_t start = at_;
    try {
      expect("[");
      const bool negative = acceptSpaced("-");
      skipSpaces();
      const std::string value = digits();
      expect("]");
      const std::int64_t n = value.size() > 18 ? INT64_MAX / 2 : std::stoll(value);
      return negative ? -n : n;
    } catch (const Mismatch&) {
      at_ = start;
      return std::nullopt;
    }
  }

  static constexpr int kMaxDepth = 100;
  std::u32string text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

SelectorPtr parseSelector(const std::string& text) { return Parser(text).parse(); }

}  // namespace cadrecode::cadquery
