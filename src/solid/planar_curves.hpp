// Segments and circular arcs in a plane, and closed loops of them: distances, meetings, areas, containment. Exact up to
// rounding, no tolerance but the margins a caller gives. Plain values.
#pragma once

#include <array>
#include <vector>

namespace cadrecode::solid {

using Point2 = std::array<double, 2>;

struct PlanarCurve {
  Point2 from, to;
  // An arc runs from the angle start (radians) by sweep about center, counter-clockwise where sweep is positive;
  // a full turn is a closed circle. A segment has no radius.
  double radius = 0.0;
  Point2 center{0.0, 0.0};
  double start = 0.0, sweep = 0.0;

  bool isArc() const { return radius > 0.0; }
  bool isCircle() const;
  Point2 at(double fraction) const;    // 0: from, 1: to
  Point2 directionAt(bool end) const;  // unit tangent at from or to, in the curve's direction
  PlanarCurve reversed() const;
};

using PlanarLoop = std::vector<PlanarCurve>;  // each curve ends where the next begins

struct PlanarBox {
  Point2 low{1e300, 1e300}, high{-1e300, -1e300};
  void add(const PlanarCurve& curve);
  void add(const PlanarLoop& loop);
  bool apartFrom(const PlanarBox& other, double margin) const;
};

double distanceTo(const PlanarCurve& curve, const Point2& point);
double distanceBetween(const PlanarCurve& a, const PlanarCurve& b);

// a's end is b's start (and with both: a's start b's end too). True where they meet in nothing else, and the angle
// between them is clear, so that they leave each other at once.
bool meetOnlyAtJoint(const PlanarCurve& a, const PlanarCurve& b, bool both, double margin);

// Every curve ends in the next one, and keeps the margin to all others.
bool isSimple(const PlanarLoop& loop, double margin);
bool keepApart(const PlanarLoop& a, const PlanarLoop& b, double margin);

double signedArea(const PlanarLoop& loop);                   // positive where the loop runs counter-clockwise
bool contains(const PlanarLoop& loop, const Point2& point);  // for points off the loop, in either direction of running

}  // namespace cadrecode::solid
