#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/lzf.hpp"
#include "cloud/scalar.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

struct Field {
  std::string name;
  std::size_t size = 4;
  char type = 'F';
  std::size_t count = 1;
  std::size_t bytes() const { return size * count; }
};

struct Header {
  std::vector<Field> fields;
  std::uint64_t points = 0;
  std::string data;
  std::size_t bodyPosition = 0;
  std::size_t bodyLine = 0;
  std::size_t rowBytes() const {
    std::size_t sum = 0;
    for (const Field& field : fields) sum += field.bytes();
    return sum;
  }
};

std::uint64_t readCount(TextScanner& text, const char* what, std::uint64_t largest) {
  std::int64_t count = text.toInteger(text.word(), what);
  if (count < 0 || static_cast<std::uint64_t>(count) > largest) text.fail(fmt::format("{} is {}", what, count));
  return static_cast<std::uint64_t>(count);
}

Header readHeader(std::string_view bytes, const std::string& file) {
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
  TextScanner text(bytes, file);
  Header header;
  std::uint64_t width = 0;
  std::uint64_t height = 1;
  bool hasPoints = false;
  while (text.nextFilledLine('#')) {
    std::string_view keyword = text.word();
    if (keyword == "FIELDS" || keyword == "COLUMNS") {
      for (std::string_view word = text.word(); !word.empty(); word = text.word()) {
        header.fields.emplace_back().name = word;
      }
    } else if (keyword == "SIZE") {
      for (Field& field : header.fields) {
        field.size = readCount(text, "the size of a field", 8);
        if (field.size != 1 && field.size != 2 && field.size != 4 && field.size != 8) {
          text.fail(fmt::format("the size of a field is {}", field.size));
        }
      }
    } else if (keyword == "TYPE") {
      for (Field& field : header.fields) {
        std::string_view word = text.word();
        if (word != "F" && word != "I" && word != "U") text.fail("no type of a field: " + quoted(word));
        field.type = word.front();
      }
    } else if (keyword == "COUNT") {
      for (Field& field : header.fields) field.count = readCount(text, "the count of a field", 1'000'000);
    } else if (keyword == "WIDTH") {
      width = readCount(text, "the width", largest);
    } else if (keyword == "HEIGHT") {
      height = readCount(text, "the height", largest);
    } else if (keyword == "POINTS") {
      header.points = readCount(text, "the count of points", largest);
      hasPoints = true;
    } else if (keyword == "DATA") {
      header.data = lowerCase(text.word());
      header.bodyPosition = text.position();
      header.bodyLine = text.lineNumber() + 1;
      if (header.fields.empty()) text.fail("the header names no fields");
      if (!hasPoints) {
        if (height != 0 && width > largest / height) text.fail("width times height is too large");
        header.points = width * height;
      }
      return header;
    } else if (keyword != "VERSION" && keyword != "VIEWPOINT") {
      text.fail("no keyword of a PCD header: " + quoted(keyword));
    }
  }
  failInput(file, "the file ends before the line DATA");
}

Scalar scalarOf(const Field& field, const std::string& file) {
  if (field.type == 'F' && field.size == 4) return Scalar::float32;
  if (field.type == 'F' && field.size == 8) return Scalar::float64;
  if (field.type == 'F')
    failInput(file, fmt::format("a float of {} bytes in the field {}", field.size, quoted(field.name)));
  bool isSigned = field.type == 'I';
  switch (field.size) {
    case 1:
      return isSigned ? Scalar::int8 : Scalar::uint8;
    case 2:
      return isSigned ? Scalar::int16 : Scalar::uint16;
    case 4:
      return isSigned ? Scalar::int32 : Scalar::uint32;
    default:
      return isSigned ? Scalar::int64 : Scalar::uint64;
  }
}

// Which fields hold positions and normals, and the points that were read.
class Collector {
 public:
  Collector(const Header& header, const std::string& file) : file_(file) {
    constexpr std::array<const char*, 6> names{"x", "y", "z", "normal_x", "normal_y", "normal_z"};
    for (const char* name : names) {
      std::size_t place = 0;
      while (place < header.fields.size() && header.fields[place].name != name) ++place;
      if (place == header.fields.size() || header.fields[place].count == 0) {
        if (fields.size() < 3) failInput(file, fmt::format("the header names no field '{}'", name));
        break;
      }
      fields.push_back(place);
    }
    if (fields.size() < 6) fields.resize(3);
  }

  // Field numbers of x, y, z and, when all are there, of the normal.
  std::vector<std::size_t> fields;

