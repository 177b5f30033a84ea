#include "text/split_pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>

#include "core/error.hpp"

namespace cadrecode::text {

namespace {

// Unicode's White_Space. PCRE2's own \s takes U+180E as well, the reference's does not.
constexpr std::string_view whiteSpaceSet = "\\x09-\\x0d\\x{85}\\p{Z}";

[[noreturn]] void refuse(const std::string& pattern, const std::string& why) {
  throw Error(ErrorCode::input, "ValueError", "split pattern " + pattern + ": " + why);
}

std::string withUnicodeSpaces(const std::string& pattern) {
  std::string result;
  bool inClass = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (escaped == 's') {
        result.append(inClass ? "" : "[").append(whiteSpaceSet).append(inClass ? "" : "]");
      } else if (escaped == 'S') {
        if (inClass) refuse(pattern, "not supported: \\S in a character class");
        result.append("[^").append(whiteSpaceSet).append("]");
      } else {
        result.append({c, escaped});
      }
      continue;
    }
    result.push_back(c);
    if (inClass) {
      if (c == '[') refuse(pattern, "not supported: nested character class");
      if (c == ']') inClass = false;
    } else if (c == '[') {
      inClass = true;
      if (i + 1 < pattern.size() && pattern[i + 1] == '^') result.push_back(pattern[++i]);
      if (i + 1 < pattern.size() && pattern[i + 1] == ']') result.push_back(pattern[++i]);
    }
  }
  return result;
}

std::string errorText(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

using MatchData = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;

// The first match at or behind `start`; false when there is none.
bool find(const pcre2_code* code, pcre2_match_data* data, std::string_view text, std::size_t start) {
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  int result = pcre2_match(code, subject, text.size(), start, PCRE2_NO_UTF_CHECK, data, nullptr);
  if (result == PCRE2_ERROR_JIT_STACKLIMIT) {
    result = pcre2_match(code, subject, text.size(), start, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, nullptr);
  }
  if (result == PCRE2_ERROR_NOMATCH) return false;
  if (result < 0) throwRuntimeError("split pattern: " + errorText(result));
  return true;
}

}  // namespace

SplitPattern::SplitPattern(const std::string& pattern) {
  const std::string translated = withUnicodeSpaces(pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                   PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr);
  if (code == nullptr) refuse(pattern, errorText(error));
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // without a JIT the interpreter gives the same matches
  code_ = std::shared_ptr<const void>(
      code, [](const void* owned) { pcre2_code_free(static_cast<pcre2_code*>(const_cast<void*>(owned))); });
}

void SplitPattern::split(std::string_view text, const std::function<void(std::string_view)>& take) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  const MatchData data(pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  std::size_t done = 0;
  std::size_t searchFrom = 0;
  while (searchFrom < text.size() && find(code, data.get(), text, searchFrom)) {
    const PCRE2_SIZE* bounds = pcre2_get_ovector_pointer(data.get());
    const std::size_t begin = bounds[0];
    const std::size_t end = bounds[1];
    if (end <= begin || begin < done) {
      // An empty match (or one that \K moved) cuts nothing; go on at the next character.
      do {
        ++searchFrom;
      } while (searchFrom < text.size() && (static_cast<unsigned char>(text[searchFrom]) & 0xC0) == 0x80);
      continue;
    }
    if (begin > done) take(text.substr(done, begin - done));
    take(text.substr(begin, end - begin));
    done = searchFrom = end;
  }
  if (done < text.size()) take(text.substr(done));
}

bool SplitPattern::matches(std::string_view text) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  const MatchData data(pcre2_match_data_create_from_pattern(code, nullptr), &pcre2_match_data_free);
  return find(code, data.get(), text, 0);
}

}  // namespace cadrecode::text
