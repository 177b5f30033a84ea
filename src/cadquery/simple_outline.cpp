#include "cadquery/simple_outline.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <BRepLib_FindSurface.hxx>
#include <BRep_Builder.hxx>
#include <BRep_Tool.hxx>
#include <Geom_Plane.hxx>
#include <Precision.hxx>
#include <TopExp.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Iterator.hxx>
#include <algorithm>
#include <array>
#include <cmath>
#include <gp_Circ.hxx>
#include <gp_Pln.hxx>
#include <gp_XY.hxx>
#include <limits>
#include <numbers>
#include <vector>

#include "solid/fast_paths.hpp"

namespace cadrecode::cadquery {

namespace {

// Edges closer than this, or corners sharper, are left to the kernel's own checks, whose tolerance is 1e-7.
constexpr double kMargin = 1e-4;
constexpr double kSharpest = 1e-3;  // radians
// The kernel's least tolerance, and what its face building makes of it for vertices.
const double kLeast = Precision::Confusion();
const double kLeastOfVertices = kLeast * (1 + std::numeric_limits<double>::epsilon());
constexpr double kTwoPi = 2 * std::numbers::pi;

// An edge in the coordinates of its plane, run through from start to end.
struct Piece {
  gp_XY start, end;
  bool arc = false;
  gp_XY center;
  double radius = 0;
  double from = 0;   // angle of the start
  double sweep = 0;  // signed, counter-clockwise positive

