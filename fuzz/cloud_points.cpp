// The readers of clouds on any bytes: a checked result or an Error(input). The first byte chooses the format, or leaves
// the choice to the content.
#include <cstdint>
#include <cstdlib>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "core/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cadrecode;
  using namespace cadrecode::cloud;
  if (size == 0) return 0;
  constexpr Format formats[] = {Format::pcd, Format::xyz, Format::npy, Format::npz};
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    unsigned choice = data[0] % 5;
    Input input = choice < 4 ? readInput(bytes, "fuzz", formats[choice]) : readInput(bytes, "fuzz.xyz");
    if (const Cloud* cloud = std::get_if<Cloud>(&input.geometry)) checkCloud(*cloud, "fuzz");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) std::abort();
  }
  return 0;
}
