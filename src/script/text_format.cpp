// Format specs, str.format and the % operator.
#include "script/text_format.hpp"

#include <cstring>

#include "script/runtime.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

FormatSpec parseFormatSpec(const std::string& text, const std::string& typeName) {
  FormatSpec spec;
  std::size_t i = 0;
  const auto isAlign = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  const auto invalid = [&] {
    raise("ValueError", "Invalid format specifier '" + text + "' for object of type '" + typeName + "'");
  };
  const auto number = [&](std::int64_t& out) {
    std::int64_t value = 0;
    const std::size_t start = i;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      if (value > (INT64_MAX - 9) / 10) raise("ValueError", "Too many decimal digits in format string");
      value = value * 10 + (text[i] - '0');
    }
    if (i > start) out = value;
    return i > start;
  };
  if (!text.empty()) {
    std::size_t after = 0;
    decodeUtf8(text, after);
    if (after < text.size() && isAlign(text[after])) {
      spec.fill = text.substr(0, after);
      spec.align = text[after];
      i = after + 1;
    } else if (isAlign(text[0])) {
      spec.align = text[0];
      i = 1;
    }
  }
  if (i < text.size() && (text[i] == '+' || text[i] == '-' || text[i] == ' ')) spec.sign = text[i++];
  if (i < text.size() && text[i] == 'z') ++i;
  if (i < text.size() && text[i] == '#') {
    spec.alternative = true;
    ++i;
  }
  if (i < text.size() && text[i] == '0') {
    spec.zero = true;
    if (spec.align == 0) {
      spec.fill = "0";
    } else if (spec.fill == " " && text[0] != ' ') {
      spec.fill = "0";
    }
    ++i;
  }
  number(spec.width);
  if (i < text.size() && (text[i] == ',' || text[i] == '_')) {
    spec.grouping = text[i++];
    if (i < text.size() && (text[i] == ',' || text[i] == '_')) {
      if (text[i] == spec.grouping)
        raise("ValueError", std::string("Cannot specify '") + text[i] + "' with '" + text[i] + "'.");
      raise("ValueError", "Cannot specify both ',' and '_'.");
    }
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!number(spec.precision)) raise("ValueError", "Format specifier missing precision");
  }
  std::size_t end = i;
  if (i < text.size()) decodeUtf8(text, end);
  if (end < text.size()) invalid();
  if (i < text.size()) spec.type = text[i];
  if (spec.grouping != 0 && spec.type != 0 && !std::strchr("deEfFgG%", spec.type) &&
      !(spec.grouping == '_' && std::strchr("boxX", spec.type))) {
    raise("ValueError", std::string("Cannot specify '") + spec.grouping + "' with '" + spec.type + "'.");
  }
  return spec;
}

std::string formatText(const std::string& text, const FormatSpec& spec) {
  std::string shown = text;
  if (spec.precision >= 0 && static_cast<std::size_t>(spec.precision) < countCharacters(text)) {
    shown = encodeAll(decodeAll(text).substr(0, static_cast<std::size_t>(spec.precision)));
  }
  const std::size_t length = countCharacters(shown);
  if (spec.width < 0 || length >= static_cast<std::size_t>(spec.width)) return shown;
  const std::size_t missing = static_cast<std::size_t>(spec.width) - length;
  Heap::current().check(missing * spec.fill.size());
  const auto fill = [&](std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += spec.fill;
    return out;
  };
  switch (spec.align) {
    case '>':
      return fill(missing) + shown;
    case '^':
      return fill(missing / 2) + shown + fill(missing - missing / 2);
    default:
      return shown + fill(missing);
  }
}

