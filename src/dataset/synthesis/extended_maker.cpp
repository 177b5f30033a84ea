#include "dataset/synthesis/extended_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "dataset/synthesis/grid_check.hpp"
#include "dataset/synthesis/part_maker.hpp"

namespace cadrecode::synthesis {
namespace {

constexpr double kExact = 1e-6;                                // relative, of volumes that are known
constexpr double kEffect = 1e-3;                               // an operation changes at least that share
constexpr double kRevolved = 1e-3;                             // of volumes with arcs taken as polygons
constexpr std::array<const char*, 3> kNormals{"Z", "X", "Y"};  // of the planes XY, YZ, ZX

using Kind = PartWish::Body::Kind;

PartWish::Body drawBody(Random& random, double boxes, double cylinders) {
  PartWish::Body body;
  const double kind = random.uniform();
  if (kind < boxes) {
    body.kind = Kind::box;
  } else if (kind < boxes + cylinders) {
    body.kind = Kind::cylinder;
  } else {
    body.sketch = drawSketchWish(random);
  }
  return body;
}

Plane drawPlane(Random& random) { return static_cast<Plane>(random.below(3)); }

std::string withoutEnd(const Program& program) {
  std::string text = toText(program);
  text.pop_back();
  return text;
}

// One or two bodies, and one or two that cut them or are their common part with them.
std::optional<PlannedPart> makeCombined(Random& random) {
  PartWish wish;
  wish.plane = drawPlane(random);
  wish.second = static_cast<Plane>((static_cast<std::uint64_t>(wish.plane) + 1 + random.below(2)) % 3);
  wish.bodies.push_back(drawBody(random, 0.25, 0.2));
  if (random.chance(0.25)) wish.bodies.push_back(drawBody(random, 0.2, 0.2));
  const std::size_t whole = wish.bodies.size(), tools = random.chance(0.7) ? 1 : 2;
  for (std::size_t i = 0; i < tools; ++i) {
    PartWish::Body tool = drawBody(random, 0.2, 0.3);
    tool.combine = random.chance(0.25) ? Combine::intersect : Combine::cut;
    tool.secondPlane = i + 1 == tools && random.chance(0.6);
    wish.bodies.push_back(std::move(tool));
  }
  const std::optional<Program> program = makePart(random, wish);
  if (!program) return std::nullopt;
  PlannedPart part{toText(*program), boundsOf(*program), 0, 0};
  for (const Body& body : program->bodies) {
    const double volume = volumeOf(body);
    if (body.combine == Combine::unite) {
      part.leastVolume = std::max(part.leastVolume, volume);
      part.mostVolume += volume;
    } else {
      part.leastVolume =
          body.combine == Combine::cut ? std::max(0.0, part.leastVolume - volume) : part.leastVolume * 0.02;
      if (body.combine == Combine::intersect) part.mostVolume = std::min(part.mostVolume, volume);
    }
  }
  part.leastVolume *= 1 - kExact;
  part.mostVolume *= whole == 1 ? 1 - kEffect : 1 + kExact;
  return part;
}

// A profile to the right of the axis touches it nowhere, or with one straight edge.
bool isSoundProfile(const std::vector<Region>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const PlanarLoop loop = outline(regions[i]);
    solid::PlanarBox box;
    box.add(loop);
    if (box.low[0] >= 2) continue;
    if (i > 0 || box.low[0] != 0 || regions[i].kind == Region::Kind::circle) return false;
    int corners = 0, edges = 0;
    for (const PlanarCurve& curve : loop) {
      corners += curve.from[0] == 0 ? 1 : 0;
      edges += !curve.isArc() && curve.from[0] == 0 && curve.to[0] == 0 ? 1 : 0;
      solid::PlanarBox own;
      own.add(curve);
      if (curve.isArc() && own.low[0] <= 0 && curve.from[0] != 0 && curve.to[0] != 0) return false;
    }
    if (corners != 2 || edges != 1) return false;
  }
  return true;
}

// Centred but for a half, the longest side 200: arcs off the grid may reach further than planned.
bool isFramed(const std::array<double, 6>& bounds) {
  double side = 0, off = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    side = std::max(side, bounds[i + 3] - bounds[i]);
    off = std::max(off, std::abs(bounds[i] + bounds[i + 3]));
  }
  return std::abs(side - 200) <= 0.75 && off <= 1;
}

