// LZF, the compression inside PCD files. Stateless, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cadrecode::cloud {

// A back reference of three bytes stands for at most 264 bytes, so no honest stream grows by more than this factor.
inline constexpr std::size_t largestLzfGrowth = 132;

// The `size` bytes that `compressed` stands for; nothing when it is damaged or stands for another number of bytes.
std::optional<std::string> decompressLzf(std::string_view compressed, std::size_t size);

}  // namespace cadrecode::cloud