  double length() const { return arc ? std::fabs(sweep) * radius : (end - start).Modulus(); }
  // Unit direction of travel at the start (atEnd: at the end).
  gp_XY tangent(bool atEnd) const {
    if (!arc) return (end - start) / (end - start).Modulus();
    const double angle = atEnd ? from + sweep : from;
    const double side = sweep > 0 ? 1 : -1;
    return {-std::sin(angle) * side, std::cos(angle) * side};
  }
  // Whether a point of the carrying line or circle lies on the piece, give or take `margin`.
  bool covers(const gp_XY& p, double margin) const {
    if (!arc) {
      const double along = (p - start) * tangent(false);
      return along > -margin && along < length() + margin;
    }
    const gp_XY d = p - center;
    double angle = std::remainder(std::atan2(d.Y(), d.X()) - from, kTwoPi) * (sweep > 0 ? 1 : -1);
    const double slack = margin / radius;
    if (angle < -slack) angle += kTwoPi;
    return angle < std::fabs(sweep) + slack;
  }
  double distance(const gp_XY& p) const {
    const double toEnds = std::min((p - start).Modulus(), (p - end).Modulus());
    if (!covers(p, 0)) return toEnds;
    const double across = arc ? (p - center).Modulus() - radius : tangent(false) ^ (p - start);
    return std::min(toEnds, std::fabs(across));
  }
  // Twice the area between the piece and the origin.
  double doubleArea() const { return (start ^ end) + (arc ? radius * radius * (sweep - std::sin(sweep)) : 0.0); }
};

// A point where the carriers of two pieces meet; `spread`: how far around it they stay within the margin.
struct Meeting {
  gp_XY point;
  double spread = kMargin;
};
using Meetings = std::array<Meeting, 2>;

// Where a circle meets a line through `foot`, the line's point nearest to the centre. Returns how many.
int meetings(const gp_XY& foot, const gp_XY& direction, double depth, double radius, Meetings& found) {
  if (depth > radius + kMargin) return 0;
  if (depth > radius - kMargin) {
    found[0] = {foot, 2 * std::sqrt(radius * kMargin) + kMargin};
    return 1;
  }
  const double half = std::sqrt(radius * radius - depth * depth);
  found[0] = {foot + direction * half, kMargin};
  found[1] = {foot - direction * half, kMargin};
  return 2;
}

int meetings(const Piece& a, const Piece& b, Meetings& found) {
  if (!a.arc && !b.arc) {
    const gp_XY u = a.tangent(false), v = b.tangent(false);
    const double turn = u ^ v;
    if (std::fabs(turn) < 1e-9) return 0;  // parallel: the distances of their ends tell
    found[0] = {a.start + u * (((b.start - a.start) ^ v) / turn), kMargin};
    return 1;
  }
  if (a.arc != b.arc) {
    const Piece& line = a.arc ? b : a;
    const Piece& arc = a.arc ? a : b;
    const gp_XY u = line.tangent(false);
    const gp_XY foot = line.start + u * ((arc.center - line.start) * u);
    return meetings(foot, u, (foot - arc.center).Modulus(), arc.radius, found);
  }
  const gp_XY between = b.center - a.center;
  const double d = between.Modulus();
  if (d < kMargin) return 0;  // concentric: the distances of their ends and middles tell
  // The line through the common points, seen from the centre of `a`.
  const double depth = (d * d + a.radius * a.radius - b.radius * b.radius) / (2 * d);
  const gp_XY along = between / d;
  if (d > a.radius + b.radius + kMargin || d < std::fabs(a.radius - b.radius) - kMargin) return 0;
  const double nearness = std::min(std::fabs(d - a.radius - b.radius), std::fabs(d - std::fabs(a.radius - b.radius)));
  if (nearness < kMargin) {
    found[0] = {a.center + along * std::clamp(depth, -a.radius, a.radius),
                4 * std::sqrt(std::max(a.radius, b.radius) * kMargin) + kMargin};
    return 1;
  }
  const double half = std::sqrt(std::max(0.0, a.radius * a.radius - depth * depth));
  const gp_XY across(-along.Y(), along.X());
  found[0] = {a.center + along * depth + across * half, kMargin};
  found[1] = {a.center + along * depth - across * half, kMargin};
  return 2;
}

gp_XY middle(const Piece& arc) {
  const double angle = arc.from + arc.sweep / 2;
  return arc.center + gp_XY(std::cos(angle), std::sin(angle)) * arc.radius;
}

// Whether two pieces stay apart but for the corners they share.
bool apart(const Piece& a, const Piece& b, bool startOfAShared, bool endOfAShared) {
  const auto shared = [&](const gp_XY& p, double within) {
    return (startOfAShared && (p - a.start).Modulus() < within) || (endOfAShared && (p - a.end).Modulus() < within);
  };
  for (const gp_XY& p : {a.start, a.end})
    if (!shared(p, kMargin) && b.distance(p) < kMargin) return false;
  for (const gp_XY& p : {b.start, b.end})
    if (!shared(p, kMargin) && a.distance(p) < kMargin) return false;
  if (a.arc && b.arc && (a.distance(middle(b)) < kMargin || b.distance(middle(a)) < kMargin)) return false;
  Meetings found;
  const int count = meetings(a, b, found);
  for (int i = 0; i < count; ++i) {
    const auto& [point, spread] = found[static_cast<std::size_t>(i)];
    if (a.covers(point, spread) && b.covers(point, spread) && !shared(point, spread)) return false;
  }
  return true;
}

std::optional<Piece> pieceOf(const TopoDS_Edge& edge, const gp_Ax3& frame) {
  const auto local = [&](const gp_Pnt& p) -> std::optional<gp_XY> {
    const gp_Vec v(frame.Location(), p);
    if (std::fabs(v.Dot(frame.Direction())) > 1e-9) return std::nullopt;
    return gp_XY(v.Dot(frame.XDirection()), v.Dot(frame.YDirection()));
  };
  if (BRep_Tool::Tolerance(edge) > kLeast) return std::nullopt;
  const BRepAdaptor_Curve curve(edge);
  const bool reversed = edge.Orientation() == TopAbs_REVERSED;
  double u0 = curve.FirstParameter(), u1 = curve.LastParameter();
  if (reversed) std::swap(u0, u1);
  const auto start = local(curve.Value(u0)), end = local(curve.Value(u1));
  if (!start || !end) return std::nullopt;
  Piece piece{.start = *start, .end = *end, .center = {}};
  if (curve.GetType() == GeomAbs_Circle) {
    const gp_Circ circle = curve.Circle();
    const auto center = local(circle.Location());
    const double side = circle.Axis().Direction().Dot(frame.Direction());
    if (!center || std::fabs(std::fabs(side) - 1) > 1e-12) return std::nullopt;
    piece.arc = true;
    piece.center = *center;
    piece.radius = circle.Radius();
    piece.from = std::atan2(start->Y() - center->Y(), start->X() - center->X());
    piece.sweep = (u1 - u0) * (side > 0 ? 1 : -1);
    if (piece.radius < 10 * kMargin || std::fabs(piece.sweep) < kSharpest) return std::nullopt;
  } else if (curve.GetType() != GeomAbs_Line) {
    return std::nullopt;
  }
  // The kernel would mend an end that is off its vertex.
  TopoDS_Vertex v0 = TopExp::FirstVertex(edge, true), v1 = TopExp::LastVertex(edge, true);
  if (v0.IsNull() || v1.IsNull()) return std::nullopt;
  for (const auto& [vertex, u] : {std::pair{v0, u0}, std::pair{v1, u1}})
    if (BRep_Tool::Tolerance(vertex) > kLeastOfVertices || BRep_Tool::Pnt(vertex).Distance(curve.Value(u)) > 1e-9)
      return std::nullopt;
  if (piece.length() < 10 * kMargin) return std::nullopt;
  return piece;
}

// The outline itself when its edges lead from corner to corner in order, else a wire of them in order, from the first
// one on: wires put together from loose edges zigzag between their two ends. Null when they make no single loop.
TopoDS_Wire inOrder(const TopoDS_Wire& outline) {
  std::vector<TopoDS_Edge> edges;
  for (TopoDS_Iterator it(outline); it.More(); it.Next()) {
    edges.push_back(TopoDS::Edge(it.Value()));
    const TopAbs_Orientation side = edges.back().Orientation();
    if (side != TopAbs_FORWARD && side != TopAbs_REVERSED) return {};
    if (TopExp::FirstVertex(edges.back()).IsNull() || TopExp::LastVertex(edges.back()).IsNull()) return {};
  }
  if (edges.empty()) return {};
  bool reordered = false;
  const TopoDS_Vertex first = TopExp::FirstVertex(edges.front(), true);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const TopoDS_Vertex last = TopExp::LastVertex(edges[i], true);
    const auto follows = [&](const TopoDS_Edge& edge) { return last.IsSame(TopExp::FirstVertex(edge, true)); };
    const bool isLast = i + 1 == edges.size();
    if (last.IsSame(first) != isLast) return {};
    if (isLast || follows(edges[i + 1])) continue;
    const auto rest = edges.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const auto next = std::find_if(rest, edges.end(), follows);
    if (next == edges.end()) return {};
    std::iter_swap(rest, next);
    reordered = true;
  }
  if (!reordered) return outline;
  const BRep_Builder builder;
  TopoDS_Wire wire;
  builder.MakeWire(wire);
  for (const TopoDS_Edge& edge : edges) builder.Add(wire, edge);
  wire.Closed(true);
  return wire;
}

// Empty when a piece is not plain enough.
std::vector<Piece> piecesOf(const TopoDS_Wire& outline, const gp_Ax3& frame) {
  std::vector<Piece> pieces;
  for (TopoDS_Iterator it(outline); it.More(); it.Next()) {
    const std::optional<Piece> piece = pieceOf(TopoDS::Edge(it.Value()), frame);
    if (!piece) return {};
    pieces.push_back(*piece);
  }
  return pieces;
}

bool isSimple(const std::vector<Piece>& pieces) {
  const std::size_t n = pieces.size();
  if (n == 1) return pieces[0].arc && std::fabs(std::fabs(pieces[0].sweep) - kTwoPi) < 1e-9;
  for (std::size_t i = 0; i < n; ++i) {
    const Piece& next = pieces[(i + 1) % n];
    // A corner where the outline turns back on itself.
    if (pieces[i].tangent(true) * next.tangent(false) < -std::cos(kSharpest)) return false;
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool follows = j == i + 1, precedes = (j + 1) % n == i;
      if (!apart(pieces[i], pieces[j], precedes, follows)) return false;
    }
  }
  return true;
}