std::string format(const Value& value, const std::string& spec) {
  const Value& plain = plainValue(value);
  if (value.isObject() && (value.is(Kind::instance) || value.is(Kind::native) || value.object()->cls()->scripted())) {
    const Value method = specialMethod(value, *names().format);
    if (!method.isUnbound()) {
      const Value text = call(method, {makeStr(spec)});
      if (!isStr(text)) raise("TypeError", "__format__ must return a str, not " + typeName(text));
      return textOf(text);
    }
  }
  if (spec.empty()) return str(value);
  const auto unknown = [&](char type) {
    raise("ValueError", std::string("Unknown format code '") + type + "' for object of type '" + typeName(value) + "'");
  };
  if (plain.isIntegral()) {
    const FormatSpec parsed = parseFormatSpec(spec, typeName(value));
    if (parsed.type != 0 && !std::strchr("bcdoxXneEfFgG%", parsed.type)) unknown(parsed.type);
    return formatInteger(plain.integer(), parsed);
  }
  if (plain.isFloat()) {
    const FormatSpec parsed = parseFormatSpec(spec, typeName(value));
    if (parsed.type != 0 && !std::strchr("neEfFgG%", parsed.type)) unknown(parsed.type);
    return formatRealSpec(plain.real(), parsed);
  }
  if (isStr(plain)) {
    const FormatSpec parsed = parseFormatSpec(spec, typeName(value));
    if (parsed.sign != '-')
      raise("ValueError", parsed.sign == ' ' ? "Space not allowed in string format specifier"
                                             : "Sign not allowed in string format specifier");
    if (parsed.alternative) raise("ValueError", "Alternate form (#) not allowed in string format specifier");
    if (parsed.align == '=') raise("ValueError", "'=' alignment not allowed in string format specifier");
    if (parsed.grouping != 0) raise("ValueError", std::string("Cannot specify '") + parsed.grouping + "' with 's'.");
    if (parsed.type != 0 && parsed.type != 's') unknown(parsed.type);
    return formatText(textOf(plain), parsed);
  }
  raise("TypeError", "unsupported format string passed to " + typeName(value) + ".__format__");
}

// --- the % operator

namespace {

class PercentFormatter {
 public:
  PercentFormatter(const std::string& format, const Value& arguments) : format_(format), arguments_(arguments) {
    tuple_ = arguments.is(Kind::tuple);
  }

  std::string run() {
    std::string out;
    for (std::size_t i = 0; i < format_.size(); ++i) {
      if (format_[i] != '%') {
        out += format_[i];
        continue;
      }
      out += field(++i);
    }
    const bool mapping = arguments_.is(Kind::dict) || arguments_.is(Kind::list);
    if (tuple_ ? next_ < arguments_.to<Tuple>().items.size() : next_ == 0 && !mapping && !usedMapping_) {
      raise("TypeError", "not all arguments converted during string formatting");
    }
    return out;
  }

 private:
  Value argument() {
    if (fixed_) return mapped_;
    if (tuple_ ? next_ >= arguments_.to<Tuple>().items.size() : next_ > 0) {
      raise("TypeError", "not enough arguments for format string");
    }
    const std::size_t at = next_++;
    return tuple_ ? arguments_.to<Tuple>().items[at] : arguments_;
  }

  std::int64_t star(std::size_t& i) {
    ++i;
    const Value value = argument();
    if (!value.isIntegral()) raise("TypeError", "* wants int");
    return value.integer();
  }

  std::string field(std::size_t& i) {
    FormatSpec spec;
    spec.align = '>';
    fixed_ = false;
    const auto incomplete = [&] {
      if (i >= format_.size()) raise("ValueError", "incomplete format");
    };
    incomplete();
    if (format_[i] == '(') {
      if (!arguments_.is(Kind::dict)) raise("TypeError", "format requires a mapping");
      int depth = 1;
      const std::size_t start = ++i;
      for (; i < format_.size() && depth > 0; ++i) depth += format_[i] == '(' ? 1 : format_[i] == ')' ? -1 : 0;
      if (depth > 0) raise("ValueError", "incomplete format key");
      mapped_ = getItem(arguments_, makeStr(format_.substr(start, i - start - 1)));
      fixed_ = usedMapping_ = true;
    }
    bool left = false;
    for (; i < format_.size() && std::strchr("-+ #0", format_[i]); ++i) {
      if (format_[i] == '-') left = true;
      if (format_[i] == '+') spec.sign = '+';
      if (format_[i] == ' ' && spec.sign != '+') spec.sign = ' ';
      if (format_[i] == '#') spec.alternative = true;
      if (format_[i] == '0') spec.zero = true;
    }
    incomplete();
    const auto number = [&](std::int64_t& out) {
      out = 0;
      for (; i < format_.size() && format_[i] >= '0' && format_[i] <= '9'; ++i) {
        if (out > 100000000) raise("ValueError", "width too big");
        out = out * 10 + (format_[i] - '0');
      }
    };
    if (format_[i] == '*') {
      spec.width = star(i);
      if (spec.width < 0) {
        left = true;
        spec.width = -spec.width;
      }
    } else if (format_[i] >= '0' && format_[i] <= '9') {
      number(spec.width);
    }
    incomplete();
    if (format_[i] == '.') {
      ++i;
      incomplete();
      if (format_[i] == '*') {
        spec.precision = star(i);
        if (spec.precision < 0) spec.precision = 0;
      } else {
        number(spec.precision);
      }
    }
    while (i < format_.size() && std::strchr("hlL", format_[i])) ++i;
    incomplete();
    const char type = format_[i];
    if (left) {
      spec.align = '<';
      spec.zero = false;
    }
    if (type == '%') return "%";
    return convert(type, i, spec);
  }

