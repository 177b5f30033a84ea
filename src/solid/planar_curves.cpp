#include "solid/planar_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace cadrecode::solid {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

Point2 operator-(const Point2& a, const Point2& b) { return {a[0] - b[0], a[1] - b[1]}; }
Point2 operator+(const Point2& a, const Point2& b) { return {a[0] + b[0], a[1] + b[1]}; }
Point2 operator*(const Point2& a, double s) { return {a[0] * s, a[1] * s}; }
double dot(const Point2& a, const Point2& b) { return a[0] * b[0] + a[1] * b[1]; }
double cross(const Point2& a, const Point2& b) { return a[0] * b[1] - a[1] * b[0]; }
double length(const Point2& a) { return std::hypot(a[0], a[1]); }

// The arc's own angle, from its start, at which it passes the direction d from its centre; beyond the sweep if never.
double turnTo(const PlanarCurve& arc, const Point2& d) {
  double angle = std::atan2(d[1], d[0]) - arc.start;
  if (arc.sweep < 0.0) angle = -angle;
  angle = std::fmod(angle, kTurn);
  return angle < 0.0 ? angle + kTurn : angle;
}

bool passes(const PlanarCurve& arc, const Point2& direction) { return turnTo(arc, direction) <= std::abs(arc.sweep); }

// Points in which the curves' carriers meet and both curves are.
struct Meetings {
  std::array<Point2, 2> points;
  int count = 0;
  void add(const Point2& p) {
    if (count < 2) points[static_cast<std::size_t>(count++)] = p;
  }
};

bool onSegment(const PlanarCurve& s, const Point2& p) {
  const Point2 d = s.to - s.from;
  const double t = dot(p - s.from, d);
  return t >= 0.0 && t <= dot(d, d);
}

Meetings meet(const PlanarCurve& a, const PlanarCurve& b) {
  Meetings found;
  if (!a.isArc() && !b.isArc()) {
    const Point2 d = a.to - a.from, e = b.to - b.from;
    const double det = cross(d, e);
    if (det == 0.0) return found;  // parallel: the ends tell how near they are
    const double t = cross(b.from - a.from, e) / det, u = cross(b.from - a.from, d) / det;
    if (t >= 0.0 && t <= 1.0 && u >= 0.0 && u <= 1.0) found.add(a.from + d * t);
    return found;
  }
  if (a.isArc() && b.isArc()) {
    const Point2 d = b.center - a.center;
    const double gap = length(d);
    if (gap == 0.0 || gap > a.radius + b.radius || gap < std::abs(a.radius - b.radius)) return found;
    const double along = (gap * gap + a.radius * a.radius - b.radius * b.radius) / (2.0 * gap);
    const double across = std::sqrt(std::max(0.0, a.radius * a.radius - along * along));
    const Point2 unit = d * (1.0 / gap), normal{-unit[1], unit[0]};
    for (const double side : {across, -across}) {
      const Point2 p = a.center + unit * along + normal * side;
      if (passes(a, p - a.center) && passes(b, p - b.center)) found.add(p);
    }
    return found;
  }
  const PlanarCurve& s = a.isArc() ? b : a;
  const PlanarCurve& arc = a.isArc() ? a : b;
  const Point2 d = s.to - s.from;
  const double size = length(d);
  const Point2 unit = d * (1.0 / size);
  const double foot = dot(arc.center - s.from, unit), height = cross(unit, arc.center - s.from);
  if (std::abs(height) > arc.radius) return found;
  const double half = std::sqrt(arc.radius * arc.radius - height * height);
  for (const double t : {foot - half, foot + half}) {
    const Point2 p = s.from + unit * t;
    if (t >= 0.0 && t <= size && passes(arc, p - arc.center)) found.add(p);
  }
  return found;
}

