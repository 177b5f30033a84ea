#include "dataset/synthesis/outline_maker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace cadrecode::synthesis {
namespace {

constexpr double kPi = std::numbers::pi;

using Primitives = std::vector<Primitive>;

// A few discs and boxes, of which later ones like to sit on the middle, an edge or a corner of the first; `more` of
// them beside it.
Primitives anything(Random& random, std::uint64_t more) {
  Primitives primitives;
  const double width = random.uniform(0.5, 2), height = random.uniform(0.5, 2);
  if (random.chance(0.65)) {
    primitives.push_back(box({0, 0}, width, height));
  } else {
    primitives.push_back(disc({0, 0}, width / 2));
  }
  for (std::uint64_t i = 0; i < more; ++i) {
    Point2 center{0, 0};
    const double place = random.uniform();
    if (place < 0.35) {
      center[random.below(2)] = random.chance(0.5) ? width / 2 : -height / 2;
    } else if (place < 0.6) {
      center = {width / 2 * (random.chance(0.5) ? 1 : -1), height / 2 * (random.chance(0.5) ? 1 : -1)};
    } else if (place < 0.85) {
      center = {random.uniform(-0.5, 0.5) * width, random.uniform(-0.5, 0.5) * height};
    }
    const bool add = random.chance(0.55);
    const double size = random.uniform(0.15, 1.5);
    if (random.chance(0.45)) {
      primitives.push_back(disc(center, size / 2, add));
    } else {
      const double angle = random.chance(0.2) ? random.uniform(0, kPi) : 0;
      primitives.push_back(box(center, size, random.uniform(0.15, 1.8), angle, add));
    }
  }
  return primitives;
}

// A plate with one disc on a side or a corner.
Primitives oneDisc(Random& random) {
  const double width = 2, height = random.uniform(0.4, 2);
  const Point2 at{width / 2, random.chance(0.4) ? height / 2 : random.uniform(-0.5, 0.5) * height};
  return {box({0, 0}, width, height), disc(at, random.uniform(0.15, 0.9) * height, random.chance(0.5))};
}

// Two boxes, or a box and a disc, about one middle: crosses, plates with ears.
Primitives centred(Random& random) {
  const double width = random.uniform(0.8, 2), height = random.uniform(0.3, 0.9) * width;
  Primitives primitives{box({0, 0}, width, height)};
  const double across = random.chance(0.7) ? 0 : random.uniform(-0.3, 0.3) * width;
  if (random.chance(0.55)) {
    primitives.push_back(disc({across, 0}, random.uniform(0.52, 1.05) * height));
  } else {
    primitives.push_back(box({across, 0}, random.uniform(0.1, 0.7) * width, random.uniform(1.1, 2.2) * height));
  }
  return primitives;
}

// Angles, channels, tees, stairs and beams.
Primitives rolled(Random& random) {
  const double width = 2, height = random.uniform(0.7, 2), wall = random.uniform(0.12, 0.45);
  switch (random.below(6)) {
    case 0:  // angle
      return {box({0, 0}, width, height), box({wall, wall}, width, height, 0, false)};
    case 1: {  // channel
      const double depth = random.uniform(0.3, 0.9) * height;
      return {box({0, 0}, width, height), box({0, height - depth}, width - 2 * wall, height, 0, false)};
    }
    case 2: {  // tee
      const double web = random.uniform(0.15, 0.7) * width;
      return {box({0, height / 2 - wall / 2}, width, wall), box({0, 0}, web, height)};
    }
    case 3: {  // beam
      const double web = random.uniform(0.15, 0.6) * width;
      return {box({0, 0}, web, height), box({0, height / 2}, width, wall), box({0, -height / 2}, width, wall)};
    }
    case 4: {  // stairs
      const auto steps = 2 + random.below(4);
      Primitives primitives;
      for (std::uint64_t i = 0; i < steps; ++i) {
        const double part = static_cast<double>(i + 1) / static_cast<double>(steps);
        primitives.push_back(
            box({width * part / 2, height * (1 - static_cast<double>(i) / static_cast<double>(steps)) / 2},
                width * part, height * (1 - static_cast<double>(i) / static_cast<double>(steps))));
      }
      return primitives;
    }
    default:  // comb
    {
      Primitives primitives{box({0, 0}, width, height)};
      const auto slots = 1 + random.below(4);
      const double pitch = width / static_cast<double>(slots + 1), depth = random.uniform(0.2, 0.7) * height;
      for (std::uint64_t i = 0; i < slots; ++i) {
        primitives.push_back(box({-width / 2 + pitch * static_cast<double>(i + 1), height / 2},
                                 pitch * random.uniform(0.3, 0.7), 2 * depth, 0, false));
      }
      return primitives;
    }
  }
}

// Slots, rounded plates, tongues, keyholes.
Primitives rounded(Random& random) {
  const double width = 2, height = random.uniform(0.3, 1.6);
  const double r = height / 2, half = width / 2;
  switch (random.below(5)) {
    case 0:  // slot
      return {box({0, 0}, width, height), disc({half, 0}, r), disc({-half, 0}, r)};
    case 1: {  // rounded plate
      const double corner = random.uniform(0.15, 0.48) * height;
      Primitives primitives{box({0, 0}, width, height - 2 * corner), box({0, 0}, width - 2 * corner, height)};
      for (double x : {-1.0, 1.0}) {
        for (double y : {-1.0, 1.0}) primitives.push_back(disc({x * (half - corner), y * (r - corner)}, corner));
      }
      return primitives;
    }
    case 2:  // tongue
      return {box({0, 0}, width, height), disc({half, 0}, r)};
    case 3:  // keyhole, lug
      return {disc({0, 0}, 0.6), box({0.6, 0}, 1.4, random.uniform(0.2, 1.15))};
    default: {  // link with two heads
      const double a = random.uniform(0.25, 0.7), b = random.uniform(0.25, 0.7);
      return {disc({-1, 0}, a), disc({1, 0}, b), box({0, 0}, 2, random.uniform(0.3, 1.8) * std::min(a, b))};
    }
  }
}

// Plates with notches on two or four sides or corners.
Primitives notched(Random& random) {
  const double width = 2, height = random.uniform(0.6, 2);
  Primitives primitives{box({0, 0}, width, height)};
  const double size = random.uniform(0.08, 0.4) * height;
  const bool round = random.chance(0.7), out = random.chance(0.4);
  const std::array<std::vector<Point2>, 4> sets{
      std::vector<Point2>{{-width / 2, 0}, {width / 2, 0}}, std::vector<Point2>{{0, -height / 2}, {0, height / 2}},
      std::vector<Point2>{{-width / 2, 0}, {width / 2, 0}, {0, -height / 2}, {0, height / 2}},
      std::vector<Point2>{
          {-width / 2, -height / 2}, {width / 2, -height / 2}, {-width / 2, height / 2}, {width / 2, height / 2}}};
  for (const Point2& p : sets[random.below(4)]) {
    primitives.push_back(round ? disc(p, size, out) : box(p, 2 * size, 1.6 * size, 0, out));
  }
  return primitives;
}

// Discs cut straight, moons, lenses, sectors.
Primitives discs(Random& random) {
  const double at = random.uniform(-0.7, 0.7);
  switch (random.below(5)) {
    case 0:  // cut straight
      return {disc({0, 0}, 1), box({at - 2, 0}, 4, 4, 0, false)};
    case 1:  // moon
      return {disc({0, 0}, 1), disc({random.uniform(0.3, 1.7), 0}, random.uniform(0.4, 1.4), false)};
    case 2: {  // lens: what two discs share
      const double d = random.uniform(0.3, 0.95);
      return {disc({-d, 0}, 1),       box({-2, 0}, 4, 4, 0, false), disc({d, 0}, 1, true), box({2, 0}, 4, 4, 0, false),
              disc({-d, 0}, 1, true), box({-2, 0}, 4, 4, 0, false)};
    }
    case 3:  // sector
      return {disc({0, 0}, 1), box({at - 2, 0}, 4, 4, 0, false),
              box({0, random.uniform(-0.5, 0.5) - 2}, 4, 4, 0, false)};
    default: {  // two discs
      const double r = random.uniform(0.4, 1);
      return {disc({0, 0}, 1), disc({random.uniform(std::max(0.3, 1.1 - r), 0.9 + r), 0}, r)};
    }
  }
}

// Discs with teeth or slots, stars of boxes.
Primitives toothed(Random& random) {
  const auto teeth = 2 + random.below(5);
  const double inner = random.uniform(0.5, 0.85),
               wide = random.uniform(0.2, 0.45) * 4.5 / static_cast<double>(teeth + 1);
  Primitives primitives{disc({0, 0}, inner)};
  const bool out = random.chance(0.7), round = random.chance(0.3);
  for (std::uint64_t i = 0; i < teeth; ++i) {
    const double angle = 2 * kPi * static_cast<double>(i) / static_cast<double>(teeth);
    const Point2 at{inner * std::cos(angle), inner * std::sin(angle)};
    primitives.push_back(round ? disc(at, wide / 2, out) : box(at, 2 * (1 - inner) + 0.1, wide, angle, out));
  }
  return primitives;
}

// Regular polygons, trapezoids, wedges, rectangles askew, chamfered plates.
Primitives straight(Random& random) {
  const double height = random.uniform(0.3, 1.8);
  switch (random.below(5)) {
    case 0: {
      std::vector<Point2> corners;
      const std::uint64_t count = 3 + random.below(6);
      const double turn = random.chance(0.5) ? kPi / static_cast<double>(count) : 0;
      for (std::uint64_t i = 0; i < count; ++i) {
        const double angle = turn + 2 * kPi * static_cast<double>(i) / static_cast<double>(count);
        corners.push_back({std::cos(angle), std::sin(angle)});
      }
      return {polygon(std::move(corners))};
    }
    case 1: {
      const double a = random.uniform(0, 0.8), b = random.chance(0.5) ? a : 0;
      return {polygon({{-1, 0}, {1, 0}, {1 - a, height}, {-1 + b, height}})};
    }
    case 2:
      return {polygon({{-1, 0}, {1, 0}, {-1, height}})};
    case 3: {
      const double cut = random.uniform(0.15, 0.45) * height;
      std::vector<Point2> corners{{-1, 0}, {1, 0}, {1, height - cut}, {1 - cut, height}};
      if (random.chance(0.5)) {
        corners.push_back({-1 + cut, height});
        corners.push_back({-1, height - cut});
      } else {
        corners.push_back({-1, height});
      }
      return {polygon(std::move(corners))};
    }
    default:
      return {box({0, 0}, 2, height, random.uniform(0.08, kPi / 2 - 0.08))};
  }
}

// A rectangle askew, sometimes with two sides out of square.
Primitives askew(Random& random) {
  const double height = random.uniform(0.2, 1.8), slant = random.chance(0.12) ? random.uniform(-0.8, 0.8) : 0;
  const double angle = random.uniform(0.06, kPi / 2 - 0.06), c = std::cos(angle), s = std::sin(angle);
  std::vector<Point2> corners{{-1, 0}, {1, 0}, {1 + slant, height}, {-1 + slant, height}};
  for (Point2& p : corners) p = {c * p[0] - s * p[1], s * p[0] + c * p[1]};
  return {polygon(std::move(corners))};
}

bool isPlain(const PlanarLoop& loop) {
  if (loop.size() == 1) return true;
  if (loop.size() != 4) return false;
  return std::all_of(loop.begin(), loop.end(), [](const PlanarCurve& curve) {
    return !curve.isArc() &&
           (std::abs(curve.to[0] - curve.from[0]) < 1e-6 || std::abs(curve.to[1] - curve.from[1]) < 1e-6);
  });
}

PlanarLoop fitted(const PlanarLoop& loop) {
  solid::PlanarBox extent;
  extent.add(loop);
  const double side = std::max(extent.high[0] - extent.low[0], extent.high[1] - extent.low[1]);
  const double scale = 2 / side;
  return transformed(loop, 0, false, scale,
                     {-scale * (extent.low[0] + extent.high[0]) / 2, -scale * (extent.low[1] + extent.high[1]) / 2});
}

// No edge so short, and no outline so slender, that the grid would swallow it.
bool isSturdy(const PlanarLoop& loop) {
  for (const PlanarCurve& curve : loop) {
    const double size = curve.isArc() ? curve.radius * std::abs(curve.sweep)
                                      : std::hypot(curve.to[0] - curve.from[0], curve.to[1] - curve.from[1]);
    if (size < 0.04) return false;
    if (curve.isArc() && curve.radius * (1 - std::cos(std::min(kPi, std::abs(curve.sweep) / 2))) < 0.02) return false;
  }
  return solid::signedArea(loop) > 0.08;
}

// The share to leave out of outlines that the families make more often than real programs have them: slots, small
// polygons, many arcs.
double surplus(const PlanarLoop& loop) {
  const auto arcs = std::count_if(loop.begin(), loop.end(), [](const PlanarCurve& curve) { return curve.isArc(); });
  if (arcs == 0) return loop.size() == 4 || loop.size() > 6 ? 0 : 0.55;
  if (loop.size() == 4 && arcs == 2) return loop[0].isArc() == loop[2].isArc() ? 0.7 : 0;
  return arcs > 6 ? 0.85 : 0;
}

Primitives draw(Random& random, int edges) {
  if (edges == 4 && random.chance(0.035)) return askew(random);
  if (edges > 12 && random.chance(0.5)) return anything(random, 3 + random.below(4));
  switch (random.below(11)) {
    case 0:
    case 1:
    case 2:
      return anything(random, 1 + random.below(3));
    case 3:
      return centred(random);
    case 4:
      return rolled(random);
    case 5:
      return rounded(random);
    case 6:
      return notched(random);
    case 7:
      return discs(random);
    case 8:
      return toothed(random);
    case 9:
      return oneDisc(random);
    default:
      return straight(random);
  }
}

}  // namespace

