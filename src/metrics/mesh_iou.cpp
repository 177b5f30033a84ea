#include "metrics/mesh_iou.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "metrics/slice_areas.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

using cloud::Point;

Areas operator+(const Areas& p, const Areas& q) { return {p.a + q.a, p.b + q.b, p.both + q.both}; }
Areas operator*(double factor, const Areas& p) { return {factor * p.a, factor * p.b, factor * p.both}; }

// Lobatto's nodes on [0, 1]: with the ends among them, no bend of the areas hides between a node and an end.
constexpr std::array<double, 5> kNodes{0, 0.17267316464601143, 0.5, 0.82732683535398857, 1};
constexpr std::array<double, 5> kWeights{0.05, 49.0 / 180, 32.0 / 90, 49.0 / 180, 0.05};
constexpr double kInside = 1e-8;  // how far the first and last slice lie within a slab, in its width
constexpr int kMaxHalvings = 9;

class Integrator {
 public:
  Integrator(const cloud::Mesh& a, const cloud::Mesh& b, int axis, double tolerance)
      : meshes_{&a, &b}, axis_(axis), tolerance_(tolerance) {}

  MeshIou run() {
    gather();
    std::vector<double> levels = slabs();
    Areas sum;
    for (std::size_t i = 0; i + 1 < levels.size(); ++i) sum = sum + slab(levels[i], levels[i + 1]);
    MeshIou result;
    result.volumeA = sum.a;
    result.volumeB = sum.b;
    result.volumeBoth = sum.both;
    result.slices = slices_;
    const double united = sum.a + sum.b - sum.both;
    // What rounding leaves of flat meshes is no space.
    if (united > 1e-12 * boxVolume_) result.iou = std::clamp(sum.both / united, 0.0, 1.0);
    return result;
  }

 private:
  struct Span {
    double low, high;  // of a triangle along the axis
    std::uint32_t triangle;
    int mesh;
  };

  void gather() {
    cloud::Box box = cloud::boxOf(*meshes_[0]);
    const cloud::Box other = cloud::boxOf(*meshes_[1]);
    for (int i = 0; i < 3; ++i) {
      box.low[i] = std::min(box.low[i], other.low[i]);
      box.high[i] = std::max(box.high[i], other.high[i]);
    }
    low_ = box.low[axis_];
    extent_ = box.high[axis_] - low_;
    boxVolume_ = std::pow(box.longestSide(), 3);
    boxArea_ =
        (box.high[(axis_ + 1) % 3] - box.low[(axis_ + 1) % 3]) * (box.high[(axis_ + 2) % 3] - box.low[(axis_ + 2) % 3]);
    for (int mesh = 0; mesh < 2; ++mesh) {
      for (std::uint32_t i = 0; i < meshes_[mesh]->triangles.size(); ++i) {
        double low = INFINITY, high = -INFINITY;
        for (const std::uint32_t corner : meshes_[mesh]->triangles[i]) {
          const double value = meshes_[mesh]->vertices[corner][axis_];
          low = std::min(low, value);
          high = std::max(high, value);
          levels_.push_back(value);
        }
        if (high - low <= 1e-9 * extent_) {
          flats_.push_back(low);
          flats_.push_back(high);
        }
        spans_.push_back({low, high, i, mesh});
      }
    }
    std::sort(spans_.begin(), spans_.end(), [](const Span& p, const Span& q) {
      return p.low != q.low ? p.low < q.low : std::pair(p.mesh, p.triangle) < std::pair(q.mesh, q.triangle);
    });
  }

  // The levels between which areas change smoothly: where vertices lie. Many small steps are put together, but never
  // across a level with faces in it, where the areas jump.
  std::vector<double> slabs() {
    for (std::vector<double>* values : {&levels_, &flats_}) {
      std::sort(values->begin(), values->end());
      values->erase(std::unique(values->begin(), values->end()), values->end());
    }
    std::vector<double> kept;
    std::size_t flat = 0;
    for (const double level : levels_) {
      while (flat < flats_.size() && flats_[flat] < level) ++flat;
      const bool jumps = flat < flats_.size() && flats_[flat] == level;
      const bool last = level == levels_.back();
      if (kept.empty() || jumps || last || level - kept.back() >= extent_ / 256) kept.push_back(level);
    }
    return kept;
  }

  Areas slab(double from, double to) {
    const double width = to - from;
    if (width <= 1e-10 * extent_) return {};
    if (width < extent_ / 200) {  // thin: two nodes, as it may hold vertices anyway
      constexpr double kTwo = 0.21132486540518713;
      return 0.5 * width * (areasAt(from + kTwo * width) + areasAt(to - kTwo * width));
    }
    return refined(from, to, 0);
  }

