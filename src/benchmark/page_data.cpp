#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "benchmark/page.hpp"
#include "cloud/geometry.hpp"
#include "cloud/read.hpp"
#include "cloud/recipe.hpp"
#include "core/error.hpp"
#include "metrics/figures.hpp"
#include "picture/render.hpp"
#include "sandbox/item_files.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;
using cloud::Mesh;
using cloud::Point;

constexpr std::size_t kPictureSide = 160;

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) text += i + k > bytes.size() ? '=' : letters[group >> (18 - 6 * k) & 63];
  }
  return text;
}

template <class T>
std::string base64Of(const std::vector<T>& values) {
  return base64({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

std::optional<Mesh> meshAt(const std::string& folder, const std::string& path) {
  std::error_code error;
  const fs::path file = fs::path(folder) / path;
  if (path.empty() || !fs::exists(file, error)) return std::nullopt;
  try {
    cloud::Input input = cloud::readInputFile(file.string());
    if (auto* mesh = std::get_if<Mesh>(&input.geometry)) return std::move(*mesh);
  } catch (const Error&) {  // a mesh without triangles
  }
  return std::nullopt;
}

// Points as whole numbers of 16 bits from the corner of their box, whose longest side is 65535.
Json packedPoints(const std::vector<Point>& points) {
  const cloud::Box box = cloud::boxOf(points);
  const double size = std::max(box.longestSide(), 1e-300);
  std::vector<std::int16_t> whole;
  for (const Point& point : points) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      whole.push_back(static_cast<std::int16_t>(std::lround((point[axis] - box.low[axis]) / size * 65535) - 32768));
    }
  }
  return {{"low", box.low},
          {"size", size},
          {"extent", {box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]}},
          {"points", base64Of(whole)}};
}

Json packed(const Mesh& mesh) {
  Json json = packedPoints(mesh.vertices);
  std::vector<std::uint32_t> corners;
  for (const cloud::Triangle& triangle : mesh.triangles)
    corners.insert(corners.end(), triangle.begin(), triangle.end());
  json["triangles"] = base64Of(corners);
  return json;
}

Json picture(const Mesh& mesh) { return base64(picture::encodePng(picture::render(mesh, kPictureSide))); }

Json picture(const cloud::Cloud& cloud) {
  return base64(picture::encodePng(picture::render(cloud, kPictureSide)));
}

// The cloud that a model sees of a reference.
std::optional<std::vector<Point>> cloudOf(const Mesh& reference, std::uint64_t seed) {
  try {
    return cloud::toPart(cloud::makeCloud(reference, cloud::Recipe::v1_5(), seed)).points;
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Samples worth a look: the worst by IoU over all models, failures first, and some of the best.
std::vector<std::size_t> chosen(const std::vector<double>& scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  if (count < order.size()) {
    const std::size_t best = count / 4;
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(count - best),
                order.end() - static_cast<std::ptrdiff_t>(best));
  }
  return order;
}

}  // namespace

Json pageData(const std::string& folder, const Json& report, const Json& settings, const std::vector<Json>& rows,
              const PageLimits& limits) {
  Json data;
  data["report"] = report;
  for (const char* key : {"pairs", "left_out"}) data["report"].erase(key);
  data["figures"] = Json::array();
  for (const metrics::Figure& figure : metrics::kFigures) {
    data["figures"].push_back({{"key", figure.key}, {"title", figure.title}, {"higher", figure.higherIsBetter}});
  }
  const Json& ids = settings["run"]["ids"];
  data["ids"] = ids;
  std::map<std::string, std::size_t> idNumbers, modelNumbers;
  for (const Json& id : ids) idNumbers.emplace(id, idNumbers.size());
  for (const Json& model : report["models"]) modelNumbers.emplace(model["name"], modelNumbers.size());

  std::vector<double> scores(ids.size(), 0.0);
  std::vector<std::vector<std::string>> paths(ids.size(), std::vector<std::string>(modelNumbers.size()));
  data["rows"] = Json::array();
  for (const Json& row : rows) {
    const std::size_t id = idNumbers.at(row["id"]), model = modelNumbers.at(row["model"]);
    Json values = Json::array();
    for (const metrics::Figure& figure : metrics::kFigures) values.push_back(row.value(figure.key, Json()));
    data["rows"].push_back({id, model, row["status"], row.value("reason", ""), std::move(values)});
    scores[id] += row["status"] == "ok" && row["iou"].is_number() ? row["iou"].get<double>() : -1;
    const Json path = row.value("stl_path", Json());
    if (path.is_string()) paths[id][model] = path;
  }

  data["pictures"] = Json::array();
  data["meshes"] = Json::array();
  std::vector<std::size_t> withMeshes = chosen(scores, limits.meshes);
  std::sort(withMeshes.begin(), withMeshes.end());
  for (const std::size_t id : chosen(scores, std::max(limits.pictures, limits.meshes))) {
    const auto reference = meshAt(folder, "gt_stl_files/" + sandbox::safePath(ids[id].get<std::string>()) + ".stl");
    if (!reference) continue;
    const auto points = cloudOf(*reference, settings["seed"].get<std::uint64_t>());
    Json pictures{{"id", id}, {"reference", picture(*reference)}},
        meshes{{"id", id}, {"reference", packed(*reference)}};
    pictures["cloud"] = points ? picture(cloud::Cloud{*points, {}}) : Json();
    meshes["cloud"] = points ? packedPoints(*points) : Json();
    for (const std::string& path : paths[id]) {
      const auto prediction = meshAt(folder, path);
      pictures["models"].push_back(prediction ? picture(*prediction) : Json());
      meshes["models"].push_back(prediction ? packed(*prediction) : Json());
    }
    data["pictures"].push_back(std::move(pictures));
    if (std::binary_search(withMeshes.begin(), withMeshes.end(), id)) data["meshes"].push_back(std::move(meshes));
  }
  return data;
}

}  // namespace cadrecode::benchmark
