#include "search/part_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "search/deviation_colors.hpp"
#include "search/reconstruction_report.hpp"

namespace cadrecode::search {

extern const char* const kPartPageTemplate;  // made from part_page.html

namespace {

using sandbox::Json;

constexpr std::size_t kMostTriangles = 150000, kMostPoints = 20000;

std::string base64(const void* data, std::size_t size) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::string text;
  for (std::size_t i = 0; i < size; i += 3) {
    const std::size_t left = std::min<std::size_t>(3, size - i);
    const unsigned value = static_cast<unsigned>(bytes[i]) << 16 |
                           (left > 1 ? static_cast<unsigned>(bytes[i + 1]) << 8 : 0U) |
                           (left > 2 ? static_cast<unsigned>(bytes[i + 2]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= left ? kDigits[value >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

template <class T>
std::string base64(const std::vector<T>& values) {
  return base64(values.data(), values.size() * sizeof(T));
}

// Coordinates in 65535 steps of the picture's cube.
std::string packed(const std::vector<cloud::Point>& points, const cloud::Box& cube) {
  std::vector<std::uint16_t> values;
  values.reserve(points.size() * 3);
  for (const cloud::Point& p : points) {
    for (std::size_t i = 0; i < 3; ++i) {
      const double share = (p[i] - cube.low[i]) / (cube.high[i] - cube.low[i]);
      values.push_back(static_cast<std::uint16_t>(std::lround(std::clamp(share, 0.0, 1.0) * 65535)));
    }
  }
  return base64(values);
}

Json packed(const cloud::Mesh& mesh, const cloud::Box& cube) {
  std::vector<std::uint32_t> corners;
  for (const cloud::Triangle& triangle : mesh.triangles)
    corners.insert(corners.end(), triangle.begin(), triangle.end());
  return {{"vertices", packed(mesh.vertices, cube)}, {"triangles", base64(corners)}};
}

Json packedInput(const sandbox::Part& input, const cloud::Box& cube) {
  if (input.isMesh() && input.mesh().triangles.size() <= kMostTriangles) return packed(input.mesh(), cube);
  const std::vector<cloud::Point>& all = input.isMesh() ? input.mesh().vertices : input.cloud().points;
  std::vector<cloud::Point> some;
  const std::size_t count = std::min(kMostPoints, all.size());
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return {{"vertices", packed(some, cube)}};
}

}  // namespace

std::string partPage(const Reconstruction& result, const std::string& name, const sandbox::Part& input,
                     const DeviationMap& map) {
  cloud::Box box = cloud::boxOf(map.mesh);
  const cloud::Box other = input.isMesh() ? cloud::boxOf(input.mesh()) : cloud::boxOf(input.cloud().points);
  for (std::size_t i = 0; i < 3; ++i) {
    box.low[i] = std::min(box.low[i], other.low[i]);
    box.high[i] = std::max(box.high[i], other.high[i]);
  }
  const double size = box.longestSide(), side = other.longestSide();
  const cloud::Point center = box.center();
  cloud::Box cube;
  for (std::size_t i = 0; i < 3; ++i) {
    cube.low[i] = center[i] - size / 2;
    cube.high[i] = center[i] + size / 2;
  }
  std::vector<std::int8_t> deviation;
  for (const double value : map.deviation) {
    const double share = std::clamp(value / map.scale, -1.0, 1.0);
    // Without sign the scale begins at its left end.
    deviation.push_back(static_cast<std::int8_t>(std::lround(127 * (input.isMesh() ? share : 2 * share - 1))));
  }
  Json data;
  data["name"] = name;
  data["figures"] = Json::array();
  const auto figure = [&](const char* what, std::string value) {
    data["figures"].push_back(Json::array({what, std::move(value)}));
  };
  figure(result.closedInput ? "IoU" : "surface agreement", fmt::format("{:.3f}", result.fit));
  figure("mean deviation",
         fmt::format("{:.4g} ({:.2f} % of the longest side)", result.meanDeviation, 100 * result.meanDeviation / side));
  figure("largest", fmt::format("{:.4g} ({:.2f} %)", result.largestDeviation, 100 * result.largestDeviation / side));
  figure("volume", fmt::format("{:.6g}", result.volume));
  figure("bodies", std::to_string(result.program.bodies.size()));
  data["script"] = result.script;
  data["candidates"] = candidatesJson(result);
  data["notes"] = result.notes;
  data["scale"] = fmt::format("{:g}", map.scale);
  data["signed"] = input.isMesh();
  data["palette"] = deviationPalette(33, input.isMesh());
  data["size"] = 1;  // of the picture's cube, which is centred
  data["low"] = {-0.5, -0.5, -0.5};
  data["result"] = packed(map.mesh, cube);
  data["deviation"] = base64(deviation);
  data["input"] = packedInput(input, cube);
  std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  // Within <script> no tag may begin.
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos;) text.replace(at, 1, "\\u003c");
  std::string page = kPartPageTemplate;
  const std::string mark = "@DATA@";
  page.replace(page.find(mark), mark.size(), text);
  return page;
}

}  // namespace cadrecode::search