// A sketch turned about the y axis of its plane.
std::optional<PlannedPart> makeRevolved(Random& random) {
  SketchWish wish = drawSketchWish(random);
  if (wish.pattern.size() > 4) return std::nullopt;
  if (random.chance(0.25)) wish = {random.chance(0.6) ? "+r" : "+c", {0}};
  const std::optional<Shapes> drawn = makeSketch(random, wish);
  if (!drawn) return std::nullopt;
  const solid::PlanarBox extent = extentOf(*drawn);
  const double gap = random.chance(0.4) ? 0 : random.uniform(0.06, 1.5);
  const double reach = extent.high[0] - extent.low[0] + gap, height = extent.high[1] - extent.low[1];
  const double scale = 200 / std::max(2 * reach, height);
  Body body;
  body.revolved = true;
  for (const Shape& shape : *drawn) {
    Region region = onGrid(shape, scale, {extent.low[0] - gap, extent.low[1] + height / 2});
    if (!canonicalize(region)) return std::nullopt;
    body.regions.push_back(std::move(region));
  }
  sortRegions(body.regions);
  if (!isSound(body.regions) || !isSoundProfile(body.regions)) return std::nullopt;
  Program program;
  program.workplanes.push_back({drawPlane(random), 0});
  program.bodies.push_back(std::move(body));
  const double volume = volumeOf(program.bodies[0]);
  const std::array<double, 6> bounds = boundsOf(program);
  if (!isFramed(bounds)) return std::nullopt;
  return PlannedPart{toText(program), bounds, volume * (1 - kRevolved), volume * (1 + kRevolved)};
}

// The one body of a part, to be worked on.
struct Work {
  const Body& body;
  PlanarLoop loop;     // the outline of its first region
  const char* normal;  // name of the axis
  Plane plane;
  double height;
  PlannedPart part;
};

Integer2 toSketch(Plane plane, const Integer2& local) {
  // What `faces(">Y").workplane()` calls x and y is -x and z of the world; a sketch on ZX has z and x.
  return plane == Plane::zx ? Integer2{local[1], -local[0]} : local;
}

bool hasRoom(const Work& work, const Integer2& local, double radius) {
  const Integer2 at = toSketch(work.plane, local);
  const Point2 p{static_cast<double>(at[0]), static_cast<double>(at[1])};
  for (std::size_t i = 0; i < work.body.regions.size(); ++i) {
    const PlanarLoop loop = outline(work.body.regions[i]);
    if (solid::contains(loop, p) != (i == 0)) return false;
    for (const PlanarCurve& curve : loop) {
      if (solid::distanceTo(curve, p) < radius + 2) return false;
    }
  }
  return true;
}

// Holes through the face at the end of the normal: one, two or three by their places, in rows, or on a circle.
bool addHoles(Random& random, Work& work) {
  solid::PlanarBox box;
  box.add(work.loop);
  const double side = std::min(box.high[0] - box.low[0], box.high[1] - box.low[1]);
  const double kind = random.uniform();
  for (int tries = 0; tries < 60; ++tries) {
    const int radius = static_cast<int>(std::lround(side * random.uniform(0.02, 0.15)));
    if (radius < 1) continue;
    auto within = [&](std::size_t axis) {
      return static_cast<int>(std::lround(random.uniform(box.low[axis], box.high[axis])));
    };
    std::vector<Integer2> places;
    std::string text;
    if (kind < 0.4) {
      const auto count = 1 + random.below(3);
      for (std::uint64_t i = 0; i < count; ++i) {
        const Integer2 at{within(0), within(1)};
        places.push_back(work.plane == Plane::zx ? Integer2{-at[1], at[0]} : at);
        text += fmt::format("{}({},{})", i > 0 ? "," : "", places.back()[0], places.back()[1]);
      }
      text = ".pushPoints([" + text + "])";
    } else if (kind < 0.7) {
      const int columns = 1 + static_cast<int>(random.below(4)), rows = 1 + static_cast<int>(random.below(3));
      if (columns * rows < 2) continue;
      // Even steps, so that places are on the grid.
      const int dx = 2 * static_cast<int>(std::lround(side * random.uniform(0.05, 0.5 / columns)));
      const int dy = 2 * static_cast<int>(std::lround(side * random.uniform(0.05, 0.5 / rows)));
      for (int i = 0; i < columns; ++i) {
        for (int j = 0; j < rows; ++j) {
          places.push_back({(2 * i - columns + 1) * dx / 2, (2 * j - rows + 1) * dy / 2});
        }
      }
      text = fmt::format(".rarray({},{},{},{})", dx, dy, columns, rows);
    } else {
      const int count = 3 + static_cast<int>(random.below(6));
      const double circle = std::round(side * random.uniform(0.15, 0.45));
      for (int i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * i / count;
        places.push_back({static_cast<int>(std::lround(circle * std::cos(angle))),
                          static_cast<int>(std::lround(circle * std::sin(angle)))});
      }
      text = fmt::format(".polarArray({},0,360,{})", circle, count);
    }
    bool fits = true;
    for (std::size_t i = 0; i < places.size() && fits; ++i) {
      fits = hasRoom(work, places[i], radius);
      for (std::size_t j = 0; j < i && fits; ++j) {
        fits = std::hypot(places[i][0] - places[j][0], places[i][1] - places[j][1]) > 2 * radius + 2;
      }
    }
    if (!fits) continue;
    work.part.text += fmt::format(".faces('>{}').workplane(origin=(0,0,0)){}.hole({})", work.normal, text, 2 * radius);
    const double taken = static_cast<double>(places.size()) * std::numbers::pi * radius * radius * work.height;
    work.part.leastVolume -= taken;
    work.part.mostVolume -= taken;
    return true;
  }
  return false;
}

