#include "search/outline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace cadrecode::search {
namespace {

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

// The corners of a polygon within `tolerance` of the outline, as places in `line`: the outline, turned so that it
// begins at one of them.
std::vector<std::size_t> polygonOf(std::vector<Corner>& line, double tolerance) {
  const auto farthestFrom = [&](std::size_t from) {
    std::size_t best = from;
    int farthest = -1;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const int du = line[i].u - line[from].u, dv = line[i].v - line[from].v;
      if (du * du + dv * dv > farthest) {
        farthest = du * du + dv * dv;
        best = i;
      }
    }
    return best;
  };
  const auto turnTo = [&](std::size_t first) {
    std::rotate(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(first), line.end());
  };
  // Begin at the two corners farthest apart from the first and from each other.
  turnTo(farthestFrom(0));
  const std::size_t opposite = farthestFrom(0);
  std::vector<std::uint8_t> keep(line.size());
  keep[0] = keep[opposite] = 1;
  keepBetween(line, 0, opposite, tolerance, keep);
  keepBetween(line, opposite, line.size(), tolerance, keep);
  std::vector<std::size_t> corners;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (keep[i] != 0) corners.push_back(i);
  }
  // Then at the sharpest, so that no arc is cut in two.
  double sharpest = 2;
  std::size_t first = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Corner &a = line[corners[(i + corners.size() - 1) % corners.size()]], &b = line[corners[i]],
                 &c = line[corners[(i + 1) % corners.size()]];
    const double x = b.u - a.u, y = b.v - a.v, nx = c.u - b.u, ny = c.v - b.v;
    const double straight = (x * nx + y * ny) / std::max(1e-9, std::hypot(x, y) * std::hypot(nx, ny));
    if (straight < sharpest - 1e-9) {
      sharpest = straight;
      first = i;
    }
  }
  const std::size_t shift = corners[first];
  turnTo(shift);
  for (std::size_t& corner : corners) corner = (corner + line.size() - shift) % line.size();
  std::sort(corners.begin(), corners.end());
  return corners;
}

struct Arc {
  Vector2 middle;  // in cells
  double error;    // mean square root of the distances of the sides' middles
};

// The circle of least squares (Kasa) through the middles of the sides from one corner to another.
std::optional<Arc> fitArc(const std::vector<Corner>& line, std::size_t first, std::size_t last, double tolerance) {
  std::vector<Vector2> points;
  for (std::size_t i = first; i < last; ++i) {
    const Corner &a = line[i], &b = line[(i + 1) % line.size()];
    points.push_back({(a.u + b.u) / 2.0, (a.v + b.v) / 2.0});
  }
  const auto n = static_cast<double>(points.size());
  if (points.size() < 6) return std::nullopt;
  double mx = 0, my = 0;
  for (const Vector2& p : points) {
    mx += p.x / n;
    my += p.y / n;
  }
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0, zz = 0;
  for (const Vector2& p : points) {
    const double x = p.x - mx, y = p.y - my, z = x * x + y * y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
    zz += z;
  }
  const double determinant = xx * yy - xy * xy;
  if (determinant <= 1e-9 * xx * yy || determinant <= 0) return std::nullopt;
  const double cx = (xz * yy - yz * xy) / (2 * determinant), cy = (yz * xx - xz * xy) / (2 * determinant);
  const double radius = std::sqrt(cx * cx + cy * cy + zz / n);
  const Vector2 center{mx + cx, my + cy};
  if (radius < 2 || radius > 1000) return std::nullopt;
  double squares = 0, sweep = 0, angle = 0;
  const double start = std::atan2(points[0].y - center.y, points[0].x - center.x);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = points[i].x - center.x, y = points[i].y - center.y;
    const double distance = std::hypot(x, y) - radius;
    if (std::abs(distance) > tolerance) return std::nullopt;
    squares += distance * distance;
    const double now = std::atan2(y, x);
    if (i > 0) sweep += std::remainder(now - angle, 2 * std::numbers::pi);
    angle = now;
  }
  const double bulge = radius * (1 - std::cos(std::min(std::abs(sweep) / 2, std::numbers::pi)));
  if (std::abs(sweep) > 5.8 || bulge < 1.2 || squares > 0.3 * n) return std::nullopt;
  const double middle = start + sweep / 2;
  return Arc{{center.x + radius * std::cos(middle), center.y + radius * std::sin(middle)}, std::sqrt(squares / n)};
}

}  // namespace

