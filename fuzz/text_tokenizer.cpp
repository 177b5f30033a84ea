// tokenizer.json from anywhere must either be refused with an Error or make a tokenizer that encodes and decodes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "text/tokenizer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // What stands behind a NUL is the text to encode.
  const std::size_t end = input.find('\0');
  const std::string_view file = input.substr(0, end);
  const std::string_view text =
      end == std::string_view::npos ? "w0=cq.Workplane('XY')\n -1, 2.5" : input.substr(end + 1);
  try {
    const auto tokenizer = cadrecode::text::Tokenizer::fromJson(file);
    const auto ids = tokenizer.encode(text);
    tokenizer.decode(ids);
    for (const auto id : ids) {
      if (id < 0 || static_cast<std::size_t>(id) >= tokenizer.size()) std::abort();
    }
  } catch (const cadrecode::Error&) {
  }
  return 0;
}
