// The methods of str.
#include "script/builtin_support.hpp"
#include "script/text_format.hpp"
#include "script/unicode.hpp"

namespace cadrecode::script {

namespace {

const std::string& self(const PlainArguments& a) { return textOf(plainValue(a[0])); }
const std::string& self(const Arguments& a) { return textOf(plainValue(a[0])); }

template <class F>
std::string mapped(const std::string& text, F change) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) appendUtf8(out, change(decodeUtf8(text, i)));
  return out;
}

template <class F>
bool allOf(const std::string& text, F test) {
  if (text.empty()) return false;
  for (std::size_t i = 0; i < text.size();) {
    if (!test(decodeUtf8(text, i))) return false;
  }
  return true;
}

bool cased(const std::string& text, bool upper) {
  bool any = false;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = decodeUtf8(text, i);
    if (upper ? isLower(c) : isUpper(c)) return false;
    any = any || (upper ? isUpper(c) : isLower(c));
  }
  return any;
}

std::string titled(const std::string& text) {
  std::string out;
  bool start = true;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = decodeUtf8(text, i);
    const bool letter = isUpper(c) || isLower(c) || isLetter(c);
    appendUtf8(out, start ? toUpper(c) : toLower(c));
    start = !letter;
  }
  return out;
}

bool isTitled(const std::string& text) {
  bool any = false;
  bool previous = false;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = decodeUtf8(text, i);
    if (isUpper(c)) {
      if (previous) return false;
      previous = any = true;
    } else if (isLower(c)) {
      if (!previous) return false;
      previous = any = true;
    } else {
      previous = false;
    }
  }
  return any;
}

// Start and end arguments of find and its kin as a range of bytes; false when the range is impossible.
struct Window {
  std::size_t from, to;
  bool valid;
};
std::size_t byteOffset(const std::string& text, std::size_t characters) {
  std::size_t position = 0;
  for (std::size_t i = 0; i < characters && position < text.size(); ++i) decodeUtf8(text, position);
  return position;
}
Window window(const PlainArguments& a, std::size_t first) {
  const Str& source = plainValue(a[0]).to<Str>();
  const auto length = static_cast<std::int64_t>(source.length());
  const auto bound = [&](std::size_t index, std::int64_t standard) {
    if (!a.has(index) || a[index].isNone()) return standard;
    std::int64_t value = 0;
    try {
      value = toIndex(a[index]);
    } catch (const Error&) {
      raise("TypeError", "slice indices must be integers or None or have an __index__ method");
    }
    if (value < 0) value += length;
    return value < 0 ? 0 : value;
  };
  std::int64_t start = bound(first, 0);
  std::int64_t end = bound(first + 1, length);
  if (end > length) end = length;
  if (start > end || start > length) return {0, 0, false};
  if (source.ascii()) return {static_cast<std::size_t>(start), static_cast<std::size_t>(end), true};
  return {byteOffset(source.text(), static_cast<std::size_t>(start)),
          byteOffset(source.text(), static_cast<std::size_t>(end)), true};
}

const std::string& wanted(const Value& value) {
  if (!isStr(plainValue(value))) raise("TypeError", "must be str, not " + typeName(value));
  return textOf(plainValue(value));
}

// The character index of the first or last place, -1 if none.
std::int64_t find(const PlainArguments& a, bool last, const char* name) {
  if (!a.has(1)) raise("TypeError", std::string(name) + "() takes at least 1 argument (0 given)");
  const std::string& text = self(a);
  const std::string& part = wanted(a[1]);
  const Window range = window(a, 2);
  if (!range.valid) return -1;
  countSteps(text.size() / 16);
  const std::string_view inside = std::string_view(text).substr(range.from, range.to - range.from);
  const std::size_t at = last ? inside.rfind(part) : inside.find(part);
  if (at == std::string_view::npos) return -1;
  return static_cast<std::int64_t>(countCharacters(std::string_view(text).substr(0, range.from + at)));
}

