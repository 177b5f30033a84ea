#include "cadquery/hull.hpp"

#include <BRepAdaptor_Curve.hxx>
#include <TopoDS.hxx>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>

#include "cadquery/python_order.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Point {
  double x = 0, y = 0;
};

struct Segment {
  Point a, b;
};

// A point, or an arc around `center` with bounds in radians.
struct Entity {
  bool isArc = false;
  Point center;  // or the point itself
  double r = 0, from = 0, to = 0;
};
using EntityPtr = std::shared_ptr<const Entity>;

// The hull is entity, segment, entity, segment, ..., entity.
struct Link {
  Segment segment;
  EntityPtr next;
};

double modulo(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double direction(double x, double y) {
  const double angle = std::atan2(y, x);
  return angle < 0 ? modulo(2 * kPi + angle, 2 * kPi) : angle;
}

double root(double value) {
  if (value < 0) throwValueError("math domain error");
  return std::sqrt(value);
}

double divide(double a, double b) {
  if (b == 0) throw Error("ZeroDivisionError", "float division by zero");
  return a / b;
}

// Which of two is the least; NaN counts as less than any number, as in numpy.
int least(double a, double b) { return std::isnan(a) || !(b < a || std::isnan(b)) ? 0 : 1; }
int greatest(double a, double b) { return std::isnan(a) || !(b > a || std::isnan(b)) ? 0 : 1; }

bool lower(const Point& a, const Point& b) { return a.y < b.y || (a.y == b.y && a.x < b.x); }

Point lowestPointOf(const Entity& arc) {
  if (arc.from < 1.5 * kPi && arc.to > 1.5 * kPi) return {arc.center.x, arc.center.y - arc.r};
  // CadQuery forgets the centre here; its choice of the first entity depends on that.
  const Point start{arc.r * std::cos(arc.from), arc.r * std::sin(arc.from)};
  const Point end{arc.r * std::cos(arc.to), arc.r * std::sin(arc.to)};
  return lower(end, start) ? end : start;
}

EntityPtr lowest(const std::vector<EntityPtr>& entities) {
  if (entities.empty()) throwValueError("No entities specified");
  const auto place = [](const Entity& e) { return e.isArc ? lowestPointOf(e) : e.center; };
  // Points before arcs where they are equally low.
  EntityPtr best;
  for (const bool arcs : {false, true}) {
    for (const EntityPtr& entity : entities) {
      if (entity->isArc == arcs && (!best || lower(place(*entity), place(*best)))) best = entity;
    }
  }
  return best;
}

// Where the two tangents from a point touch a circle.
std::array<Point, 2> tangentPoints(const Point& p, const Point& center, double r) {
  const double dx = p.x - center.x, dy = p.y - center.y;
  const double l = std::sqrt(dx * dx + dy * dy);
  const double along = divide(r * r, l * l), across = divide(r, l * l) * root(l * l - r * r);
  return {{{along * dx - across * dy + center.x, along * dy + across * dx + center.y},
           {along * dx + across * dy + center.x, along * dy - across * dx + center.y}}};
}

using Step = std::pair<double, Segment>;

Step fromPointToPoint(const Point& a, const Point& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  return {dx != 0 || dy != 0 ? direction(dx, dy) : 0.0, {a, b}};
}

Step fromPointToArc(const Point& p, const Entity& arc) {
  const auto touch = tangentPoints(p, arc.center, arc.r);
  const std::array<double, 2> angles = {direction(touch[0].x - p.x, touch[0].y - p.y),
                                        direction(touch[1].x - p.x, touch[1].y - p.y)};
  const int i = least(angles[0], angles[1]);
  return {angles[i], {p, touch[i]}};
}

Step fromArcToPoint(const Entity& arc, const Point& p) {
  const auto touch = tangentPoints(p, arc.center, arc.r);
  const std::array<double, 2> angles = {direction(p.x - touch[0].x, p.y - touch[0].y),
                                        direction(p.x - touch[1].x, p.y - touch[1].y)};
  const int i = greatest(angles[0], angles[1]);
  return {angles[i], {touch[i], p}};
}

Step fromArcToArc(const Entity& a, const Entity& b) {
  // Unit vectors from the centres to the points where the outer tangents touch: a tangent of the smaller circle shrunk
  // to a point and the larger shrunk by as much.
  std::array<Point, 2> normals;
  if (a.r != b.r) {
    const Entity& large = a.r > b.r ? a : b;
    const Entity& small = a.r > b.r ? b : a;
    const double difference = large.r - small.r;
    const auto touch = tangentPoints(small.center, large.center, difference);
    for (int i = 0; i < 2; ++i) {
      normals[i] = {(touch[i].x - large.center.x) / difference, (touch[i].y - large.center.y) / difference};
    }
  } else {
    double dx = b.center.x - a.center.x, dy = b.center.y - a.center.y;
    const double l = std::sqrt(dx * dx + dy * dy);
    dx = divide(dx, l);
    dy = divide(dy, l);
    normals = {{{-dy, dx}, {dy, -dx}}};
  }
  std::array<double, 2> angles, turns;
  std::array<Segment, 2> segments;
  for (int i = 0; i < 2; ++i) {
    const Point from{a.center.x + normals[i].x * a.r, a.center.y + normals[i].y * a.r};
    const Point to{b.center.x + normals[i].x * b.r, b.center.y + normals[i].y * b.r};
    angles[i] = direction(to.x - from.x, to.y - from.y);
    // The tangent to follow leaves the circle counter-clockwise.
    const double leaving = modulo(direction(from.x - a.center.x, from.y - a.center.y) + kPi / 2, 2 * kPi);
    turns[i] = std::abs(leaving - angles[i]);
    segments[i] = {from, to};
  }
  const int i = least(turns[0], turns[1]);
  return {angles[i], segments[i]};
}

Step stepTo(const EntityPtr& current, const EntityPtr& next) {
  if (current == next) return {kInfinity, {{kInfinity, kInfinity}, {kInfinity, kInfinity}}};
  if (!current->isArc) {
    return next->isArc ? fromPointToArc(current->center, *next) : fromPointToPoint(current->center, next->center);
  }
  return next->isArc ? fromArcToArc(*current, *next) : fromArcToPoint(*current, next->center);
}

std::vector<EntityPtr> entitiesOf(const std::vector<Shape>& edges) {
  std::vector<EntityPtr> result;
  PythonSetOrder points;
  for (const Shape& shape : edges) {
    const std::string type = shape.geomType();
    if (type == "LINE") {
      for (const Vector& end : {shape.startPoint(), shape.endPoint()}) points.add(end.x(), end.y());
    } else if (type == "CIRCLE") {
      const Vector center = shape.asEdge().arcCenter();
      const BRepAdaptor_Curve curve(TopoDS::Edge(shape.wrapped()));
      result.push_back(std::make_shared<Entity>(
          Entity{true, {center.x(), center.y()}, shape.radius(), curve.FirstParameter(), curve.LastParameter()}));
    } else {
      throwValueError("Unsupported geometry {gt}");
    }
  }
  for (const auto& [x, y] : points.items()) result.push_back(std::make_shared<Entity>(Entity{false, {x, y}}));
  return result;
}

Edge arcBetween(const Segment& arriving, const Entity& arc, const Segment& leaving) {
  const double from = degrees(direction(arriving.b.x - arc.center.x, arriving.b.y - arc.center.y));
  const double to = degrees(direction(leaving.a.x - arc.center.x, leaving.a.y - arc.center.y));
  return Edge::makeCircle(arc.r, Vector(arc.center.x, arc.center.y), Vector(0, 0, 1), from, to);
}

Wire outline(const std::vector<Link>& links) {
  std::vector<Shape> edges;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto& [segment, next] = links[i];
    edges.push_back(Edge::makeLine(Vector(segment.a.x, segment.a.y), Vector(segment.b.x, segment.b.y)));
    if (next->isArc) edges.push_back(arcBetween(segment, *next, links[(i + 1) % links.size()].segment));
  }
  return Wire::assembleEdges(edges);
}

}  // namespace

