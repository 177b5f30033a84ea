#include "search/part_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "picture/label.hpp"
#include "picture/render.hpp"
#include "search/deviation_colors.hpp"

namespace cadrecode::search {
namespace {

constexpr std::size_t kHead = 44, kFoot = 56, kMargin = 16;
constexpr std::size_t kMostPoints = 30000;  // of a cloud, in the picture

picture::Image pictureOf(const sandbox::Part& input, std::size_t side) {
  if (input.isMesh()) return picture::render(input.mesh(), side);
  const std::vector<cloud::Point>& all = input.cloud().points;
  cloud::Cloud some;
  const std::size_t count = std::min(all.size(), kMostPoints);
  for (std::size_t i = 0; i < count; ++i) some.points.push_back(all[i * all.size() / count]);
  return picture::render(some, side);
}

}  // namespace

picture::Image partPicture(const std::string& name, const sandbox::Part& input, const cloud::Mesh& solid,
                           const DeviationMap& map, std::size_t side) {
  std::vector<picture::Color> colors;
  for (const double value : map.deviation) colors.push_back(deviationColor(value / map.scale));
  picture::Image image(3 * side, kHead + side + kFoot);
  picture::paste(image, pictureOf(input, side), 0, kHead);
  picture::paste(image, picture::render(solid, side), side, kHead);
  picture::paste(image, picture::render(map.mesh, colors, side), 2 * side, kHead);
  const std::size_t letters = (side - kMargin) / picture::labelWidth("m");
  picture::drawLabel(image, "input " + name.substr(0, letters - 6), kMargin, kMargin);
  picture::drawLabel(image, "result", side + kMargin, kMargin);
  picture::drawLabel(image, input.isMesh() ? "deviation from the input" : "distance to the input", 2 * side + kMargin,
                     kMargin);
  // The scale below the last panel.
  const std::size_t left = 2 * side + kMargin, width = side - 2 * kMargin, top = kHead + side + 4;
  const auto palette = deviationPalette(width, input.isMesh());
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < 14; ++y) image.at(left + x, top + y) = palette[x];
  }
  const std::string high = fmt::format("{}{:g}", input.isMesh() ? "+" : "", map.scale);
  const std::string low = input.isMesh() ? fmt::format("-{:g}", map.scale) : "0";
  picture::drawLabel(image, low, left, top + 22);
  if (input.isMesh()) picture::drawLabel(image, "0", left + width / 2 - 5, top + 22);
  picture::drawLabel(image, high, left + width - picture::labelWidth(high) + 2, top + 22);
  return image;
}

}  // namespace cadrecode::search
