#include "search/soundness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cadrecode::search {
namespace {

double turn(const Vector2& a, const Vector2& b, const Vector2& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

void addArc(const Vector2& a, const Vector2& m, const Vector2& b, std::vector<Vector2>& points) {
  const double mx = m.x - a.x, my = m.y - a.y, bx = b.x - a.x, by = b.y - a.y;
  const double twice = 2 * turn(a, m, b), m2 = mx * mx + my * my, b2 = bx * bx + by * by;
  const Vector2 center{a.x + (m2 * by - b2 * my) / twice, a.y + (b2 * mx - m2 * bx) / twice};
  const double radius = std::hypot(a.x - center.x, a.y - center.y);
  const double from = std::atan2(a.y - center.y, a.x - center.x);
  double to = std::atan2(b.y - center.y, b.x - center.x);
  if (twice > 0 && to <= from) to += 2 * std::numbers::pi;
  if (twice < 0 && to >= from) to -= 2 * std::numbers::pi;
  // In two parts, so that the middle, which other points like to coincide with, is one of the chords' points.
  double middle = std::atan2(m.y - center.y, m.x - center.x);
  while (middle < std::min(from, to)) middle += 2 * std::numbers::pi;
  while (middle > std::max(from, to)) middle -= 2 * std::numbers::pi;
  const auto add = [&](double first, double last) {
    const int chords = std::max(2, static_cast<int>(std::ceil(std::abs(last - first) / 0.2)));
    for (int i = 1; i < chords; ++i) {
      const double t = first + (last - first) * i / chords;
      points.push_back({center.x + radius * std::cos(t), center.y + radius * std::sin(t)});
    }
  };
  add(from, middle);
  points.push_back(m);
  add(middle, to);
  points.push_back(b);
}

bool onSegment(const Vector2& a, const Vector2& b, const Vector2& p) {
  return std::abs(turn(a, b, p)) < 1e-9 && p.x >= std::min(a.x, b.x) - 1e-9 && p.x <= std::max(a.x, b.x) + 1e-9 &&
         p.y >= std::min(a.y, b.y) - 1e-9 && p.y <= std::max(a.y, b.y) + 1e-9;
}

bool meet(const Vector2& a, const Vector2& b, const Vector2& c, const Vector2& d) {
  if (std::max(a.x, b.x) < std::min(c.x, d.x) || std::max(c.x, d.x) < std::min(a.x, b.x) ||
      std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y)) {
    return false;
  }
  if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) return true;
  return onSegment(a, b, c) || onSegment(a, b, d) || onSegment(c, d, a) || onSegment(c, d, b);
}

}  // namespace

bool isSound(const Loop& loop) {
  std::vector<Vector2> points{loop.start};
  Vector2 from = loop.start;
  for (const Edge& edge : loop.edges) {
    if (edge.end == from) return false;
    if (edge.arc) {
      if (std::abs(turn(from, edge.middle, edge.end)) < 0.25) return false;
      addArc(from, edge.middle, edge.end, points);
    } else {
      points.push_back(edge.end);
    }
    from = edge.end;
  }
  const bool ends = from == loop.start;
  if (ends == loop.closed) return false;  // close() would add an edge without length, or nothing closes the outline
  if (ends) points.pop_back();
  const std::size_t n = points.size();
  if (n < 3) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const Vector2 &a = points[i], &b = points[(i + 1) % n];
    if (onSegment(a, b, points[(i + 2) % n]) || onSegment(b, points[(i + 2) % n], a)) return false;  // it folds back
    for (std::size_t k = i + 2; k < n; ++k) {
      if ((k + 1) % n == i) continue;
      if (meet(a, b, points[k], points[(k + 1) % n])) return false;
    }
  }
  return true;
}

bool isSound(const Body& body) {
  if (body.extent == 0) return false;
  if (body.kind != Body::Kind::sketch) {
    return body.width > 0 && (body.kind == Body::Kind::cylinder || body.height > 0);
  }
  if (body.regions.empty() || body.regions.front().subtract) return false;
  return std::all_of(body.regions.begin(), body.regions.end(), [](const Region& region) {
    switch (region.kind) {
      case Region::Kind::circle:
        return region.width > 0;
      case Region::Kind::rect:
        return region.width > 0 && region.height > 0;
      case Region::Kind::loop:
      case Region::Kind::face:
        break;
    }
    return isSound(region.loop);
  });
}

bool isSound(const Program& program) {
  return !program.bodies.empty() &&
         std::all_of(program.bodies.begin(), program.bodies.end(), [](const Body& body) { return isSound(body); });
}

}  // namespace cadrecode::search
