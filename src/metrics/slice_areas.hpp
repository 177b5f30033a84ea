// Areas that closed outlines cover in a plane, alone and together. For the slices of meshes. Stateless, any thread.
#pragma once

#include <vector>

namespace cadrecode::metrics {

// A straight piece of an outline of mesh 0 or 1, with x1 < x2. Crossing it from below (low y) adds `step` to the
// winding number.
struct OutlinePiece {
  double x1, y1, x2, y2;
  int mesh;
  int step;
};

struct Areas {
  double a = 0, b = 0, both = 0;  // of winding numbers other than 0
};

// Exact up to rounding for pieces that form closed outlines; they may cross. The pieces are reordered.
class SliceAreas {
 public:
  Areas of(std::vector<OutlinePiece>& pieces);

 private:
  struct Active {
    double left, right, middle;  // y at the strip's ends and middle
    const OutlinePiece* piece;
  };
  void addStrip(double left, double right, Areas& areas);
  void addSorted(double left, double right, Areas& areas);

  std::vector<double> events_, crossings_;
  std::vector<const OutlinePiece*> open_;
  std::vector<Active> active_;
};

}  // namespace cadrecode::metrics
