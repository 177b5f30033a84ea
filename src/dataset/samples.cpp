#include "dataset/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

#include "cloud/check.hpp"
#include "cloud/input_error.hpp"
#include "cloud/read.hpp"
#include "cloud/text_scanner.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "dataset/cloud_file.hpp"

namespace cadrecode::dataset {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const char* folderNameOf(Cached kind) { return kind == Cached::cloud ? "point_cloud_cache" : "brep_cache"; }

Json readJson(const fs::path& path) {
  Json json = Json::parse(readFile(path.string()), nullptr, false);
  if (json.is_discarded()) cloud::failInput(path.string(), "is no JSON");
  return json;
}

std::vector<fs::path> entriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    entries.push_back(it->path());
  }
  if (error) throw Error(ErrorCode::input, "OSError", folder.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool isReadable(const fs::path& path) {
  const std::string extension = cloud::lowerCase(path.extension().string());
  // Tables of numbers, arrays and archives are clouds of others, not samples.
  if (extension == ".txt" || extension == ".npy" || extension == ".npz" || extension == ".csv") return false;
  return extension == ".py" || extension == ".step" || extension == ".stp" || extension == ".p21" ||
         extension == ".brep" || cloud::formatOfExtension(path.filename().string()).has_value();
}

// Also of paths that no system takes, as damaged lists may have them.
bool isFile(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Ids are compared as the index has them: "batch_0000/x" means "batch_0000_x", and a "x.py" its stem.
std::string normalizedId(std::string id) {
  std::replace(id.begin(), id.end(), '/', '_');
  if (id.size() > 3 && id.ends_with(".py")) id.resize(id.size() - 3);
  return id;
}

void addErrors(const fs::path& folder, std::unordered_set<std::string>& ids) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with("error_samples") || !name.ends_with(".json")) continue;
    const Json list = readJson(it->path());
    if (!list.is_array()) cloud::failInput(it->path().string(), "is no list of ids");
    for (const Json& id : list) {
      if (!id.is_string()) cloud::failInput(it->path().string(), "holds something that is no id: " + id.dump());
      ids.insert(normalizedId(id.get<std::string>()));
    }
  }
}

// The names in a folder of a cache; asking once is quicker than once a sample.
std::unordered_set<std::string> namesIn(const fs::path& folder) {
  std::unordered_set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.insert(it->path().filename().string());
  }
  return names;
}

void findCached(SampleList& list, const fs::path& root, const std::string& split, Cached kind,
                CachedFile Sample::*place) {
  const std::string name = folderNameOf(kind);
  std::vector<fs::path> folders = {localCacheFolder(list.folder, kind)};
  if (fs::path(list.folder) != root) folders.push_back(root / name);
  if (const char* shared = std::getenv("CADRECODE_CACHE_ROOT"); shared && *shared) {
    const fs::path base = shared;
    if (!split.empty()) {
      folders.push_back(base / split / name);
      folders.push_back(base / split);
    }
    folders.push_back(base / name);
    folders.push_back(base);
  }
  std::vector<std::unordered_set<std::string>> names;
  for (const fs::path& folder : folders) names.push_back(namesIn(folder));
  for (Sample& sample : list.samples) {
    const std::string file = sample.id + std::string(endingOf(kind));
    CachedFile& found = sample.*place;
    found.path = (folders[0] / file).string();
    for (std::size_t i = 0; i < folders.size() && !found.exists; ++i) {
      if (!names[i].contains(file)) continue;
      found = {(folders[i] / file).string(), true};
    }
  }
}

void scanFolder(SampleList& list, const std::string& split) {
  const fs::path folder = list.folder;
  auto add = [&](const fs::path& path, const std::string& prefix) {
    Sample sample;
    sample.id = prefix + path.stem().string();
    sample.scriptPath = path.string();
    sample.relativePath = path.lexically_relative(folder).string();
    sample.split = split;
    list.samples.push_back(std::move(sample));
  };
  for (const fs::path& entry : entriesOf(folder)) {
    const std::string name = entry.filename().string();
    if (fs::is_directory(entry) && name.starts_with("batch_")) {
      for (const fs::path& file : entriesOf(entry)) {
        if (file.extension() == ".py") add(file, name + "_");
      }
    } else if (!name.starts_with(".") && isReadable(entry) && fs::is_regular_file(entry)) {
      add(entry, "");
    }
  }
}

