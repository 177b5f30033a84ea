#include "dataset/cloud_cache.hpp"

#include <fmt/format.h>

#include <utility>

#include "cloud/read.hpp"
#include "dataset/cloud_file.hpp"

namespace cadrecode::dataset {
namespace {

// All but the source that decides a cloud. Its first number changes when the code makes other points of the same.
std::string recipeText(const CacheOptions& options) {
  const cloud::Recipe& r = options.recipe;
  return fmt::format(
      "1 {} points={} candidates={} farthest={} sorted={} normals={} mean={} seed={} tolerance={} angular={}",
      options.recipeName, r.points, r.candidates, r.farthest, r.sorted, r.normals,
      r.normalization == cloud::Normalization::mean, options.seed, options.part.tolerance, options.part.angular);
}

std::string makeFile(const CacheOptions& options, CacheProduct::Item item) {
  const bool shape = item.bytes.empty() || sandbox::shapeKind(item.bytes, item.sample.scriptPath).has_value();
  const cloud::ModelCloud cloud =
      shape ? cloud::makeCloud(partOf(item, options.part).mesh(), options.recipe, item.seed)
            : cloud::makeCloud(cloud::readInput(item.bytes, item.sample.scriptPath), options.recipe, item.seed);
  return writeCloudFile(cloud, item.origin);
}

}  // namespace

CacheReport makeClouds(const CacheOptions& options, const CacheProgress& progress, const std::atomic<bool>& stop) {
  CacheProduct product;
  product.kind = Cached::cloud;
  product.recipe = recipeText(options);
  product.part = options.part;
  product.make = [&](CacheProduct::Item item) { return makeFile(options, std::move(item)); };
  product.originOf = originOf;
  return runCache(options, product, progress, stop);
}

}  // namespace cadrecode::dataset