bool affix(const PlainArguments& a, bool end, const char* name) {
  const std::string& text = self(a);
  const Window range = window(a, 2);
  if (!range.valid) return false;
  const std::string_view inside = std::string_view(text).substr(range.from, range.to - range.from);
  const auto matches = [&](const std::string& part) {
    if (part.size() > inside.size()) return false;
    return inside.substr(end ? inside.size() - part.size() : 0, part.size()) == part;
  };
  if (const Tuple* tuple = a[1].as<Tuple>()) {
    for (const Value& item : tuple->items) {
      if (!isStr(item))
        raise("TypeError", std::string("tuple for ") + name + " must only contain str, not " + typeName(item));
      if (matches(textOf(item))) return true;
    }
    return false;
  }
  if (!isStr(a[1]))
    raise("TypeError", std::string(name) + " first arg must be str or a tuple of str, not " + typeName(a[1]));
  return matches(textOf(a[1]));
}

Value stripped(const PlainArguments& a, bool left, bool right, const char* name) {
  const std::u32string text = decodeAll(self(a));
  std::u32string set;
  bool spaces = true;
  if (a.has(1) && !a[1].isNone()) {
    if (!isStr(a[1])) raise("TypeError", std::string(name) + " arg must be None or str");
    set = decodeAll(textOf(a[1]));
    spaces = false;
  }
  const auto drop = [&](char32_t c) { return spaces ? isSpace(c) : set.find(c) != std::u32string::npos; };
  std::size_t from = 0;
  std::size_t to = text.size();
  while (left && from < to && drop(text[from])) ++from;
  while (right && to > from && drop(text[to - 1])) --to;
  return makeStr(encodeAll(std::u32string_view(text).substr(from, to - from)));
}

Value split(Arguments& a, bool fromRight) {
  const std::string& text = self(a);
  std::int64_t most = toIndex(a[2]);
  if (most < 0) most = INT64_MAX;
  countSteps(text.size() / 8);
  std::vector<Value> parts;
  if (!a[1].isNone()) {
    if (!isStr(a[1])) raise("TypeError", "must be str or None, not " + typeName(a[1]));
    const std::string& separator = textOf(a[1]);
    if (separator.empty()) raise("ValueError", "empty separator");
    if (fromRight) {
      std::size_t end = text.size();
      for (std::int64_t i = 0; i < most; ++i) {
        const std::size_t at =
            end < separator.size() ? std::string::npos : text.rfind(separator, end - separator.size());
        if (at == std::string::npos) break;
        parts.insert(parts.begin(),
                     makeStr(std::string_view(text).substr(at + separator.size(), end - at - separator.size())));
        end = at;
      }
      parts.insert(parts.begin(), makeStr(std::string_view(text).substr(0, end)));
      return makeList(parts);
    }
    std::size_t start = 0;
    for (std::int64_t i = 0; i < most; ++i) {
      const std::size_t at = text.find(separator, start);
      if (at == std::string::npos) break;
      parts.push_back(makeStr(std::string_view(text).substr(start, at - start)));
      start = at + separator.size();
    }
    parts.push_back(makeStr(std::string_view(text).substr(start)));
    return makeList(parts);
  }
  const std::u32string codes = decodeAll(text);
  const auto piece = [&](std::size_t from, std::size_t to) {
    return makeStr(encodeAll(std::u32string_view(codes).substr(from, to - from)));
  };
  if (fromRight) {
    std::size_t end = codes.size();
    std::vector<Value> reversed;
    for (std::int64_t i = 0;; ++i) {
      while (end > 0 && isSpace(codes[end - 1])) --end;
      if (end == 0) break;
      if (i == most) {
        reversed.push_back(piece(0, end));
        break;
      }
      std::size_t start = end;
      while (start > 0 && !isSpace(codes[start - 1])) --start;
      reversed.push_back(piece(start, end));
      end = start;
    }
    return makeList(std::vector<Value>(reversed.rbegin(), reversed.rend()));
  }
  std::size_t start = 0;
  for (std::int64_t i = 0;; ++i) {
    while (start < codes.size() && isSpace(codes[start])) ++start;
    if (start == codes.size()) break;
    if (i == most) {
      parts.push_back(piece(start, codes.size()));
      break;
    }
    std::size_t end = start;
    while (end < codes.size() && !isSpace(codes[end])) ++end;
    parts.push_back(piece(start, end));
    start = end;
  }
  return makeList(parts);
}