// Rows of sample_id, code_path, relative_path, split. The path from the split's folder goes first: data may have moved.
void readIndex(SampleList& list, const fs::path& file, const fs::path& root, const std::string& split) {
  const Json rows = readJson(file);
  if (!rows.is_array()) cloud::failInput(file.string(), "is no list of samples");
  std::size_t number = 0;
  for (const Json& row : rows) {
    ++number;
    auto text = [&](const char* key, bool needed) -> std::string {
      if (row.is_object() && row.contains(key) && row[key].is_string()) return row[key];
      if (needed) cloud::failInput(file.string(), fmt::format("row {} has no text under \"{}\"", number, key));
      return {};
    };
    Sample sample;
    sample.id = text("sample_id", true);
    sample.relativePath = text("relative_path", false);
    sample.split = text("split", false);
    if (!split.empty() && !sample.split.empty() && sample.split != split) continue;
    if (sample.split.empty()) sample.split = split;
    if (sample.id.empty() || sample.id.find('/') != sample.id.npos) {
      cloud::failInput(file.string(), fmt::format("row {} has an id that is no file name", number));
    }
    const std::string code = text("code_path", sample.relativePath.empty());
    std::vector<fs::path> places;
    if (!sample.relativePath.empty()) places.push_back(fs::path(list.folder) / sample.relativePath);
    if (!code.empty()) places.insert(places.end(), {fs::path(code), root / code, root.parent_path() / code});
    const auto place = std::find_if(places.begin(), places.end(), isFile);
    if (place == places.end()) {
      list.missing.push_back(sample.id);
      continue;
    }
    sample.scriptPath = place->string();
    list.samples.push_back(std::move(sample));
  }
  list.source = file.string();
}

// The files of exactly the ids that train_test.json names for the split.
void readGallery(SampleList& list, const fs::path& splitFile, const fs::path& root, const std::string& split) {
  const Json splits = readJson(splitFile);
  if (!splits.is_object() || !splits.contains(split) || !splits[split].is_array()) {
    cloud::failInput(splitFile.string(), fmt::format("has no list \"{}\"", split));
  }
  const fs::path folder = fs::is_directory(root / "reconstruction") ? root / "reconstruction" : root;
  list.folder = folder.string();
  list.source = splitFile.string();
  for (const Json& id : splits[split]) {
    if (!id.is_string()) cloud::failInput(splitFile.string(), "holds something that is no id: " + id.dump());
    Sample sample;
    sample.id = id.get<std::string>();
    sample.split = split;
    if (sample.id.empty() || sample.id.find('/') != sample.id.npos) {
      cloud::failInput(splitFile.string(), "an id is no file name: " + id.dump());
    }
    for (const char* extension : {".step", ".stp", ".STEP"}) {
      const fs::path path = folder / (sample.id + extension);
      if (!isFile(path)) continue;
      sample.scriptPath = path.string();
      sample.relativePath = path.filename().string();
      break;
    }
    if (sample.scriptPath.empty()) {
      list.missing.push_back(sample.id);
    } else {
      list.samples.push_back(std::move(sample));
    }
  }
}

void exclude(SampleList& list, const fs::path& root, const ListOptions& options) {
  std::unordered_set<std::string> errors;
  std::vector<fs::path> folders = {list.folder};
  if (root != fs::path(list.folder)) folders.push_back(root);
  for (const fs::path& folder : folders) {
    addErrors(folder, errors);
    if (options.cacheFailures) addErrors(folder / folderNameOf(Cached::cloud), errors);
  }
  std::erase_if(list.samples, [&](const Sample& sample) {
    if (!errors.contains(sample.id)) return false;
    list.excluded.push_back(sample.id);
    return true;
  });
}

}  // namespace

