// What a reader throws: Error(input, "ValueError") whose message names the file, the line or byte, and the reason.
// Stateless, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cadrecode::cloud {

enum class PlaceKind { line, byte };

[[noreturn]] void failInput(const std::string& file, const std::string& reason);
[[noreturn]] void failInput(const std::string& file, PlaceKind kind, std::size_t place, const std::string& reason);

// Text of a file made safe for a message: at most 40 characters, what is not printable as '?'.
std::string quoted(std::string_view text);

}  // namespace cadrecode::cloud
