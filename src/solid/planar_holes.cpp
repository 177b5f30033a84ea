#include "solid/planar_holes.hpp"

#include <BRepLib.hxx>
#include <BRepTools.hxx>
#include <BRep_Builder.hxx>
#include <BRep_Tool.hxx>
#include <Bnd_Box2d.hxx>
#include <Geom_Surface.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_ListOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Compound.hxx>
#include <TopoDS_Iterator.hxx>
#include <TopoDS_Wire.hxx>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "solid/planar_face.hpp"
#include "solid/validity.hpp"

namespace cadrecode::solid {
namespace {

struct Hole {
  std::vector<TopoDS_Edge> edges;  // as the tool has them, in its direction
};

struct Body {
  TopoDS_Face face;
  FlatFace flat;
  std::vector<Hole> holes;  // new ones
};

// A loop in other axes of the same plane and side.
std::optional<PlanarLoop> inAxes(const PlanarLoop& loop, const gp_Ax3& from, const gp_Ax3& to) {
  const gp_XYZ x = to.XDirection().XYZ(), y = to.YDirection().XYZ(), z = x.Crossed(y);
  const gp_XYZ fromX = from.XDirection().XYZ(), fromY = from.YDirection().XYZ();
  const gp_XYZ shift = from.Location().XYZ() - to.Location().XYZ();
  if ((fromX.Crossed(fromY) - z).Modulus() > 1e-12 || std::abs(shift.Dot(z)) > 1e-9) return std::nullopt;
  const double c = fromX.Dot(x), s = fromX.Dot(y), dx = shift.Dot(x), dy = shift.Dot(y), angle = std::atan2(s, c);
  const auto move = [&](const Point2& p) { return Point2{dx + c * p[0] - s * p[1], dy + s * p[0] + c * p[1]}; };
  PlanarLoop moved = loop;
  for (PlanarCurve& curve : moved) {
    curve.from = move(curve.from);
    curve.to = move(curve.to);
    curve.center = move(curve.center);
    curve.start += angle;
  }
  return moved;
}

enum class Place { apart, inside, other };

Place placeOf(const PlanarLoop& tool, const FlatFace& body, double margin) {
  const Point2 point = tool[0].at(0.5);
  bool inside = true;
  for (const FaceLoop& loop : body.loops) {
    if (!keepApart(tool, loop.curves, margin) || contains(tool, loop.curves[0].at(0.5))) return Place::other;
    const bool outer = signedArea(loop.curves) > 0.0;
    inside = inside && contains(loop.curves, point) == outer;
  }
  return inside ? Place::inside : Place::apart;
}

bool meet(const PlanarLoop& a, const PlanarLoop& b, double margin) {
  return !keepApart(a, b, margin) || contains(a, b[0].at(0.5)) || contains(b, a[0].at(0.5));
}

// The kernel walks from edge to edge over their vertices, first come first served.
TopoDS_Wire rebuiltWire(const TopoDS_Shape& wire) {
  std::vector<TopoDS_Shape> edges, block;
  for (TopoDS_Iterator part(wire); part.More(); part.Next()) edges.push_back(part.Value());
  std::vector<bool> used(edges.size(), false);
  const auto take = [&](std::size_t i) {
    used[i] = true;
    block.push_back(edges[i]);
  };
  take(0);
  for (std::size_t k = 0; k < block.size(); ++k) {
    const TopoDS_Shape current = block[k];
    for (TopExp_Explorer vertex(current, TopAbs_VERTEX); vertex.More(); vertex.Next()) {
      for (std::size_t i = 0; i < edges.size(); ++i) {
        if (used[i]) continue;
        bool touches = false;
        for (TopoDS_Iterator end(edges[i]); end.More(); end.Next()) {
          touches = touches || end.Value().IsSame(vertex.Current());
        }
        if (touches) take(i);
      }
    }
  }
  BRep_Builder builder;
  TopoDS_Wire rebuilt;
  builder.MakeWire(rebuilt);
  for (const TopoDS_Shape& edge : block) builder.Add(rebuilt, edge);
  rebuilt.Closed(BRep_Tool::IsClosed(rebuilt));
  return rebuilt;
}

// The kernel follows the tool's first edge in its own direction first and lists what it found from the end; the loop
// that runs clockwise becomes the hole.
TopoDS_Wire holeWire(const Hole& hole) {
  std::size_t first = 0;
  if (hole.edges[0].Orientation() == TopAbs_REVERSED) first = 1;
  BRep_Builder builder;
  TopoDS_Wire wire;
  builder.MakeWire(wire);
  for (std::size_t i = 0; i < hole.edges.size(); ++i) {
    builder.Add(wire, hole.edges[(first + i) % hole.edges.size()].Reversed());
  }
  wire.Closed(BRep_Tool::IsClosed(wire));
  return wire;
}

// The kernel finds a face's holes in a tree of their boxes, sorted by Morton code on a grid over all of them. The boxes
// are the kernel's own: holes placed symmetrically are told apart by rounding.
std::vector<std::size_t> kernelOrder(const TopoDS_Face& face, const std::vector<TopoDS_Wire>& wires) {
  if (wires.size() < 2) return std::vector<std::size_t>(wires.size(), 0);
  using Bounds = std::array<std::array<double, 2>, 2>;
  constexpr double kFar = std::numeric_limits<double>::max();
  Bounds all{{{kFar, kFar}, {-kFar, -kFar}}};
  std::vector<Bounds> boxes;
  for (const TopoDS_Wire& wire : wires) {
    Bnd_Box2d box;
    BRepTools::AddUVBounds(face, wire, box);
    Bounds& b = boxes.emplace_back();
    box.Get(b[0][0], b[0][1], b[1][0], b[1][1]);
    for (std::size_t k = 0; k < 2; ++k) {
      all[0][k] = std::min(all[0][k], b[0][k]);
      all[1][k] = std::max(all[1][k], b[1][k]);
    }
  }
  std::vector<std::pair<std::uint32_t, std::size_t>> keyed;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    std::uint32_t code = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      const double cells = 1024.0 / std::max(1e-5, all[1][k] - all[0][k]);
      const double cell = ((boxes[i][0][k] + boxes[i][1][k]) * 0.5 - all[0][k]) * cells;
      const auto index = static_cast<std::uint32_t>(std::clamp(std::floor(cell), 0.0, 1023.0));
      for (std::uint32_t bit = 0; bit < 10; ++bit) code |= ((index >> bit) & 1u) << (3 * bit + k);
    }
    keyed.emplace_back(code, i);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::size_t> order;
  for (const auto& [code, index] : keyed) order.push_back(index);
  return order;
}

TopoDS_Face withHoles(const Body& body) {
  TopLoc_Location location;
  const Handle(Geom_Surface)& surface = BRep_Tool::Surface(body.face, location);
  BRep_Builder builder;
  TopoDS_Face face;
  builder.MakeFace(face, surface, location, BRep_Tool::Tolerance(body.face));
  std::vector<TopoDS_Wire> wires;
  std::size_t index = 0;
  for (TopoDS_Iterator wire(body.face.Oriented(TopAbs_FORWARD)); wire.More(); wire.Next(), ++index) {
    const TopoDS_Wire rebuilt = rebuiltWire(wire.Value());
    if (signedArea(body.flat.loops[index].curves) > 0.0) {
      builder.Add(face, rebuilt);
    } else {
      wires.push_back(rebuilt);
    }
  }
  TopTools_ListOfShape edges;
  for (const Hole& hole : body.holes) {
    wires.push_back(holeWire(hole));
    for (const TopoDS_Edge& edge : hole.edges) edges.Append(edge);
  }
  BRepLib::BuildPCurveForEdgesOnPlane(edges, face);
  for (const std::size_t i : kernelOrder(face, wires)) builder.Add(face, wires[i]);
  if (body.face.Orientation() == TopAbs_REVERSED) face.Orientation(TopAbs_REVERSED);
  return face;
}

std::optional<FlatFace> planeFace(const TopoDS_Shape& shape) {
  if (shape.IsNull() || shape.ShapeType() != TopAbs_FACE) return std::nullopt;
  auto flat = flatten(TopoDS::Face(shape));
  if (!flat || !flat->isPlane || !wellBounded(*flat)) return std::nullopt;
  return flat;
}

}  // namespace