std::string_view endingOf(Cached kind) { return kind == Cached::cloud ? ".npy" : ".safetensors"; }

std::string localCacheFolder(const std::string& splitFolder, Cached kind) {
  return (fs::path(splitFolder) / folderNameOf(kind)).string();
}

SampleList readSamples(const std::string& rootPath, const std::string& split, const ListOptions& options) {
  const fs::path root = rootPath;
  if (!fs::is_directory(root)) throw Error(ErrorCode::input, "OSError", rootPath + ": no such folder");
  SampleList list;
  const bool itself = split.empty() || !fs::is_directory(root / split);
  list.folder = itself ? root.string() : (root / split).string();

  const fs::path gallery = options.splitFile.empty() ? root / "train_test.json" : fs::path(options.splitFile);
  std::optional<fs::path> index;
  if (options.useIndex) {
    std::vector<fs::path> places;
    if (!split.empty()) {
      places = {root / (split + "_index.json"), fs::path(list.folder) / (split + "_index.json")};
    }
    places.push_back(fs::path(list.folder) / "index.json");
    places.push_back(root / "index.json");
    const auto place = std::find_if(places.begin(), places.end(), [](const fs::path& p) { return fs::exists(p); });
    if (place != places.end()) index = *place;
  }
  if (!split.empty() && (!options.splitFile.empty() || fs::exists(gallery))) {
    readGallery(list, gallery, root, split);
  } else if (index) {
    readIndex(list, *index, root, split);
  } else if (itself && !split.empty() && fs::weakly_canonical(root).filename() != split) {
    throw Error(ErrorCode::input, "OSError",
                fmt::format("{}: has no folder and no index of the split '{}'", rootPath, split));
  } else {
    scanFolder(list, split);
  }

  std::sort(list.samples.begin(), list.samples.end(), [](const Sample& a, const Sample& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(list.samples.begin(), list.samples.end(),
                                        [](const Sample& a, const Sample& b) { return a.id == b.id; });
  if (twice != list.samples.end()) {
    throw Error(ErrorCode::input, "ValueError",
                fmt::format("{} and {}: two samples of the id '{}'", twice->scriptPath, std::next(twice)->scriptPath,
                            twice->id));
  }
  exclude(list, root, options);
  findCached(list, root, split, Cached::cloud, &Sample::cloud);
  findCached(list, root, split, Cached::graph, &Sample::graph);
  return list;
}

std::vector<Sample> listSamples(const std::string& root, const std::string& split) {
  return readSamples(root, split).samples;
}

namespace {

CloudPoints pointsOf(const std::string& bytes, const std::string& path, std::size_t points) {
  const cloud::Input input = cloud::readInput(bytes, path, cloud::Format::npy);
  const cloud::Cloud& read = std::get<cloud::Cloud>(input.geometry);
  cloud::checkCloud(read, path);
  if (read.points.size() < points) {
    cloud::failInput(path, fmt::format("has {} points; {} are needed", read.points.size(), points));
  }
  if (!read.normals.empty()) cloud::failInput(path, "has normals; only points are needed");
  CloudPoints result;
  result.reserve(points);
  for (const cloud::Point& p : std::span(read.points).first(points)) {
    result.push_back({static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])});
  }
  return result;
}

}  // namespace

CloudPoints readCloud(const std::string& path, std::size_t points) { return pointsOf(readFile(path), path, points); }

CloudPoints readCloud(const Sample& sample, std::size_t points) {
  const std::string bytes = readFile(sample.cloud.path);
  if (const auto origin = originOf(bytes); origin && origin->source != sha256(readFile(sample.scriptPath))) {
    cloud::failInput(sample.cloud.path, "was made of another version of " + sample.scriptPath);
  }
  return pointsOf(bytes, sample.cloud.path, points);
}

}  // namespace cadrecode::dataset