int drawEdgeCount(Random& random) {
  static constexpr std::array<std::pair<int, double>, 19> shares{{{4, 20.0},
                                                                  {2, 15.6},
                                                                  {8, 14.5},
                                                                  {5, 8.1},
                                                                  {6, 8.2},
                                                                  {12, 8.0},
                                                                  {3, 5.9},
                                                                  {9, 3.5},
                                                                  {10, 4.2},
                                                                  {7, 3.6},
                                                                  {14, 2.4},
                                                                  {11, 1.6},
                                                                  {16, 1.3},
                                                                  {13, 1.2},
                                                                  {20, 0.7},
                                                                  {15, 0.6},
                                                                  {17, 0.4},
                                                                  {18, 0.4},
                                                                  {24, 0.5}}};
  double total = 0;
  for (const auto& [edges, share] : shares) total += share;
  double left = random.uniform() * total;
  for (const auto& [edges, share] : shares) {
    if ((left -= share) < 0) return edges;
  }
  return 4;
}

PlanarLoop makeOutline(Random& random, int edges) {
  PlanarLoop fallback;
  for (int tries = 0; tries < 300 || fallback.empty(); ++tries) {
    const double turn =
        random.chance(0.78) ? kPi / 2 * static_cast<double>(random.below(4)) : random.uniform(0, 2 * kPi);
    const bool mirror = random.chance(0.5);
    for (const PlanarLoop& found : boundary(draw(random, edges))) {
      if (solid::signedArea(found) <= 0) continue;
      const PlanarLoop loop = fitted(transformed(found, turn, mirror, 1, {0, 0}));
      if (isPlain(loop) || !isSturdy(loop) || random.chance(surplus(loop))) continue;
      if (static_cast<int>(loop.size()) == edges) return loop;
      if (fallback.empty()) fallback = loop;
      break;
    }
  }
  return fallback;
}

}  // namespace cadrecode::synthesis
