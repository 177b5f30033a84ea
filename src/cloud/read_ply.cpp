#include <fmt/format.h>

#include <array>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/mesh_builder.hpp"
#include "cloud/ply_header.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

// The values of an ASCII body, one after the other.
class AsciiValues {
 public:
  static constexpr PlaceKind placeKind = PlaceKind::line;
  AsciiValues(std::string_view body, const std::string& file, const PlyHeader& header)
      : text_(body, file, header.bodyLine) {}
  double number(Scalar, const char* what) { return text_.toNumber(next(what), what); }
  std::int64_t integer(Scalar, const char* what) { return text_.toInteger(next(what), what); }
  void skip(Scalar) { next("a value"); }
  // An element has a line of its own; some programs write more into it than their header names.
  void endElement() {
    if (!text_.word().empty()) ++longRows_;
    text_.cutLine(0);
  }
  std::size_t longRows() const { return longRows_; }
  std::size_t place() const { return text_.lineNumber(); }
  // How many values of the types may still come, at most: a digit and a blank each.
  std::uint64_t room(Scalar) const { return (text_.remaining() + 1) / 2; }
  std::uint64_t roomForElements(const PlyElement& element) const {
    return room(Scalar::uint8) / element.properties.size();
  }
  [[noreturn]] void fail(const std::string& reason) const { text_.fail(reason); }

 private:
  std::string_view next(const char* what) {
    std::string_view word = text_.wordOfAnyLine();
    if (word.empty()) fail(fmt::format("the file ends where {} should follow", what));
    return word;
  }
  TextScanner text_;
  std::size_t longRows_ = 0;
};

class BinaryValues {
 public:
  static constexpr PlaceKind placeKind = PlaceKind::byte;
  BinaryValues(std::string_view bytes, const std::string& file, const PlyHeader& header)
      : reader_(bytes, file, header.bodyPosition), bigEndian_(header.encoding == PlyHeader::Encoding::bigEndian) {}
  double number(Scalar type, const char* what) { return reader_.takeNumber(type, bigEndian_, what); }
  std::int64_t integer(Scalar type, const char* what) {
    return readInteger(reader_.take(sizeOf(type), what), type, bigEndian_);
  }
  void skip(Scalar type) { reader_.take(sizeOf(type), "a value"); }
  void endElement() {}
  std::size_t longRows() const { return 0; }
  std::size_t place() const { return reader_.position(); }
  std::uint64_t room(Scalar type) const { return reader_.remaining() / sizeOf(type); }
  std::uint64_t roomForElements(const PlyElement& element) const {
    std::size_t size = 0;
    for (const PlyProperty& property : element.properties) {
      size += sizeOf(property.isList ? property.countType : property.type);
    }
    return reader_.remaining() / size;
  }
  [[noreturn]] void fail(const std::string& reason) const { reader_.fail(reason); }

 private:
  ByteReader reader_;
  bool bigEndian_;
};

template <typename Values>
class BodyReader {
 public:
  BodyReader(Values values, const std::string& file) : values_(std::move(values)), builder_(file, Values::placeKind) {}

  Input read(const PlyHeader& header, const std::string& file) {
    bool hasVertices = false;
    for (std::size_t i = 0; i < header.elements.size() && needsMore(header, i); ++i) {
      const PlyElement& element = header.elements[i];
      if (element.properties.empty()) continue;
      if (element.count > values_.roomForElements(element)) {
        values_.fail(fmt::format("the header promises {} of {}, more than the file can hold", element.count,
                                 quoted(element.name)));
      }
      if (element.name == "vertex" && !hasVertices) {
        readVertices(element);
        hasVertices = true;
      } else if (element.name == "face") {
        readIndices(element, false);
      } else if (element.name == "tristrips") {
        readIndices(element, true);
      } else {
        for (std::uint64_t row = 0; row < element.count; ++row) {
          for (const PlyProperty& property : element.properties) skip(property);
          values_.endElement();
        }
      }
    }
    if (!hasVertices) failInput(file, "the header names no vertices");
    return finish(file);
  }

 private:
  static bool isNeeded(const PlyElement& element) {
    return element.name == "vertex" || element.name == "face" || element.name == "tristrips";
  }

  static bool needsMore(const PlyHeader& header, std::size_t from) {
    for (std::size_t i = from; i < header.elements.size(); ++i) {
      if (isNeeded(header.elements[i])) return true;
    }
    return false;
  }

  std::uint64_t listLength(const PlyProperty& property) {
    std::int64_t length = values_.integer(property.countType, "the length of a list");
    if (length < 0 || static_cast<std::uint64_t>(length) > values_.room(property.type)) {
      values_.fail(fmt::format("a list of {} values, more than the file can hold", length));
    }
    return static_cast<std::uint64_t>(length);
  }

