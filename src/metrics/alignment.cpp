#include "metrics/alignment.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include "metrics/feature_match.hpp"
#include "metrics/point_tree.hpp"
#include "metrics/surface_tree.hpp"
#include "metrics/symmetric_eigen.hpp"

namespace cadrecode::metrics {

using cloud::boxOf;
using cloud::cross;
using cloud::dot;
using cloud::operator-;
using cloud::operator+;
using cloud::operator*;
using cloud::Point;

Point Motion::operator()(const Point& p) const { return turn(p) + shift; }

Motion Motion::after(const Motion& first) const {
  Motion result;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      result.rows[row][column] = rows[row][0] * first.rows[0][column] + rows[row][1] * first.rows[1][column] +
                                 rows[row][2] * first.rows[2][column];
    }
  }
  result.shift = (*this)(first.shift);
  return result;
}

Motion Motion::inverse() const {
  Motion result;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) result.rows[row][column] = rows[column][row];
  }
  result.shift = -1.0 * result.turn(shift);
  return result;
}

void apply(const Motion& motion, cloud::Mesh& mesh) {
  for (Point& vertex : mesh.vertices) vertex = motion(vertex);
  for (Point& normal : mesh.normals) normal = motion.turn(normal);
}

void apply(const Motion& motion, cloud::Cloud& cloud) {
  for (Point& point : cloud.points) point = motion(point);
  for (Point& normal : cloud.normals) normal = motion.turn(normal);
}

namespace {

Point meanOf(const std::vector<Point>& points) {
  Point sum{};
  for (const Point& p : points) sum = sum + p;
  return 1 / static_cast<double>(points.size()) * sum;
}

// The rotation of a unit quaternion w, x, y, z.
Motion rotationOf(double w, double x, double y, double z) {
  Motion motion;
  motion.rows = {{{w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)},
                  {2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)},
                  {2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z}}};
  return motion;
}

}  // namespace

Motion bestMotion(const std::vector<Point>& points, const std::vector<Point>& partners) {
  const Point from = meanOf(points), to = meanOf(partners);
  double s[3][3] = {};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point p = points[i] - from, q = partners[i] - to;
    for (int a = 0; a < 3; ++a) {
      for (int b = 0; b < 3; ++b) s[a][b] += p[a] * q[b];
    }
  }
  const Eigen<4> eigen =
      symmetricEigen<4>({{{s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
                          {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
                          {s[2][0] - s[0][2], s[0][1] + s[1][0], s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1]},
                          {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], s[2][2] - s[0][0] - s[1][1]}}});
  const std::array<double, 4>& q = eigen.vectors[0];
  Motion motion = rotationOf(q[0], q[1], q[2], q[3]);
  motion.shift = to - motion.turn(from);
  return motion;
}

const std::vector<Motion>& cubeRotations() {
  static const std::vector<Motion> rotations = [] {
    std::vector<Motion> all;
    std::array<int, 3> order{0, 1, 2};
    do {
      for (int signs = 0; signs < 8; ++signs) {
        Motion motion;
        motion.rows = {};
        for (int row = 0; row < 3; ++row) motion.rows[row][order[row]] = signs >> row & 1 ? -1 : 1;
        if (dot(motion.rows[0], cross(motion.rows[1], motion.rows[2])) > 0) all.push_back(motion);
      }
    } while (std::next_permutation(order.begin(), order.end()));
    return all;
  }();
  return rotations;
}

namespace {

// Nearest places on a shape: on its surface where there is one, else among its points.
class Target {
 public:
  explicit Target(const Sampled& shape) : points_(shape.points.points) {
    if (shape.mesh) {
      surface_ = std::make_unique<SurfaceTree>(*shape.mesh);
    } else {
      tree_ = std::make_unique<PointTree>(points_);
    }
  }
  // `last`: what was found the last time, when the point was not far from here; kept up to date.
  Point nearest(const Point& query, std::uint32_t& last) const {
    if (!surface_) return points_[tree_->nearest(query).index];
    const SurfaceTree::Hit hit = surface_->nearest(query, last);
    last = hit.triangle;
    return hit.position;
  }
  Point nearest(const Point& query) const {
    std::uint32_t unknown = SurfaceTree::kNone;
    return nearest(query, unknown);
  }

 private:
  const std::vector<Point>& points_;
  std::unique_ptr<SurfaceTree> surface_;
  std::unique_ptr<PointTree> tree_;
};

std::vector<Point> thinned(const std::vector<Point>& points, std::size_t count) {
  if (points.size() <= count) return points;
  std::vector<Point> result;  // samples come in no order: the first are as good as any
  result.assign(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(count));
  return result;
}

class Aligner {
 public:
  Aligner(const Sampled& reference, const Sampled& prediction)
      : reference_(reference.points.points),
        prediction_(prediction.points.points),
        toReference_(reference),
        toPrediction_(prediction) {}

  // Both ways, so that a part of the reference which the prediction lacks counts too.
  double residual(const Motion& motion, std::size_t points) const {
    const Motion back = motion.inverse();
    return std::sqrt(
        (meanSquare(prediction_, motion, toReference_, points) + meanSquare(reference_, back, toPrediction_, points)) /
        2);
  }

