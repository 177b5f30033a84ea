#include "solid/apart.hpp"

#include <BRepBndLib.hxx>
#include <BRep_Tool.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Vertex.hxx>
#include <array>

namespace cadrecode::solid {
namespace {

using Bounds = std::array<double, 6>;

Bounds boundsOf(const Bnd_Box& box) {
  Bounds b;
  box.Get(b[0], b[1], b[2], b[3], b[4], b[5]);
  return b;
}

bool apart(const Bnd_Box& a, const Bnd_Box& b, double margin) {
  const Bounds p = boundsOf(a), q = boundsOf(b);
  for (int k = 0; k < 3; ++k) {
    if (p[k] - q[k + 3] > margin || q[k] - p[k + 3] > margin) return true;
  }
  return false;
}

// Proof that a connected shape doesn't lie within what the box holds.
bool sticksOut(const TopoDS_Shape& shape, const Bnd_Box& box, double margin) {
  Bnd_Box grown = box;
  grown.Enlarge(margin);
  for (TopExp_Explorer vertex(shape, TopAbs_VERTEX); vertex.More(); vertex.Next()) {
    if (grown.IsOut(BRep_Tool::Pnt(TopoDS::Vertex(vertex.Current())))) return true;
  }
  return false;
}

bool bounded(const Bnd_Box& box) { return !box.IsVoid() && !box.IsOpen(); }

}  // namespace

Extent::Extent(const TopoDS_Shape& shape) : shape_(shape) { BRepBndLib::Add(shape, box_, Standard_False); }

const std::vector<Bnd_Box>& Extent::faces() const {
  if (faces_.empty()) {
    for (TopExp_Explorer face(shape_, TopAbs_FACE); face.More(); face.Next()) {
      BRepBndLib::Add(face.Current(), faces_.emplace_back(), Standard_False);
    }
  }
  return faces_;
}

bool Extent::apartFrom(const Extent& other, double margin) const {
  if (!bounded(box_) || !bounded(other.box_)) return false;
  return apart(box_, other.box_, margin) || facesApartFrom(other, margin);
}

// Where the boundaries don't meet, one shape holds the other or both are outside each other.
bool Extent::facesApartFrom(const Extent& other, double margin) const {
  if (!sticksOut(shape_, other.box_, margin) || !sticksOut(other.shape_, box_, margin)) return false;
  for (const Bnd_Box& a : faces()) {
    if (!bounded(a)) return false;
    if (apart(a, other.box_, margin)) continue;
    for (const Bnd_Box& b : other.faces()) {
      if (!bounded(b) || !apart(a, b, margin)) return false;
    }
  }
  return true;
}

}  // namespace cadrecode::solid
