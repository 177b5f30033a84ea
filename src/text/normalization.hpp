// Unicode normalisation form C. Pure functions, safe in any thread.
#pragma once

#include <string>
#include <string_view>

namespace cadrecode::text {

// NFC of well-formed UTF-8; NUL is an ordinary character. Throws MemoryError.
std::string normalizeNfc(std::string_view utf8);

}  // namespace cadrecode::text
