#include "cloud/scan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cloud/ray_tester.hpp"
#include "cloud/surface_sampling.hpp"
#include "core/error.hpp"

namespace cadrecode::cloud {
namespace {

constexpr std::size_t attemptsPerPoint = 1000;
constexpr std::size_t spotCount = 3;
constexpr double spotRadius = 0.25;

Point unitVector(Random& random) {
  for (;;) {
    Point point{random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
    double square = dot(point, point);
    if (square <= 1 && square > 1e-4) return 1 / std::sqrt(square) * point;
  }
}

class Scanner {
 public:
  Scanner(const Mesh& mesh, const ScanOptions& options, Random random)
      : options_(options),
        random_(random.split("points")),
        sampler_(mesh),
        tester_(mesh),
        box_(boxOf(mesh)),
        size_(box_.longestSide()) {
    Random setting = random.split("setting");
    for (std::size_t i = 0; i < options.views; ++i) scan_.views.push_back(drawView(setting));
    for (std::size_t i = 0; i < options.holes; ++i) holes_.push_back(sampler_.sampleOne(setting).position);
    for (std::size_t i = 0; i < spotCount; ++i) spots_.push_back(sampler_.sampleOne(setting).position);
  }

  Scan run() {
    std::size_t attempts = options_.points * attemptsPerPoint;
    while (scan_.cloud.points.size() < options_.points) {
      if (attempts-- == 0) {
        throw Error("RuntimeError",
                    fmt::format("the views see too little of the part: {} of {} points after {} attempts",
                                scan_.cloud.points.size(), options_.points, options_.points * attemptsPerPoint));
      }
      tryOnePoint();
    }
    return std::move(scan_);
  }

 private:
  Point drawView(Random& setting) const {
    for (;;) {
      Point view = unitVector(setting);
      if (!options_.hiddenSide || dot(view, *options_.hiddenSide) <= 0) return view;
    }
  }

  // One look from one view at one place of the surface. Places that several views see get more points, as in a scan
  // that was put together from them.
  void tryOnePoint() {
    SurfacePoint place = sampler_.sampleOne(random_);
    const Point& view = scan_.views[random_.below(scan_.views.size())];
    Point normal = sampler_.normal(place.triangle);
    double cosine = dot(normal, view);
    if (cosine < 0) normal = -1 * normal;
    cosine = std::abs(cosine);
    if (cosine < options_.grazing || !random_.chance(density(place.position, cosine))) return;
    if (isInHole(place.position)) return;
    if (tester_.meets(place.position, view, place.triangle, 1e-9 * size_)) return;
    bool isOutlier = random_.chance(options_.outliers);
    Point measured = isOutlier ? strayPoint() : place.position + options_.noise * size_ * random_.normal() * view;
    scan_.cloud.points.push_back(measured);
    scan_.cloud.normals.push_back(normal);
    scan_.isOutlier.push_back(isOutlier);
  }

  // A scanner's grid is wider where the surface falls away from it, and denser near the spots it was aimed at.
  double density(const Point& place, double cosine) const {
    double nearest = 4;  // squared, in spot radii
    for (const Point& spot : spots_) {
      Point offset = 1 / (spotRadius * size_) * (place - spot);
      nearest = std::min(nearest, dot(offset, offset));
    }
    return 1 - options_.unevenness * (1 - cosine / (1 + nearest));
  }

  bool isInHole(const Point& place) const {
    double radius = options_.holeRadius * size_;
    return std::any_of(holes_.begin(), holes_.end(), [&](const Point& hole) {
      Point offset = place - hole;
      return dot(offset, offset) < radius * radius;
    });
  }

  Point strayPoint() {
    Point point;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      point[axis] = random_.uniform(box_.low[axis] - 0.1 * size_, box_.high[axis] + 0.1 * size_);
    }
    return point;
  }

  ScanOptions options_;
  Random random_;
  SurfaceSampler sampler_;
  RayTester tester_;
  Box box_;
  double size_;
  std::vector<Point> holes_;
  std::vector<Point> spots_;
  Scan scan_;
};

void checkOptions(const ScanOptions& options) {
  auto isShare = [](double value) { return value >= 0 && value <= 1; };
  const char* wrong = options.views == 0                                     ? "views"
                      : !(options.grazing >= 0 && options.grazing < 1)       ? "grazing"
                      : !(options.noise >= 0 && options.noise <= 10)         ? "noise"
                      : !isShare(options.outliers)                           ? "outliers"
                      : !isShare(options.unevenness)                         ? "unevenness"
                      : !(options.holeRadius >= 0 && options.holeRadius < 2) ? "holeRadius"
                                                                             : nullptr;
  if (wrong) throw Error(ErrorCode::input, "ValueError", fmt::format("a scan's option '{}' is out of range", wrong));
}

}  // namespace

Scan simulateScan(const Mesh& mesh, const ScanOptions& options, Random random) {
  checkOptions(options);
  return Scanner(mesh, options, random).run();
}

}  // namespace cadrecode::cloud
