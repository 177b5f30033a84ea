// Any text a trained tokenizer encodes comes back as it was, up to normalisation; any ids decode to UTF-8.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "text/normalization.hpp"
#include "text/tokenizer.hpp"
#include "text/tokenizer_trainer.hpp"
#include "text/utf8.hpp"

namespace text = cadrecode::text;

namespace {

const text::Tokenizer& tokenizer() {
  static const text::Tokenizer instance = [] {
    const std::vector<std::string> texts = {"import cadquery as cq\nr=cq.Workplane('XY').box(1,2,3) # naïve\n"};
    text::TokenizerTraining options;
    options.minimumCount = 1;
    const auto files = text::trainTokenizer(texts, options);
    return text::Tokenizer::fromJson(files.tokenizerJson, files.configJson);
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  if (text::findInvalidUtf8(input) == std::string::npos && input.find("<|") == std::string::npos) {
    if (tokenizer().decode(tokenizer().encode(input)) != text::normalizeNfc(input)) std::abort();
  }
  std::vector<text::TokenId> ids;
  for (std::size_t i = 0; i + 1 < size; i += 2) ids.push_back(data[i] * 256 + data[i + 1] - 100);
  if (text::findInvalidUtf8(tokenizer().decode(ids)) != std::string::npos) std::abort();
  return 0;
}