double shortestEdge(const PlanarLoop& loop) {
  double shortest = 1e300;
  for (const PlanarCurve& curve : loop) {
    const double length = curve.isArc() ? curve.radius * std::abs(curve.sweep)
                                        : std::hypot(curve.to[0] - curve.from[0], curve.to[1] - curve.from[1]);
    shortest = std::min(shortest, length);
  }
  return shortest;
}

// Rounds or bevels the edges along the normal, or those of the face at its end.
bool addDressUp(Random& random, Work& work, bool holes) {
  const bool straight = std::none_of(work.loop.begin(), work.loop.end(), [](const auto& c) { return c.isArc(); });
  const bool along = straight && !holes && random.chance(0.6);
  const double room = std::min(shortestEdge(work.loop), along ? 1e300 : work.height);
  const int size = static_cast<int>(std::lround(room * random.uniform(0.05, 0.28)));
  if (size < 1) return false;
  const bool round = random.chance(0.5);
  work.part.text += fmt::format(
      ".{}.{}({})", along ? fmt::format("edges('|{}')", work.normal) : fmt::format("faces('>{}').edges()", work.normal),
      round ? "fillet" : "chamfer", size);
  work.part.leastVolume *= 0.5;
  work.part.mostVolume *= along ? 1.2 : 1 - kExact;  // inner corners are filled
  return true;
}

bool addShell(Random& random, Work& work) {
  if (work.body.regions.size() != 1) return false;
  solid::PlanarBox box;
  box.add(work.loop);
  const double room =
      std::min({box.high[0] - box.low[0], box.high[1] - box.low[1], work.height, 2 * shortestEdge(work.loop)});
  const int wall = static_cast<int>(std::lround(room * random.uniform(0.04, 0.2)));
  if (wall < 1) return false;
  work.part.text += fmt::format(".faces('>{}').shell(-{})", work.normal, wall);
  work.part.leastVolume = 0.01 * work.part.mostVolume;
  work.part.mostVolume *= 1 - 10 * kEffect;
  return true;
}

// One body with holes, dressed edges or hollowed.
std::optional<PlannedPart> makeWorked(Random& random) {
  PartWish wish;
  wish.plane = drawPlane(random);
  wish.bodies.push_back(drawBody(random, 0.3, 0.2));
  if (wish.bodies[0].sketch.pattern.size() > 4) return std::nullopt;
  const std::optional<Program> program = makePart(random, wish);
  if (!program) return std::nullopt;
  const Body& body = program->bodies[0];
  const double volume = volumeOf(body);
  Work work{body,
            outline(body.regions[0]),
            kNormals[static_cast<std::size_t>(wish.plane)],
            wish.plane,
            std::abs(static_cast<double>(body.height)),
            {withoutEnd(*program), boundsOf(*program), volume * (1 - kExact), volume * (1 + kExact)}};
  if (random.chance(0.25)) {
    if (!addShell(random, work)) return std::nullopt;
  } else {
    const bool holes = random.chance(0.65);
    if (holes && !addHoles(random, work)) return std::nullopt;
    if ((!holes || random.chance(0.35)) && !addDressUp(random, work, holes)) return std::nullopt;
  }
  work.part.text += "\n";
  return std::move(work.part);
}

}  // namespace

std::optional<PlannedPart> makeExtendedPart(Random& random) {
  const double kind = random.uniform();
  if (kind < 0.35) return makeCombined(random);
  if (kind < 0.5) return makeRevolved(random);
  return makeWorked(random);
}

}  // namespace cadrecode::synthesis
