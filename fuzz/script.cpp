// The language on any bytes: parse and run within small limits. Nothing but a result may come out, whatever the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "script/interpreter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cadrecode::script;
  static Interpreter interpreter;
  Limits limits;
  limits.steps = 20'000;
  limits.heapBytes = 8u << 20;
  limits.outputBytes = 1u << 16;
  limits.recursionDepth = 100;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  interpreter.run(source, limits);
  interpreter.clear();
  return 0;
}