Value replaced(const PlainArguments& a) {
  for (std::size_t i = 1; i < 3; ++i) {
    if (!isStr(a[i]))
      raise("TypeError", "replace() argument " + std::to_string(i) + " must be str, not " + typeName(a[i]));
  }
  const std::string& text = self(a);
  const std::string& from = textOf(a[1]);
  const std::string& to = textOf(a[2]);
  std::int64_t most = a.has(3) ? toIndex(a[3]) : -1;
  if (most < 0) most = INT64_MAX;
  std::string out;
  const auto grow = [&] {
    if (out.size() > 1u << 16) Heap::current().check(out.size());
  };
  if (from.empty()) {
    for (std::size_t i = 0; i <= text.size() && most > 0; --most) {
      out += to;
      grow();
      if (i == text.size()) return makeStr(out);
      const std::size_t start = i;
      decodeUtf8(text, i);
      out += text.substr(start, i - start);
      if (most == 1) out += text.substr(i);
    }
    return makeStr(most == 0 && out.empty() ? text : out);
  }
  std::size_t start = 0;
  for (; most > 0; --most) {
    const std::size_t at = text.find(from, start);
    if (at == std::string::npos) break;
    out.append(text, start, at - start);
    out += to;
    start = at + from.size();
    countSteps(1);
    grow();
  }
  out.append(text, start);
  Heap::current().check(out.size());
  return makeStr(out);
}

Value padded(const PlainArguments& a, char align) {
  const std::int64_t width = toIndex(a[1]);
  FormatSpec spec;
  spec.align = align;
  spec.width = width < 0 ? 0 : width;
  if (a.has(2)) {
    if (!isStr(a[2])) raise("TypeError", "The fill character must be a unicode character, not " + typeName(a[2]));
    if (a[2].to<Str>().length() != 1) raise("TypeError", "The fill character must be exactly one character long");
    spec.fill = textOf(a[2]);
  }
  if (align == '^') {
    // Uneven padding goes where CPython puts it.
    const std::size_t length = plainValue(a[0]).to<Str>().length();
    if (width <= static_cast<std::int64_t>(length)) return makeStr(self(a));
    const std::size_t missing = static_cast<std::size_t>(width) - length;
    Heap::current().check(missing * spec.fill.size());
    const std::size_t left = missing / 2 + (missing & static_cast<std::size_t>(width) & 1);
    std::string out;
    for (std::size_t i = 0; i < left; ++i) out += spec.fill;
    out += self(a);
    for (std::size_t i = left; i < missing; ++i) out += spec.fill;
    return makeStr(out);
  }
  return makeStr(formatText(self(a), spec));
}

Value partition(const PlainArguments& a, bool last) {
  const std::string& text = self(a);
  const std::string& separator = wanted(a[1]);
  if (separator.empty()) raise("ValueError", "empty separator");
  const std::size_t at = last ? text.rfind(separator) : text.find(separator);
  if (at == std::string::npos) {
    return last ? makeTuple({makeStr(""), makeStr(""), makeStr(text)})
                : makeTuple({makeStr(text), makeStr(""), makeStr("")});
  }
  return makeTuple({makeStr(text.substr(0, at)), makeStr(separator), makeStr(text.substr(at + separator.size()))});
}

Value join(const PlainArguments& a) {
  const std::string& separator = self(a);
  if (!isIterable(a[1])) raise("TypeError", "can only join an iterable");
  std::string out;
  std::size_t index = 0;
  forEach(a[1], [&](const Value& item) {
    const Value& plain = plainValue(item);
    if (!isStr(plain)) {
      raise("TypeError",
            "sequence item " + std::to_string(index) + ": expected str instance, " + typeName(item) + " found");
    }
    if (index++ > 0) out += separator;
    out += textOf(plain);
    if (out.size() > 1u << 16) Heap::current().check(out.size());
  });
  return makeStr(out);
}

