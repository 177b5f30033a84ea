#include "train/sample_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cloud/read.hpp"
#include "core/error.hpp"

namespace cadrecode::train {

namespace fs = std::filesystem;

std::vector<ListedSample> listSampleFolder(const std::string& folder) {
  constexpr const char* cacheName = "point_cloud_cache";
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("{}: no such folder of samples", folder));
  }
  const fs::path root(folder);
  fs::path cache = root / cacheName;
  if (!fs::is_directory(cache, error)) cache = fs::absolute(root).lexically_normal().parent_path() / cacheName;
  std::vector<ListedSample> samples;
  for (auto place = fs::recursive_directory_iterator(root, fs::directory_options::follow_directory_symlink);
       place != fs::recursive_directory_iterator(); ++place) {
    if (place->path().filename() == cacheName) {
      place.disable_recursion_pending();
      continue;
    }
    if (place->path().extension() != ".py" || !place->is_regular_file()) continue;
    std::string id = place->path().lexically_relative(root).replace_extension().generic_string();
    std::replace(id.begin(), id.end(), '/', '_');
    std::string cloudPath = (cache / (id + ".npy")).string();
    samples.push_back({std::move(id), place->path().string(), std::move(cloudPath)});
  }
  if (samples.empty()) {
    throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("{}: no programs (*.py) in this folder", folder));
  }
  std::sort(samples.begin(), samples.end(), [](const ListedSample& a, const ListedSample& b) { return a.id < b.id; });
  return samples;
}

std::vector<cloud::PointF> readSampleCloud(const std::string& path, std::size_t points) {
  const cloud::Input input = cloud::readInputFile(path);
  const auto* read = std::get_if<cloud::Cloud>(&input.geometry);
  if (read == nullptr || read->points.size() != points) {
    throw Error(
        ErrorCode::input, "ValueError",
        fmt::format("{}: {} points are needed, {} are there", path, points, read == nullptr ? 0 : read->points.size()));
  }
  std::vector<cloud::PointF> result;
  result.reserve(points);
  for (const cloud::Point& point : read->points) {
    result.push_back({static_cast<float>(point[0]), static_cast<float>(point[1]), static_cast<float>(point[2])});
  }
  return result;
}

}  // namespace cadrecode::train
