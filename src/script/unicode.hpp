// UTF-8 and the few character properties the language needs. Stateless.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cadrecode::script {

// The code point at `position`, which moves past it. Malformed bytes give U+FFFD.
char32_t decodeUtf8(std::string_view text, std::size_t& position);
void appendUtf8(std::string& text, char32_t code);
std::u32string decodeAll(std::string_view text);
std::string encodeAll(std::u32string_view text);
std::size_t countCharacters(std::string_view text);

bool isSpace(char32_t c);
bool isDigit(char32_t c);
bool isLetter(char32_t c);  // letters of the scripts that appear in identifiers
bool isUpper(char32_t c);
bool isLower(char32_t c);
bool isPrintable(char32_t c);
char32_t toUpper(char32_t c);
char32_t toLower(char32_t c);

}  // namespace cadrecode::script
