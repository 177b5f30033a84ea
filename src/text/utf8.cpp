#include "text/utf8.hpp"

namespace cadrecode::text {

namespace {

struct Sequence {
  std::size_t length;  // bytes of the whole character, or of the maximal ill-formed part
  bool valid;
};

bool isContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The well-formed byte sequences of table 3-7 of the Unicode standard.
Sequence sequenceAt(std::string_view bytes, std::size_t position) {
  auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byteAt(position);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  if (position + 1 >= bytes.size() || byteAt(position + 1) < low || byteAt(position + 1) > high) return {1, false};
  for (std::size_t i = 2; i < length; ++i) {
    if (position + i >= bytes.size() || !isContinuation(byteAt(position + i))) return {i, false};
  }
  return {length, true};
}

}  // namespace

std::size_t findInvalidUtf8(std::string_view bytes) {
  std::size_t position = 0;
  while (position < bytes.size()) {
    const Sequence sequence = sequenceAt(bytes, position);
    if (!sequence.valid) return position;
    position += sequence.length;
  }
  return std::string_view::npos;
}

char32_t nextCharacter(std::string_view utf8, std::size_t& position) {
  const auto lead = static_cast<unsigned char>(utf8[position++]);
  if (lead < 0x80) return lead;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  char32_t character = lead & (0x3F >> more);
  for (int i = 0; i < more; ++i) character = (character << 6) | (static_cast<unsigned char>(utf8[position++]) & 0x3F);
  return character;
}

void appendCharacter(std::string& utf8, char32_t character) {
  auto push = [&](char32_t byte) { utf8.push_back(static_cast<char>(byte)); };
  if (character < 0x80) {
    push(character);
  } else if (character < 0x800) {
    push(0xC0 | (character >> 6));
    push(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    push(0xE0 | (character >> 12));
    push(0x80 | ((character >> 6) & 0x3F));
    push(0x80 | (character & 0x3F));
  } else {
    push(0xF0 | (character >> 18));
    push(0x80 | ((character >> 12) & 0x3F));
    push(0x80 | ((character >> 6) & 0x3F));
    push(0x80 | (character & 0x3F));
  }
}

std::string replaceInvalidUtf8(std::string_view bytes) {
  std::string result;
  result.reserve(bytes.size());
  std::size_t position = 0;
  while (position < bytes.size()) {
    const Sequence sequence = sequenceAt(bytes, position);
    result.append(sequence.valid ? bytes.substr(position, sequence.length) : "\xEF\xBF\xBD");
    position += sequence.length;
  }
  return result;
}

bool isWhiteSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace cadrecode::text
