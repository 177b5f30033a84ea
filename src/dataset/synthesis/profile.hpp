// Outlines as the boundary of a sequence of unions and differences of discs and polygons. Lengths in any unit around
// 1; loops of segments and arcs, counter-clockwise outside, clockwise round holes. Plain values.
#pragma once

#include <vector>

#include "solid/planar_curves.hpp"

namespace cadrecode::synthesis {

using solid::PlanarCurve;
using solid::PlanarLoop;
using solid::Point2;

struct Primitive {
  bool add = true;              // else it is taken away from what stands before it
  double radius = 0;            // of a disc; 0: a polygon
  Point2 center{0, 0};          // of a disc
  std::vector<Point2> corners;  // of a polygon, without crossings, in either direction
};

Primitive disc(Point2 center, double radius, bool add = true);
Primitive box(Point2 center, double width, double height, double angle = 0, bool add = true);
Primitive polygon(std::vector<Point2> corners, bool add = true);

// The boundary of what is left after all of `primitives`, each curve as long as it can be; nothing where loops touch
// themselves or each other in a point. A whole circle is one loop of one curve.
std::vector<PlanarLoop> boundary(const std::vector<Primitive>& primitives);

PlanarCurve segment(Point2 from, Point2 to);
// The arc through three points; a segment where they lie on a line.
PlanarCurve arcThrough(Point2 from, Point2 middle, Point2 to);
// Turned by `angle`, mirrored in the x axis before that, then scaled by `scale` and moved by `move`. Loops keep their
// sense of running.
PlanarLoop transformed(const PlanarLoop& loop, double angle, bool mirror, double scale, Point2 move);
PlanarLoop reversed(const PlanarLoop& loop);

}  // namespace cadrecode::synthesis
