// The header of a PLY file: which elements follow, with which properties. Value types.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/scalar.hpp"

namespace cadrecode::cloud {

struct PlyProperty {
  std::string name;
  Scalar type;
  bool isList = false;
  Scalar countType = Scalar::uint8;  // of a list
};

struct PlyElement {
  std::string name;
  std::uint64_t count = 0;
  std::vector<PlyProperty> properties;
  // Where the property stands among the others; -1 when there is none of that name.
  int find(std::string_view property) const;
};

struct PlyHeader {
  enum class Encoding { ascii, littleEndian, bigEndian };
  Encoding encoding = Encoding::ascii;
  std::vector<PlyElement> elements;
  std::size_t bodyPosition = 0;  // bytes
  std::size_t bodyLine = 0;      // from 1
};

// Error(input) for what is no PLY header.
PlyHeader readPlyHeader(std::string_view bytes, const std::string& file);

}  // namespace cadrecode::cloud
