// Numbers to text and back.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "script/runtime.hpp"
#include "script/text_format.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

// The shortest digits that give the same double, in Python's layout.
std::string formatReal(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string text(buffer, result.ptr);
  const std::size_t e = text.find('e');
  const int exponent = std::atoi(text.c_str() + e + 1);
  std::string digits;
  std::string out;
  for (const char c : text.substr(0, e)) {
    if (c == '-') out = "-";
    if (c >= '0' && c <= '9') digits += c;
  }
  const auto count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    out += digits.substr(0, 1);
    if (count > 1) out += "." + digits.substr(1);
    const int size = std::abs(exponent);
    return out + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + std::to_string(size);
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0') + ".0";
  return out + digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." +
         digits.substr(static_cast<std::size_t>(exponent) + 1);
}

std::string printfReal(double value, char type, int precision, bool alternative) {
  const bool upper = type >= 'A' && type <= 'Z';
  if (!std::isfinite(value)) {
    std::string text = std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
    if (upper) {
      for (char& c : text) c = static_cast<char>(std::toupper(c));
    }
    return text;
  }
  if (precision > 0) Heap::current().check(static_cast<std::size_t>(precision) * 4);
  countSteps(static_cast<std::uint64_t>(precision > 0 ? precision : 0));
  const std::string format = std::string("%") + (alternative ? "#" : "") + ".*" + type;
  const int size = std::snprintf(nullptr, 0, format.c_str(), precision, value);
  Heap::current().check(static_cast<std::size_t>(size));
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(text.data(), text.size(), format.c_str(), precision, value);
  text.pop_back();
  return text;
}

namespace {

std::string group(const std::string& digits, char separator, std::size_t size, std::size_t minimum) {
  if (separator == 0) {
    return digits.size() < minimum ? std::string(minimum - digits.size(), '0') + digits : digits;
  }
  // Zeros are added until the text with its separators is as wide as asked; a separator never comes first.
  std::string padded = digits;
  while (padded.size() + (padded.size() - 1) / size < minimum) padded.insert(padded.begin(), '0');
  std::string grouped;
  for (std::size_t i = 0; i < padded.size(); ++i) {
    if (i > 0 && (padded.size() - i) % size == 0) grouped += separator;
    grouped += padded[i];
  }
  return grouped;
}

// Sign, prefix, digits and the rest (fraction, exponent, percent) into the width of the spec.
std::string layout(bool negative, const std::string& prefix, const std::string& digits, const std::string& rest,
                   const FormatSpec& spec, std::size_t groupSize) {
  std::string sign = negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
  const std::size_t width = spec.width < 0 ? 0 : static_cast<std::size_t>(spec.width);
  Heap::current().check(width);
  const char align = spec.align ? spec.align : spec.zero ? '=' : '>';
  const bool padDigits = align == '=' && spec.fill == "0";
  const std::size_t fixed = sign.size() + prefix.size() + rest.size();
  const bool number = !digits.empty() && digits[0] >= '0' && digits[0] <= '9';
  std::string body =
      group(digits, number ? spec.grouping : 0, groupSize, padDigits && width > fixed ? width - fixed : 0);
  body += rest;
  const std::size_t used = sign.size() + prefix.size() + body.size();
  if (used >= width) return sign + prefix + body;
  const std::size_t missing = width - used;
  const auto fill = [&](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += spec.fill;
    return text;
  };
  switch (align) {
    case '<':
      return sign + prefix + body + fill(missing);
    case '^':
      return fill(missing / 2) + sign + prefix + body + fill(missing - missing / 2);
    case '=':
      return sign + prefix + fill(missing) + body;
    default:
      return fill(missing) + sign + prefix + body;
  }
}

// Without the zeros at the end of a mantissa.
std::string shorten(const std::string& text) {
  const std::size_t at = text.find('e');
  std::string mantissa = text.substr(0, at);
  if (mantissa.find('.') != std::string::npos) {
    while (mantissa.back() == '0') mantissa.pop_back();
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return mantissa + text.substr(at);
}

}  // namespace

std::string formatInteger(std::int64_t value, const FormatSpec& spec) {
  const char type = spec.type ? spec.type : 'd';
  if (std::strchr("eEfFgG%", type)) return formatRealSpec(static_cast<double>(value), spec);
  if (spec.precision >= 0) raise("ValueError", "Precision not allowed in integer format specifier");
  if (type == 'c') {
    if (spec.sign != '-') raise("ValueError", "Sign not allowed with integer format specifier 'c'");
    if (value < 0 || value > 0x10FFFF) raise("OverflowError", "%c arg not in range(0x110000)");
    std::string character;
    appendUtf8(character, static_cast<char32_t>(value));
    FormatSpec text = spec;
    text.type = 's';
    if (text.align == 0) text.align = '<';
    return formatText(character, text);
  }
  const int base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
  char buffer[72];
  const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, magnitude, base);
  std::string digits(buffer, result.ptr);
  std::string prefix;
  if (spec.alternative && base != 10) prefix = base == 2 ? "0b" : base == 8 ? "0o" : "0x";
  if (type == 'X') {
    for (char& c : digits) c = static_cast<char>(std::toupper(c));
    if (!prefix.empty()) prefix = "0X";
  }
  return layout(value < 0, prefix, digits, "", spec, base == 10 ? 3 : 4);
}

