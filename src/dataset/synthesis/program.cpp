#include "dataset/synthesis/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <numbers>

namespace cadrecode::synthesis {
namespace {

Point2 real(const Integer2& p) { return {static_cast<double>(p[0]), static_cast<double>(p[1])}; }

long long cross(const Integer2& a, const Integer2& b, const Integer2& c) {
  return static_cast<long long>(b[0] - a[0]) * (c[1] - a[1]) - static_cast<long long>(b[1] - a[1]) * (c[0] - a[0]);
}

bool sameDirection(const Integer2& a, const Integer2& b, const Integer2& c) {
  return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0;
}

// Half of a sum of two integers as the dialect writes it: 3 or 3.5.
std::string half(int doubled) {
  if (doubled % 2 == 0) return std::to_string(doubled / 2);
  return fmt::format("{}{}.5", doubled < 0 ? "-" : "", std::abs(doubled) / 2);
}

std::string point(const Integer2& p) { return fmt::format("({},{})", p[0], p[1]); }

std::string doubledPoint(const Integer2& p) { return fmt::format("({},{})", half(p[0]), half(p[1])); }

Integer2 doubledCenter(const Region& region) {
  if (region.kind == Region::Kind::circle) return {2 * region.center[0], 2 * region.center[1]};
  return {region.low[0] + region.high[0], region.low[1] + region.high[1]};
}

std::string loopText(const Region& region) {
  std::string text;
  const std::size_t count = region.edges.size();
  for (std::size_t i = 0; i < count; ++i) {
    const LoopEdge& edge = region.edges[i];
    if (i + 1 == count && !edge.arc) {
      text += ".close()";
      break;
    }
    text += edge.arc ? ".arc(" : ".segment(";
    if (i == 0) text += point(region.start) + ",";
    if (edge.arc) text += point(edge.middle) + ",";
    text += point(edge.to) + ")";
  }
  return text + ".assemble()";
}

std::string bodyText(const Body& body) {
  const std::string plane = fmt::format("w{}", body.workplane);
  const Region& first = body.regions[0];
  if (body.regions.size() == 1 && first.kind != Region::Kind::loop && !body.revolved) {
    const int height = std::abs(body.height);
    std::string text = fmt::format("{}.workplane(offset={}/2)", plane, body.height);
    const Integer2 center = doubledCenter(first);
    if (center != Integer2{0, 0}) {
      text += fmt::format(".moveTo({},{})", half(center[0]), half(center[1]));
    }
    if (first.kind == Region::Kind::circle) return text + fmt::format(".cylinder({},{})", height, first.radius);
    return text + fmt::format(".box({},{},{})", first.high[0] - first.low[0], first.high[1] - first.low[1], height);
  }
  std::string text = plane + ".sketch()";
  Integer2 place{0, 0};  // doubled; where the next circle or rect would stand
  for (std::size_t i = 0; i < body.regions.size(); ++i) {
    const Region& region = body.regions[i];
    const char* mode = region.cut ? ",mode='s'" : "";
    if (region.kind == Region::Kind::loop) {
      if (i == 0) {
        text += loopText(region);
      } else {
        text += fmt::format(".reset().face({}.sketch(){}{})", plane, loopText(region), mode);
      }
      place = {0, 0};
      continue;
    }
    const Integer2 center = doubledCenter(region);
    if (center != place) text += fmt::format(".push([{}])", doubledPoint(center));
    place = center;
    if (region.kind == Region::Kind::circle) {
      text += fmt::format(".circle({}{})", region.radius, mode);
    } else {
      text += fmt::format(".rect({},{}{})", region.high[0] - region.low[0], region.high[1] - region.low[1], mode);
    }
  }
  if (body.revolved) return text + ".finalize().revolve(360,(0,0,0),(0,1,0))";
  return text + fmt::format(".finalize().extrude({})", body.height);
}

// A body's bounds: low and high of each axis.
std::array<double, 6> boundsOf(const Body& body, const Workplane& workplane) {
  const auto axes = axesOf(workplane.plane);
  solid::PlanarBox box;
  for (const Region& region : body.regions) {
    if (!region.cut) box.add(outline(region));
  }
  const double end = workplane.offset + body.height, reach = box.high[0];
  std::array<double, 3> low{box.low[0], box.low[1], std::min<double>(workplane.offset, end)};
  std::array<double, 3> high{box.high[0], box.high[1], std::max<double>(workplane.offset, end)};
  if (body.revolved) {
    low[0] = low[2] = -reach;
    high[2] = reach;
  }
  std::array<double, 6> bounds{};
  for (std::size_t i = 0; i < 3; ++i) {
    bounds[axes[i]] = low[i];
    bounds[axes[i] + 3] = high[i];
  }
  return bounds;
}

// The integral of x over what a loop encloses, by Green's theorem; arcs as many short segments.
double momentOf(const PlanarLoop& loop) {
  double moment = 0;
  for (const PlanarCurve& curve : loop) {
    const int pieces = curve.isArc() ? 256 : 1;
    Point2 from = curve.at(0);
    for (int i = 1; i <= pieces; ++i) {
      const Point2 to = curve.at(static_cast<double>(i) / pieces);
      moment += (to[1] - from[1]) * (from[0] * from[0] + from[0] * to[0] + to[0] * to[0]) / 6;
      from = to;
    }
  }
  return moment;
}

}  // namespace

PlanarLoop outline(const Region& region) {
  PlanarLoop loop;
  if (region.kind == Region::Kind::circle) {
    PlanarCurve circle;
    circle.center = real(region.center);
    circle.radius = region.radius;
    circle.sweep = 2 * std::numbers::pi;
    circle.from = circle.to = {circle.center[0] + circle.radius, circle.center[1]};
    return {circle};
  }
  if (region.kind == Region::Kind::rect) {
    const Point2 a = real(region.low), c = real(region.high), b{c[0], a[1]}, d{a[0], c[1]};
    return {segment(a, b), segment(b, c), segment(c, d), segment(d, a)};
  }
  Integer2 from = region.start;
  for (const LoopEdge& edge : region.edges) {
    loop.push_back(edge.arc ? arcThrough(real(from), real(edge.middle), real(edge.to))
                            : segment(real(from), real(edge.to)));
    from = edge.to;
  }
  return loop;
}

bool canonicalize(Region& region) {
  if (region.kind == Region::Kind::circle) return region.radius >= 1;
  if (region.kind == Region::Kind::rect) return region.high[0] > region.low[0] && region.high[1] > region.low[1];
  auto& edges = region.edges;
  // Arcs that the grid made straight, edges that it made points, corners that it took away.
  bool changed = true;
  while (changed && edges.size() >= 2) {
    changed = false;
    Integer2 from = region.start;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      LoopEdge& edge = edges[i];
      if (edge.arc && cross(from, edge.middle, edge.to) == 0) {
        if (from == edge.to && edge.middle != from) return false;
        edge.arc = false;
        changed = true;
      }
      if (!edge.arc && edge.to == from) {
        edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(i));
        changed = true;
        break;
      }
      const std::size_t next = (i + 1) % edges.size();
      if (!edge.arc && !edges[next].arc && cross(from, edge.to, edges[next].to) == 0) {
        if (!sameDirection(from, edge.to, edges[next].to)) return false;  // a spike
        if (next == 0) region.start = from;
        edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(i));
        if (next == 0) edges.back().to = region.start;
        changed = true;
        break;
      }
      from = edge.to;
    }
    if (!edges.empty() && edges.back().to != region.start) region.start = edges.back().to;
  }
  if (edges.size() < 2) return false;
  // Begin at the smallest corner.
  std::size_t smallest = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (edges[i].to < edges[smallest].to) smallest = i;
  }
  region.start = edges[smallest].to;
  std::rotate(edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>((smallest + 1) % edges.size()), edges.end());
  if (edges.size() == 4 && std::none_of(edges.begin(), edges.end(), [](const LoopEdge& edge) { return edge.arc; })) {
    const Integer2 a = region.start, b = edges[0].to, c = edges[1].to, d = edges[2].to;
    if (a[1] == b[1] && b[0] == c[0] && c[1] == d[1] && d[0] == a[0]) {
      region.kind = Region::Kind::rect;
      region.low = a;
      region.high = c;
      edges.clear();
      return c[0] > a[0] && c[1] > a[1];
    }
  }
  return true;
}

