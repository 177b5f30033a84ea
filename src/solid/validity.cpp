#include "solid/validity.hpp"

#include <BRepCheck_Analyzer.hxx>
#include <BRep_Tool.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "solid/kernel.hpp"

namespace cadrecode::solid {
namespace {

class ShellCheck {
 public:
  bool run(const TopoDS_Shape& shell) {
    for (TopoDS_Iterator child(shell); child.More(); child.Next()) {
      if (child.Value().ShapeType() != TopAbs_FACE || !addFace(child.Value())) return false;
    }
    return !uses_.empty() && closed() && connected();
  }

 private:
  struct Use {
    int forward = 0, reversed = 0;
    std::array<int, 2> faces{-1, -1};
  };

  static bool isOriented(const TopoDS_Shape& shape) {
    return shape.Orientation() == TopAbs_FORWARD || shape.Orientation() == TopAbs_REVERSED;
  }

  bool addFace(const TopoDS_Shape& face) {
    if (!isOriented(face) || faces_.Contains(face)) return false;
    const int index = faces_.Add(face);
    for (TopExp_Explorer part(face, TopAbs_EDGE); part.More(); part.Next()) {
      const TopoDS_Shape& edge = part.Current();
      if (!isOriented(edge)) return false;
      if (BRep_Tool::Degenerated(TopoDS::Edge(edge))) continue;
      const auto key = static_cast<std::size_t>(edges_.Add(edge));
      if (key > uses_.size()) uses_.emplace_back();
      Use& use = uses_[key - 1];
      const int count = use.forward + use.reversed;
      if (count == 2) return false;
      use.faces[static_cast<std::size_t>(count)] = index;
      (edge.Orientation() == TopAbs_FORWARD ? use.forward : use.reversed) += 1;
    }
    return true;
  }

  bool closed() const {
    return std::all_of(uses_.begin(), uses_.end(), [](const Use& u) { return u.forward == 1 && u.reversed == 1; });
  }

  bool connected() const {
    std::vector<int> group(static_cast<std::size_t>(faces_.Extent()) + 1);
    for (std::size_t i = 0; i < group.size(); ++i) group[i] = static_cast<int>(i);
    const auto root = [&group](int i) {
      while (group[static_cast<std::size_t>(i)] != i) i = group[static_cast<std::size_t>(i)];
      return i;
    };
    int parts = faces_.Extent();
    for (const Use& use : uses_) {
      const int a = root(use.faces[0]), b = root(use.faces[1]);
      if (a == b) continue;
      group[static_cast<std::size_t>(a)] = b;
      --parts;
    }
    return parts == 1;
  }

  TopTools_IndexedMapOfShape faces_, edges_;
  std::vector<Use> uses_;
};

}  // namespace

bool isClosedSolids(const TopoDS_Shape& shape) {
  if (shape.IsNull()) return false;
  TopoDS_Iterator child(shape);
  if (!child.More()) return false;
  if (shape.ShapeType() == TopAbs_COMPOUND) {
    for (; child.More(); child.Next()) {
      if (!isClosedSolids(child.Value())) return false;
    }
    return true;
  }
  if (shape.ShapeType() != TopAbs_SOLID || child.Value().ShapeType() != TopAbs_SHELL) return false;
  const TopoDS_Shape shell = child.Value();
  child.Next();
  return !child.More() && ShellCheck().run(shell);
}

// What BRepCheck finds in a solid beyond its faces is what isClosedSolids looks for.
bool isValid(const TopoDS_Shape& shape, bool closedSolids) {
  prepareKernel();
  if (!closedSolids) return BRepCheck_Analyzer(shape).IsValid();
  for (TopExp_Explorer part(shape, TopAbs_FACE); part.More(); part.Next()) {
    const TopoDS_Face& face = TopoDS::Face(part.Current());
    if (!provablyValid(face) && !BRepCheck_Analyzer(face).IsValid()) return false;
  }
  return true;
}

bool provablyValid(const TopoDS_Face& face) {
  const auto flat = flatten(face);
  return flat && wellBounded(*flat);
}

bool wellBounded(const FlatFace& flat) {
  const double margin = 1e-5 + 4.0 * flat.tolerance;
  if (flat.tolerance > 1e-4) return false;
  std::size_t outer = flat.loops.size();
  for (std::size_t i = 0; i < flat.loops.size(); ++i) {
    const PlanarLoop& loop = flat.loops[i].curves;
    if (!isSimple(loop, margin)) return false;
    PlanarBox box;
    box.add(loop);
    const double area = signedArea(loop);
    if (std::abs(area) < margin * (box.high[0] - box.low[0] + box.high[1] - box.low[1])) return false;
    if (area > 0.0) {
      if (outer != flat.loops.size()) return false;
      outer = i;
    }
  }
  if (outer == flat.loops.size()) return false;
  for (std::size_t i = 0; i < flat.loops.size(); ++i) {
    const PlanarLoop& hole = flat.loops[i].curves;
    if (i != outer && !contains(flat.loops[outer].curves, hole[0].at(0.5))) return false;
    for (std::size_t j = 0; j < flat.loops.size(); ++j) {
      if (i == j) continue;
      const PlanarLoop& other = flat.loops[j].curves;
      if (i < j && !keepApart(hole, other, margin)) return false;
      if (j != outer && i != outer && contains(other, hole[0].at(0.5))) return false;
    }
  }
  return true;
}

}  // namespace cadrecode::solid
