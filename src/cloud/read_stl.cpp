#include <fmt/format.h>

#include <algorithm>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/scalar.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

constexpr std::size_t headerSize = 84;
constexpr std::size_t facetSize = 50;

std::uint32_t countAt(std::string_view bytes, std::size_t solid) {
  return static_cast<std::uint32_t>(readInteger(bytes.data() + solid + 80, Scalar::uint32, false));
}

// Where the binary solid that begins at `solid` ends; nothing when the file is too short for it.
std::optional<std::size_t> endOfSolid(std::string_view bytes, std::size_t solid) {
  if (bytes.size() - solid < headerSize) return std::nullopt;
  std::uint64_t size = headerSize + std::uint64_t{countAt(bytes, solid)} * facetSize;
  if (size > bytes.size() - solid) return std::nullopt;
  return solid + static_cast<std::size_t>(size);
}

void readBinarySolid(ByteReader& reader, Mesh& mesh) {
  reader.take(80, "the header");
  std::uint32_t count = reader.takeUint32("the count of triangles");
  if (std::uint64_t{count} * facetSize > reader.remaining()) {
    reader.fail(
        fmt::format("the header promises {} triangles, the file ends after {}", count, reader.remaining() / facetSize));
  }
  mesh.triangles.reserve(mesh.triangles.size() + count);
  mesh.vertices.reserve(mesh.vertices.size() + std::size_t{count} * 3);
  for (std::uint32_t i = 0; i < count; ++i) {
    reader.take(12, "a normal");
    auto first = static_cast<std::uint32_t>(mesh.vertices.size());
    for (int corner = 0; corner < 3; ++corner) {
      Point point;
      for (double& value : point) value = reader.takeNumber(Scalar::float32, false, "a coordinate");
      mesh.vertices.push_back(point);
    }
    mesh.triangles.push_back({first, first + 1, first + 2});
    reader.take(2, "the attributes of a triangle");
  }
}

void readBinary(std::string_view bytes, const std::string& file, Mesh& mesh, std::vector<std::string>& notes) {
  ByteReader reader(bytes, file);
  readBinarySolid(reader, mesh);
  // Some programs write one solid after the other; anything else behind the triangles is not ours to read.
  std::size_t position = reader.position();
  std::size_t solids = 1;
  while (position < bytes.size()) {
    std::optional<std::size_t> end = endOfSolid(bytes, position);
    if (!end || countAt(bytes, position) == 0) break;
    position = *end;
    ++solids;
  }
  if (position == bytes.size()) {
    for (std::size_t i = 1; i < solids; ++i) readBinarySolid(reader, mesh);
  } else {
    notes.push_back(fmt::format("{} bytes behind the triangles were passed over", reader.remaining()));
  }
}

void readAscii(std::string_view bytes, const std::string& file, Mesh& mesh) {
  TextScanner text(bytes, file);
  std::size_t corners = 0;
  bool inFacet = false;
  std::size_t first = 0;
  while (text.nextFilledLine()) {
    std::string keyword = lowerCase(text.word());
    if (keyword == "vertex") {
      if (!inFacet) text.fail("a vertex outside a facet");
      Point point;
      for (double& value : point) value = text.number("a coordinate");
      mesh.vertices.push_back(point);
      ++corners;
    } else if (keyword == "facet") {
      if (inFacet) text.fail("a facet within a facet");
      inFacet = true;
      corners = 0;
      first = mesh.vertices.size();
    } else if (keyword == "endfacet") {
      if (!inFacet) text.fail("the end of a facet that never began");
      if (corners < 3) text.fail(fmt::format("a facet with {} vertices", corners));
      for (std::size_t i = 1; i + 1 < corners; ++i) {
        mesh.triangles.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(first + i),
                                  static_cast<std::uint32_t>(first + i + 1)});
      }
      inFacet = false;
    } else if (keyword != "outer" && keyword != "endloop" && keyword != "solid" && keyword != "endsolid" &&
               keyword != "color") {
      text.fail("no keyword of an STL file: " + quoted(keyword));
    }
  }
  if (inFacet) text.fail("the file ends within a facet");
}

}  // namespace

bool isBinaryStl(std::string_view bytes) {
  std::size_t position = 0;
  while (position < bytes.size()) {
    std::optional<std::size_t> end = endOfSolid(bytes, position);
    if (!end || countAt(bytes, position) == 0) return false;
    position = *end;
  }
  return !bytes.empty();
}

bool isAsciiStl(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  TextScanner text(bytes.substr(0, 4096), "");
  if (!text.nextFilledLine() || lowerCase(text.word()) != "solid") return false;
  // Binary files may begin with "solid" too, but do not go on like this.
  std::string head = lowerCase(bytes.substr(0, 4096));
  return head.find('\0') == head.npos && (head.find("facet") != head.npos || head.find("endsolid") != head.npos);
}

Input readStl(std::string_view bytes, const std::string& file) {
  Input input{Mesh{}, Format::stl, {}};
  Mesh& mesh = std::get<Mesh>(input.geometry);
  if (bytes.empty()) failInput(file, "it is empty");
  if (!isBinaryStl(bytes) && isAsciiStl(bytes)) {
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    readAscii(bytes, file, mesh);
  } else {
    readBinary(bytes, file, mesh, input.notes);
  }
  mergeEqualVertices(mesh);
  checkMesh(mesh, file, input.notes);
  return input;
}

}  // namespace cadrecode::cloud