std::optional<TopoDS_Shape> cutHoles(const std::vector<TopoDS_Shape>& arguments, const std::vector<TopoDS_Shape>& tools,
                                     double fuzzy) {
  if (arguments.empty() || tools.empty()) return std::nullopt;
  const double margin = 1e-5 + 2.0 * fuzzy;
  std::vector<Body> bodies;
  for (const TopoDS_Shape& shape : arguments) {
    auto flat = planeFace(shape);
    if (!flat) return std::nullopt;
    bodies.push_back({TopoDS::Face(shape), *std::move(flat), {}});
  }
  const gp_Ax3 axes = bodies[0].flat.axes;
  std::vector<PlanarLoop> outlines;
  for (const Body& body : bodies) {
    for (const FaceLoop& loop : body.flat.loops) {
      if (signedArea(loop.curves) < 0.0) continue;
      const auto outline = inAxes(loop.curves, body.flat.axes, axes);
      if (!outline) return std::nullopt;
      for (const PlanarLoop& other : outlines) {
        if (meet(*outline, other, margin)) return std::nullopt;
      }
      outlines.push_back(*outline);
    }
  }
  outlines.clear();
  for (const TopoDS_Shape& shape : tools) {
    const auto flat = planeFace(shape);
    if (!flat || flat->loops.size() != 1) return std::nullopt;
    const auto outline = inAxes(flat->loops[0].curves, flat->axes, axes);
    if (!outline) return std::nullopt;
    for (const PlanarLoop& other : outlines) {
      if (meet(*outline, other, margin)) return std::nullopt;
    }
    outlines.push_back(*outline);
    for (Body& body : bodies) {
      const auto local = inAxes(flat->loops[0].curves, flat->axes, body.flat.axes);
      const Place place = local ? placeOf(*local, body.flat, margin) : Place::other;
      if (place == Place::other) return std::nullopt;
      if (place == Place::inside) body.holes.push_back({flat->loops[0].edges});
    }
  }
  BRep_Builder builder;
  TopoDS_Compound result;
  builder.MakeCompound(result);
  for (const Body& body : bodies) builder.Add(result, body.holes.empty() ? body.face : withHoles(body));
  return result;
}

}  // namespace cadrecode::solid