// A plane through an outline, and the tolerance that a face on it gets.
struct Support {
  opencascade::handle<Geom_Plane> plane;  // null: none
  double tolerance = 0;
};

// What BRepLib_FindSurface finds for an outline exactly in the XY plane, but for the side of the normal: the origin is
// the mean of sample points on the edges, each weighted by the chords beside it.
Support supportInXY(const TopoDS_Wire& outline) {
  const auto flat = [](const auto& place) { return place.Z() == 0; };
  gp_XYZ sum(0, 0, 0);
  double weights = 0, tolerance = 0;
  for (TopoDS_Iterator it(outline); it.More(); it.Next()) {
    const TopoDS_Edge& edge = TopoDS::Edge(it.Value());
    tolerance = std::max(tolerance, BRep_Tool::Tolerance(edge));
    const BRepAdaptor_Curve curve(edge);
    const bool arc = curve.GetType() == GeomAbs_Circle;
    if (!arc && curve.GetType() != GeomAbs_Line) return {};
    if (arc) {
      const gp_Ax2 frame = curve.Circle().Position();
      if (!flat(frame.Location()) || !flat(frame.XDirection()) || !flat(frame.YDirection())) return {};
    }
    const double first = curve.FirstParameter(), last = curve.LastParameter();
    const int chords = arc ? 3 : 1;
    gp_Pnt point = curve.Value(first);
    double before = 0;
    for (int i = 1; i <= chords + 1; ++i) {
      if (!flat(point)) return {};
      const gp_Pnt next = curve.Value(i < chords ? first + i * ((last - first) / chords) : last);
      const double after = i <= chords ? point.Distance(next) : 0.0;
      sum += (before + after) * point.XYZ();
      weights += before + after;
      before = after;
      point = next;
    }
  }
  if (weights == 0) return {};
  return {new Geom_Plane(gp_Pnt(sum / weights), gp_Dir(0, 0, 1)), tolerance};
}

