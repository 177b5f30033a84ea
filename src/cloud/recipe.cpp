#include "cloud/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <tuple>

#include "cloud/surface_sampling.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {
namespace {

[[noreturn]] void fail(const std::string& reason) { throw Error(ErrorCode::input, "ValueError", reason); }

PointF rounded(const Point& point) {
  return {static_cast<float>(point[0]), static_cast<float>(point[1]), static_cast<float>(point[2])};
}

template <typename T>
void keepOnly(std::vector<T>& items, const std::vector<std::uint32_t>& indices) {
  std::vector<T> kept;
  kept.reserve(indices.size());
  for (std::uint32_t index : indices) kept.push_back(items[index]);
  items = std::move(kept);
}

// From the candidates to the cloud's points, in their order.
void choosePoints(ModelCloud& cloud, const Recipe& recipe) {
  std::vector<std::uint32_t> indices;
  if (recipe.farthest) {
    indices = farthestPoints(cloud.points, recipe.points);
  } else {
    indices.resize(recipe.points);
    std::iota(indices.begin(), indices.end(), 0U);
  }
  if (recipe.sorted) {
    std::stable_sort(indices.begin(), indices.end(), [&](std::uint32_t a, std::uint32_t b) {
      const PointF& p = cloud.points[a];
      const PointF& q = cloud.points[b];
      return std::tie(p[2], p[1], p[0]) < std::tie(q[2], q[1], q[0]);
    });
  }
  keepOnly(cloud.points, indices);
  if (recipe.normals) keepOnly(cloud.normals, indices);
}

// Moves the chosen points' mean to the origin and scales their largest coordinate to 1.
void normalizeByMean(ModelCloud& cloud) {
  Point mean{};
  for (const PointF& point : cloud.points) mean = mean + Point{point[0], point[1], point[2]};
  mean = 1 / static_cast<double>(cloud.points.size()) * mean;
  double largest = 0;
  for (const PointF& point : cloud.points) {
    for (std::size_t axis = 0; axis < 3; ++axis) largest = std::max(largest, std::abs(point[axis] - mean[axis]));
  }
  if (!(largest > 0)) fail("the points of the cloud are all in one place");
  Frame inBox{mean, largest};
  for (PointF& point : cloud.points) point = rounded(inBox.toLocal({point[0], point[1], point[2]}));
  cloud.cloudFrame = {cloud.cloudFrame.toPart(mean), cloud.cloudFrame.unit * largest};
}

// From candidates in the box's frame to the cloud.
ModelCloud finish(ModelCloud cloud, const Recipe& recipe) {
  choosePoints(cloud, recipe);
  if (recipe.normalization == Normalization::mean) normalizeByMean(cloud);
  cloud.programFrame = {cloud.cloudFrame.origin, cloud.cloudFrame.unit / recipe.programHalf};
  return cloud;
}

std::size_t candidateCount(const Recipe& recipe) {
  return recipe.farthest ? std::max(recipe.points, recipe.candidates) : recipe.points;
}

// `count` different numbers below `size`, in random order; all of them in their own order when that is all there is.
std::vector<std::uint32_t> drawIndices(std::size_t size, std::size_t count, Random& random) {
  std::vector<std::uint32_t> indices(size);
  std::iota(indices.begin(), indices.end(), 0U);
  if (count >= size) return indices;
  for (std::size_t i = 0; i < count; ++i) std::swap(indices[i], indices[i + random.below(size - i)]);
  indices.resize(count);
  return indices;
}

}  // namespace

Recipe Recipe::v1() {
  Recipe recipe;
  recipe.farthest = false;
  recipe.sorted = true;
  recipe.normals = true;
  recipe.programHalf = 50;
  return recipe;
}

Recipe Recipe::benchmark() {
  Recipe recipe;
  recipe.normalization = Normalization::mean;
  return recipe;
}

Recipe Recipe::named(std::string_view name) {
  if (name == "v1.5") return v1_5();
  if (name == "v1") return v1();
  if (name == "opencadrecode") return benchmark();
  throw Error(ErrorCode::usage, "ValueError",
              fmt::format("no recipe '{}'; there are v1.5, v1 and opencadrecode", name));
}

ModelCloud makeCloud(const Mesh& mesh, const Recipe& recipe, std::uint64_t seed) {
  if (recipe.points == 0) fail("a recipe without points");
  ModelCloud cloud;
  cloud.cloudFrame = Frame::centred(boxOf(mesh), 2);
  SurfaceSampler sampler(mesh);
  Random random = Random(seed).split("surface");
  std::size_t count = candidateCount(recipe);
  cloud.points.reserve(count);
  // Scaling the samples instead of the mesh gives the same distribution and spares a copy of the mesh.
  for (const SurfacePoint& point : sampler.sample(count, random)) {
    cloud.points.push_back(rounded(cloud.cloudFrame.toLocal(point.position)));
    if (recipe.normals) cloud.normals.push_back(rounded(sampler.normal(point.triangle)));
  }
  return finish(std::move(cloud), recipe);
}

ModelCloud makeCloud(const Cloud& scan, const Recipe& recipe, std::uint64_t seed) {
  if (recipe.points == 0) fail("a recipe without points");
  if (scan.points.size() < recipe.points) {
    fail(fmt::format("a cloud of {} points; {} are needed", scan.points.size(), recipe.points));
  }
  if (recipe.normals && scan.normals.empty()) fail("the recipe needs normals, the cloud has none");
  ModelCloud cloud;
  cloud.cloudFrame = Frame::centred(boxOf(scan.points), 2);
  Random random = Random(seed).split("scan");
  for (std::uint32_t index : drawIndices(scan.points.size(), candidateCount(recipe), random)) {
    cloud.points.push_back(rounded(cloud.cloudFrame.toLocal(scan.points[index])));
    if (recipe.normals) cloud.normals.push_back(rounded(scan.normals[index]));
  }
  return finish(std::move(cloud), recipe);
}

ModelCloud makeCloud(const Input& input, const Recipe& recipe, std::uint64_t seed) {
  return std::visit([&](const auto& geometry) { return makeCloud(geometry, recipe, seed); }, input.geometry);
}

Cloud toPart(const ModelCloud& cloud) {
  Cloud result;
  result.points.reserve(cloud.points.size());
  for (const PointF& point : cloud.points)
    result.points.push_back(cloud.cloudFrame.toPart({point[0], point[1], point[2]}));
  for (const PointF& normal : cloud.normals) result.normals.push_back({normal[0], normal[1], normal[2]});
  return result;
}

}  // namespace cadrecode::cloud
