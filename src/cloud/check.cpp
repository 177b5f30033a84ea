#include "cloud/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "cloud/input_error.hpp"
#include "cloud/text_scanner.hpp"

namespace cadrecode::cloud {
namespace {

bool isUsable(const Point& point) {
  return std::all_of(point.begin(), point.end(), [](double value) { return std::abs(value) <= largestCoordinate; });
}

void checkNumbers(const std::vector<Point>& points, const char* what, const std::string& file) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!isUsable(points[i])) failInput(file, fmt::format("{} {} (from 0) is not finite or too large", what, i));
  }
}

void checkNormals(const std::vector<Point>& normals, std::size_t points, const std::string& file) {
  if (normals.empty()) return;
  if (normals.size() != points) {
    failInput(file, fmt::format("it has {} normals for {} points", normals.size(), points));
  }
  checkNumbers(normals, "normal", file);
}

struct HashOfPosition {
  std::size_t operator()(const Point& point) const {
    std::uint64_t hash = 0;
    for (double value : point) {
      std::uint64_t bits = 0;
      double positive = value + 0.0;  // one hash for 0 and -0, which are equal
      std::memcpy(&bits, &positive, sizeof(bits));
      hash = (hash ^ bits) * 0x9e3779b97f4a7c15U;
      hash ^= hash >> 32;
    }
    return hash;
  }
};

}  // namespace

void checkMesh(Mesh& mesh, const std::string& file, std::vector<std::string>& notes) {
  if (mesh.vertices.empty()) failInput(file, "it holds no vertices");
  if (mesh.triangles.empty()) failInput(file, "it holds no faces");
  checkNumbers(mesh.vertices, "vertex", file);
  checkNormals(mesh.normals, mesh.vertices.size(), file);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    for (std::uint32_t corner : mesh.triangles[i]) {
      if (corner >= mesh.vertices.size()) {
        failInput(file,
                  fmt::format("triangle {} (from 0) names vertex {}, there are {}", i, corner, mesh.vertices.size()));
      }
    }
  }
  std::size_t removed = std::erase_if(
      mesh.triangles, [&](const Triangle& triangle) { return length(doubleAreaVector(mesh, triangle)) == 0; });
  if (mesh.triangles.empty()) failInput(file, fmt::format("none of its {} triangles has an area", removed));
  if (removed > 0) notes.push_back(fmt::format("{} triangles without area were left out", removed));
}

void checkCloud(const Cloud& cloud, const std::string& file) {
  if (cloud.points.empty()) failInput(file, "it holds no points");
  checkNumbers(cloud.points, "point", file);
  checkNormals(cloud.normals, cloud.points.size(), file);
  if (boxOf(cloud.points).longestSide() == 0) {
    failInput(file, fmt::format("its {} points are all in one place", cloud.points.size()));
  }
}

void mergeEqualVertices(Mesh& mesh) {
  std::unordered_map<Point, std::uint32_t, HashOfPosition> known;
  known.reserve(mesh.vertices.size() / 4);
  std::vector<std::uint32_t> renamed(mesh.vertices.size());
  std::vector<Point> kept;
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    auto [entry, isNew] = known.try_emplace(mesh.vertices[i], static_cast<std::uint32_t>(kept.size()));
    if (isNew) kept.push_back(mesh.vertices[i]);
    renamed[i] = entry->second;
  }
  mesh.vertices = std::move(kept);
  mesh.normals.clear();
  for (Triangle& triangle : mesh.triangles) {
    for (std::uint32_t& corner : triangle) corner = renamed[corner];
  }
}

}  // namespace cadrecode::cloud