Wire findHull(const std::vector<Shape>& edges) {
  std::vector<EntityPtr> entities = entitiesOf(edges);
  const EntityPtr start = lowest(entities);
  const std::size_t most = 4 * entities.size() + 16;
  std::vector<Link> links;
  EntityPtr current = start;
  double angle = 0;
  do {
    // Where CadQuery would march for ever.
    if (links.size() > most) throwRuntimeError("the convex hull does not close");
    if (entities.empty()) throwValueError("attempt to get argmin of an empty sequence");
    std::size_t nearest = 0;
    double turn = kInfinity;
    Segment segment;
    for (std::size_t i = 0; i < entities.size(); ++i) {
      const Step step = stepTo(current, entities[i]);
      const double reached = step.first >= angle ? step.first : kInfinity;
      if (i > 0 && !(reached < turn)) continue;
      nearest = i;
      turn = reached;
      segment = step.second;
    }
    // Nothing lies further round: back to the start. CadQuery takes the first entity instead, and gets no further when
    // that is an arc but the start; which arc is first changes there from run to run.
    if (std::isinf(turn) && entities[nearest]->isArc) {
      const auto first = std::find(entities.begin(), entities.end(), start);
      if (first != entities.end()) nearest = static_cast<std::size_t>(first - entities.begin());
      segment = stepTo(current, entities[nearest]).second;
    }
    current = entities[nearest];
    angle = turn;
    if (!current->isArc) entities.erase(entities.begin() + static_cast<std::ptrdiff_t>(nearest));
    links.push_back({segment, current});
  } while (current != start);
  return outline(links);
}

}  // namespace cadrecode::cadquery
