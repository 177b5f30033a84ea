#include "inference/input_files.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "core/error.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::inference {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& endings() {
  static const std::vector<std::string> list = {".step", ".stp", ".brep", ".stl", ".obj", ".ply",  ".off", ".pcd",
                                                ".npy",  ".npz", ".xyz",  ".asc", ".pts", ".xyzn", ".csv", ".txt"};
  return list;
}

bool isPrepared(const sandbox::Part& part, const cloud::Recipe& recipe) {
  if (part.isMesh() || recipe.normals) return false;
  const auto& points = part.cloud().points;
  const bool isPrompt = points.size() == recipe.points || points.size() == cloud::Recipe().points;
  return isPrompt && points.size() >= recipe.points && std::all_of(points.begin(), points.end(), [](const cloud::Point& point) {
           return std::all_of(point.begin(), point.end(), [](double x) { return std::abs(x) <= 1.0 + 1e-6; });
         });
}

}  // namespace

std::vector<InputFile> listInputFiles(const std::vector<std::string>& arguments) {
  std::vector<InputFile> files;
  std::map<std::string, int> uses;
  for (const std::string& argument : arguments) {
    if (argument == "-") throw Error(ErrorCode::usage, "UsageError", "parts cannot be read from standard input");
    std::error_code error;
    const bool isFolder = fs::is_directory(argument, error);
    for (const sandbox::Input& input : sandbox::listInputs({argument}, endings())) {
      // Of a file given by itself the folder it lies in tells it apart.
      const fs::path path(input.path);
      const fs::path parent = fs::absolute(path).parent_path().filename();
      const fs::path below = isFolder ? path.lexically_relative(argument) : parent / path.filename();
      std::string longName;
      for (const fs::path& part : below) longName += (longName.empty() ? "" : "__") + part.string();
      files.push_back({input.path, longName});
      ++uses[path.stem().string()];
    }
  }
  sandbox::DistinctIds ids;
  for (InputFile& file : files) {
    std::string stem = fs::path(file.path).stem().string();
    const bool isLong = uses[stem] > 1 && file.name.size() < 200;
    file.name = ids.distinct(isLong ? file.name : stem);
  }
  return files;
}

InputCloud prepareCloud(const InputFile& file, sandbox::ScriptPool& shapes, const cloud::Recipe& recipe,
                        std::uint64_t seed) {
  const sandbox::Part part = sandbox::readPart(shapes, file.path);
  InputCloud prepared;
  if (isPrepared(part, recipe)) {
    for (const cloud::Point& point : std::span(part.cloud().points).first(recipe.points)) {
      for (const double x : point) prepared.points.push_back(static_cast<float>(x));
    }
    prepared.programFrame.unit = 1 / recipe.programHalf;
    return prepared;
  }
  try {
    const cloud::ModelCloud cloud =
        part.isMesh() ? cloud::makeCloud(part.mesh(), recipe, seed) : cloud::makeCloud(part.cloud(), recipe, seed);
    for (const auto& point : cloud.points) prepared.points.insert(prepared.points.end(), point.begin(), point.end());
    prepared.cloudFrame = cloud.cloudFrame;
    prepared.programFrame = cloud.programFrame;
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), file.path + ": " + error.what());
  }
  return prepared;
}

}  // namespace cadrecode::inference
