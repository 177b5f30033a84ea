#include "search/moves.hpp"

#include <algorithm>

#include "search/rounded_rectangle.hpp"

namespace cadrecode::search {
namespace {

std::vector<Vector2*> pointsOf(Loop& loop) {
  std::vector<Vector2*> points{&loop.start};
  for (Edge& edge : loop.edges) {
    if (edge.arc) points.push_back(&edge.middle);
    points.push_back(&edge.end);
  }
  return points;
}

// An outline that ends with an edge back to the start must go on doing so.
bool returnsToStart(const Loop& loop) { return !loop.closed; }

// Of a rectangle with round corners only what leaves it one: its sides, alone and in pairs, and the radius.
void addMoves(Loop& loop, const RoundedRectangle& rectangle, std::vector<Move>& moves) {
  const std::vector<Vector2*> points = pointsOf(loop);
  Loop before = outlineOf(rectangle);
  const auto add = [&](const Vector2& low, const Vector2& high, double radius) {
    RoundedRectangle changed = rectangle;
    changed.low = {changed.low.x + low.x, changed.low.y + low.y};
    changed.high = {changed.high.x + high.x, changed.high.y + high.y};
    changed.radius += radius;
    Loop after = outlineOf(changed);
    const std::vector<Vector2*> from = pointsOf(before), to = pointsOf(after);
    Move move;
    for (std::size_t i = 0; i < points.size(); ++i) {
      move.parts.emplace_back(&points[i]->x, to[i]->x - from[i]->x);
      move.parts.emplace_back(&points[i]->y, to[i]->y - from[i]->y);
    }
    moves.push_back(std::move(move));
  };
  for (const Vector2& axis : {Vector2{1, 0}, Vector2{0, 1}}) {
    const Vector2 back{-axis.x, -axis.y};
    add(axis, axis, 0);
    add(axis, {}, 0);
    add({}, axis, 0);
    add(back, axis, 0);
  }
  add({}, {}, 1);
}

void addLoopMoves(Loop& loop, std::vector<Move>& moves) {
  if (const auto rectangle = roundedRectangleOf(loop)) return addMoves(loop, *rectangle, moves);
  const std::vector<Vector2*> points = pointsOf(loop);
  const auto members = {&Vector2::x, &Vector2::y};
  for (const auto member : members) {
    Move all;
    for (Vector2* p : points) all.parts.emplace_back(&(p->*member), 1);
    moves.push_back(all);
    // Points that share a coordinate: a side of the outline, or two sides in line.
    std::vector<double> seen;
    for (Vector2* p : points) {
      const double value = p->*member;
      if (std::find(seen.begin(), seen.end(), value) != seen.end()) continue;
      seen.push_back(value);
      Move level;
      for (Vector2* q : points) {
        if (q->*member == value) level.parts.emplace_back(&(q->*member), 1);
      }
      if (level.parts.size() > 1 && level.parts.size() < points.size()) moves.push_back(level);
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (returnsToStart(loop) && i + 1 == points.size()) continue;
      Move one;
      one.parts.emplace_back(&(points[i]->*member), 1);
      if (returnsToStart(loop) && i == 0) one.parts.emplace_back(&(points.back()->*member), 1);
      moves.push_back(one);
    }
  }
}

void addSideMoves(double& size, double& center, std::vector<Move>& moves) {
  moves.push_back({{{&size, 1}, {&center, 0.5}}});
  moves.push_back({{{&size, 1}, {&center, -0.5}}});
  moves.push_back({{{&size, 2}}});
}

}  // namespace

std::vector<Move> movesOf(Program& program, std::size_t which) {
  std::vector<Move> moves;
  Body& body = program.bodies[which];
  Plane& plane = program.planes[body.plane];
  double& level = plane.origin[static_cast<std::size_t>(axesOf(plane.name).normal)];
  moves.push_back({{{&level, 1}}});
  moves.push_back({{{&body.extent, 1}}});
  moves.push_back({{{&level, 1}, {&body.extent, -1}}});
  moves.push_back({{{&level, 1}, {&body.extent, -2}}});
  if (body.kind != Body::Kind::sketch) {
    moves.push_back({{{&body.at.x, 1}}});
    moves.push_back({{{&body.at.y, 1}}});
    if (body.kind == Body::Kind::cylinder) {
      moves.push_back({{{&body.width, 1}}});
    } else {
      addSideMoves(body.width, body.at.x, moves);
      addSideMoves(body.height, body.at.y, moves);
    }
    return moves;
  }
  // All regions together: the places of outlines are their points, those of circles and rects what was pushed.
  Move wholeX, wholeY;
  bool pushed = false;
  for (Region& region : body.regions) {
    if (region.place == Region::Place::push) {
      wholeX.parts.emplace_back(&region.at.x, 1);
      wholeY.parts.emplace_back(&region.at.y, 1);
      pushed = true;
    }
    if (region.place == Region::Place::reset) pushed = false;
    if (!pushed && (region.kind == Region::Kind::loop || region.kind == Region::Kind::face)) {
      for (Vector2* p : pointsOf(region.loop)) {
        wholeX.parts.emplace_back(&p->x, 1);
        wholeY.parts.emplace_back(&p->y, 1);
      }
    }
  }
  if (body.regions.size() > 1 && !wholeX.parts.empty()) {
    moves.push_back(wholeX);
    moves.push_back(wholeY);
  }
  Region* place = nullptr;
  for (Region& region : body.regions) {
    if (region.place == Region::Place::reset) place = nullptr;
    if (region.place == Region::Place::push) {
      place = &region;
      moves.push_back({{{&region.at.x, 1}}});
      moves.push_back({{{&region.at.y, 1}}});
    }
    switch (region.kind) {
      case Region::Kind::circle:
        moves.push_back({{{&region.width, 1}}});
        break;
      case Region::Kind::rect:
        if (place == &region) {
          addSideMoves(region.width, region.at.x, moves);
          addSideMoves(region.height, region.at.y, moves);
        } else {
          moves.push_back({{{&region.width, 2}}});
          moves.push_back({{{&region.height, 2}}});
        }
        break;
      case Region::Kind::loop:
      case Region::Kind::face:
        addLoopMoves(region.loop, moves);
        break;
    }
  }
  return moves;
}

void givePlanesOfTheirOwn(Program& program) {
  std::vector<Plane> planes;
  for (Body& body : program.bodies) {
    planes.push_back(program.planes[body.plane]);
    body.plane = planes.size() - 1;
    for (Region& region : body.regions) region.facePlane = body.plane;
  }
  program.planes = std::move(planes);
}

void sharePlanes(Program& program) {
  const auto first = [&](std::size_t plane) {
    for (std::size_t i = 0; i < plane; ++i) {
      if (program.planes[i].name == program.planes[plane].name &&
          program.planes[i].origin == program.planes[plane].origin) {
        return i;
      }
    }
    return plane;
  };
  for (Body& body : program.bodies) {
    body.plane = first(body.plane);
    for (Region& region : body.regions) region.facePlane = first(region.facePlane);
  }
  dropUnusedPlanes(program);
}

}  // namespace cadrecode::search