// Distances between inner points of two curves where the way from one to the other is square to both.
double squareWay(const PlanarCurve& a, const PlanarCurve& b) {
  double best = std::numeric_limits<double>::infinity();
  if (!a.isArc() && !b.isArc()) return best;
  if (a.isArc() && b.isArc()) {
    const Point2 d = b.center - a.center;
    const double gap = length(d);
    if (gap == 0.0) {  // concentric: side by side where their angles overlap, else the ends are nearest
      if (passes(a, b.from - b.center) || passes(a, b.to - b.center) || passes(b, a.from - a.center)) {
        best = std::abs(a.radius - b.radius);
      }
      return best;
    }
    for (const double s : {1.0, -1.0}) {
      if (!passes(a, d * s)) continue;
      for (const double t : {1.0, -1.0}) {
        if (passes(b, d * t)) best = std::min(best, std::abs(gap + t * b.radius - s * a.radius));
      }
    }
    return best;
  }
  const PlanarCurve& s = a.isArc() ? b : a;
  const PlanarCurve& arc = a.isArc() ? a : b;
  const Point2 d = s.to - s.from;
  const double t = dot(arc.center - s.from, d) / dot(d, d);
  if (t < 0.0 || t > 1.0) return best;
  const Point2 way = s.from + d * t - arc.center;
  const double size = length(way);
  const Point2 normal = size > 0.0 ? way : Point2{-d[1], d[0]};
  for (const double side : {1.0, -1.0}) {
    if (passes(arc, normal * side)) best = std::min(best, std::abs(size - side * arc.radius));
  }
  return best;
}

}  // namespace

bool PlanarCurve::isCircle() const { return isArc() && std::abs(sweep) > kTurn - 1e-9; }

Point2 PlanarCurve::at(double fraction) const {
  if (!isArc()) return from + (to - from) * fraction;
  const double angle = start + sweep * fraction;
  return {center[0] + radius * std::cos(angle), center[1] + radius * std::sin(angle)};
}

Point2 PlanarCurve::directionAt(bool end) const {
  if (!isArc()) {
    const Point2 d = to - from;
    return d * (1.0 / length(d));
  }
  const double angle = end ? start + sweep : start, sign = sweep < 0.0 ? -1.0 : 1.0;
  return {-sign * std::sin(angle), sign * std::cos(angle)};
}

PlanarCurve PlanarCurve::reversed() const {
  PlanarCurve r = *this;
  std::swap(r.from, r.to);
  r.start = start + sweep;
  r.sweep = -sweep;
  return r;
}

void PlanarBox::add(const PlanarCurve& curve) {
  const auto include = [this](const Point2& p) {
    for (std::size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], p[k]);
      high[k] = std::max(high[k], p[k]);
    }
  };
  include(curve.from);
  include(curve.to);
  if (!curve.isArc()) return;
  for (const Point2& axis : {Point2{1, 0}, Point2{0, 1}, Point2{-1, 0}, Point2{0, -1}}) {
    if (passes(curve, axis)) include(curve.center + axis * curve.radius);
  }
}

void PlanarBox::add(const PlanarLoop& loop) {
  for (const PlanarCurve& curve : loop) add(curve);
}

bool PlanarBox::apartFrom(const PlanarBox& other, double margin) const {
  return low[0] - other.high[0] > margin || other.low[0] - high[0] > margin || low[1] - other.high[1] > margin ||
         other.low[1] - high[1] > margin;
}

double distanceTo(const PlanarCurve& curve, const Point2& point) {
  const double ends = std::min(length(point - curve.from), length(point - curve.to));
  if (!curve.isArc()) {
    if (!onSegment(curve, point)) return ends;
    const Point2 d = curve.to - curve.from;
    return std::abs(cross(d, point - curve.from)) / length(d);
  }
  const Point2 d = point - curve.center;
  return passes(curve, d) ? std::abs(length(d) - curve.radius) : ends;
}