Value splitLines(const PlainArguments& a) {
  const bool keep = a.has(1) && truth(a[1]);
  const std::string& text = self(a);
  std::vector<Value> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find_first_of("\r\n\v\f", start);
    if (end == std::string::npos) {
      lines.push_back(makeStr(text.substr(start)));
      break;
    }
    const std::size_t next = end + (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? 2 : 1);
    lines.push_back(makeStr(text.substr(start, (keep ? next : end) - start)));
    start = next;
  }
  return makeList(lines);
}

Value expandTabs(const std::string& text, std::int64_t size) {
  std::string out;
  std::int64_t column = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const char32_t c = decodeUtf8(text, i);
    if (c == '\t') {
      const std::int64_t spaces = size > 0 ? size - column % size : 0;
      Heap::current().check(static_cast<std::size_t>(spaces) + out.size());
      out.append(static_cast<std::size_t>(spaces), ' ');
      column += spaces;
    } else {
      out += text.substr(start, i - start);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  }
  return makeStr(out);
}

Value translate(const PlainArguments& a) {
  const std::string& text = self(a);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const char32_t c = decodeUtf8(text, i);
    Value* found = a[1].is(Kind::dict) ? a[1].to<Dict>().find(Value(static_cast<std::int64_t>(c))) : nullptr;
    if (!found) {
      out += text.substr(start, i - start);
    } else if (found->isIntegral()) {
      appendUtf8(out, static_cast<char32_t>(found->integer()));
    } else if (isStr(*found)) {
      out += textOf(*found);
    }
  }
  return makeStr(out);
}

Value makeTranslation(const PlainArguments& a) {
  auto table = make<Dict>();
  if (a.count == 1) {
    if (!a[0].is(Kind::dict)) raise("TypeError", "if you give only one argument to maketrans it must be a dict");
    for (const auto& entry : a[0].to<Dict>().entries()) {
      if (entry.key.isUnbound()) continue;
      std::size_t position = 0;
      table->set(
          isStr(entry.key) ? Value(static_cast<std::int64_t>(decodeUtf8(textOf(entry.key), position))) : entry.key,
          entry.value);
    }
    return Value(std::move(table));
  }
  const std::u32string from = decodeAll(wanted(a[0]));
  const std::u32string to = decodeAll(wanted(a[1]));
  if (from.size() != to.size()) raise("ValueError", "the first two maketrans arguments must have equal length");
  for (std::size_t i = 0; i < from.size(); ++i)
    table->set(Value(static_cast<std::int64_t>(from[i])), Value(static_cast<std::int64_t>(to[i])));
  if (a.has(2)) {
    for (const char32_t c : decodeAll(wanted(a[2]))) table->set(Value(static_cast<std::int64_t>(c)), Value());
  }
  return Value(std::move(table));
}

Value constructString(Class* cls, const Value* arguments, std::size_t count, const KeywordArguments& keywords) {
  if (count > 3) raise("TypeError", "str() takes at most 3 arguments (" + std::to_string(count) + " given)");
  Value source = count > 0 ? arguments[0] : keyword(keywords, "object");
  if (count > 1) raise("TypeError", "decoding to str: need a bytes-like object, " + typeName(arguments[0]) + " found");
  Value text = source.isUnbound() ? makeStr("") : isStr(source) ? source : makeStr(str(source));
  if (!cls->scripted()) return text;
  auto instance = make<Instance>(cls);
  instance->base = text;
  return Value(std::move(instance));
}

}  // namespace