Support supportOf(const TopoDS_Wire& outline) {
  const BRepLib_FindSurface finder(outline, -1, true, true);
  if (!finder.Found() || !finder.Location().IsIdentity()) return {};
  return {opencascade::handle<Geom_Plane>::DownCast(finder.Surface()),
          std::max(1.2 * finder.ToleranceReached(), finder.Tolerance())};
}

}  // namespace

std::optional<TopoDS_Face> faceOfSimpleOutline(const TopoDS_Wire& outline) {
  if (!solid::fastPaths() || outline.Orientation() != TopAbs_FORWARD || !BRep_Tool::IsClosed(outline))
    return std::nullopt;
  const TopoDS_Wire wire = inOrder(outline);
  if (wire.IsNull()) return std::nullopt;
  Support support = supportInXY(wire);
  const bool inXY = !support.plane.IsNull();
  if (!inXY) support = supportOf(wire);
  auto& [plane, tolerance] = support;
  if (plane.IsNull() || tolerance > kLeast) return std::nullopt;

  const std::vector<Piece> pieces = piecesOf(wire, plane->Position());
  if (pieces.empty() || !isSimple(pieces)) return std::nullopt;
  double area = 0;
  for (const Piece& piece : pieces) area += piece.doubleArea() / 2;
  if (std::fabs(area) < kMargin) return std::nullopt;

  // The kernel turns the plane's normal to a wire that knows it is closed, else it turns the wire.
  const bool turnPlane = inXY && area < 0 && wire.Closed();
  if (turnPlane) plane = new Geom_Plane(plane->Pln().Location(), gp_Dir(0, 0, 1).Reversed());
  const BRep_Builder builder;
  TopoDS_Face face;
  builder.MakeFace(face, plane, tolerance);
  builder.Add(face, area > 0 || turnPlane ? TopoDS_Shape(wire) : wire.Reversed());
  // As the kernel's building and repair leave them.
  for (TopoDS_Iterator it(wire); it.More(); it.Next())
    for (TopoDS_Iterator end(it.Value()); end.More(); end.Next())
      builder.UpdateVertex(TopoDS::Vertex(end.Value()), kLeastOfVertices);
  face.Checked(true);
  return face;
}

}  // namespace cadrecode::cadquery
