#include <fmt/format.h>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/npy_array.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

// What follows `'key':` in the header, a Python dictionary written by NumPy.
std::string_view valueOf(std::string_view header, std::string_view key, const std::string& file) {
  std::size_t place = header.find(fmt::format("'{}'", key));
  std::size_t colon = place == header.npos ? header.npos : header.find(':', place);
  if (colon == header.npos)
    failInput(file, PlaceKind::byte, magic.size() + 4, fmt::format("the header has no '{}'", key));
  std::string_view value = header.substr(colon + 1);
  while (!value.empty() && isSpace(value.front())) value.remove_prefix(1);
  return value;
}

std::vector<std::uint64_t> parseShape(std::string_view text, const std::string& file) {
  std::vector<std::uint64_t> shape;
  std::size_t end = text.find(')');
  if (text.empty() || text.front() != '(' || end == text.npos) failInput(file, "the header's shape is no tuple");
  text = text.substr(1, end - 1);
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    std::string_view word = text.substr(0, comma);
    while (!word.empty() && isSpace(word.front())) word.remove_prefix(1);
    while (!word.empty() && isSpace(word.back())) word.remove_suffix(1);
    if (!word.empty()) {
      std::uint64_t length = 0;
      for (char digit : word) {
        if (digit < '0' || digit > '9' || length > (std::uint64_t{1} << 58)) {
          failInput(file, "the header's shape holds " + quoted(word));
        }
        length = length * 10 + static_cast<std::uint64_t>(digit - '0');
      }
      shape.push_back(length);
    }
    if (comma == text.npos) break;
    text.remove_prefix(comma + 1);
  }
  return shape;
}

void parseType(std::string_view text, const std::string& file, NpyArray& array) {
  std::string_view name = text.substr(0, text.find_first_of(",}"));
  while (!name.empty() && isSpace(name.back())) name.remove_suffix(1);
  if (name == "'<f4'" || name == "'>f4'" || name == "'=f4'") {
    array.type = Scalar::float32;
  } else if (name == "'<f8'" || name == "'>f8'" || name == "'=f8'") {
    array.type = Scalar::float64;
  } else {
    failInput(file, fmt::format("numbers of type {}; float32 and float64 are read", quoted(name)));
  }
  array.bigEndian = name[1] == '>';
}

}  // namespace

NpyArray parseNpy(std::string_view bytes, const std::string& file) {
  ByteReader reader(bytes, file);
  if (!bytes.starts_with(magic)) reader.fail("it does not begin as a NumPy array");
  reader.take(magic.size(), "the header");
  int version = reader.take(2, "the header")[0];
  if (version < 1 || version > 3) reader.fail(fmt::format("version {} of NumPy's format is not known", version));
  std::size_t headerSize =
      version == 1 ? reader.takeUint16("the header's length") : reader.takeUint32("the header's length");
  std::string_view header(reader.take(headerSize, "the header"), headerSize);
  NpyArray array;
  parseType(valueOf(header, "descr", file), file, array);
  std::string_view order = valueOf(header, "fortran_order", file);
  if (!order.starts_with("True") && !order.starts_with("False"))
    failInput(file, "the header's fortran_order is neither True nor False");
  array.fortranOrder = order.starts_with("True");
  array.shape = parseShape(valueOf(header, "shape", file), file);
  std::uint64_t room = reader.remaining() / sizeOf(array.type);
  std::uint64_t count = 1;
  for (std::uint64_t length : array.shape) {
    if (length != 0 && count > room / length) {
      reader.fail(fmt::format("the header promises more numbers than the {} that the file holds", room));
    }
    count *= length;
  }
  array.dataPosition = reader.position();
  array.data = {reader.take(count * sizeOf(array.type), "the numbers"), count * sizeOf(array.type)};
  return array;
}

NpyRows rowsOf(const NpyArray& array, const std::string& file) {
  std::size_t dimensions = array.shape.size();
  bool fits = dimensions >= 2 && (array.shape.back() == 3 || array.shape.back() == 6);
  for (std::size_t i = 0; fits && i + 2 < dimensions; ++i) fits = array.shape[i] == 1;
  if (!fits) {
    failInput(file, fmt::format("an array of shape ({}); (N, 3) or (N, 6) is read", fmt::join(array.shape, ", ")));
  }
  std::size_t count = array.shape[dimensions - 2];
  std::size_t columns = array.shape.back();
  NpyRows rows;
  rows.first.resize(count);
  if (columns == 6) rows.second.resize(count);
  ByteReader reader(array.data, file);
  auto place = [&](std::size_t row, std::size_t column) -> double& {
    return column < 3 ? rows.first[row][column] : rows.second[row][column - 3];
  };
  for (std::size_t i = 0; i < count * columns; ++i) {
    std::size_t row = array.fortranOrder ? i % count : i / columns;
    std::size_t column = array.fortranOrder ? i / count : i % columns;
    place(row, column) = reader.takeNumber(array.type, array.bigEndian, "a coordinate");
  }
  return rows;
}

Input readNpy(std::string_view bytes, const std::string& file) {
  NpyRows rows = rowsOf(parseNpy(bytes, file), file);
  Cloud cloud{std::move(rows.first), std::move(rows.second)};
  checkCloud(cloud, file);
  return {std::move(cloud), Format::npy, {}};
}

}  // namespace cadrecode::cloud
