// Proofs that two shapes don't meet, from boxes of their faces: enough for a boolean operation to leave both alone.
// A false answer only means that nothing was proven. Shapes are looked at, never changed.
#pragma once

#include <Bnd_Box.hxx>
#include <TopoDS_Shape.hxx>
#include <vector>

namespace cadrecode::solid {

class Extent {
 public:
  explicit Extent(const TopoDS_Shape& shape);

  // No point of one shape is nearer to the other than the margin, their tolerances included, and neither lies within
  // the other. For solids, shells and faces with finite boxes.
  bool apartFrom(const Extent& other, double margin) const;

 private:
  bool facesApartFrom(const Extent& other, double margin) const;
  const std::vector<Bnd_Box>& faces() const;

  TopoDS_Shape shape_;
  Bnd_Box box_;
  mutable std::vector<Bnd_Box> faces_;
};

}  // namespace cadrecode::solid
