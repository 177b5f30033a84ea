#include "cloud/mesh_builder.hpp"

#include <fmt/format.h>

#include <limits>

#include "cloud/check.hpp"
#include "cloud/triangulate_polygon.hpp"

namespace cadrecode::cloud {

void MeshBuilder::endPolygon(std::size_t place) { polygons_.push_back({corners_.size(), place}); }

Mesh MeshBuilder::finish(std::vector<std::string>& notes) {
  Mesh mesh;
  mesh.vertices = std::move(vertices);
  if (mesh.vertices.size() > std::numeric_limits<std::uint32_t>::max()) {
    failInput(file_, fmt::format("{} vertices are more than a mesh may have", mesh.vertices.size()));
  }
  auto count = static_cast<std::int64_t>(mesh.vertices.size());
  mesh.triangles.reserve(polygons_.size());
  std::vector<std::uint32_t> corners;
  std::size_t begin = 0;
  std::size_t tooFew = 0;
  for (const Polygon& polygon : polygons_) {
    corners.clear();
    for (; begin < polygon.end; ++begin) {
      std::int64_t vertex = corners_[begin];
      if (vertex < 0 || vertex >= count) {
        failInput(file_, kind_, polygon.place,
                  fmt::format("a face names vertex {} (from 0), there are {}", vertex, count));
      }
      corners.push_back(static_cast<std::uint32_t>(vertex));
    }
    if (corners.size() < 3) {
      ++tooFew;
    } else if (!triangulatePolygon(mesh.vertices, corners, mesh.triangles)) {
      failInput(file_, kind_, polygon.place,
                fmt::format("a concave face of {} corners; at most {} are cut into triangles", corners.size(),
                            largestConcavePolygon));
    }
  }
  corners_.clear();
  polygons_.clear();
  if (tooFew > 0) notes.push_back(fmt::format("{} faces with fewer than three corners were left out", tooFew));
  if (normals.size() == mesh.vertices.size()) mesh.normals = std::move(normals);
  normals.clear();
  checkMesh(mesh, file_, notes);
  return mesh;
}

}  // namespace cadrecode::cloud
