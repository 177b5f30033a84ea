// The readers of meshes on any bytes: a checked result or an Error(input). The first byte chooses the format.
#include <cstdint>
#include <cstdlib>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "core/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cadrecode;
  using namespace cadrecode::cloud;
  if (size == 0) return 0;
  constexpr Format formats[] = {Format::stl, Format::obj, Format::ply, Format::off};
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    Input input = readInput(bytes, "fuzz", formats[data[0] % 4]);
    std::vector<std::string> notes;
    if (Mesh* mesh = std::get_if<Mesh>(&input.geometry)) checkMesh(*mesh, "fuzz", notes);
    if (!notes.empty()) std::abort();  // what a reader gives has nothing left to remove
  } catch (const Error& error) {
    if (error.code() != ErrorCode::input) std::abort();
  }
  return 0;
}
