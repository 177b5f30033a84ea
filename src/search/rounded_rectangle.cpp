#include "search/rounded_rectangle.hpp"

#include <cmath>

namespace cadrecode::search {

Loop outlineOf(const RoundedRectangle& rectangle) {
  const auto& [low, high, radius] = rectangle;
  const double bulge = radius * (1 - std::sqrt(0.5));
  Loop loop;
  loop.closed = false;
  loop.start = {low.x + radius, low.y};
  loop.edges = {
      {false, {}, {high.x - radius, low.y}},  {true, {high.x - bulge, low.y + bulge}, {high.x, low.y + radius}},
      {false, {}, {high.x, high.y - radius}}, {true, {high.x - bulge, high.y - bulge}, {high.x - radius, high.y}},
      {false, {}, {low.x + radius, high.y}},  {true, {low.x + bulge, high.y - bulge}, {low.x, high.y - radius}},
      {false, {}, {low.x, low.y + radius}},   {true, {low.x + bulge, low.y + bulge}, {low.x + radius, low.y}}};
  return loop;
}

std::optional<RoundedRectangle> roundedRectangleOf(const Loop& loop) {
  if (loop.closed || loop.edges.size() != 8) return std::nullopt;
  RoundedRectangle rectangle;
  rectangle.low = {loop.edges[5].end.x, loop.start.y};
  rectangle.high = {loop.edges[1].end.x, loop.edges[3].end.y};
  rectangle.radius = loop.start.x - rectangle.low.x;
  const Loop expected = outlineOf(rectangle);
  const auto near = [](const Vector2& a, const Vector2& b) { return std::hypot(a.x - b.x, a.y - b.y) < 1e-5; };
  for (std::size_t i = 0; i < 8; ++i) {
    const Edge &edge = loop.edges[i], &other = expected.edges[i];
    if (edge.arc != other.arc || !near(edge.end, other.end)) return std::nullopt;
    if (edge.arc && !near(edge.middle, other.middle)) return std::nullopt;
  }
  return rectangle;
}

}  // namespace cadrecode::search
