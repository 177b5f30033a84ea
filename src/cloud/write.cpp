#include "cloud/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "cloud/scalar.hpp"
#include "cloud/text_scanner.hpp"
#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

bool fitsFloat32(const std::vector<Point>& points) {
  return std::all_of(points.begin(), points.end(), [](const Point& point) {
    return std::all_of(point.begin(), point.end(), [](double value) {
      return std::abs(value) <= std::numeric_limits<float>::max() &&
             static_cast<double>(static_cast<float>(value)) == value;
    });
  });
}

std::string plyHeader(const std::vector<std::string>& comments) {
  std::string header = "ply\nformat binary_little_endian 1.0\n";
  for (const std::string& comment : comments) {
    if (comment.find_first_of("\r\n") != comment.npos) {
      throw Error(ErrorCode::input, "ValueError", "a comment of a PLY file has one line");
    }
    header += fmt::format("comment {}\n", comment);
  }
  return header;
}

void appendVertexHeader(std::string& bytes, std::size_t count, bool single, bool normals) {
  const char* type = single ? "float" : "double";
  bytes += fmt::format("element vertex {}\nproperty {} x\nproperty {} y\nproperty {} z\n", count, type, type, type);
  if (normals) bytes += fmt::format("property {} nx\nproperty {} ny\nproperty {} nz\n", type, type, type);
}

void appendVertices(std::string& bytes, const std::vector<Point>& points, const std::vector<Point>& normals,
                    bool single) {
  auto append = single ? appendFloat32 : appendFloat64;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (double value : points[i]) append(bytes, value);
    if (normals.empty()) continue;
    for (double value : normals[i]) append(bytes, value);
  }
}

void appendObjPoints(std::string& text, const char* keyword, const std::vector<Point>& points) {
  for (const Point& point : points) {
    fmt::format_to(std::back_inserter(text), "{} {} {} {}\n", keyword, point[0], point[1], point[2]);
  }
}

std::string extensionOf(const std::string& name) {
  return lowerCase(name.substr(std::min(name.rfind('.'), name.size())));
}

[[noreturn]] void failExtension(const std::string& name, const char* kind, const char* known) {
  throw Error(ErrorCode::usage, "ValueError", fmt::format("'{}': a {} is written as {}", name, kind, known));
}

PointF rounded(const Point& point) { return {toFloat32(point[0]), toFloat32(point[1]), toFloat32(point[2])}; }

}  // namespace

std::string writeStl(const Mesh& mesh) {
  if (mesh.triangles.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::input, "ValueError", "an STL file holds at most 4294967295 triangles");
  }
  std::string bytes(80, ' ');
  bytes.replace(0, 13, "binary STL mm");
  bytes.reserve(84 + mesh.triangles.size() * 50);
  appendUint32(bytes, static_cast<std::uint32_t>(mesh.triangles.size()));
  for (const Triangle& triangle : mesh.triangles) {
    Point normal = doubleAreaVector(mesh, triangle);
    double size = length(normal);
    for (double value : normal) appendFloat32(bytes, size > 0 ? value / size : 0);
    for (std::uint32_t corner : triangle) {
      for (double value : mesh.vertices[corner]) appendFloat32(bytes, value);
    }
    appendUint16(bytes, 0);
  }
  return bytes;
}

std::string writeObj(const Mesh& mesh) {
  std::string text;
  appendObjPoints(text, "v", mesh.vertices);
  appendObjPoints(text, "vn", mesh.normals);
  for (const Triangle& triangle : mesh.triangles) {
    text += 'f';
    for (std::uint32_t corner : triangle) {
      std::uint64_t index = std::uint64_t{corner} + 1;
      text += mesh.normals.empty() ? fmt::format(" {}", index) : fmt::format(" {}//{}", index, index);
    }
    text += '\n';
  }
  return text;
}

std::string writeObj(const Cloud& cloud) {
  std::string text;
  appendObjPoints(text, "v", cloud.points);
  appendObjPoints(text, "vn", cloud.normals);
  return text;
}

std::string writePly(const Mesh& mesh, const std::vector<std::string>& comments) {
  std::string bytes = plyHeader(comments);
  bool single = fitsFloat32(mesh.vertices) && fitsFloat32(mesh.normals);
  appendVertexHeader(bytes, mesh.vertices.size(), single, !mesh.normals.empty());
  bytes += fmt::format("element face {}\nproperty list uchar uint vertex_indices\nend_header\n", mesh.triangles.size());
  appendVertices(bytes, mesh.vertices, mesh.normals, single);
  for (const Triangle& triangle : mesh.triangles) {
    bytes += '\3';
    for (std::uint32_t corner : triangle) appendUint32(bytes, corner);
  }
  return bytes;
}

std::string writePly(const Cloud& cloud, const std::vector<std::string>& comments) {
  std::string bytes = plyHeader(comments);
  bool single = fitsFloat32(cloud.points) && fitsFloat32(cloud.normals);
  appendVertexHeader(bytes, cloud.points.size(), single, !cloud.normals.empty());
  bytes += "end_header\n";
  appendVertices(bytes, cloud.points, cloud.normals, single);
  return bytes;
}

std::string writeNpy(const std::vector<PointF>& points, const std::vector<PointF>& normals) {
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", points.size(),
                                   normals.empty() ? 3 : 6);
  constexpr std::size_t prefix = 10;  // magic, version and the header's length
  std::size_t size = (prefix + header.size() + 1 + 63) / 64 * 64;
  header.resize(size - prefix - 1, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\1\0", 8);
  appendUint16(bytes, static_cast<std::uint16_t>(header.size()));
  bytes += header;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (float value : points[i]) appendFloat32(bytes, value);
    if (normals.empty()) continue;
    for (float value : normals[i]) appendFloat32(bytes, value);
  }
  return bytes;
}

std::string writeNpy(const Cloud& cloud) {
  std::vector<PointF> points;
  std::vector<PointF> normals;
  std::transform(cloud.points.begin(), cloud.points.end(), std::back_inserter(points), rounded);
  std::transform(cloud.normals.begin(), cloud.normals.end(), std::back_inserter(normals), rounded);
  return writeNpy(points, normals);
}

std::string writeAs(const Mesh& mesh, const std::string& name) {
  std::string extension = extensionOf(name);
  if (extension == ".stl") return writeStl(mesh);
  if (extension == ".obj") return writeObj(mesh);
  if (extension == ".ply") return writePly(mesh);
  if (extension == ".glb") return writeGlb(mesh);
  failExtension(name, "mesh", ".stl, .obj, .ply or .glb");
}

std::string writeAs(const Cloud& cloud, const std::string& name) {
  std::string extension = extensionOf(name);
  if (extension == ".npy") return writeNpy(cloud);
  if (extension == ".ply") return writePly(cloud);
  if (extension == ".obj") return writeObj(cloud);
  if (extension == ".glb") return writeGlb(cloud);
  failExtension(name, "cloud", ".npy, .ply, .obj or .glb");
}

}  // namespace cadrecode::cloud
