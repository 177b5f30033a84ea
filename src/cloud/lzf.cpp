#include "cloud/lzf.hpp"

namespace cadrecode::cloud {

std::optional<std::string> decompressLzf(std::string_view compressed, std::size_t size) {
  if (size / largestLzfGrowth > compressed.size()) return std::nullopt;
  std::string result;
  result.reserve(size);
  std::size_t position = 0;
  auto next = [&] { return static_cast<unsigned char>(compressed[position++]); };
  while (position < compressed.size()) {
    unsigned control = next();
    if (control < 32) {
      // A run of bytes as they are.
      std::size_t length = control + 1;
      if (length > compressed.size() - position || length > size - result.size()) return std::nullopt;
      result.append(compressed, position, length);
      position += length;
      continue;
    }
    // A repetition: three bits of length, thirteen of distance; length 7 has another byte to add.
    std::size_t length = control >> 5;
    if (length == 7) {
      if (position >= compressed.size()) return std::nullopt;
      length += next();
    }
    length += 2;
    if (position >= compressed.size()) return std::nullopt;
    std::size_t distance = ((control & 31U) << 8) + next() + 1;
    if (distance > result.size() || length > size - result.size()) return std::nullopt;
    // Byte by byte: a repetition may reach into itself.
    for (std::size_t from = result.size() - distance; length > 0; --length) result += result[from++];
  }
  if (result.size() != size) return std::nullopt;
  return result;
}

}  // namespace cadrecode::cloud
