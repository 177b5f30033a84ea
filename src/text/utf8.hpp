// UTF-8 as the tokenizer needs it: validation, one character at a time, replacement of broken sequences.
// Pure functions on byte strings, no state, safe in any thread. Positions are byte offsets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cadrecode::text {

// Offset of the first byte that does not belong to well-formed UTF-8 (surrogates and overlong forms are ill-formed), or
// npos.
std::size_t findInvalidUtf8(std::string_view bytes);

// Reads the character that starts at `position` of well-formed UTF-8 and moves `position` behind it.
char32_t nextCharacter(std::string_view utf8, std::size_t& position);

void appendCharacter(std::string& utf8, char32_t character);

// Each maximal ill-formed part becomes one U+FFFD, as Unicode recommends and Rust's from_utf8_lossy does.
std::string replaceInvalidUtf8(std::string_view bytes);

// The Unicode property White_Space.
bool isWhiteSpace(char32_t character);

}  // namespace cadrecode::text