  // Five nodes; where the values are no quadratic, halves.
  Areas refined(double from, double to, int depth) {
    const double width = to - from;
    std::array<Areas, 5> values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = areasAt(from + std::clamp(kNodes[i], kInside, 1 - kInside) * width);
    }
    Areas sum;
    for (std::size_t i = 0; i < values.size(); ++i) sum = sum + kWeights[i] * values[i];
    auto bend = [&](double Areas::*field) {  // how far two values lie off the quadratic through the other three
      const double first = values[0].*field, middle = values[2].*field, last = values[4].*field;
      auto off = [&](std::size_t i) {
        const double x = kNodes[i];
        const double predicted = first * 2 * (x - 0.5) * (x - 1) + middle * 4 * x * (1 - x) + last * 2 * x * (x - 0.5);
        return std::abs(predicted - values[i].*field);
      };
      return std::max(off(1), off(3));
    };
    const double worst = std::max({bend(&Areas::a), bend(&Areas::b), bend(&Areas::both)});
    // A tenth: the sum is far better than the values predicted.
    if (depth == kMaxHalvings || worst * width * 0.1 <= tolerance_ * boxArea_ * extent_) return width * sum;
    const double middle = (from + to) / 2;
    return refined(from, middle, depth + 1) + refined(middle, to, depth + 1);
  }

  Areas areasAt(double level) {
    ++slices_;
    // Levels come nearly in order: what lies wholly below the slab begun last is left out for good.
    pieces_.clear();
    const auto end = std::upper_bound(spans_.begin(), spans_.end(), level,
                                      [](double value, const Span& span) { return value < span.low; });
    for (auto span = spans_.begin(); span != end; ++span) {
      if (span->high > level) addPiece(*span, level);
    }
    return areas_.of(pieces_);
  }

  void addPiece(const Span& span, double level) {
    const cloud::Mesh& mesh = *meshes_[span.mesh];
    const cloud::Triangle& t = mesh.triangles[span.triangle];
    double x[2], y[2];
    int found = 0;
    bool rises = false;  // along the edge found first
    const int u = (axis_ + 1) % 3, v = (axis_ + 2) % 3;
    for (int side = 0; side < 3 && found < 2; ++side) {
      const Point& p = mesh.vertices[t[side]];
      const Point& q = mesh.vertices[t[(side + 1) % 3]];
      const bool below = p[axis_] <= level;
      if (below == (q[axis_] <= level)) continue;
      const Point &low = below ? p : q, &high = below ? q : p;  // the same place for both triangles of an edge
      const double share = (level - low[axis_]) / (high[axis_] - low[axis_]);
      x[found] = low[u] + share * (high[u] - low[u]);
      y[found] = low[v] + share * (high[v] - low[v]);
      if (found == 0) rises = below;
      ++found;
    }
    if (found < 2 || x[0] == x[1]) return;
    // From where the triangle's boundary rises through the level to where it falls, its outside lies on one hand.
    int step = rises ? 1 : -1;
    if (x[0] > x[1]) {
      std::swap(x[0], x[1]);
      std::swap(y[0], y[1]);
      step = -step;
    }
    pieces_.push_back({x[0], y[0], x[1], y[1], span.mesh, step});
  }

  std::array<const cloud::Mesh*, 2> meshes_;
  int axis_;
  double tolerance_;
  double low_ = 0, extent_ = 0, boxVolume_ = 0, boxArea_ = 0;
  std::vector<Span> spans_;
  std::vector<double> levels_, flats_;
  std::vector<OutlinePiece> pieces_;
  SliceAreas areas_;
  std::size_t slices_ = 0;
};

// Across the axis along which the meshes have the fewest levels of vertices, there are the fewest slabs.
int bestAxis(const cloud::Mesh& a, const cloud::Mesh& b) {
  int best = 0;
  std::size_t fewest = static_cast<std::size_t>(-1);
  for (int axis = 0; axis < 3; ++axis) {
    std::vector<double> values;
    for (const cloud::Mesh* mesh : {&a, &b}) {
      for (const Point& vertex : mesh->vertices) values.push_back(vertex[axis]);
    }
    std::sort(values.begin(), values.end());
    const auto levels = static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
    if (levels < fewest) {
      fewest = levels;
      best = axis;
    }
  }
  return best;
}

}  // namespace

MeshIou meshIou(const cloud::Mesh& a, const cloud::Mesh& b, double tolerance) {
  return Integrator(a, b, bestAxis(a, b), tolerance).run();
}

}  // namespace cadrecode::metrics