void registerStrings(Interpreter::Impl& impl) {
  Class& cls = *impl.types.str;
  cls.construct = constructString;
  cls.plain("upper", 0, 0, [](const PlainArguments& a) {
    std::string out;
    for (const char32_t c : decodeAll(self(a))) {
      if (c == 0xDF)
        out += "SS";
      else
        appendUtf8(out, toUpper(c));
    }
    return makeStr(out);
  });
  cls.plain("lower", 0, 0, [](const PlainArguments& a) { return makeStr(mapped(self(a), toLower)); });
  cls.plain("casefold", 0, 0, [](const PlainArguments& a) {
    // The one letter in wide use that folds to two.
    std::string text = mapped(self(a), toLower);
    for (std::size_t at = 0; (at = text.find("\u00df", at)) != std::string::npos; at += 2) text.replace(at, 2, "ss");
    return makeStr(text);
  });
  cls.plain("swapcase", 0, 0, [](const PlainArguments& a) {
    return makeStr(mapped(self(a), [](char32_t c) { return isUpper(c) ? toLower(c) : toUpper(c); }));
  });
  cls.plain("title", 0, 0, [](const PlainArguments& a) { return makeStr(titled(self(a))); });
  cls.plain("capitalize", 0, 0, [](const PlainArguments& a) {
    bool first = true;
    return makeStr(mapped(self(a), [&](char32_t c) {
      const bool now = first;
      first = false;
      return now ? toUpper(c) : toLower(c);
    }));
  });
  cls.plain("isdigit", 0, 0, [](const PlainArguments& a) {
    return Value(allOf(self(a), [](char32_t c) { return isDigit(c) || c == 0xB2 || c == 0xB3 || c == 0xB9; }));
  });
  cls.plain("isdecimal", 0, 0, [](const PlainArguments& a) { return Value(allOf(self(a), isDigit)); });
  cls.plain("isnumeric", 0, 0, [](const PlainArguments& a) { return Value(allOf(self(a), isDigit)); });
  cls.plain("isalpha", 0, 0, [](const PlainArguments& a) { return Value(allOf(self(a), isLetter)); });
  cls.plain("isalnum", 0, 0, [](const PlainArguments& a) {
    return Value(allOf(self(a), [](char32_t c) { return isLetter(c) || isDigit(c); }));
  });
  cls.plain("isspace", 0, 0, [](const PlainArguments& a) { return Value(allOf(self(a), isSpace)); });
  cls.plain("isupper", 0, 0, [](const PlainArguments& a) { return Value(cased(self(a), true)); });
  cls.plain("islower", 0, 0, [](const PlainArguments& a) { return Value(cased(self(a), false)); });
  cls.plain("istitle", 0, 0, [](const PlainArguments& a) { return Value(isTitled(self(a))); });
  cls.plain("isascii", 0, 0, [](const PlainArguments& a) { return Value(plainValue(a[0]).to<Str>().ascii()); });
  cls.plain("isprintable", 0, 0,
            [](const PlainArguments& a) { return Value(self(a).empty() || allOf(self(a), isPrintable)); });
  cls.plain("isidentifier", 0, 0, [](const PlainArguments& a) {
    const std::string& text = self(a);
    return Value(!text.empty() && !isDigit(static_cast<unsigned char>(text[0])) &&
                 allOf(text, [](char32_t c) { return isLetter(c) || isDigit(c) || c == '_'; }));
  });
  cls.plain("find", 0, 3, [](const PlainArguments& a) { return Value(find(a, false, "find")); });
  cls.plain("rfind", 0, 3, [](const PlainArguments& a) { return Value(find(a, true, "rfind")); });
  cls.plain("index", 0, 3, [](const PlainArguments& a) -> Value {
    const std::int64_t at = find(a, false, "index");
    if (at < 0) raise("ValueError", "substring not found");
    return Value(at);
  });
  cls.plain("rindex", 0, 3, [](const PlainArguments& a) -> Value {
    const std::int64_t at = find(a, true, "rindex");
    if (at < 0) raise("ValueError", "substring not found");
    return Value(at);
  });
  cls.plain("count", 0, 3, [](const PlainArguments& a) -> Value {
    if (!a.has(1)) raise("TypeError", "count() takes at least 1 argument (0 given)");
    const std::string& part = wanted(a[1]);
    const Window range = window(a, 2);
    if (!range.valid) return Value(0);
    const std::string_view inside = std::string_view(self(a)).substr(range.from, range.to - range.from);
    if (part.empty()) return Value(static_cast<std::int64_t>(countCharacters(inside)) + 1);
    std::int64_t count = 0;
    for (std::size_t at = inside.find(part); at != std::string_view::npos; at = inside.find(part, at + part.size()))
      ++count;
    countSteps(inside.size() / 16);
    return Value(count);
  });
  cls.plain("startswith", 1, 3, [](const PlainArguments& a) { return Value(affix(a, false, "startswith")); });
  cls.plain("endswith", 1, 3, [](const PlainArguments& a) { return Value(affix(a, true, "endswith")); });
  cls.plain("strip", 0, 1, [](const PlainArguments& a) { return stripped(a, true, true, "strip"); });
  cls.plain("lstrip", 0, 1, [](const PlainArguments& a) { return stripped(a, true, false, "lstrip"); });
  cls.plain("rstrip", 0, 1, [](const PlainArguments& a) { return stripped(a, false, true, "rstrip"); });
  cls.plain("removeprefix", 1, 1, [](const PlainArguments& a) {
    const std::string& prefix = wanted(a[1]);
    return makeStr(self(a).rfind(prefix, 0) == 0 ? self(a).substr(prefix.size()) : self(a));
  });
  cls.plain("removesuffix", 1, 1, [](const PlainArguments& a) {
    const std::string& text = self(a);
    const std::string& suffix = wanted(a[1]);
    const bool ends = !suffix.empty() && text.size() >= suffix.size() &&
                      text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
    return makeStr(ends ? text.substr(0, text.size() - suffix.size()) : text);
  });
  cls.method("split(self, sep=None, maxsplit=-1)", [](Arguments& a) { return split(a, false); });
  cls.method("rsplit(self, sep=None, maxsplit=-1)", [](Arguments& a) { return split(a, true); });
  cls.plain("splitlines", 0, 1, splitLines);
  cls.plain("join", 1, 1, join);
  cls.plain("replace", 2, 3, replaced);
  cls.plain("partition", 1, 1, [](const PlainArguments& a) { return partition(a, false); });
  cls.plain("rpartition", 1, 1, [](const PlainArguments& a) { return partition(a, true); });
  cls.plain("center", 1, 2, [](const PlainArguments& a) { return padded(a, '^'); });
  cls.plain("ljust", 1, 2, [](const PlainArguments& a) { return padded(a, '<'); });
  cls.plain("rjust", 1, 2, [](const PlainArguments& a) { return padded(a, '>'); });
  cls.plain("zfill", 1, 1, [](const PlainArguments& a) {
    const std::string& text = self(a);
    const std::int64_t width = toIndex(a[1]);
    const auto length = static_cast<std::int64_t>(plainValue(a[0]).to<Str>().length());
    if (width <= length) return makeStr(text);
    Heap::current().check(static_cast<std::size_t>(width));
    const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
    return makeStr((sign ? text.substr(0, 1) : "") + std::string(static_cast<std::size_t>(width - length), '0') +
                   text.substr(sign ? 1 : 0));
  });
  cls.method("expandtabs(self, tabsize=8)", [](Arguments& a) { return expandTabs(self(a), toIndex(a[1])); });
  cls.plain("translate", 1, 1, translate);
  cls.plainStatic("maketrans", 1, 3, makeTranslation);
  cls.method("format(self, *args, **kwargs)", [](Arguments& a) -> Value {
    KeywordArguments keywords;
    for (const auto& entry : a[2].to<Dict>().entries()) keywords.emplace_back(entry.key, entry.value);
    return makeStr(formatMethod(self(a), a[1].to<Tuple>().items, keywords, Value::unbound()));
  });
  cls.plain("format_map", 1, 1, [](const PlainArguments& a) { return makeStr(formatMethod(self(a), {}, {}, a[1])); });
  cls.method("encode(self, *args, **kwargs)", [](Arguments&) -> Value { throwUnsupported("str.encode()"); });
}

}  // namespace cadrecode::script
