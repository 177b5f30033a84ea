// RGB images and their PNG files. Plain values, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cadrecode::picture {

using Color = std::array<std::uint8_t, 3>;

struct Image {
  Image(std::size_t columns, std::size_t rows, Color fill = {255, 255, 255});
  std::size_t width, height;
  std::vector<Color> pixels;  // row by row from the top
  Color& at(std::size_t x, std::size_t y) { return pixels[y * width + x]; }
  const Color& at(std::size_t x, std::size_t y) const { return pixels[y * width + x]; }
};

// `other` with its upper left corner at (x, y); what lies outside is left out.
void paste(Image& image, const Image& other, std::size_t x, std::size_t y);

// Images of one size row by row, `columns` a row; 0: about as many as rows.
Image sheet(const std::vector<Image>& images, std::size_t columns);

// 8-bit palette where the image has at most 256 colours, else RGB.
std::string encodePng(const Image& image);

}  // namespace cadrecode::picture
