// The bytes of a safetensors file from anywhere: refused with an Error, or arrays that lie within the file and do not
// overlap.
#include "model/safetensors.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> file(size);
  for (std::size_t i = 0; i < size; ++i) file[i] = static_cast<std::byte>(data[i]);
  try {
    const auto contents = cadrecode::model::parseSafetensors(file);
    std::size_t covered = 0;
    for (const auto& tensor : contents.tensors) {
      covered += tensor.bytes.size();
      if (!tensor.bytes.empty() && tensor.bytes.data() + tensor.bytes.size() > file.data() + file.size()) std::abort();
      if (cadrecode::model::byteCount(tensor.type, tensor.shape) != tensor.bytes.size()) std::abort();
      cadrecode::model::isFinite(tensor);
    }
    if (covered > size) std::abort();
  } catch (const cadrecode::Error&) {
  }
  return 0;
}