double distanceBetween(const PlanarCurve& a, const PlanarCurve& b) {
  if (meet(a, b).count > 0) return 0.0;
  return std::min(
      {squareWay(a, b), distanceTo(a, b.from), distanceTo(a, b.to), distanceTo(b, a.from), distanceTo(b, a.to)});
}

bool meetOnlyAtJoint(const PlanarCurve& a, const PlanarCurve& b, bool both, double margin) {
  constexpr double kClearSine = 0.01;
  if (std::abs(cross(a.directionAt(true), b.directionAt(false))) < kClearSine) return false;
  if (both && std::abs(cross(b.directionAt(true), a.directionAt(false))) < kClearSine) return false;
  const double joint = margin / kClearSine;
  const auto allowed = [&](const Point2& p) {
    return length(p - a.to) < joint || (both && length(p - a.from) < joint);
  };
  const Meetings met = meet(a, b);
  for (int i = 0; i < met.count; ++i) {
    if (!allowed(met.points[static_cast<std::size_t>(i)])) return false;
  }
  // The free ends, and inner points that face each other.
  if (!both && (distanceTo(b, a.from) < joint || distanceTo(a, b.to) < joint)) return false;
  return squareWay(a, b) > margin;
}

bool isSimple(const PlanarLoop& loop, double margin) {
  const std::size_t n = loop.size();
  if (n == 0) return false;
  if (n == 1) return loop[0].isCircle();
  std::vector<PlanarBox> boxes(n);
  for (std::size_t i = 0; i < n; ++i) boxes[i].add(loop[i]);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool after = j == i + 1, before = i == 0 && j + 1 == n;
      if (after || before) {
        const PlanarCurve& a = after ? loop[i] : loop[j];
        const PlanarCurve& b = after ? loop[j] : loop[i];
        if (!meetOnlyAtJoint(a, b, after && before, margin)) return false;
      } else if (!boxes[i].apartFrom(boxes[j], margin) && distanceBetween(loop[i], loop[j]) <= margin) {
        return false;
      }
    }
  }
  return true;
}

bool keepApart(const PlanarLoop& a, const PlanarLoop& b, double margin) {
  PlanarBox whole;
  whole.add(b);
  for (const PlanarCurve& c : a) {
    PlanarBox box;
    box.add(c);
    if (box.apartFrom(whole, margin)) continue;
    for (const PlanarCurve& d : b) {
      PlanarBox other;
      other.add(d);
      if (!box.apartFrom(other, margin) && distanceBetween(c, d) <= margin) return false;
    }
  }
  return true;
}

double signedArea(const PlanarLoop& loop) {
  double twice = 0.0;
  const Point2 base = loop.empty() ? Point2{0, 0} : loop[0].from;
  for (const PlanarCurve& c : loop) {
    twice += cross(c.from - base, c.to - base);
    if (c.isArc()) twice += c.radius * c.radius * (c.sweep - std::sin(c.sweep));
  }
  return twice / 2.0;
}

// The winding number of the chords, and for arcs that of the piece between arc and chord. A point on the line of an
// arc's chord counts as left of it in both.
bool contains(const PlanarLoop& loop, const Point2& point) {
  double turned = 0.0;
  int winding = 0;
  for (const PlanarCurve& c : loop) {
    const bool inDisc = c.isArc() && length(point - c.center) < c.radius;
    const int sign = c.sweep < 0.0 ? -1 : 1;
    if (c.isCircle()) {
      winding += inDisc ? sign : 0;
      continue;
    }
    const Point2 a = c.from - point, b = c.to - point;
    const double side = cross(a, b) + 0.0;  // positive left of the chord; no negative zero
    turned += std::atan2(side, dot(a, b));
    // The piece lies right of the chord where the arc runs counter-clockwise, left where it runs clockwise.
    if (inDisc && (side < 0.0) == (sign > 0)) winding += sign;
  }
  return static_cast<int>(std::lround(turned / kTurn)) + winding != 0;
}

}  // namespace cadrecode::solid
