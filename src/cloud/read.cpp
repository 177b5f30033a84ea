#include "cloud/read.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "cloud/formats.hpp"
#include "cloud/input_error.hpp"
#include "cloud/text_scanner.hpp"
#include "core/files.hpp"

namespace cadrecode::cloud {
namespace {

std::string extensionOf(const std::string& name) {
  std::size_t dot = name.find_last_of("./");
  return dot == name.npos || name[dot] == '/' ? "" : lowerCase(std::string_view(name).substr(dot + 1));
}

bool beginsAsOff(std::string_view bytes) {
  TextScanner text(bytes.substr(0, 1024), "");
  if (!text.nextFilledLine('#')) return false;
  std::string_view word = text.word();
  std::size_t end = word.find("OFF");
  return end != word.npos && word.substr(0, end).find_first_not_of("STCN4n") == word.npos &&
         word.substr(end + 3).find_first_not_of("0123456789") == word.npos;
}

bool beginsAsPcd(std::string_view bytes) {
  TextScanner text(bytes.substr(0, 1024), "");
  if (bytes.starts_with("# .PCD")) return true;
  return text.nextFilledLine('#') && text.word() == "VERSION" && text.nextFilledLine('#') && text.word() == "FIELDS";
}

// Well-known files that are neither mesh nor cloud to this folder: a reason instead of a strange error.
void refuseOthers(std::string_view bytes, const std::string& name) {
  constexpr std::array<std::pair<std::string_view, const char*>, 5> others{{
      {"ISO-10303-21", "a STEP file is a solid, neither mesh nor cloud"},
      {"glTF", "glTF is written, not read"},
      {"\x89PNG", "a picture"},
      {"\xff\xd8\xff", "a picture"},
      {"%PDF", "a document"},
  }};
  for (const auto& [beginning, reason] : others) {
    if (bytes.starts_with(beginning)) failInput(name, reason);
  }
  if (bytes.empty()) failInput(name, "it is empty");
}

}  // namespace

std::string nameOf(Format format) {
  constexpr std::array<const char*, 8> names{"STL", "OBJ", "PLY", "OFF", "PCD", "XYZ", "NPY", "NPZ"};
  return names[static_cast<std::size_t>(format)];
}

std::optional<Format> formatOfExtension(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, Format>, 13> known{{{"stl", Format::stl},
                                                                       {"obj", Format::obj},
                                                                       {"ply", Format::ply},
                                                                       {"off", Format::off},
                                                                       {"pcd", Format::pcd},
                                                                       {"npy", Format::npy},
                                                                       {"npz", Format::npz},
                                                                       {"xyz", Format::xyz},
                                                                       {"xyzn", Format::xyz},
                                                                       {"csv", Format::xyz},
                                                                       {"txt", Format::xyz},
                                                                       {"asc", Format::xyz},
                                                                       {"pts", Format::xyz}}};
  std::string extension = extensionOf(name);
  for (const auto& [text, format] : known) {
    if (extension == text) return format;
  }
  return std::nullopt;
}

std::optional<Format> formatOfContent(std::string_view bytes) {
  if (bytes.starts_with("ply\n") || bytes.starts_with("ply\r")) return Format::ply;
  if (bytes.starts_with("\x93NUMPY")) return Format::npy;
  if (bytes.starts_with(std::string_view("PK\3\4", 4))) return Format::npz;
  if (beginsAsPcd(bytes)) return Format::pcd;
  if (isBinaryStl(bytes) || isAsciiStl(bytes)) return Format::stl;
  if (beginsAsOff(bytes)) return Format::off;
  return std::nullopt;
}

Input readInput(std::string_view bytes, const std::string& name, Format format) {
  switch (format) {
    case Format::stl:
      return readStl(bytes, name);
    case Format::obj:
      return readObj(bytes, name);
    case Format::ply:
      return readPly(bytes, name);
    case Format::off:
      return readOff(bytes, name);
    case Format::pcd:
      return readPcd(bytes, name);
    case Format::xyz:
      return readXyz(bytes, name);
    case Format::npy:
      return readNpy(bytes, name);
    case Format::npz:
      return readNpz(bytes, name);
  }
  failInput(name, "unknown format");
}

Input readInput(std::string_view bytes, const std::string& name) {
  refuseOthers(bytes, name);
  std::optional<Format> told = formatOfExtension(name);
  std::optional<Format> seen = formatOfContent(bytes);
  if (!told && !seen) {
    failInput(name, fmt::format("neither its extension {} nor its content is that of a known mesh or cloud",
                                quoted(extensionOf(name))));
  }
  Input input = readInput(bytes, name, seen ? *seen : *told);
  if (told && seen && *told != *seen) {
    input.notes.insert(input.notes.begin(),
                       fmt::format("read as {}, which it is, in spite of its extension", nameOf(*seen)));
  }
  return input;
}

Input readInputFile(const std::string& path) { return readInput(readFile(path), path); }

}  // namespace cadrecode::cloud
