#include "metrics/distances.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cloud/surface_sampling.hpp"
#include "core/random.hpp"
#include "metrics/point_tree.hpp"
#include "metrics/surface_tree.hpp"

namespace cadrecode::metrics {
namespace {

// Sums up one way; `nearest` gives the distance from a point and the normal found there.
class Sums {
 public:
  Sums(std::size_t points, double threshold, bool normals) : threshold_(threshold), normals_(normals) {
    count_ = static_cast<double>(points);
  }
  void add(double distance) {
    way_.mean += distance;
    way_.meanSquare += distance * distance;
    way_.largest = std::max(way_.largest, distance);
    if (distance <= threshold_) ++within_;
  }
  void addNormals(const cloud::Point& a, const cloud::Point& b) {
    const double cosine = std::clamp(cloud::dot(a, b), -1.0, 1.0);
    signed_ += cosine;
    absolute_ += std::abs(cosine);
  }
  OneWay result() const {
    OneWay way = way_;
    way.mean /= count_;
    way.meanSquare /= count_;
    way.withinThreshold = static_cast<double>(within_) / count_;
    if (normals_) {
      way.normalAgreement = signed_ / count_;
      way.normalAlignment = absolute_ / count_;
    }
    return way;
  }

 private:
  OneWay way_;
  double count_ = 0, threshold_;
  std::uint64_t within_ = 0;
  bool normals_;
  double signed_ = 0, absolute_ = 0;
};

bool hasNormals(const cloud::Cloud& cloud) { return cloud.normals.size() == cloud.points.size(); }

OneWay toPoints(const cloud::Cloud& from, const cloud::Cloud& to, const PointTree& tree, double threshold) {
  const bool normals = hasNormals(from) && hasNormals(to);
  Sums sums(from.points.size(), threshold, normals);
  for (std::size_t i = 0; i < from.points.size(); ++i) {
    const Nearest nearest = tree.nearest(from.points[i]);
    sums.add(nearest.distance);
    if (normals) sums.addNormals(from.normals[i], to.normals[nearest.index]);
  }
  return sums.result();
}

OneWay toSurface(const cloud::Cloud& from, const SurfaceTree& tree, double threshold) {
  const bool normals = hasNormals(from);
  Sums sums(from.points.size(), threshold, normals);
  for (std::size_t i = 0; i < from.points.size(); ++i) {
    const SurfaceTree::Hit hit = tree.nearest(from.points[i]);
    sums.add(hit.distance);
    if (normals) sums.addNormals(from.normals[i], tree.normal(hit.triangle));
  }
  return sums.result();
}

}  // namespace

double Distances::hausdorff() const { return std::max(forward.largest, backward.largest); }
double Distances::rms() const { return std::sqrt((forward.meanSquare + backward.meanSquare) / 2); }

cloud::Cloud sampleSurface(const cloud::Mesh& mesh, std::size_t count, std::uint64_t seed) {
  const cloud::SurfaceSampler sampler(mesh);
  Random random(seed);
  cloud::Cloud cloud;
  cloud.points.reserve(count);
  cloud.normals.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const cloud::SurfacePoint point = sampler.sampleOne(random);
    cloud.points.push_back(point.position);
    cloud.normals.push_back(sampler.normal(point.triangle));
  }
  return cloud;
}

Distances pointDistances(const cloud::Cloud& reference, const cloud::Cloud& prediction, double threshold,
                         std::optional<double> backwardThreshold) {
  const double backward = backwardThreshold.value_or(threshold);
  const PointTree referenceTree(reference.points), predictionTree(prediction.points);
  return {toPoints(reference, prediction, predictionTree, threshold),
          toPoints(prediction, reference, referenceTree, backward), threshold, backward};
}

Distances surfaceDistances(const cloud::Mesh& reference, const cloud::Mesh& prediction,
                           const cloud::Cloud& referencePoints, const cloud::Cloud& predictionPoints, double threshold,
                           std::optional<double> backwardThreshold) {
  const double backward = backwardThreshold.value_or(threshold);
  const SurfaceTree referenceTree(reference), predictionTree(prediction);
  return {toSurface(referencePoints, predictionTree, threshold), toSurface(predictionPoints, referenceTree, backward),
          threshold, backward};
}

NoiseFloor noiseFloor(double area, std::size_t points, double threshold) {
  const double areaPerPoint = area / static_cast<double>(points);
  return {std::sqrt(areaPerPoint) / 2, std::sqrt(areaPerPoint / std::numbers::pi),
          -std::expm1(-std::numbers::pi * threshold * threshold / areaPerPoint)};
}

}  // namespace cadrecode::metrics
