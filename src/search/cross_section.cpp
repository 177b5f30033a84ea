#include "search/cross_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

struct Corner {
  int u, v;
  bool operator==(const Corner&) const = default;
};

// Outlines along the sides of cells, what is inside on the left: counter-clockwise around areas, clockwise in holes.
std::vector<std::vector<Corner>> trace(const Section& section) {
  constexpr std::array<Corner, 4> kSteps{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  const int n = section.cells, side = n + 1;
  // A side that begins at a corner and runs in a direction separates these two cells.
  const auto isSide = [&](const Corner& c, int direction) {
    switch (direction) {
      case 0:
        return section.at(c.u, c.v) && !section.at(c.u, c.v - 1);
      case 1:
        return section.at(c.u - 1, c.v) && !section.at(c.u, c.v);
      case 2:
        return section.at(c.u - 1, c.v - 1) && !section.at(c.u - 1, c.v);
      default:
        return section.at(c.u, c.v - 1) && !section.at(c.u - 1, c.v - 1);
    }
  };
  std::vector<std::uint8_t> used(static_cast<std::size_t>(side * side) * 4);
  const auto mark = [&](const Corner& c, int direction) -> std::uint8_t& {
    return used[static_cast<std::size_t>((c.u + c.v * side) * 4 + direction)];
  };
  std::vector<std::vector<Corner>> outlines;
  for (int v = 0; v < side; ++v) {
    for (int u = 0; u < side; ++u) {
      for (const int first : {0, 2}) {
        if (!isSide({u, v}, first) || mark({u, v}, first) != 0) continue;
        std::vector<Corner> outline;
        Corner at{u, v};
        int direction = first;
        while (mark(at, direction) == 0) {
          mark(at, direction) = 1;
          outline.push_back(at);
          at = {at.u + kSteps[static_cast<std::size_t>(direction)].u,
                at.v + kSteps[static_cast<std::size_t>(direction)].v};
          // Where two areas touch at a corner, keep to the one on the left.
          for (const int turn : {1, 0, 3}) {
            const int next = (direction + turn) % 4;
            if (isSide(at, next)) {
              direction = next;
              break;
            }
          }
        }
        outlines.push_back(std::move(outline));
      }
    }
  }
  return outlines;
}

double areaOf(const std::vector<Corner>& outline) {
  double twice = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const Corner &a = outline[i], &b = outline[(i + 1) % outline.size()];
    twice += static_cast<double>(a.u) * b.v - static_cast<double>(b.u) * a.v;
  }
  return twice / 2;
}

// The corners to keep so that no corner lies farther than `tolerance` from the polygon (Douglas and Peucker).
void keepBetween(const std::vector<Corner>& line, std::size_t first, std::size_t last, double tolerance,
                 std::vector<std::uint8_t>& keep) {
  if (last <= first + 1) return;
  const Corner &a = line[first], &b = line[last % line.size()];
  const double du = b.u - a.u, dv = b.v - a.v, length = std::max(std::hypot(du, dv), 1e-9);
  double farthest = tolerance;
  std::size_t best = first;
  for (std::size_t i = first + 1; i < last; ++i) {
    const double distance = std::abs((line[i].u - a.u) * dv - (line[i].v - a.v) * du) / length;
    if (distance > farthest) {
      farthest = distance;
      best = i;
    }
  }
  if (best == first) return;
  keep[best] = 1;
  keepBetween(line, first, best, tolerance, keep);
  keepBetween(line, best, last, tolerance, keep);
}

Loop simplify(const std::vector<Corner>& outline, const Grid& grid, double tolerance) {
  // Begin at the two corners farthest apart from the first and from each other.
  const auto farthestFrom = [&](std::size_t from) {
    std::size_t best = from;
    int farthest = -1;
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const int du = outline[i].u - outline[from].u, dv = outline[i].v - outline[from].v;
      if (du * du + dv * dv > farthest) {
        farthest = du * du + dv * dv;
        best = i;
      }
    }
    return best;
  };
  std::vector<Corner> line = outline;
  std::rotate(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(farthestFrom(0)), line.end());
  std::size_t opposite = 0;
  int farthest = -1;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const int du = line[i].u - line[0].u, dv = line[i].v - line[0].v;
    if (du * du + dv * dv > farthest) {
      farthest = du * du + dv * dv;
      opposite = i;
    }
  }
  std::vector<std::uint8_t> keep(line.size());
  keep[0] = keep[opposite] = 1;
  keepBetween(line, 0, opposite, tolerance, keep);
  keepBetween(line, opposite, line.size(), tolerance, keep);
  std::vector<Vector2> points;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (keep[i] == 0) continue;
    const Vector2 p{std::round(grid.low() + line[i].u * grid.cell()), std::round(grid.low() + line[i].v * grid.cell())};
    if (points.empty() || !(points.back() == p)) points.push_back(p);
  }
  while (points.size() > 1 && points.back() == points.front()) points.pop_back();
  // A corner between two sides in line is none.
  for (std::size_t i = 0; points.size() > 3 && i < points.size();) {
    const Vector2 &a = points[(i + points.size() - 1) % points.size()], &b = points[i],
                  &c = points[(i + 1) % points.size()];
    if ((b.x - a.x) * (c.y - a.y) == (b.y - a.y) * (c.x - a.x)) {
      points.erase(points.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    } else {
      ++i;
    }
  }
  Loop loop;
  loop.start = points.front();
  for (std::size_t i = 1; i < points.size(); ++i) loop.edges.push_back({false, {}, points[i]});
  return loop;
}

