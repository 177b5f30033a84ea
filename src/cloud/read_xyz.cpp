#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cloud/check.hpp"
#include "cloud/formats.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (isSpace(text.front()) || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (isSpace(text.back()) || text.back() == '"')) text.remove_suffix(1);
  return text;
}

// The cells of a row: parted by ';' or ',' where the row has one, else by blanks.
void splitRow(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  line = trimmed(line);
  char separator = line.find(';') != line.npos ? ';' : line.find(',') != line.npos ? ',' : '\0';
  while (!line.empty()) {
    std::size_t end = separator != '\0' ? line.find(separator) : line.find_first_of(" \t\v\f");
    cells.push_back(trimmed(line.substr(0, end)));
    if (end == line.npos) break;
    line.remove_prefix(end + 1);
    if (separator == '\0') line = trimmed(line);
  }
}

bool isComment(std::string_view line) {
  line = trimmed(line);
  return line.empty() || line.front() == '#' || line.front() == '%';
}

bool isNumber(std::string_view cell) {
  double value = 0;
  return parseNumber(cell, value);
}

// Which columns hold x, y, z and perhaps the normal, by the names in the first row.
std::vector<std::size_t> columnsByName(const TextScanner& text, const std::vector<std::string_view>& names) {
  constexpr std::array<std::array<std::string_view, 2>, 6> known{
      {{"x", "//x"}, {"y", "y"}, {"z", "z"}, {"nx", "normal_x"}, {"ny", "normal_y"}, {"nz", "normal_z"}}};
  std::vector<std::size_t> columns;
  for (const auto& aliases : known) {
    auto found = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
      std::string lower = lowerCase(name);
      return lower == aliases[0] || lower == aliases[1];
    });
    if (found == names.end()) break;
    columns.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  if (columns.size() < 3) text.fail("neither numbers nor the names of columns x, y, z: " + quoted(names.front()));
  columns.resize(columns.size() == 6 ? 6 : 3);
  return columns;
}

bool areUnitVectors(const std::vector<Point>& vectors) {
  return std::all_of(vectors.begin(), vectors.end(),
                     [](const Point& vector) { return std::abs(length(vector) - 1) < 1e-3; });
}

}  // namespace

Input readXyz(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.find('\0') != bytes.npos) {
    failInput(file, PlaceKind::byte, bytes.find('\0'), "a table of numbers in text holds a zero byte");
  }
  TextScanner text(bytes, file);
  std::vector<std::string_view> cells;
  std::vector<std::size_t> columns;
  bool named = false;
  bool counted = false;
  Cloud cloud;
  while (text.nextLine()) {
    if (isComment(text.rest())) continue;
    splitRow(text.rest(), cells);
    if (columns.empty()) {
      // A lone number before the first row is the count of points that some programs write.
      if (cells.size() == 1 && isNumber(cells[0]) && !counted) {
        counted = true;
        continue;
      }
      named = !isNumber(cells[0]);
      columns = named ? columnsByName(text, cells) : std::vector<std::size_t>{0, 1, 2, 3, 4, 5};
      if (!named && cells.size() != 6) columns.resize(3);
      if (named) continue;
    }
    std::array<double, 6> values{};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] >= cells.size()) {
        text.fail(fmt::format("a row of {} numbers, {} are needed", cells.size(), columns[i] + 1));
      }
      values[i] = text.toNumber(cells[columns[i]], "a coordinate");
    }
    cloud.points.push_back({values[0], values[1], values[2]});
    if (columns.size() == 6) cloud.normals.push_back({values[3], values[4], values[5]});
  }
  // Six unnamed columns may as well be a position and a colour.
  if (!named && !areUnitVectors(cloud.normals)) cloud.normals.clear();
  checkCloud(cloud, file);
  return {std::move(cloud), Format::xyz, {}};
}

}  // namespace cadrecode::cloud