std::string formatRealSpec(double value, const FormatSpec& spec) {
  char type = spec.type;
  auto precision = static_cast<int>(spec.precision);
  if (spec.precision > INT32_MAX - 8) raise("ValueError", "precision too big");
  std::string text;
  std::string suffix;
  if (type == 0) {
    if (precision < 0) {
      text = formatReal(std::fabs(value));
    } else {
      // Like g, but with at least one digit after the point and an exponent one digit earlier.
      text = printfReal(std::fabs(value), 'e', precision > 0 ? precision - 1 : 0, false);
      const std::size_t e = text.find('e');
      const int exponent = e == std::string::npos ? 0 : std::atoi(text.c_str() + e + 1);
      if (std::isfinite(value)) {
        const int shown = precision == 0 ? 1 : precision;
        text = printfReal(std::fabs(value), 'g', shown, spec.alternative);
        if (text.find('e') == std::string::npos && text.find('.') == std::string::npos) {
          // No room for ".0": an exponent instead.
          text = exponent < shown - 1 ? text + ".0"
                                      : shorten(printfReal(std::fabs(value), 'e', shown - 1, spec.alternative));
        }
      }
    }
  } else {
    if (type == 'n') type = 'g';
    if (precision < 0) precision = 6;
    double shown = std::fabs(value);
    if (type == '%') {
      shown *= 100;
      suffix = "%";
      type = 'f';
    }
    text = printfReal(shown, type, precision, spec.alternative);
  }
  std::size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  std::string digits = text.substr(0, end);
  std::string rest = text.substr(end) + suffix;
  if (!std::isfinite(value)) {
    digits = text;
    rest = suffix;
  }
  const bool negative = std::signbit(value) && !std::isnan(value);
  return layout(negative, "", digits, rest, spec, 3);
}

namespace {
std::string stripped(const std::string& text) {
  const char* spaces = " \t\n\r\f\v";
  const std::size_t start = text.find_first_not_of(spaces);
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(spaces) - start + 1);
}
// Underscores stand between digits only.
bool removeUnderscores(std::string& text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      kept += text[i];
      continue;
    }
    const bool before = i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
    const bool after = i + 1 < text.size() && std::isalnum(static_cast<unsigned char>(text[i + 1]));
    if (!before || !after) return false;
  }
  text = kept;
  return true;
}
}  // namespace

bool parseReal(const std::string& source, double& value) {
  std::string text = stripped(source);
  if (text.empty() || !removeUnderscores(text)) return false;
  std::size_t i = text[0] == '+' || text[0] == '-' ? 1 : 0;
  std::string lower = text.substr(i);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower == "inf" || lower == "infinity" || lower == "nan") {
    value = lower == "nan" ? std::nan("") : INFINITY;
    if (text[0] == '-') value = -value;
    return true;
  }
  bool digits = false;
  while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) digits = true, ++i;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) digits = true, ++i;
  }
  if (!digits) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (i >= text.size()) return false;
    while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) ++i;
  }
  if (i != text.size() || !std::isdigit(static_cast<unsigned char>(text.back()))) {
    if (i != text.size() || text.back() != '.') return false;
  }
  value = std::strtod(text.c_str(), nullptr);
  return true;
}

int parseInteger(const std::string& source, int base, std::int64_t& value) {
  std::string text = stripped(source);
  if (text.empty()) return 0;
  bool negative = false;
  std::size_t i = 0;
  if (text[0] == '+' || text[0] == '-') {
    negative = text[0] == '-';
    i = 1;
  }
  std::string digits = text.substr(i);
  if (digits.size() > 1 && digits[0] == '0') {
    const char kind = static_cast<char>(digits[1] | 0x20);
    const int prefix = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    if (prefix != 0 && (base == 0 || base == prefix)) {
      digits = digits.substr(2);
      base = prefix;
      if (!digits.empty() && digits[0] == '_') digits = digits.substr(1);
    } else if (base == 0 && digits.find_first_not_of("0_") != std::string::npos) {
      return 0;
    }
  }
  if (base == 0) base = 10;
  if (digits.empty() || !removeUnderscores(digits)) return 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'                          ? c - '0'
                      : std::isalpha(static_cast<unsigned char>(c)) ? (c | 0x20) - 'a' + 10
                                                                    : 99;
    if (digit >= base) return 0;
  }
  if (negative) digits.insert(digits.begin(), '-');
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return result.ec == std::errc() ? 1 : 2;
}

}  // namespace cadrecode::script