  void skip(const PlyProperty& property) {
    std::uint64_t count = property.isList ? listLength(property) : 1;
    for (std::uint64_t i = 0; i < count; ++i) values_.skip(property.type);
  }

  void readVertices(const PlyElement& element) {
    constexpr std::array<const char*, 6> names{"x", "y", "z", "nx", "ny", "nz"};
    // For each property its place among the names, or -1.
    std::vector<int> roles(element.properties.size(), -1);
    std::size_t found = 0;
    for (std::size_t role = 0; role < names.size(); ++role) {
      int place = element.find(names[role]);
      if (place < 0 || element.properties[static_cast<std::size_t>(place)].isList) {
        if (role < 3) values_.fail(fmt::format("the vertices have no property '{}'", names[role]));
        break;
      }
      roles[static_cast<std::size_t>(place)] = static_cast<int>(role);
      ++found;
    }
    bool hasNormals = found == names.size();
    builder_.vertices.reserve(element.count);
    if (hasNormals) builder_.normals.reserve(element.count);
    for (std::uint64_t row = 0; row < element.count; ++row) {
      std::array<double, 6> values{};
      for (std::size_t i = 0; i < roles.size(); ++i) {
        if (roles[i] < 0) {
          skip(element.properties[i]);
        } else {
          const char* what = roles[i] < 3 ? "a coordinate" : "a coordinate of a normal";
          values[static_cast<std::size_t>(roles[i])] = values_.number(element.properties[i].type, what);
        }
      }
      values_.endElement();
      builder_.vertices.push_back({values[0], values[1], values[2]});
      if (hasNormals) builder_.normals.push_back({values[3], values[4], values[5]});
    }
  }

  void readIndices(const PlyElement& element, bool strips) {
    int place = element.find("vertex_indices");
    if (place < 0) place = element.find("vertex_index");
    if (place < 0 || !element.properties[static_cast<std::size_t>(place)].isList) {
      if (element.count == 0) return;
      values_.fail("the faces have no list 'vertex_indices'");
    }
    if (isFloat(element.properties[static_cast<std::size_t>(place)].type))
      values_.fail("the indices of faces are floats");
    std::vector<std::int64_t> indices;
    for (std::uint64_t row = 0; row < element.count; ++row) {
      std::size_t begin = values_.place();
      for (std::size_t i = 0; i < element.properties.size(); ++i) {
        const PlyProperty& property = element.properties[i];
        if (static_cast<int>(i) != place) {
          skip(property);
          continue;
        }
        indices.resize(listLength(property));
        for (std::int64_t& index : indices) index = values_.integer(property.type, "a corner of a face");
      }
      if (Values::placeKind == PlaceKind::line) begin = values_.place();
      values_.endElement();
      strips ? addStrips(indices, begin) : addFace(indices, begin);
    }
  }

  void addFace(const std::vector<std::int64_t>& indices, std::size_t place) {
    for (std::int64_t index : indices) builder_.addCorner(index);
    builder_.endPolygon(place);
  }

  // Each corner from the third on makes a triangle with the two before it, turned every other time; -1 begins anew.
  void addStrips(const std::vector<std::int64_t>& indices, std::size_t place) {
    std::size_t first = 0;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] == -1) {
        first = i + 1;
      } else if (i >= first + 2) {
        bool turned = (i - first) % 2 == 1;
        addFace({indices[turned ? i - 1 : i - 2], indices[turned ? i - 2 : i - 1], indices[i]}, place);
      }
    }
  }

  Input finish(const std::string& file) {
    Input input{Cloud{}, Format::ply, {}};
    if (values_.longRows() > 0) {
      input.notes.push_back(fmt::format("{} lines hold more than the header names", values_.longRows()));
    }
    if (builder_.hasPolygons()) {
      input.geometry = builder_.finish(input.notes);
      return input;
    }
    Cloud& cloud = std::get<Cloud>(input.geometry);
    cloud.points = std::move(builder_.vertices);
    cloud.normals = std::move(builder_.normals);
    checkCloud(cloud, file);
    return input;
  }

  Values values_;
  MeshBuilder builder_;
};

}  // namespace

Input readPly(std::string_view bytes, const std::string& file) {
  PlyHeader header = readPlyHeader(bytes, file);
  if (header.encoding == PlyHeader::Encoding::ascii) {
    return BodyReader(AsciiValues(bytes.substr(header.bodyPosition), file, header), file).read(header, file);
  }
  return BodyReader(BinaryValues(bytes, file, header), file).read(header, file);
}

}  // namespace cadrecode::cloud
