#include "cloud/ply_header.hpp"

#include <fmt/format.h>

#include <map>

#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

Scalar readType(const TextScanner& text, std::string_view word) {
  static const std::map<std::string_view, Scalar> types{
      {"char", Scalar::int8},       {"int8", Scalar::int8},       {"uchar", Scalar::uint8},
      {"uint8", Scalar::uint8},     {"short", Scalar::int16},     {"int16", Scalar::int16},
      {"ushort", Scalar::uint16},   {"uint16", Scalar::uint16},   {"int", Scalar::int32},
      {"int32", Scalar::int32},     {"uint", Scalar::uint32},     {"uint32", Scalar::uint32},
      {"float", Scalar::float32},   {"float32", Scalar::float32}, {"double", Scalar::float64},
      {"float64", Scalar::float64}, {"int64", Scalar::int64},     {"uint64", Scalar::uint64}};
  auto found = types.find(word);
  if (found == types.end()) text.fail("no type of a PLY property: " + quoted(word));
  return found->second;
}

PlyHeader::Encoding readEncoding(TextScanner& text) {
  std::string_view word = text.word();
  if (word == "ascii") return PlyHeader::Encoding::ascii;
  if (word == "binary_little_endian") return PlyHeader::Encoding::littleEndian;
  if (word == "binary_big_endian") return PlyHeader::Encoding::bigEndian;
  text.fail("no format of a PLY file: " + quoted(word));
}

PlyProperty readProperty(TextScanner& text) {
  PlyProperty property;
  std::string_view word = text.word();
  property.isList = word == "list";
  if (property.isList) {
    property.countType = readType(text, text.word());
    if (isFloat(property.countType)) text.fail("the count of a list is a float");
    word = text.word();
  }
  property.type = readType(text, word);
  property.name = text.word();
  if (property.name.empty()) text.fail("a property without a name");
  return property;
}

}  // namespace

int PlyElement::find(std::string_view property) const {
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (properties[i].name == property) return static_cast<int>(i);
  }
  return -1;
}

PlyHeader readPlyHeader(std::string_view bytes, const std::string& file) {
  TextScanner text(bytes, file);
  if (!text.nextLine() || text.word() != "ply") failInput(file, "it does not begin with 'ply'");
  PlyHeader header;
  bool hasFormat = false;
  while (text.nextLine()) {
    std::string_view keyword = text.word();
    if (keyword == "end_header") {
      if (!hasFormat) text.fail("the header names no format");
      header.bodyPosition = text.position();
      header.bodyLine = text.lineNumber() + 1;
      return header;
    }
    if (keyword == "format") {
      header.encoding = readEncoding(text);
      hasFormat = true;
    } else if (keyword == "element") {
      PlyElement element;
      element.name = text.word();
      std::int64_t count = text.toInteger(text.word(), "the count of an element");
      if (count < 0) text.fail(fmt::format("the count of an element is {}", count));
      element.count = static_cast<std::uint64_t>(count);
      header.elements.push_back(std::move(element));
    } else if (keyword == "property") {
      if (header.elements.empty()) text.fail("a property before any element");
      header.elements.back().properties.push_back(readProperty(text));
    } else if (!keyword.empty() && keyword != "comment" && keyword != "obj_info") {
      text.fail("no keyword of a PLY header: " + quoted(keyword));
    }
  }
  text.fail("the file ends within the header");
}

}  // namespace cadrecode::cloud
