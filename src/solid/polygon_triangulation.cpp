#include "solid/polygon_triangulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace cadrecode::solid {
namespace {

using Index = std::uint32_t;
constexpr Index kNone = std::numeric_limits<Index>::max();

// Twice the signed area of a, b, c.
double turn(const Point2& a, const Point2& b, const Point2& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

double extent(const Polygon& polygon) {
  double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
  for (const Point2& p : polygon.points) {
    for (int k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], p[k]);
      high[k] = std::max(high[k], p[k]);
    }
  }
  return std::max(high[0] - low[0], high[1] - low[1]);
}

Index loopEnd(const Polygon& polygon, std::size_t loop) {
  return loop + 1 < polygon.loopStarts.size() ? polygon.loopStarts[loop + 1]
                                              : static_cast<Index>(polygon.points.size());
}

// The loops joined into one ring by bridges, and its ears.
class EarClipper {
 public:
  explicit EarClipper(const Polygon& polygon) : polygon_(polygon), flat_(1e-13 * extent(polygon) * extent(polygon)) {}

  bool run(std::vector<Triangle>& triangles) {
    std::vector<Index> holes;
    Index outer = kNone;
    for (std::size_t loop = 0; loop < polygon_.loopStarts.size(); ++loop) {
      const Index first = addLoop(loop);
      if (signedArea(polygon_, loop) > 0.0) {
        if (outer != kNone) return false;
        outer = first;
      } else {
        holes.push_back(rightmost(first));
      }
    }
    if (outer == kNone) return false;
    std::sort(holes.begin(), holes.end(), [this](Index a, Index b) { return at(a)[0] > at(b)[0]; });
    for (const Index hole : holes) {
      if (!bridge(outer, hole)) return false;
    }
    return clip(outer, triangles);
  }

 private:
  struct Node {
    Index point, prev, next;
    bool reflex = false;
  };

  const Point2& at(Index node) const { return polygon_.points[nodes_[node].point]; }

  Index addLoop(std::size_t loop) {
    const Index begin = polygon_.loopStarts[loop], end = loopEnd(polygon_, loop);
    const auto first = static_cast<Index>(nodes_.size());
    const Index count = end - begin;
    for (Index i = 0; i < count; ++i) {
      nodes_.push_back({begin + i, first + (i + count - 1) % count, first + (i + 1) % count, false});
    }
    return first;
  }

  Index rightmost(Index first) const {
    Index best = first;
    for (Index n = nodes_[first].next; n != first; n = nodes_[n].next) {
      if (at(n)[0] > at(best)[0]) best = n;
    }
    return best;
  }