  std::string convert(char type, std::size_t at, FormatSpec& spec) {
    switch (type) {
      case 's':
        return formatText(str(argument()), spec);
      case 'r':
      case 'a':
        return formatText(repr(argument()), spec);
      case 'c': {
        const Value value = argument();
        std::string text;
        if (value.isIntegral()) {
          if (value.integer() < 0 || value.integer() > 0x10FFFF)
            raise("OverflowError", "%c arg not in range(0x110000)");
          appendUtf8(text, static_cast<char32_t>(value.integer()));
        } else if (isStr(value) && value.to<Str>().length() == 1) {
          text = textOf(value);
        } else {
          raise("TypeError", "%c requires int or char");
        }
        spec.precision = -1;
        return formatText(text, spec);
      }
      case 'd':
      case 'i':
      case 'u':
      case 'x':
      case 'X':
      case 'o':
        return integer(type, spec);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        const Value value = argument();
        const double real = toReal(value);
        spec.type = type;
        if (spec.zero) zeroFill(spec);
        return formatRealSpec(real, spec);
      }
      default: {
        char text[96];
        const auto byte = static_cast<unsigned char>(type);
        std::snprintf(text, sizeof text, "unsupported format character '%c' (0x%x) at index %zu",
                      byte < 32 || byte > 126 ? '?' : byte, byte,
                      countCharacters(std::string_view(format_).substr(0, at)));
        raise("ValueError", text);
      }
    }
  }

  static void zeroFill(FormatSpec& spec) {
    spec.fill = "0";
    spec.align = '=';
  }

  std::string integer(char type, FormatSpec& spec) {
    const Value held = argument();
    const Value& value = plainValue(held);
    const bool decimal = type == 'd' || type == 'i' || type == 'u';
    std::int64_t number = 0;
    if (value.isIntegral()) {
      number = value.integer();
    } else if (value.isFloat() && decimal) {
      number = toIndex(call(getAttribute(value, "__trunc__")));
    } else if (decimal) {
      raise("TypeError", std::string("%") + type + " format: a real number is required, not " + typeName(value));
    } else {
      raise("TypeError", std::string("%") + type + " format: an integer is required, not " + typeName(value));
    }
    FormatSpec digits;
    digits.type = decimal ? 'd' : type;
    std::string text = formatInteger(number, digits);
    const bool negative = text[0] == '-';
    if (negative) text = text.substr(1);
    if (spec.precision > 0 && text.size() < static_cast<std::size_t>(spec.precision)) {
      Heap::current().check(static_cast<std::size_t>(spec.precision));
      text.insert(0, static_cast<std::size_t>(spec.precision) - text.size(), '0');
    }
    std::string prefix = negative ? "-" : spec.sign == '+' ? "+" : spec.sign == ' ' ? " " : "";
    if (spec.alternative && !decimal) prefix += type == 'o' ? "0o" : type == 'x' ? "0x" : "0X";
    spec.precision = -1;
    const std::size_t used = prefix.size() + text.size();
    if (spec.zero && spec.width > 0 && used < static_cast<std::size_t>(spec.width)) {
      Heap::current().check(static_cast<std::size_t>(spec.width));
      text.insert(0, static_cast<std::size_t>(spec.width) - used, '0');
    }
    return formatText(prefix + text, spec);
  }

  const std::string& format_;
  const Value& arguments_;
  bool tuple_ = false;
  std::size_t next_ = 0;
  bool fixed_ = false;
  bool usedMapping_ = false;
  Value mapped_;
};

// --- str.format

class Formatter {
 public:
  Formatter(const Values& positional, const KeywordArguments& keywords, const Value& mapping)
      : positional_(positional), keywords_(keywords), mapping_(mapping) {}

