#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cloud/scalar.hpp"
#include "cloud/write.hpp"
#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

// One binary buffer and the JSON that describes its parts, each of which begins at a multiple of four bytes.
class GlbWriter {
 public:
  void addPoints(const std::vector<Point>& points) {
    PointF low{};
    PointF high{};
    beginView(points.size() * 12, 34962);
    for (std::size_t i = 0; i < points.size(); ++i) {
      for (std::size_t axis = 0; axis < 3; ++axis) {
        float value = toFloat32(points[i][axis]);
        low[axis] = i == 0 ? value : std::min(low[axis], value);
        high[axis] = i == 0 ? value : std::max(high[axis], value);
        appendFloat32(buffer_, value);
      }
    }
    // The viewer needs the box of positions; in 9 digits a float32 is read back as it was.
    addAccessor(5126, points.size(), "VEC3",
                fmt::format(R"(,"min":[{:.9g},{:.9g},{:.9g}],"max":[{:.9g},{:.9g},{:.9g}])", low[0], low[1], low[2],
                            high[0], high[1], high[2]));
    addAttribute("POSITION");
  }

  // glTF wants normals of length 1; any others are left out.
  void addNormals(const std::vector<Point>& normals) {
    bool areUnit = std::all_of(normals.begin(), normals.end(),
                               [](const Point& normal) { return std::abs(length(normal) - 1) < 1e-4; });
    if (normals.empty() || !areUnit) return;
    beginView(normals.size() * 12, 34962);
    for (const Point& normal : normals) {
      for (double value : normal) appendFloat32(buffer_, value);
    }
    addAccessor(5126, normals.size(), "VEC3", "");
    addAttribute("NORMAL");
  }

  void addTriangles(const std::vector<Triangle>& triangles) {
    beginView(triangles.size() * 12, 34963);
    for (const Triangle& triangle : triangles) {
      for (std::uint32_t corner : triangle) appendUint32(buffer_, corner);
    }
    addAccessor(5125, triangles.size() * 3, "SCALAR", "");
    indices_ = fmt::format(R"(,"indices":{})", accessorCount_ - 1);
  }

  // `mode`: 0 for points, 4 for triangles.
  std::string finish(int mode) {
    std::string json =
        fmt::format(R"({{"asset":{{"version":"2.0","generator":"cadrecode"}},"scene":0,"scenes":[{{"nodes":[0]}}],)"
                    R"("nodes":[{{"mesh":0,"scale":[0.001,0.001,0.001],"rotation":[-0.70710678,0,0,0.70710678]}}],)"
                    R"("meshes":[{{"primitives":[{{"attributes":{{{}}}{},"mode":{}}}]}}],)"
                    R"("accessors":[{}],"bufferViews":[{}],"buffers":[{{"byteLength":{}}}]}})",
                    attributes_, indices_, mode, accessors_, views_, buffer_.size());
    json.resize((json.size() + 3) / 4 * 4, ' ');
    std::size_t size = 12 + 8 + json.size() + 8 + buffer_.size();
    if (size > std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::input, "ValueError", "a glTF file holds at most 4 GiB");
    }
    std::string bytes = "glTF";
    appendUint32(bytes, 2);
    appendUint32(bytes, static_cast<std::uint32_t>(size));
    appendUint32(bytes, static_cast<std::uint32_t>(json.size()));
    bytes += "JSON" + json;
    appendUint32(bytes, static_cast<std::uint32_t>(buffer_.size()));
    bytes += std::string("BIN\0", 4) + buffer_;
    return bytes;
  }

 private:
  void beginView(std::size_t size, int target) {
    if (!views_.empty()) views_ += ',';
    views_ +=
        fmt::format(R"({{"buffer":0,"byteOffset":{},"byteLength":{},"target":{}}})", buffer_.size(), size, target);
  }

  void addAccessor(int type, std::size_t count, const char* shape, const std::string& bounds) {
    if (!accessors_.empty()) accessors_ += ',';
    accessors_ += fmt::format(R"({{"bufferView":{},"componentType":{},"count":{},"type":"{}"{}}})", accessorCount_,
                              type, count, shape, bounds);
    ++accessorCount_;
  }

  void addAttribute(const char* name) {
    if (!attributes_.empty()) attributes_ += ',';
    attributes_ += fmt::format(R"("{}":{})", name, accessorCount_ - 1);
  }

  std::string buffer_;
  std::string views_;
  std::string accessors_;
  std::string attributes_;
  std::string indices_;
  int accessorCount_ = 0;
};

}  // namespace

std::string writeGlb(const Mesh& mesh) {
  GlbWriter writer;
  writer.addPoints(mesh.vertices);
  writer.addNormals(mesh.normals);
  writer.addTriangles(mesh.triangles);
  return writer.finish(4);
}

std::string writeGlb(const Cloud& cloud) {
  GlbWriter writer;
  writer.addPoints(cloud.points);
  writer.addNormals(cloud.normals);
  return writer.finish(0);
}

}  // namespace cadrecode::cloud