std::vector<std::vector<Corner>> traceOutlines(const Section& section) {
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

Loop fitLoop(const std::vector<Corner>& outline, const Grid& grid, double tolerance) {
  std::vector<Corner> line = outline;
  const std::vector<std::size_t> corners = polygonOf(line, tolerance);
  const std::size_t n = corners.size();
  // The cheapest way round: a line costs 1, an arc a little more, the more the worse it fits.
  struct Step {
    double cost = 1e300;
    std::size_t from = 0;
    std::optional<Arc> arc;
  };
  std::vector<Step> steps(n + 1);
  steps[0].cost = 0;
  constexpr std::size_t kLongest = 24;  // polygon sides an arc may stand for
  for (std::size_t i = 0; i < n; ++i) {
    if (steps[i].cost + 1 < steps[i + 1].cost) steps[i + 1] = {steps[i].cost + 1, i, {}};
    for (std::size_t k = i + 2; k <= std::min(n, i + kLongest); ++k) {
      const auto arc = fitArc(line, corners[i], k == n ? line.size() : corners[k], tolerance + 0.6);
      if (!arc) continue;
      const double cost = steps[i].cost + 1.2 + 2 * arc->error;
      if (cost < steps[k].cost) steps[k] = {cost, i, arc};
    }
  }
  const auto rounded = [&](double u, double v) {
    return Vector2{std::round(grid.low() + u * grid.cell()), std::round(grid.low() + v * grid.cell())};
  };
  // Edge i leads to point i from the one before it.
  std::vector<Edge> edges;
  for (std::size_t k = n; k > 0; k = steps[k].from) {
    const Corner& corner = line[k == n ? 0 : corners[k]];
    Edge edge{false, {}, rounded(corner.u, corner.v)};
    if (steps[k].arc) {
      edge.arc = true;
      edge.middle = rounded(steps[k].arc->middle.x, steps[k].arc->middle.y);
    }
    edges.push_back(edge);
  }
  std::reverse(edges.begin(), edges.end());
  // Edges that rounding left without length, arcs it left straight, and corners between two sides in line are none.
  const auto turnAt = [](const Vector2& a, const Vector2& b, const Vector2& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  };
  for (std::size_t i = 0; edges.size() > 2 && i < edges.size();) {
    const Edge& before = edges[(i + edges.size() - 1) % edges.size()];
    Edge& edge = edges[i];
    const Edge& next = edges[(i + 1) % edges.size()];
    if (edge.arc && std::abs(turnAt(before.end, edge.middle, edge.end)) < 0.25) edge.arc = false;
    const bool inLine = !edge.arc && !next.arc && turnAt(before.end, edge.end, next.end) == 0;
    if (edge.end == before.end || inLine) {
      edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    } else {
      ++i;
    }
  }
  // The last edge a straight one, which close() adds, where there is any.
  const auto straight = std::find_if(edges.begin(), edges.end(), [](const Edge& edge) { return !edge.arc; });
  Loop loop;
  loop.closed = straight != edges.end();
  if (loop.closed) {
    std::rotate(edges.begin(), straight + 1, edges.end());
    loop.start = edges.back().end;
    edges.pop_back();
  } else {
    loop.start = edges.back().end;
  }
  loop.edges = std::move(edges);
  return loop;
}

}  // namespace cadrecode::search