struct Bounds {
  int u0, v0, u1, v1;
};

Bounds boundsOf(const std::vector<Corner>& outline) {
  Bounds b{outline[0].u, outline[0].v, outline[0].u, outline[0].v};
  for (const Corner& c : outline) {
    b = {std::min(b.u0, c.u), std::min(b.v0, c.v), std::max(b.u1, c.u), std::max(b.v1, c.v)};
  }
  return b;
}

Region regionOf(const std::vector<Corner>& outline, const Grid& grid) {
  const Bounds b = boundsOf(outline);
  const double width = b.u1 - b.u0, height = b.v1 - b.v0, area = std::abs(areaOf(outline));
  const auto side = [&](double cells) { return std::max(1.0, std::round(cells * grid.cell())); };
  Region region;
  region.place = Region::Place::push;
  // The centre on a half where the side is odd, so that faces fall on whole numbers.
  const auto middle = [&](int low, int high, double length) {
    const double face = std::round(grid.low() + (low + high) / 2.0 * grid.cell() - length / 2);
    return face + length / 2;
  };
  // A circle: as wide as high, and every corner about one radius from the centre.
  const double radius = std::sqrt(area / std::numbers::pi), cu = (b.u0 + b.u1) / 2.0, cv = (b.v0 + b.v1) / 2.0;
  const bool round = radius >= 2 && std::abs(width - height) <= 1.5 && std::abs(width / 2 - radius) <= 0.8 &&
                     std::all_of(outline.begin(), outline.end(), [&](const Corner& c) {
                       return std::abs(std::hypot(c.u - cu, c.v - cv) - radius) <= 1.3;
                     });
  if (round) {
    region.kind = Region::Kind::circle;
    region.width = side(radius);
    region.at = {std::round(grid.low() + cu * grid.cell()), std::round(grid.low() + cv * grid.cell())};
    return region;
  }
  if (area >= 0.985 * width * height) {
    region.kind = Region::Kind::rect;
    region.width = side(width);
    region.height = side(height);
    region.at = {middle(b.u0, b.u1, region.width), middle(b.v0, b.v1, region.height)};
    return region;
  }
  region.kind = Region::Kind::face;
  region.place = Region::Place::reset;
  for (const double tolerance : {0.8, 1.2, 2.0, 3.0}) {
    region.loop = simplify(outline, grid, tolerance);
    if (region.loop.edges.size() >= 2 && region.loop.edges.size() <= 40 && isSound(region.loop)) return region;
  }
  region.kind = Region::Kind::rect;
  region.place = Region::Place::push;
  region.width = side(width);
  region.height = side(height);
  region.at = {middle(b.u0, b.u1, region.width), middle(b.v0, b.v1, region.height)};
  return region;
}

}  // namespace

std::size_t Section::area() const {
  return static_cast<std::size_t>(
      std::count_if(inside.begin(), inside.end(), [](std::uint8_t cell) { return cell != 0; }));
}

std::vector<Region> regionsOf(const Section& section, const Grid& grid, double smallest) {
  std::vector<std::vector<Corner>> outlines = trace(section);
  std::stable_sort(outlines.begin(), outlines.end(),
                   [](const auto& a, const auto& b) { return std::abs(areaOf(a)) > std::abs(areaOf(b)); });
  std::vector<Region> regions;
  for (const auto& outline : outlines) {
    const double area = areaOf(outline);
    if (std::abs(area) < smallest) break;
    Region region = regionOf(outline, grid);
    region.subtract = area < 0;
    if (regions.empty()) {
      if (region.subtract) continue;
      if (region.kind == Region::Kind::face) {
        region.kind = Region::Kind::loop;
        region.place = Region::Place::keep;
      }
    }
    regions.push_back(std::move(region));
  }
  return regions;
}

}  // namespace cadrecode::search