  std::string run(std::string_view format, int depth) {
    if (depth < 0) raise("ValueError", "Max string recursion exceeded");
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
      const char c = format[i];
      if (c != '{' && c != '}') {
        out += c;
        continue;
      }
      if (i + 1 < format.size() && format[i + 1] == c) {
        out += c;
        ++i;
        continue;
      }
      if (c == '}') raise("ValueError", "Single '}' encountered in format string");
      if (i + 1 >= format.size()) raise("ValueError", "Single '{' encountered in format string");
      int nested = 1;
      int brackets = 0;
      std::size_t end = i + 1;
      for (; end < format.size(); ++end) {
        if (format[end] == '[') ++brackets;
        if (format[end] == ']' && brackets > 0) brackets = 0;
        if (brackets > 0) continue;
        if (format[end] == '{') ++nested;
        if (format[end] == '}' && --nested == 0) break;
      }
      if (end >= format.size()) raise("ValueError", "expected '}' before end of string");
      out += field(format.substr(i + 1, end - i - 1), depth);
      Heap::current().check(out.size());
      i = end;
    }
    return out;
  }

 private:
  std::string field(std::string_view text, int depth) {
    std::size_t end = 0;
    int brackets = 0;
    for (; end < text.size(); ++end) {
      if (text[end] == '[') brackets = 1;
      if (text[end] == ']') brackets = 0;
      if (brackets == 0 && (text[end] == ':' || text[end] == '!')) break;
      if (text[end] == '{') raise("ValueError", "unexpected '{' in field name");
    }
    Value value = lookup(text.substr(0, end));
    if (end < text.size() && text[end] == '!') {
      if (end + 1 >= text.size()) raise("ValueError", "end of string while looking for conversion specifier");
      const char conversion = text[end + 1];
      end += 2;
      if (end < text.size() && text[end] != ':') raise("ValueError", "expected ':' after conversion specifier");
      if (conversion == 'r' || conversion == 'a') {
        value = makeStr(repr(value));
      } else if (conversion == 's') {
        value = makeStr(str(value));
      } else {
        raise("ValueError", std::string("Unknown conversion specifier ") + conversion);
      }
    }
    std::string spec;
    if (end < text.size()) spec = run(text.substr(end + 1), depth - 1);
    return format(value, spec);
  }

  Value lookup(std::string_view name) {
    std::size_t end = name.find_first_of(".[");
    if (end == std::string_view::npos) end = name.size();
    const std::string first(name.substr(0, end));
    Value value;
    const bool number = !first.empty() && first.find_first_not_of("0123456789") == std::string::npos;
    if (first.empty() || number) {
      if (first.empty() ? mode_ == 2 : mode_ == 1) {
        raise("ValueError", first.empty()
                                ? "cannot switch from manual field specification to automatic field numbering"
                                : "cannot switch from automatic field numbering to manual field specification");
      }
      mode_ = first.empty() ? 1 : 2;
      if (first.size() > 9) raise("ValueError", "Too many decimal digits in format string");
      const std::size_t index = first.empty() ? next_++ : std::stoul(first);
      if (!mapping_.isUnbound()) raise("ValueError", "Format string contains positional fields");
      if (index >= positional_.size()) {
        raise("IndexError", "Replacement index " + std::to_string(index) + " out of range for positional args tuple");
      }
      value = positional_[index];
    } else if (!mapping_.isUnbound()) {
      value = getItem(mapping_, makeStr(first));
    } else {
      bool found = false;
      for (const auto& [key, keywordValue] : keywords_) {
        if (textOf(key) == first) {
          value = keywordValue;
          found = true;
        }
      }
      if (!found) raiseValue("KeyError", makeStr(first));
    }
    while (end < name.size()) {
      if (name[end] == '.') {
        std::size_t stop = name.find_first_of(".[", end + 1);
        if (stop == std::string_view::npos) stop = name.size();
        const Value attribute = makeStr(name.substr(end + 1, stop - end - 1));
        if (textOf(attribute).empty()) raise("ValueError", "Empty attribute in format string");
        if (isDunder(textOf(attribute))) checkAttributeName(value, attribute.to<Str>());
        value = getAttribute(value, textOf(attribute));
        end = stop;
      } else if (name[end] == '[') {
        const std::size_t stop = name.find(']', end);
        if (stop == std::string_view::npos) raise("ValueError", "Missing ']' in format string");
        const std::string key(name.substr(end + 1, stop - end - 1));
        if (key.empty()) raise("ValueError", "Empty attribute in format string");
        const bool digits = key.find_first_not_of("0123456789") == std::string::npos && key.size() < 18;
        value = getItem(value, digits ? Value(static_cast<std::int64_t>(std::stoll(key))) : makeStr(key));
        end = stop + 1;
      } else {
        raise("ValueError", "Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return value;
  }

  const Values& positional_;
  const KeywordArguments& keywords_;
  const Value& mapping_;
  std::size_t next_ = 0;
  int mode_ = 0;  // 1: automatic numbering, 2: manual
};

}  // namespace

std::string percentFormat(const std::string& format, const Value& arguments) {
  return PercentFormatter(format, arguments).run();
}

std::string formatMethod(const std::string& format, const Values& positional, const KeywordArguments& keywords,
                         const Value& mapping) {
  return Formatter(positional, keywords, mapping).run(format, 2);
}

}  // namespace cadrecode::script