std::array<std::size_t, 3> axesOf(Plane plane) {
  switch (plane) {
    case Plane::xy:
      return {0, 1, 2};
    case Plane::yz:
      return {1, 2, 0};
    case Plane::zx:
      break;
  }
  return {2, 0, 1};
}

std::string toText(const Program& program) {
  static constexpr std::array<const char*, 3> names{"XY", "YZ", "ZX"};
  std::string text = "import cadquery as cq\n";
  for (std::size_t i = 0; i < program.workplanes.size(); ++i) {
    const Workplane& workplane = program.workplanes[i];
    std::array<int, 3> origin{0, 0, 0};
    origin[axesOf(workplane.plane)[2]] = workplane.offset;
    text += fmt::format("w{}=cq.Workplane('{}',origin=({},{},{}))\n", i,
                        names[static_cast<std::size_t>(workplane.plane)], origin[0], origin[1], origin[2]);
  }
  static constexpr std::array<const char*, 3> joins{"union", "cut", "intersect"};
  for (std::size_t i = 0; i < program.bodies.size(); ++i) {
    const Body& body = program.bodies[i];
    text += i == 0 ? "r=" + bodyText(body)
                   : fmt::format(".{}({})", joins[static_cast<std::size_t>(body.combine)], bodyText(body));
  }
  return text + "\n";
}

std::array<double, 6> boundsOf(const Program& program) {
  std::array<double, 6> bounds{1e300, 1e300, 1e300, -1e300, -1e300, -1e300};
  for (const Body& body : program.bodies) {
    if (body.combine == Combine::cut) continue;
    const bool both = body.combine == Combine::intersect;
    const auto own = boundsOf(body, program.workplanes[static_cast<std::size_t>(body.workplane)]);
    for (std::size_t i = 0; i < 3; ++i) {
      bounds[i] = both ? std::max(bounds[i], own[i]) : std::min(bounds[i], own[i]);
      bounds[i + 3] = both ? std::min(bounds[i + 3], own[i + 3]) : std::max(bounds[i + 3], own[i + 3]);
    }
  }
  return bounds;
}

double areaOf(const Region& region) { return solid::signedArea(outline(region)); }

double areaOf(const Body& body) {
  double area = 0;
  for (const Region& region : body.regions) area += (region.cut ? -1 : 1) * areaOf(region);
  return area;
}

double volumeOf(const Body& body) {
  if (!body.revolved) return areaOf(body) * std::abs(body.height);
  // Pappus: the area times the way of its centre.
  double moment = 0;
  for (const Region& region : body.regions) moment += (region.cut ? -1 : 1) * momentOf(outline(region));
  return 2 * std::numbers::pi * moment;
}

}  // namespace cadrecode::synthesis
