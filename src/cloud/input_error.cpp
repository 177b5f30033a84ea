#include "cloud/input_error.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace cadrecode::cloud {

void failInput(const std::string& file, const std::string& reason) {
  throw Error(ErrorCode::input, "ValueError", fmt::format("'{}': {}", file, reason));
}

void failInput(const std::string& file, PlaceKind kind, std::size_t place, const std::string& reason) {
  const char* name = kind == PlaceKind::line ? "line" : "byte";
  throw Error(ErrorCode::input, "ValueError", fmt::format("'{}', {} {}: {}", file, name, place, reason));
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (char letter : text.substr(0, 40)) result += letter >= ' ' && letter <= '~' ? letter : '?';
  result += text.size() > 40 ? "...'" : "'";
  return result;
}

}  // namespace cadrecode::cloud
