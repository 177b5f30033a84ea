#include "text/byte_alphabet.hpp"

#include <array>

#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

constexpr int extraCharacters = 68;

struct Alphabet {
  std::array<char32_t, 256> characters{};
  std::array<std::int16_t, 256 + extraCharacters> bytes{};

  Alphabet() {
    bytes.fill(-1);
    char32_t extra = 256;
    for (int byte = 0; byte < 256; ++byte) {
      const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      const char32_t character = printable ? static_cast<char32_t>(byte) : extra++;
      characters[static_cast<std::size_t>(byte)] = character;
      bytes[character] = static_cast<std::int16_t>(byte);
    }
  }
};

const Alphabet& alphabet() {
  static const Alphabet instance;
  return instance;
}

}  // namespace

char32_t characterOfByte(std::uint8_t byte) { return alphabet().characters[byte]; }

std::optional<std::uint8_t> byteOfCharacter(char32_t character) {
  if (character >= alphabet().bytes.size() || alphabet().bytes[character] < 0) return std::nullopt;
  return static_cast<std::uint8_t>(alphabet().bytes[character]);
}

std::string spellBytes(std::string_view bytes) {
  std::string spelling;
  spelling.reserve(bytes.size() * 2);
  for (const char byte : bytes) appendCharacter(spelling, characterOfByte(static_cast<std::uint8_t>(byte)));
  return spelling;
}

std::optional<std::string> bytesOfSpelling(std::string_view spelling) {
  std::string bytes;
  bytes.reserve(spelling.size());
  for (std::size_t position = 0; position < spelling.size();) {
    const auto byte = byteOfCharacter(nextCharacter(spelling, position));
    if (!byte) return std::nullopt;
    bytes.push_back(static_cast<char>(*byte));
  }
  return bytes;
}

}  // namespace cadrecode::text
