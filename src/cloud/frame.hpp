// Where a normalised cloud, or the program made from it, lies in the part's own position and units. Value type.
#pragma once

#include "cloud/geometry.hpp"

namespace cadrecode::cloud {

// part = origin + unit * local, without rotation.
struct Frame {
  Point origin{};
  double unit = 1;  // the part's units in one local unit, above 0

  Point toPart(const Point& local) const { return origin + unit * local; }
  Point toLocal(const Point& part) const { return 1 / unit * (part - origin); }

  // The frame in which the box is centred and its longest side is `side`. Error(input) for a box without extent.
  static Frame centred(const Box& box, double side);
};

}  // namespace cadrecode::cloud