  // Cuts the ring open between a visible node of it and the hole's rightmost node.
  bool bridge(Index ring, Index hole) {
    const Point2 m = at(hole);
    double hitX = std::numeric_limits<double>::infinity();
    Index candidate = kNone;
    Index n = ring;
    do {
      const Point2& a = at(n);
      const Point2& b = at(nodes_[n].next);
      if (a[1] <= m[1] && m[1] <= b[1] && a[1] < b[1]) {  // the inside lies left of a side that goes up
        const double x = a[0] + (m[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
        if (x >= m[0] && x < hitX) {
          hitX = x;
          candidate = a[0] > b[0] ? n : nodes_[n].next;
        }
      }
      n = nodes_[n].next;
    } while (n != ring);
    if (candidate == kNone) return false;
    candidate = nearestVisible(ring, m, {hitX, m[1]}, candidate);
    const auto ringCopy = static_cast<Index>(nodes_.size());
    nodes_.push_back({nodes_[candidate].point, 0, nodes_[candidate].next, false});
    const auto holeCopy = static_cast<Index>(nodes_.size());
    nodes_.push_back({nodes_[hole].point, nodes_[hole].prev, ringCopy, false});
    nodes_[nodes_[candidate].next].prev = ringCopy;
    nodes_[nodes_[hole].prev].next = holeCopy;
    nodes_[ringCopy].prev = holeCopy;
    nodes_[candidate].next = hole;
    nodes_[hole].prev = candidate;
    return true;
  }

  // Nodes inside the triangle of m, the hit and the candidate hide the candidate; the one of least angle is visible.
  Index nearestVisible(Index ring, const Point2& m, const Point2& hit, Index candidate) const {
    const Point2 p = at(candidate);
    const bool up = p[1] > m[1];
    Index best = candidate;
    double bestSlope = std::numeric_limits<double>::infinity();
    Index n = ring;
    do {
      const Point2& q = at(n);
      if (n != candidate && q[0] > m[0] && q[0] <= std::max(p[0], hit[0]) &&
          inTriangle(q, m, up ? hit : p, up ? p : hit)) {
        const double slope = std::abs(q[1] - m[1]) / (q[0] - m[0]);
        const bool better = slope < bestSlope || (slope == bestSlope && q[0] < at(best)[0]);
        if (better && locallyInside(n, m)) {
          best = n;
          bestSlope = slope;
        }
      }
      n = nodes_[n].next;
    } while (n != ring);
    return best;
  }

  bool locallyInside(Index n, const Point2& q) const {
    const Point2& a = at(nodes_[n].prev);
    const Point2& b = at(n);
    const Point2& c = at(nodes_[n].next);
    return turn(a, b, c) > 0.0 ? turn(b, q, a) >= 0.0 && turn(b, c, q) >= 0.0
                               : turn(b, q, a) > 0.0 || turn(b, c, q) > 0.0;
  }

  static bool inTriangle(const Point2& p, const Point2& a, const Point2& b, const Point2& c) {
    return turn(a, b, p) >= 0.0 && turn(b, c, p) >= 0.0 && turn(c, a, p) >= 0.0;
  }

  bool convex(Index n) const { return turn(at(nodes_[n].prev), at(n), at(nodes_[n].next)) > flat_; }

  bool isEar(Index n) const {
    if (nodes_[n].reflex) return false;
    const Index before = nodes_[n].prev, after = nodes_[n].next;
    const Point2 a = at(before), b = at(n), c = at(after);
    const double lowX = std::min({a[0], b[0], c[0]}), highX = std::max({a[0], b[0], c[0]});
    const double lowY = std::min({a[1], b[1], c[1]}), highY = std::max({a[1], b[1], c[1]});
    for (const Index other : reflex_) {
      const Node& node = nodes_[other];
      if (!node.reflex) continue;
      const Point2& p = polygon_.points[node.point];
      if (p[0] < lowX || p[0] > highX || p[1] < lowY || p[1] > highY) continue;
      if (node.point == nodes_[before].point || node.point == nodes_[n].point || node.point == nodes_[after].point) {
        continue;
      }
      if (inTriangle(p, a, b, c)) return false;
    }
    return true;
  }

  bool clip(Index start, std::vector<Triangle>& triangles) {
    Index count = 0;
    Index n = start;
    do {
      ++count;
      nodes_[n].reflex = !convex(n);
      if (nodes_[n].reflex) reflex_.push_back(n);
      n = nodes_[n].next;
    } while (n != start);
    Index misses = 0;
    while (count > 3) {
      if (!isEar(n)) {
        if (++misses > count) return false;
        n = nodes_[n].next;
        continue;
      }
      misses = 0;
      emit(n, triangles);
      const Index before = nodes_[n].prev, after = nodes_[n].next;
      nodes_[before].next = after;
      nodes_[after].prev = before;
      refresh(before);
      refresh(after);
      --count;
      n = nodes_[after].next;  // every second corner first: fans of slivers are avoided
    }
    emit(n, triangles);
    return true;
  }

  void emit(Index n, std::vector<Triangle>& triangles) const {
    triangles.push_back({nodes_[nodes_[n].prev].point, nodes_[n].point, nodes_[nodes_[n].next].point});
  }

  // A convex corner may become flat when a neighbour goes (points on one line), so both ways are possible.
  void refresh(Index n) {
    const bool now = !convex(n);
    if (now && !nodes_[n].reflex) reflex_.push_back(n);
    nodes_[n].reflex = now;
  }

  const Polygon& polygon_;
  const double flat_;
  std::vector<Node> nodes_;
  std::vector<Index> reflex_;  // may hold nodes that are no longer reflex
};

// Flips inner edges until each is locally Delaunay. Sides of the polygon have one triangle and stay.
class Flipper {
 public:
  Flipper(const std::vector<Point2>& points, std::vector<Triangle>& triangles)
      : points_(points), triangles_(triangles), neighbours_(triangles.size(), {kNone, kNone, kNone}) {}

  void run() {
    link();
    std::vector<std::pair<Index, int>> pending;
    for (Index t = 0; t < triangles_.size(); ++t) {
      for (int k = 0; k < 3; ++k) {
        if (neighbours_[t][k] != kNone && neighbours_[t][k] > t) pending.emplace_back(t, k);
      }
    }
    std::size_t budget = 4 * pending.size() * pending.size() + 1000;  // far above what Delaunay flips need
    while (!pending.empty() && budget-- > 0) {
      const auto [t, k] = pending.back();
      pending.pop_back();
      if (neighbours_[t][k] != kNone && shouldFlip(t, k)) flip(t, k, pending);
    }
  }

 private:
  // Edge k of a triangle runs from its corner k to corner k + 1.
  void link() {
    std::unordered_map<std::uint64_t, std::pair<Index, int>> open;
    open.reserve(3 * triangles_.size());
    for (Index t = 0; t < triangles_.size(); ++t) {
      for (int k = 0; k < 3; ++k) {
        const std::uint64_t a = triangles_[t][k], b = triangles_[t][(k + 1) % 3];
        const auto twin = open.find(b << 32 | a);
        if (twin == open.end()) {
          open.emplace(a << 32 | b, std::pair(t, k));
        } else {
          neighbours_[t][k] = twin->second.first;
          neighbours_[twin->second.first][twin->second.second] = t;
          open.erase(twin);
        }
      }
    }
  }

  int edgeTo(Index t, Index neighbour) const {
    return neighbours_[t][0] == neighbour ? 0 : neighbours_[t][1] == neighbour ? 1 : 2;
  }

  bool shouldFlip(Index t, int k) const {
    const Index u = neighbours_[t][k];
    const Point2& a = points_[triangles_[t][k]];
    const Point2& b = points_[triangles_[t][(k + 1) % 3]];
    const Point2& c = points_[triangles_[t][(k + 2) % 3]];
    const Point2& d = points_[triangles_[u][(edgeTo(u, t) + 2) % 3]];
    // Both new triangles need to be clearly positive, and the sum of the angles at c and d more than a half turn.
    const double area = turn(a, b, c) + turn(b, a, d);
    if (turn(c, a, d) <= 1e-9 * area || turn(d, b, c) <= 1e-9 * area) return false;
    const double cosC = (a[0] - c[0]) * (b[0] - c[0]) + (a[1] - c[1]) * (b[1] - c[1]);
    const double cosD = (a[0] - d[0]) * (b[0] - d[0]) + (a[1] - d[1]) * (b[1] - d[1]);
    const double sinC = turn(c, a, b), sinD = turn(d, b, a);
    const double sine = sinC * cosD + cosC * sinD;
    return sine < -1e-12 * (std::abs(sinC * cosD) + std::abs(cosC * sinD));
  }

  void flip(Index t, int k, std::vector<std::pair<Index, int>>& pending) {
    const Index u = neighbours_[t][k];
    const int j = edgeTo(u, t);
    const Index a = triangles_[t][k], b = triangles_[t][(k + 1) % 3], c = triangles_[t][(k + 2) % 3];
    const Index d = triangles_[u][(j + 2) % 3];
    const Index beyondBc = neighbours_[t][(k + 1) % 3], beyondCa = neighbours_[t][(k + 2) % 3];
    const Index beyondAd = neighbours_[u][(j + 1) % 3], beyondDb = neighbours_[u][(j + 2) % 3];
    triangles_[t] = {c, a, d};
    neighbours_[t] = {beyondCa, beyondAd, u};
    triangles_[u] = {d, b, c};
    neighbours_[u] = {beyondDb, beyondBc, t};
    if (beyondAd != kNone) neighbours_[beyondAd][edgeTo(beyondAd, u)] = t;
    if (beyondBc != kNone) neighbours_[beyondBc][edgeTo(beyondBc, t)] = u;
    for (const int edge : {0, 1}) {
      pending.emplace_back(t, edge);
      pending.emplace_back(u, edge);
    }
  }

  const std::vector<Point2>& points_;
  std::vector<Triangle>& triangles_;
  std::vector<std::array<Index, 3>> neighbours_;
};

struct Side {
  Index from, to;
  double lowX, highX, lowY, highY;
};

// Distance along the normal of the line a-b, times its length, compared with a margin.
int sideOf(const Point2& a, const Point2& b, const Point2& p, double margin) {
  const double area = turn(a, b, p);
  const double limit = margin * std::hypot(b[0] - a[0], b[1] - a[1]);
  return area > limit ? 1 : area < -limit ? -1 : 0;
}

bool sidesCloseTo(const Polygon& polygon, const Side& s, const Side& t, double margin) {
  const Point2 &a = polygon.points[s.from], &b = polygon.points[s.to];
  const Point2 &c = polygon.points[t.from], &d = polygon.points[t.to];
  if (s.from == t.to || s.to == t.from) {
    // Neighbours share a point; they only meet where one folds back onto the other.
    const Point2 &shared = s.to == t.from ? b : a, &p = s.to == t.from ? a : b, &q = s.to == t.from ? d : c;
    const double ahead = (p[0] - shared[0]) * (q[0] - shared[0]) + (p[1] - shared[1]) * (q[1] - shared[1]);
    return ahead > 0.0 && (sideOf(shared, p, q, margin) == 0 || sideOf(shared, q, p, margin) == 0);
  }
  const int c1 = sideOf(a, b, c, margin), d1 = sideOf(a, b, d, margin);
  if (c1 * d1 > 0) return false;
  const int a1 = sideOf(c, d, a, margin), b1 = sideOf(c, d, b, margin);
  return a1 * b1 <= 0;
}

}  // namespace

double signedArea(const Polygon& polygon, std::size_t loop) {
  const Index begin = polygon.loopStarts[loop], end = loopEnd(polygon, loop);
  double sum = 0.0;
  for (Index i = begin + 1; i + 1 < end; ++i) {
    sum += turn(polygon.points[begin], polygon.points[i], polygon.points[i + 1]);
  }
  return sum / 2.0;
}

bool sidesMeet(const Polygon& polygon) {
  const double margin = 1e-9 * extent(polygon);
  std::vector<Side> sides;
  sides.reserve(polygon.points.size());
  for (std::size_t loop = 0; loop < polygon.loopStarts.size(); ++loop) {
    const Index begin = polygon.loopStarts[loop], end = loopEnd(polygon, loop);
    if (end - begin < 3) return true;
    for (Index i = begin; i < end; ++i) {
      const Index next = i + 1 < end ? i + 1 : begin;
      const Point2 &a = polygon.points[i], &b = polygon.points[next];
      sides.push_back({i, next, std::min(a[0], b[0]) - margin, std::max(a[0], b[0]) + margin,
                       std::min(a[1], b[1]) - margin, std::max(a[1], b[1]) + margin});
    }
  }
  std::sort(sides.begin(), sides.end(), [](const Side& s, const Side& t) { return s.lowX < t.lowX; });
  std::vector<const Side*> active;
  for (const Side& side : sides) {
    std::size_t kept = 0;
    for (const Side* other : active) {
      if (other->highX < side.lowX) continue;
      active[kept++] = other;
      if (other->highY < side.lowY || other->lowY > side.highY) continue;
      if (sidesCloseTo(polygon, side, *other, margin)) return true;
    }
    active.resize(kept);
    active.push_back(&side);
  }
  return false;
}

std::optional<std::vector<Triangle>> triangulate(const Polygon& polygon, bool delaunay) {
  std::vector<Triangle> triangles;
  triangles.reserve(polygon.points.size() + 2 * polygon.loopStarts.size());
  if (!EarClipper(polygon).run(triangles)) return std::nullopt;
  if (delaunay) Flipper(polygon.points, triangles).run();
  // Positive triangles with the polygon as their boundary cover it exactly once.
  for (const Triangle& t : triangles) {
    if (!(turn(polygon.points[t[0]], polygon.points[t[1]], polygon.points[t[2]]) > 0.0)) return std::nullopt;
  }
  return triangles;
}

}  // namespace cadrecode::solid
