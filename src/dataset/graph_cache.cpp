#include "dataset/graph_cache.hpp"

#include <fmt/format.h>

#include <utility>

#include "cloud/input_error.hpp"
#include "core/files.hpp"

namespace cadrecode::dataset {
namespace {

constexpr const char* kSource = "source";
constexpr const char* kRecipe = "recipe";

// The first number changes when the code makes other graphs of the same. Of the cloud's recipe only what moves the
// frame counts; a frame by the mean depends on all of it.
std::string recipeText(const CacheOptions& options) {
  const cloud::Recipe& r = options.recipe;
  std::string text = fmt::format("1 faces={} edges={} tolerance={} angular={}", options.grids.face, options.grids.edge,
                                 options.part.tolerance, options.part.angular);
  if (r.normalization == cloud::Normalization::mean) {
    text += fmt::format(" {} points={} candidates={} farthest={} mean=true seed={}", options.recipeName, r.points,
                        r.candidates, r.farthest, options.seed);
  }
  return text;
}

std::string makeFile(const CacheOptions& options, const sandbox::PartOptions& asked, CacheProduct::Item item) {
  if (!item.bytes.empty() && !sandbox::shapeKind(item.bytes, item.sample.scriptPath)) {
    cloud::failInput(item.sample.relativePath, "a mesh or a cloud has no faces to make a graph of");
  }
  sandbox::Part part = partOf(item, asked);
  const cloud::Frame frame = cloud::makeCloud(part.mesh(), options.recipe, item.seed).cloudFrame;
  return brep::toBytes(brep::inFrame(std::move(*part.graph), frame),
                       {{kSource, item.origin.source}, {kRecipe, item.origin.recipe}});
}

std::optional<Origin> originOf(std::string_view bytes) {
  Origin origin{brep::noteOf(bytes, kSource), brep::noteOf(bytes, kRecipe)};
  if (origin.source.empty()) return std::nullopt;
  return origin;
}

}  // namespace

CacheReport makeGraphs(const CacheOptions& options, const CacheProgress& progress, const std::atomic<bool>& stop) {
  CacheProduct product;
  product.kind = Cached::graph;
  product.recipe = recipeText(options);
  product.part = options.part;
  product.part.graph = options.grids;
  product.make = [&](CacheProduct::Item item) { return makeFile(options, product.part, std::move(item)); };
  product.originOf = originOf;
  return runCache(options, product, progress, stop);
}

brep::Graph readGraph(const Sample& sample) {
  const std::string& path = sample.graph.path;
  const std::string bytes = readFile(path);
  if (const auto origin = originOf(bytes); origin && origin->source != sha256(readFile(sample.scriptPath))) {
    cloud::failInput(path, "was made of another version of " + sample.scriptPath);
  }
  return brep::parseGraph(bytes, path);
}

}  // namespace cadrecode::dataset
