#include "dataset/synthesis/profile.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace cadrecode::synthesis {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kSame = 1e-7;   // points nearer than this are one
constexpr double kAside = 1e-5;  // how far to the side of a curve it is asked what is there

Point2 operator-(const Point2& a, const Point2& b) { return {a[0] - b[0], a[1] - b[1]}; }
Point2 operator+(const Point2& a, const Point2& b) { return {a[0] + b[0], a[1] + b[1]}; }
Point2 operator*(const Point2& a, double s) { return {a[0] * s, a[1] * s}; }
double dot(const Point2& a, const Point2& b) { return a[0] * b[0] + a[1] * b[1]; }
double cross(const Point2& a, const Point2& b) { return a[0] * b[1] - a[1] * b[0]; }
double length(const Point2& a) { return std::hypot(a[0], a[1]); }

bool holds(const Primitive& primitive, const Point2& p) {
  if (primitive.radius > 0) return length(p - primitive.center) < primitive.radius;
  bool inside = false;
  const auto& corners = primitive.corners;
  for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
    const Point2 &a = corners[i], &b = corners[j];
    if ((a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

bool filled(const std::vector<Primitive>& primitives, const Point2& p) {
  bool inside = false;
  for (const Primitive& primitive : primitives) {
    if (inside != primitive.add && holds(primitive, p)) inside = primitive.add;
  }
  return inside;
}

// A whole edge of a primitive and where others meet it: fractions of a segment, angles of a circle.
struct Edge {
  Point2 from, to;  // of a segment
  double radius = 0;
  Point2 center{0, 0};
  std::vector<double> cuts;

  void cutAt(const Point2& p) {
    if (radius > 0) {
      double angle = std::atan2(p[1] - center[1], p[0] - center[0]);
      cuts.push_back(angle < 0 ? angle + kTurn : angle);
      return;
    }
    const Point2 d = to - from;
    const double t = dot(p - from, d) / dot(d, d);
    if (t > 0 && t < 1) cuts.push_back(t);
  }
  bool carries(const Point2& p) const {
    if (radius > 0) return std::abs(length(p - center) - radius) < kSame;
    const Point2 d = to - from;
    const double size = length(d), t = dot(p - from, d) / size;
    return std::abs(cross(d, p - from)) / size < kSame && t > -kSame && t < size + kSame;
  }
};

void cross(Edge& a, Edge& b) {
  std::vector<Point2> meetings;
  if (a.radius > 0 && b.radius > 0) {
    const Point2 d = b.center - a.center;
    const double gap = length(d);
    if (gap < kSame || gap > a.radius + b.radius || gap < std::abs(a.radius - b.radius)) return;
    const double along = (gap * gap + a.radius * a.radius - b.radius * b.radius) / (2 * gap);
    const double across = std::sqrt(std::max(0.0, a.radius * a.radius - along * along));
    const Point2 unit = d * (1 / gap), normal{-unit[1], unit[0]};
    for (double side : {across, -across}) meetings.push_back(a.center + unit * along + normal * side);
  } else if (a.radius > 0 || b.radius > 0) {
    const Edge& s = a.radius > 0 ? b : a;
    const Edge& c = a.radius > 0 ? a : b;
    const Point2 d = s.to - s.from;
    const double size = length(d);
    const Point2 unit = d * (1 / size);
    const double foot = dot(c.center - s.from, unit), height = std::abs(cross(unit, c.center - s.from));
    if (height > c.radius + kSame) return;
    const double half = std::sqrt(std::max(0.0, c.radius * c.radius - height * height));
    for (double t : {foot - half, foot + half}) {
      if (t > -kSame && t < size + kSame) meetings.push_back(s.from + unit * t);
    }
  } else {
    for (const Point2& p : {a.from, a.to}) {
      if (b.carries(p)) meetings.push_back(p);
    }
    for (const Point2& p : {b.from, b.to}) {
      if (a.carries(p)) meetings.push_back(p);
    }
    const Point2 d = a.to - a.from, e = b.to - b.from;
    const double det = cross(d, e);
    if (std::abs(det) > 1e-12) {
      const double t = cross(b.from - a.from, e) / det, u = cross(b.from - a.from, d) / det;
      if (t >= 0 && t <= 1 && u >= 0 && u <= 1) meetings.push_back(a.from + d * t);
    }
  }
  for (const Point2& p : meetings) {
    a.cutAt(p);
    b.cutAt(p);
  }
}

PlanarCurve arcOf(Point2 center, double radius, double start, double sweep) {
  PlanarCurve arc;
  arc.center = center;
  arc.radius = radius;
  arc.start = start;
  arc.sweep = sweep;
  arc.from = center + Point2{std::cos(start), std::sin(start)} * radius;
  arc.to = center + Point2{std::cos(start + sweep), std::sin(start + sweep)} * radius;
  return arc;
}

std::vector<PlanarCurve> piecesOf(Edge& edge) {
  std::vector<PlanarCurve> pieces;
  std::sort(edge.cuts.begin(), edge.cuts.end());
  const double scale = edge.radius > 0 ? edge.radius : length(edge.to - edge.from);
  std::vector<double> stops;
  if (edge.radius <= 0) stops.push_back(0);
  for (double cut : edge.cuts) {
    if (stops.empty() || (cut - stops.back()) * scale > kSame) stops.push_back(cut);
  }
  if (edge.radius > 0) {
    if (stops.size() > 1 && (stops.front() + kTurn - stops.back()) * scale <= kSame) stops.pop_back();
    if (stops.empty()) return {arcOf(edge.center, edge.radius, 0, kTurn)};
    for (std::size_t i = 0; i < stops.size(); ++i) {
      const double end = i + 1 < stops.size() ? stops[i + 1] : stops[0] + kTurn;
      pieces.push_back(arcOf(edge.center, edge.radius, stops[i], end - stops[i]));
    }
    return pieces;
  }
  if ((1 - stops.back()) * scale <= kSame && stops.size() > 1) stops.pop_back();
  stops.push_back(1);
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const Point2 d = edge.to - edge.from;
    pieces.push_back(segment(edge.from + d * stops[i], edge.from + d * stops[i + 1]));
  }
  return pieces;
}

using Key = std::pair<long long, long long>;

Key keyOf(const Point2& p) { return {std::llround(p[0] * 1e6), std::llround(p[1] * 1e6)}; }

// One curve instead of two that run on into each other.
bool join(PlanarCurve& a, const PlanarCurve& b) {
  if (a.isArc() != b.isArc()) return false;
  if (a.isArc()) {
    if (length(a.center - b.center) > kSame || std::abs(a.radius - b.radius) > kSame) return false;
    if (a.sweep * b.sweep <= 0 || std::abs(a.sweep + b.sweep) > kTurn - 1e-6) return false;
    a = arcOf(a.center, a.radius, a.start, a.sweep + b.sweep);
    return true;
  }
  const Point2 d = a.to - a.from, e = b.to - b.from;
  if (std::abs(cross(d, e)) > 1e-9 * length(d) * length(e) || dot(d, e) <= 0) return false;
  a = segment(a.from, b.to);
  return true;
}

void joinAll(PlanarLoop& loop) {
  PlanarLoop joined;
  for (const PlanarCurve& curve : loop) {
    if (joined.empty() || !join(joined.back(), curve)) joined.push_back(curve);
  }
  while (joined.size() > 1) {
    PlanarCurve last = joined.back();
    if (!join(last, joined.front())) break;
    joined.front() = last;
    joined.pop_back();
  }
  loop = std::move(joined);
}

}  // namespace

Primitive disc(Point2 center, double radius, bool add) {
  Primitive primitive;
  primitive.add = add;
  primitive.center = center;
  primitive.radius = radius;
  return primitive;
}

Primitive box(Point2 center, double width, double height, double angle, bool add) {
  const double c = std::cos(angle), s = std::sin(angle);
  std::vector<Point2> corners;
  for (auto [x, y] : {Point2{-0.5, -0.5}, Point2{0.5, -0.5}, Point2{0.5, 0.5}, Point2{-0.5, 0.5}}) {
    corners.push_back(center + Point2{c * x * width - s * y * height, s * x * width + c * y * height});
  }
  return polygon(std::move(corners), add);
}

Primitive polygon(std::vector<Point2> corners, bool add) {
  Primitive primitive;
  primitive.add = add;
  primitive.corners = std::move(corners);
  return primitive;
}

std::vector<PlanarLoop> boundary(const std::vector<Primitive>& primitives) {
  std::vector<Edge> edges;
  for (const Primitive& primitive : primitives) {
    if (primitive.radius > 0) {
      edges.push_back({{}, {}, primitive.radius, primitive.center, {}});
      continue;
    }
    for (std::size_t i = 0; i < primitive.corners.size(); ++i) {
      edges.push_back({primitive.corners[i], primitive.corners[(i + 1) % primitive.corners.size()], 0, {0, 0}, {}});
    }
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    for (std::size_t j = i + 1; j < edges.size(); ++j) cross(edges[i], edges[j]);
  }
  std::vector<PlanarLoop> loops;
  std::map<Key, std::vector<PlanarCurve>> from;
  std::map<std::pair<std::pair<Key, Key>, Key>, bool> seen;  // coincident pieces of two primitives count once
  for (Edge& edge : edges) {
    for (PlanarCurve piece : piecesOf(edge)) {
      const Point2 middle = piece.at(0.5);
      Point2 left;
      if (piece.isArc()) {
        left = (piece.center - middle) * (1 / piece.radius);
      } else {
        const Point2 d = piece.to - piece.from;
        left = Point2{-d[1], d[0]} * (1 / length(d));
      }
      const bool inLeft = filled(primitives, middle + left * kAside);
      if (inLeft == filled(primitives, middle - left * kAside)) continue;
      if (!inLeft) piece = piece.reversed();
      if (!seen.insert({{{keyOf(piece.from), keyOf(piece.to)}, keyOf(middle)}, true}).second) continue;
      if (piece.isCircle()) {
        loops.push_back({piece});
      } else {
        from[keyOf(piece.from)].push_back(piece);
      }
    }
  }
  while (!from.empty()) {
    PlanarLoop loop;
    auto place = from.begin();
    const Key start = place->first;
    for (;;) {
      if (place == from.end() || place->second.size() != 1) return {};
      loop.push_back(place->second[0]);
      const Key next = keyOf(loop.back().to);
      from.erase(place);
      if (next == start) break;
      place = from.find(next);
    }
    joinAll(loop);
    loops.push_back(std::move(loop));
  }
  return loops;
}

PlanarCurve segment(Point2 from, Point2 to) {
  PlanarCurve curve;
  curve.from = from;
  curve.to = to;
  return curve;
}

PlanarCurve arcThrough(Point2 from, Point2 middle, Point2 to) {
  const Point2 a = middle - from, b = to - from;
  const double det = 2 * cross(a, b);
  if (std::abs(det) < 1e-9) return segment(from, to);
  const double aa = dot(a, a), bb = dot(b, b);
  const Point2 center = from + Point2{(b[1] * aa - a[1] * bb) / det, (a[0] * bb - b[0] * aa) / det};
  const double start = std::atan2(from[1] - center[1], from[0] - center[0]);
  double sweep = std::atan2(to[1] - center[1], to[0] - center[0]) - start;
  // Left of its chord the middle is passed clockwise.
  const bool counterClockwise = cross(b, a) < 0;
  while (sweep <= 0) sweep += kTurn;
  while (sweep > kTurn) sweep -= kTurn;
  PlanarCurve arc = arcOf(center, length(from - center), start, counterClockwise ? sweep : sweep - kTurn);
  arc.from = from;
  arc.to = to;
  return arc;
}

PlanarLoop transformed(const PlanarLoop& loop, double angle, bool mirror, double scale, Point2 move) {
  const double c = std::cos(angle), s = std::sin(angle), flip = mirror ? -1 : 1;
  auto place = [&](const Point2& p) -> Point2 {
    const double x = p[0], y = flip * p[1];
    return move + Point2{c * x - s * y, s * x + c * y} * scale;
  };
  PlanarLoop result;
  for (PlanarCurve curve : loop) {
    curve.from = place(curve.from);
    curve.to = place(curve.to);
    if (curve.isArc()) {
      curve.center = place(curve.center);
      curve.radius *= scale;
      curve.start = flip * curve.start + angle;
      curve.sweep *= flip;
    }
    result.push_back(curve);
  }
  return mirror ? reversed(result) : result;
}

PlanarLoop reversed(const PlanarLoop& loop) {
  PlanarLoop result;
  for (auto curve = loop.rbegin(); curve != loop.rend(); ++curve) result.push_back(curve->reversed());
  return result;
}

}  // namespace cadrecode::synthesis