  // Pairs of both ways; at most `rounds`, fewer when nothing moves any more.
  Motion refine(Motion motion, std::size_t points, int rounds) const {
    const std::vector<Point> from = thinned(prediction_, points), to = thinned(reference_, points);
    std::vector<Point> moved, partners;
    std::vector<std::uint32_t> lastOfFrom(from.size(), SurfaceTree::kNone), lastOfTo(to.size(), SurfaceTree::kNone);
    double last = INFINITY;
    for (int round = 0; round < rounds; ++round) {
      moved.clear();
      partners.clear();
      double sum = 0;
      auto add = [&](const Point& p, const Point& q) {
        moved.push_back(p);
        partners.push_back(q);
        sum += dot(p - q, p - q);
      };
      for (std::size_t i = 0; i < from.size(); ++i) {
        const Point p = motion(from[i]);
        add(p, toReference_.nearest(p, lastOfFrom[i]));
      }
      const Motion back = motion.inverse();
      for (std::size_t i = 0; i < to.size(); ++i) add(motion(toPrediction_.nearest(back(to[i]), lastOfTo[i])), to[i]);
      if (!(sum < last * (1 - 1e-5))) break;
      last = sum;
      motion = bestMotion(moved, partners).after(motion);
    }
    return motion;
  }

  // Centre of mass onto centre of mass, axes of inertia onto axes of inertia.
  std::vector<Motion> starts() const {
    const auto [referenceCenter, referenceAxes] = axesOf(reference_);
    const auto [predictionCenter, predictionAxes] = axesOf(prediction_);
    std::vector<Motion> all;
    for (const bool principal : {false, true}) {
      for (const Motion& rotation : cubeRotations()) {
        Motion motion = principal ? referenceAxes.inverse().after(rotation.after(predictionAxes)) : rotation;
        motion.shift = referenceCenter - motion.turn(predictionCenter);
        all.push_back(motion);
      }
    }
    return all;
  }

 private:
  static double meanSquare(const std::vector<Point>& points, const Motion& motion, const Target& target,
                           std::size_t count) {
    double sum = 0;
    count = std::min(count, points.size());
    for (std::size_t i = 0; i < count; ++i) {
      const Point p = motion(points[i]), way = p - target.nearest(p);
      sum += dot(way, way);
    }
    return sum / static_cast<double>(count);
  }

  static std::pair<Point, Motion> axesOf(const std::vector<Point>& points) {
    const Point center = meanOf(points);
    std::array<std::array<double, 3>, 3> inertia{};
    for (const Point& point : points) {
      const Point p = point - center;
      for (int a = 0; a < 3; ++a) {
        for (int b = 0; b < 3; ++b) inertia[a][b] += p[a] * p[b];
      }
    }
    Motion axes;
    const Eigen<3> eigen = symmetricEigen<3>(inertia);
    axes.rows = {eigen.vectors[0], eigen.vectors[1], cross(eigen.vectors[0], eigen.vectors[1])};
    return {center, axes};
  }

  const std::vector<Point>& reference_;
  const std::vector<Point>& prediction_;
  Target toReference_, toPrediction_;
};

// How much closer a motion must bring the shapes to be taken: what sampling alone can do is no reason to move.
constexpr double kWorthwhile = 0.98;

}  // namespace

Alignment align(const Sampled& reference, const Sampled& prediction, Search search, std::uint64_t seed) {
  const Aligner aligner(reference, prediction);
  const std::size_t all = std::max(reference.points.points.size(), prediction.points.points.size());
  Alignment result;
  result.method = search == Search::cube ? "cube" : search == Search::icp ? "icp" : "ransac";
  result.before = result.after = aligner.residual({}, all);
  const double size = boxOf(reference.points.points).longestSide();
  if (result.before <= 1e-9 * size) return result;

  std::vector<std::pair<double, Motion>> candidates;
  if (search == Search::cube) {
    const Point from = boxOf(prediction.points.points).center(), to = boxOf(reference.points.points).center();
    for (Motion motion : cubeRotations()) {
      motion.shift = to - motion.turn(from);
      candidates.emplace_back(aligner.residual(motion, 500), motion);
    }
  } else {
    std::vector<Motion> starts =
        search == Search::icp ? aligner.starts() : motionsByFeatures(reference.points, prediction.points, seed);
    starts.push_back({});
    for (const Motion& start : starts) {
      const Motion motion = aligner.refine(start, 60, 8);
      candidates.emplace_back(aligner.residual(motion, 150), motion);
    }
  }
  auto keepBest = [&](std::size_t count) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    candidates.resize(std::min(candidates.size(), count));
  };
  keepBest(4);
  if (search != Search::cube) {
    for (auto& [residual, motion] : candidates) {
      motion = aligner.refine(motion, 300, 25);
      residual = aligner.residual(motion, 500);
    }
    keepBest(1);
    candidates[0].second = aligner.refine(candidates[0].second, 1000, 15);
  }
  for (const auto& [unused, motion] : candidates) {
    const double residual = aligner.residual(motion, all);
    if (residual < result.after * (result.taken ? 1 : kWorthwhile)) {
      result.taken = true;
      result.after = residual;
      result.motion = motion;
    }
  }
  return result;
}

}  // namespace cadrecode::metrics
