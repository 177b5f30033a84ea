// The byte-level alphabet of GPT-2: every byte has one printable character that stands for it in vocabularies.
// Printable Latin-1 stands for itself, the other 68 bytes for U+0100 and up. Pure functions, safe in any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cadrecode::text {

char32_t characterOfByte(std::uint8_t byte);
std::optional<std::uint8_t> byteOfCharacter(char32_t character);

// The bytes as vocabulary spelling (UTF-8 of the alphabet's characters).
std::string spellBytes(std::string_view bytes);

// The bytes a vocabulary spelling (well-formed UTF-8) stands for; nothing when a character is not in the alphabet.
std::optional<std::string> bytesOfSpelling(std::string_view spelling);

}  // namespace cadrecode::text
