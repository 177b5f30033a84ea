#include "picture/image.hpp"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.hpp"

namespace cadrecode::picture {
namespace {

std::string bigEndian(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xff);
  return bytes;
}

std::string chunk(const std::string& kind, const std::string& data) {
  const std::string body = kind + data;
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return bigEndian(data.size()) + body + bigEndian(sum);
}

std::string deflated(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string packed(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  bytes.size(), 9) != Z_OK) {
    throw Error(ErrorCode::resources, "MemoryError", "a picture cannot be compressed");
  }
  packed.resize(size);
  return packed;
}

}  // namespace

Image::Image(std::size_t columns, std::size_t rows, Color fill)
    : width(columns), height(rows), pixels(columns * rows, fill) {}

void paste(Image& image, const Image& other, std::size_t x, std::size_t y) {
  for (std::size_t row = 0; row < other.height && y + row < image.height; ++row) {
    for (std::size_t column = 0; column < other.width && x + column < image.width; ++column) {
      image.at(x + column, y + row) = other.at(column, row);
    }
  }
}

Image sheet(const std::vector<Image>& images, std::size_t columns) {
  if (images.empty()) return Image(0, 0);
  if (columns == 0) columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(images.size()))));
  columns = std::min(columns, images.size());
  const std::size_t width = images[0].width, height = images[0].height;
  Image whole(columns * width, (images.size() + columns - 1) / columns * height);
  for (std::size_t i = 0; i < images.size(); ++i) paste(whole, images[i], i % columns * width, i / columns * height);
  return whole;
}

std::string encodePng(const Image& image) {
  std::map<Color, std::size_t> palette;
  for (const Color& color : image.pixels) {
    palette.emplace(color, 0);
    if (palette.size() > 256) break;
  }
  const bool indexed = palette.size() <= 256;
  std::string colors, rows;
  for (auto& [color, index] : palette) {
    index = colors.size() / 3;
    for (std::uint8_t part : color) colors += static_cast<char>(part);
  }
  for (std::size_t y = 0; y < image.height; ++y) {
    rows += '\0';  // no filter
    for (std::size_t x = 0; x < image.width; ++x) {
      const Color& color = image.at(x, y);
      if (indexed) {
        rows += static_cast<char>(palette.at(color));
      } else {
        for (std::uint8_t part : color) rows += static_cast<char>(part);
      }
    }
  }
  std::string head = bigEndian(image.width) + bigEndian(image.height);
  head += '\x08';
  head += indexed ? '\x03' : '\x02';
  head += std::string(3, '\0');
  std::string png = "\x89PNG\r\n\x1a\n" + chunk("IHDR", head);
  if (indexed) png += chunk("PLTE", colors);
  return png + chunk("IDAT", deflated(rows)) + chunk("IEND", "");
}

}  // namespace cadrecode::picture