  void add(const std::array<double, 6>& values, PlaceKind kind, std::size_t place) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (std::isnan(values[i])) {
        ++missing_;
        return;
      }
      if (std::abs(values[i]) > largestCoordinate) {
        failInput(file_, kind, place, fmt::format("a coordinate is not finite or too large: {}", values[i]));
      }
    }
    cloud_.points.push_back({values[0], values[1], values[2]});
    if (fields.size() == 6) cloud_.normals.push_back({values[3], values[4], values[5]});
  }

  Input finish() {
    Input input{Cloud{}, Format::pcd, {}};
    if (missing_ > 0) input.notes.push_back(fmt::format("{} points without a measurement were left out", missing_));
    if (cloud_.points.empty() && missing_ > 0) failInput(file_, "none of its points has a measurement");
    checkCloud(cloud_, file_);
    input.geometry = std::move(cloud_);
    return input;
  }

 private:
  std::string file_;
  Cloud cloud_;
  std::size_t missing_ = 0;
};

void readAscii(std::string_view body, const std::string& file, const Header& header, Collector& collector) {
  TextScanner text(body, file, header.bodyLine);
  if (header.points > (text.remaining() + 1) / 2) {
    text.fail(fmt::format("the header promises {} points, more than the file can hold", header.points));
  }
  for (std::uint64_t row = 0; row < header.points; ++row) {
    if (!text.nextFilledLine()) text.fail(fmt::format("the file ends after {} of {} points", row, header.points));
    std::array<double, 6> values{};
    for (std::size_t field = 0; field < header.fields.size(); ++field) {
      for (std::size_t i = 0; i < header.fields[field].count; ++i) {
        std::string_view word = text.word();
        if (word.empty()) text.fail(fmt::format("the field {} is missing", quoted(header.fields[field].name)));
        if (i > 0) continue;
        for (std::size_t role = 0; role < collector.fields.size(); ++role) {
          if (collector.fields[role] != field) continue;
          if (!parseNumber(word, values[role])) text.fail("a coordinate is no number: " + quoted(word));
        }
      }
    }
    collector.add(values, PlaceKind::line, text.lineNumber());
  }
}

// `rows`: true when a point's fields stand together, false when a field's points do. `base`: place of `body` in the
// file.
void readBinary(std::string_view body, const std::string& file, const Header& header, bool rows, std::size_t base,
                Collector& collector) {
  std::vector<std::size_t> starts;
  std::vector<std::size_t> steps;
  std::vector<Scalar> types;
  for (std::size_t field : collector.fields) {
    std::size_t before = 0;
    for (std::size_t i = 0; i < field; ++i) before += header.fields[i].bytes();
    starts.push_back(rows ? before : before * header.points);
    steps.push_back(rows ? header.rowBytes() : header.fields[field].bytes());
    types.push_back(scalarOf(header.fields[field], file));
  }
  for (std::uint64_t row = 0; row < header.points; ++row) {
    std::array<double, 6> values{};
    for (std::size_t role = 0; role < starts.size(); ++role) {
      values[role] = readScalar(body.data() + starts[role] + steps[role] * row, types[role], false);
    }
    collector.add(values, PlaceKind::byte, base + (rows ? steps[0] * row : 0));
  }
}

}  // namespace

Input readPcd(std::string_view bytes, const std::string& file) {
  Header header = readHeader(bytes, file);
  Collector collector(header, file);
  std::string_view body = bytes.substr(header.bodyPosition);
  std::size_t rowBytes = header.rowBytes();
  if (header.data == "ascii") {
    readAscii(body, file, header, collector);
  } else if (header.data == "binary") {
    if (header.points > body.size() / rowBytes) {
      failInput(
          file, PlaceKind::byte, header.bodyPosition,
          fmt::format("the header promises {} points, the file ends after {}", header.points, body.size() / rowBytes));
    }
    readBinary(body, file, header, true, header.bodyPosition, collector);
  } else if (header.data == "binary_compressed") {
    ByteReader reader(bytes, file, header.bodyPosition);
    std::uint32_t compressed = reader.takeUint32("the compressed size");
    std::uint32_t plain = reader.takeUint32("the uncompressed size");
    if (header.points > plain / rowBytes) {
      reader.fail(fmt::format("the header promises {} points of {} bytes, the data hold {} bytes", header.points,
                              rowBytes, plain));
    }
    std::size_t start = reader.position();
    std::optional<std::string> data =
        decompressLzf({reader.take(compressed, "the compressed data"), compressed}, plain);
    if (!data) failInput(file, PlaceKind::byte, start, "the compressed data are damaged");
    readBinary(*data, file, header, false, start, collector);
  } else {
    failInput(file, PlaceKind::line, header.bodyLine - 1, "no kind of PCD data: " + quoted(header.data));
  }
  return collector.finish();
}

}  // namespace cadrecode::cloud
