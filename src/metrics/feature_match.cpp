#include "metrics/feature_match.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/random.hpp"
#include "metrics/point_tree.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::cross;
using cloud::dot;
using cloud::operator-;
using cloud::operator*;
using cloud::Point;

constexpr std::size_t kPoints = 600;         // of each cloud are matched
constexpr double kRadius = 0.2;              // of a feature, in longest sides of the reference
constexpr double kNear = 0.05;               // a match within this, in the same unit, agrees with a motion
constexpr double kSameLength = 0.9;          // the least ratio of the sides of two triangles
constexpr std::size_t kHypotheses = 20'000;  // triples drawn; few pass the check of their sides
constexpr std::size_t kKept = 12;            // motions
constexpr std::size_t kAngleBins = kFeatureBins / 3;

cloud::Cloud first(const cloud::Cloud& cloud, std::size_t count) {  // samples come in no order
  if (cloud.points.size() <= count) return cloud;
  cloud::Cloud some;
  some.points.assign(cloud.points.begin(), cloud.points.begin() + static_cast<std::ptrdiff_t>(count));
  some.normals.assign(cloud.normals.begin(), cloud.normals.begin() + static_cast<std::ptrdiff_t>(count));
  return some;
}

// Adds the three angles of a pair of points, in the frame that the normal of the one and the way to the other span.
void addPair(Feature& histogram, Point p, Point n, Point q, Point m) {
  Point way = q - p;
  const double distance = cloud::length(way);
  if (!(distance > 0)) return;
  way = 1 / distance * way;
  // The point whose normal looks more along the way is the origin, so that both ends of a pair see the same angles.
  if (std::abs(dot(n, way)) < std::abs(dot(m, way))) {
    std::swap(n, m);
    way = -1.0 * way;
  }
  Point v = cross(way, n);
  const double norm = cloud::length(v);
  if (!(norm > 1e-12)) return;
  v = 1 / norm * v;
  const Point w = cross(n, v);
  const double angles[3] = {(std::atan2(dot(w, m), dot(n, m)) / std::numbers::pi + 1) / 2, (dot(v, m) + 1) / 2,
                            (dot(n, way) + 1) / 2};
  for (std::size_t angle = 0; angle < 3; ++angle) {
    const auto bin = static_cast<std::size_t>(std::clamp(angles[angle], 0.0, 1.0) * kAngleBins);
    histogram[angle * kAngleBins + std::min(bin, kAngleBins - 1)] += 1;
  }
}

void normalise(Feature& feature) {
  for (std::size_t angle = 0; angle < 3; ++angle) {
    float* bins = &feature[angle * kAngleBins];
    float sum = 0;
    for (std::size_t bin = 0; bin < kAngleBins; ++bin) sum += bins[bin];
    for (std::size_t bin = 0; sum > 0 && bin < kAngleBins; ++bin) bins[bin] /= sum;
  }
}

float difference(const Feature& a, const Feature& b) {
  float sum = 0;
  for (std::size_t bin = 0; bin < kFeatureBins; ++bin) sum += (a[bin] - b[bin]) * (a[bin] - b[bin]);
  return sum;
}

// Whether two triangles have like sides, none of them short.
bool alike(const std::vector<Point>& a, const std::vector<Point>& b, double shortest) {
  for (std::size_t i = 0; i < 3; ++i) {
    const double x = cloud::length(a[i] - a[(i + 1) % 3]), y = cloud::length(b[i] - b[(i + 1) % 3]);
    if (std::min(x, y) < std::max(shortest, kSameLength * std::max(x, y))) return false;
  }
  return true;
}

}  // namespace

std::vector<Feature> featuresOf(const cloud::Cloud& cloud, double radius) {
  const PointTree tree(cloud.points);
  const std::size_t count = cloud.points.size();
  std::vector<Feature> simple(count), features(count);
  std::vector<std::vector<Nearest>> neighbours(count);
  for (std::size_t i = 0; i < count; ++i) {
    neighbours[i] = tree.within(cloud.points[i], radius);
    // In an order of their own: sums of floats must not depend on the tree.
    std::sort(neighbours[i].begin(), neighbours[i].end(),
              [](const Nearest& a, const Nearest& b) { return a.index < b.index; });
    for (const Nearest& other : neighbours[i]) {
      if (other.index == i) continue;
      addPair(simple[i], cloud.points[i], cloud.normals[i], cloud.points[other.index], cloud.normals[other.index]);
    }
    normalise(simple[i]);
  }
  for (std::size_t i = 0; i < count; ++i) {
    features[i] = simple[i];
    const auto others = static_cast<float>(std::max<std::size_t>(neighbours[i].size(), 2) - 1);
    for (const Nearest& other : neighbours[i]) {
      if (other.index == i || !(other.distance > 0)) continue;
      // Nearer ones count more; at the radius as much as their share.
      const auto weight = static_cast<float>(radius / std::max(other.distance, 0.05 * radius)) / others;
      for (std::size_t bin = 0; bin < kFeatureBins; ++bin) features[i][bin] += weight * simple[other.index][bin];
    }
    normalise(features[i]);
  }
  return features;
}

std::vector<Motion> motionsByFeatures(const cloud::Cloud& reference, const cloud::Cloud& prediction,
                                      std::uint64_t seed) {
  if (reference.normals.size() != reference.points.size() || prediction.normals.size() != prediction.points.size()) {
    return {};
  }
  const cloud::Cloud to = first(reference, kPoints), from = first(prediction, kPoints);
  if (to.points.size() < 3 || from.points.size() < 3) return {};
  const double size = cloud::boxOf(to.points).longestSide();
  const std::vector<Feature> toFeatures = featuresOf(to, kRadius * size),
                             fromFeatures = featuresOf(from, kRadius * size);
  std::vector<std::size_t> match(from.points.size());
  for (std::size_t i = 0; i < match.size(); ++i) {
    float least = std::numeric_limits<float>::infinity();
    for (std::size_t j = 0; j < toFeatures.size(); ++j) {
      const float value = difference(fromFeatures[i], toFeatures[j]);
      if (value < least) {
        least = value;
        match[i] = j;
      }
    }
  }

  Random random = Random(seed).split("features");
  std::vector<std::pair<std::size_t, Motion>> found;  // how many matches agree
  std::vector<Point> a(3), b(3);
  for (std::size_t hypothesis = 0; hypothesis < kHypotheses; ++hypothesis) {
    for (std::size_t corner = 0; corner < 3; ++corner) {
      const std::size_t i = random.below(match.size());
      a[corner] = from.points[i];
      b[corner] = to.points[match[i]];
    }
    if (!alike(a, b, 2 * kNear * size)) continue;
    const Motion motion = bestMotion(a, b);
    std::size_t agreeing = 0;
    for (std::size_t i = 0; i < match.size(); ++i) {
      const Point way = motion(from.points[i]) - to.points[match[i]];
      agreeing += dot(way, way) < kNear * size * kNear * size;
    }
    if (agreeing > 3) found.emplace_back(agreeing, motion);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& x, const auto& y) { return x.first > y.first; });
  std::vector<Motion> motions;
  for (std::size_t i = 0; i < found.size() && i < kKept; ++i) motions.push_back(found[i].second);
  return motions;
}

}  // namespace cadrecode::metrics
