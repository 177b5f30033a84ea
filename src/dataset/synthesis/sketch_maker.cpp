#include "dataset/synthesis/sketch_maker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>
#include <utility>

#include "dataset/synthesis/outline_maker.hpp"

namespace cadrecode::synthesis {
namespace {

// A sketch in letters: l loop, r rect, c circle, each with + or - before it, and its share among all sketches.
constexpr std::array<std::pair<std::string_view, double>, 18> kPatterns{{{"+l", 52.0},
                                                                         {"+l-c", 6.0},
                                                                         {"+l-l", 5.6},
                                                                         {"+l-r", 4.6},
                                                                         {"+c-c", 3.8},
                                                                         {"+r-c", 3.1},
                                                                         {"+r-r", 2.6},
                                                                         {"+c-r", 2.3},
                                                                         {"+r-l", 1.8},
                                                                         {"+c-l", 1.1},
                                                                         {"+l+l", 5.6},
                                                                         {"+l+c", 1.8},
                                                                         {"+l+r", 1.1},
                                                                         {"+c+l", 1.4},
                                                                         {"+c+c", 1.3},
                                                                         {"+c+r", 0.5},
                                                                         {"+r+r", 0.6},
                                                                         {"+r+l", 0.4}}};
// Signs of the larger ones; their kinds are drawn one by one.
constexpr std::array<std::pair<std::string_view, double>, 10> kLarger{{{"+--", 5.8},
                                                                       {"+-+", 2.9},
                                                                       {"+++", 2.5},
                                                                       {"++-", 2.2},
                                                                       {"+---", 0.5},
                                                                       {"+-+-", 0.5},
                                                                       {"+-++", 0.3},
                                                                       {"++-+", 0.2},
                                                                       {"++++", 0.2},
                                                                       {"+----", 0.2}}};

template <std::size_t n>
std::optional<std::string_view> pick(double& left, const std::array<std::pair<std::string_view, double>, n>& shares) {
  for (const auto& [name, share] : shares) {
    if ((left -= share) < 0) return name;
  }
  return std::nullopt;
}

std::string drawPattern(Random& random) {
  double total = 0;
  for (const auto& [name, share] : kPatterns) total += share;
  for (const auto& [name, share] : kLarger) total += share;
  double left = random.uniform() * total;
  if (const auto pattern = pick(left, kPatterns)) return std::string(*pattern);
  const std::string_view signs = pick(left, kLarger).value_or("+--");
  std::string pattern;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    const double kind = random.uniform(), loops = i == 0 ? 0.62 : 0.5;
    pattern += signs[i];
    pattern += kind < loops ? 'l' : kind < loops + 0.28 ? 'c' : 'r';
  }
  return pattern;
}

Shape makeShape(Random& random, char kind, int edges) {
  if (kind == 'r') return makeRect(random);
  if (kind == 'c') return makeCircle();
  Shape shape;
  shape.loop = makeOutline(random, edges);
  return shape;
}

double clearance(const Point2& p, const PlanarLoop& loop) {
  double nearest = 1e300;
  for (const PlanarCurve& curve : loop) nearest = std::min(nearest, solid::distanceTo(curve, p));
  return nearest;
}

// A hole of the given kind inside `around`, clear of the `others`; nothing where no room was found.
std::optional<Shape> makeHole(Random& random, char kind, int edges, const Shape& around, const Shapes& others) {
  const PlanarLoop outer = outline(around);
  solid::PlanarBox box;
  box.add(outer);
  Point2 best{0, 0};
  double room = 0;
  const bool middle = random.chance(0.5);
  for (int tries = 0; tries < (middle ? 30 : 6); ++tries) {
    Point2 p{random.uniform(box.low[0], box.high[0]), random.uniform(box.low[1], box.high[1])};
    if (tries == 0 && middle) p = {(box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2};
    if (!solid::contains(outer, p)) continue;
    double here = clearance(p, outer);
    for (const Shape& other : others) {
      const PlanarLoop hole = outline(other);
      here = std::min(here, solid::contains(hole, p) ? 0 : clearance(p, hole));
    }
    if (here > room) {
      room = here;
      best = p;
    }
    if (tries == 0 && room > 0.1) break;
  }
  if (room < 0.06) return std::nullopt;
  Shape hole = makeShape(random, kind, edges);
  const double size = room * random.uniform(0.2, 0.92);
  if (kind == 'r' && around.kind == Region::Kind::rect && others.empty() && random.chance(0.6)) {
    hole = moved(hole, 1, best);
    const double roomX = 2 * std::min(best[0] - box.low[0], box.high[0] - best[0]);
    const double roomY = 2 * std::min(best[1] - box.low[1], box.high[1] - best[1]);
    hole.width = random.uniform(0.2, 0.9) * roomX;
    hole.height = random.uniform(0.2, 0.9) * roomY;
  } else {
    // Inside the circle of that size.
    hole = moved(hole, kind == 'c' ? size : size / 1.42, best);
  }
  hole.cut = true;
  return hole;
}

// Moves `shape` to where its box is clear of the sketch's box.
Shape beside(Random& random, const Shape& shape, const Shapes& sketch) {
  const solid::PlanarBox box = extentOf(sketch);
  const Shape scaled = moved(shape, std::exp(random.uniform(std::log(0.16), std::log(1.0))), {0, 0});
  const solid::PlanarBox own = extentOf({scaled});
  const std::size_t axis = random.below(2), other = 1 - axis;
  const bool low = random.chance(0.5);
  const double gap = random.uniform(0.05, random.chance(0.5) ? 0.25 : 0.9);
  Point2 move{0, 0};
  move[axis] = low ? box.low[axis] - gap - own.high[axis] : box.high[axis] + gap - own.low[axis];
  move[other] = random.chance(0.3) ? (box.low[other] + box.high[other]) / 2
                                   : random.uniform(box.low[other] - 0.4, box.high[other] + 0.4);
  return moved(scaled, 1, move);
}

double leftmost(const Region& region) {
  if (region.kind == Region::Kind::loop) return region.start[0];
  return region.kind == Region::Kind::rect ? region.low[0] : region.center[0] - region.radius;
}

}  // namespace

PlanarLoop outline(const Shape& shape) {
  if (shape.kind == Region::Kind::loop) return shape.loop;
  if (shape.kind == Region::Kind::circle) return boundary({disc(shape.center, shape.radius)})[0];
  return boundary({box(shape.center, shape.width, shape.height)})[0];
}

Shape moved(const Shape& shape, double scale, Point2 move) {
  Shape result = shape;
  result.loop = transformed(shape.loop, 0, false, scale, move);
  result.center = {shape.center[0] * scale + move[0], shape.center[1] * scale + move[1]};
  result.width *= scale;
  result.height *= scale;
  result.radius *= scale;
  return result;
}

solid::PlanarBox extentOf(const Shapes& shapes) {
  solid::PlanarBox box;
  for (const Shape& shape : shapes) {
    if (!shape.cut) box.add(outline(shape));
  }
  return box;
}

Shape makeRect(Random& random) {
  Shape shape;
  shape.kind = Region::Kind::rect;
  shape.width = shape.height = 2;
  (random.chance(0.5) ? shape.width : shape.height) *= std::exp(random.uniform(std::log(0.12), 0));
  return shape;
}

Shape makeCircle() {
  Shape shape;
  shape.kind = Region::Kind::circle;
  shape.radius = 1;
  return shape;
}

SketchWish drawSketchWish(Random& random) {
  SketchWish wish;
  wish.pattern = drawPattern(random);
  for (std::size_t i = 1; i < wish.pattern.size(); i += 2) {
    wish.edges.push_back(wish.pattern[i] == 'l' ? drawEdgeCount(random) : 0);
  }
  return wish;
}

std::optional<Shapes> makeSketch(Random& random, const SketchWish& wish) {
  Shapes sketch;
  Shapes holes;              // of the additive region that stands last
  std::size_t additive = 0;  // its index
  for (std::size_t i = 0; i < wish.edges.size(); ++i) {
    const char sign = wish.pattern[2 * i], kind = wish.pattern[2 * i + 1];
    if (sign == '-') {
      auto hole = makeHole(random, kind, wish.edges[i], sketch[additive], holes);
      if (!hole) return std::nullopt;
      holes.push_back(*hole);
      sketch.push_back(std::move(*hole));
      continue;
    }
    Shape shape = makeShape(random, kind, wish.edges[i]);
    if (i > 0) shape = beside(random, shape, sketch);
    additive = sketch.size();
    holes.clear();
    sketch.push_back(std::move(shape));
  }
  const solid::PlanarBox box = extentOf(sketch);
  const double scale = 2 / std::max(box.high[0] - box.low[0], box.high[1] - box.low[1]);
  const Point2 back{-scale * (box.low[0] + box.high[0]) / 2, -scale * (box.low[1] + box.high[1]) / 2};
  for (Shape& shape : sketch) shape = moved(shape, scale, back);
  return sketch;
}

Region onGrid(const Shape& shape, double scale, const Point2& low) {
  auto number = [&](double value, std::size_t axis) {
    return static_cast<int>(std::lround((value - low[axis]) * scale));
  };
  auto at = [&](const Point2& p) -> Integer2 { return {number(p[0], 0), number(p[1], 1)}; };
  Region region;
  region.kind = shape.kind;
  region.cut = shape.cut;
  if (shape.kind == Region::Kind::loop) {
    region.start = at(shape.loop[0].from);
    for (const PlanarCurve& curve : shape.loop)
      region.edges.push_back({curve.isArc(), at(curve.at(0.5)), at(curve.to)});
  } else if (shape.kind == Region::Kind::circle) {
    region.center = at(shape.center);
    region.radius = static_cast<int>(std::lround(shape.radius * scale));
  } else {
    region.low = at({shape.center[0] - shape.width / 2, shape.center[1] - shape.height / 2});
    region.high = at({shape.center[0] + shape.width / 2, shape.center[1] + shape.height / 2});
  }
  return region;
}

void sortRegions(std::vector<Region>& regions) {
  std::vector<std::vector<Region>> groups;
  for (Region& region : regions) {
    if (!region.cut) groups.emplace_back();
    groups.back().push_back(std::move(region));
  }
  auto before = [](const Region& a, const Region& b) { return leftmost(a) < leftmost(b); };
  for (auto& group : groups) std::stable_sort(group.begin() + 1, group.end(), before);
  std::stable_sort(groups.begin(), groups.end(), [&](const auto& a, const auto& b) { return before(a[0], b[0]); });
  regions.clear();
  for (auto& group : groups) {
    for (Region& region : group) regions.push_back(std::move(region));
  }
}

}  // namespace cadrecode::synthesis
