#include "search/dialect_program.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cadrecode::search {
namespace {

std::string number(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{}", static_cast<long long>(value));
  return fmt::format("{}", value);
}

std::string point(const Vector2& p) { return "(" + number(p.x) + "," + number(p.y) + ")"; }

std::string name(std::size_t plane) { return fmt::format("w{}", plane); }

std::string loopText(const Loop& loop) {
  std::string text;
  bool first = true;
  for (const Edge& edge : loop.edges) {
    text += edge.arc ? ".arc(" : ".segment(";
    if (first) text += point(loop.start) + ",";
    if (edge.arc) text += point(edge.middle) + ",";
    text += point(edge.end) + ")";
    first = false;
  }
  return text + (loop.closed ? ".close()" : "") + ".assemble()";
}

std::string regionText(const Region& region) {
  const std::string mode = region.subtract ? ",mode='s'" : "";
  std::string text;
  if (region.place == Region::Place::reset) text = ".reset()";
  if (region.place == Region::Place::push) text = ".push([" + point(region.at) + "])";
  switch (region.kind) {
    case Region::Kind::loop:
      return text + loopText(region.loop);
    case Region::Kind::face:
      return text + ".face(" + name(region.facePlane) + ".sketch()" + loopText(region.loop) + mode + ")";
    case Region::Kind::circle:
      return text + ".circle(" + number(region.width) + mode + ")";
    case Region::Kind::rect:
      return text + ".rect(" + number(region.width) + "," + number(region.height) + mode + ")";
  }
  return text;
}

std::string bodyText(const Body& body) {
  std::string text = name(body.plane);
  if (body.kind == Body::Kind::sketch) {
    text += ".sketch()";
    for (const Region& region : body.regions) text += regionText(region);
    return text + ".finalize().extrude(" + number(body.extent) + ")";
  }
  text += ".workplane(offset=" + number(body.extent) + "/2)";
  if (body.at != Vector2{}) text += ".moveTo(" + number(body.at.x) + "," + number(body.at.y) + ")";
  const double height = std::abs(body.extent);
  if (body.kind == Body::Kind::box) {
    return text + ".box(" + number(body.width) + "," + number(body.height) + "," + number(height) + ")";
  }
  return text + ".cylinder(" + number(height) + "," + number(body.width) + ")";
}

const char* planeText(PlaneName plane) {
  switch (plane) {
    case PlaneName::xy:
      return "XY";
    case PlaneName::yz:
      return "YZ";
    case PlaneName::zx:
      return "ZX";
  }
  return "";
}

}  // namespace

PlaneAxes axesOf(PlaneName plane) {
  switch (plane) {
    case PlaneName::xy:
      return {0, 1, 2};
    case PlaneName::yz:
      return {1, 2, 0};
    case PlaneName::zx:
      return {2, 0, 1};
  }
  return {0, 1, 2};
}

std::string writeProgram(const Program& program) {
  std::string text = "import cadquery as cq\n";
  for (std::size_t i = 0; i < program.planes.size(); ++i) {
    const Plane& plane = program.planes[i];
    text += fmt::format("{}=cq.Workplane('{}',origin=({},{},{}))\n", name(i), planeText(plane.name),
                        number(plane.origin[0]), number(plane.origin[1]), number(plane.origin[2]));
  }
  text += "r=";
  for (std::size_t i = 0; i < program.bodies.size(); ++i) {
    const std::string body = bodyText(program.bodies[i]);
    text += i == 0 ? body : ".union(" + body + ")";
  }
  return text + "\n";
}

std::vector<Parameter> parametersOf(Program& program) {
  using Kind = Parameter::Kind;
  std::vector<Parameter> all;
  for (std::size_t i = 0; i < program.planes.size(); ++i) {
    Plane& plane = program.planes[i];
    for (double& value : plane.origin) all.push_back({Kind::origin, &value, i});
  }
  for (std::size_t i = 0; i < program.bodies.size(); ++i) {
    Body& body = program.bodies[i];
    const auto add = [&](Kind kind, double& value) { all.push_back({kind, &value, i}); };
    const auto addPoint = [&](Vector2& p) {
      add(Kind::position, p.x);
      add(Kind::position, p.y);
    };
    if (body.kind != Body::Kind::sketch) {
      add(Kind::extent, body.extent);
      addPoint(body.at);
      add(Kind::size, body.width);
      if (body.kind == Body::Kind::box) add(Kind::size, body.height);
      continue;
    }
    for (Region& region : body.regions) {
      if (region.place == Region::Place::push) addPoint(region.at);
      if (region.kind == Region::Kind::loop || region.kind == Region::Kind::face) {
        addPoint(region.loop.start);
        for (Edge& edge : region.loop.edges) {
          if (edge.arc) addPoint(edge.middle);
          addPoint(edge.end);
        }
      } else {
        add(Kind::size, region.width);
        if (region.kind == Region::Kind::rect) add(Kind::size, region.height);
      }
    }
    add(Kind::extent, body.extent);
  }
  return all;
}

void dropUnusedPlanes(Program& program) {
  constexpr std::size_t kUnused = static_cast<std::size_t>(-1);
  std::vector<std::size_t> renamed(program.planes.size(), kUnused);
  std::vector<Plane> kept;
  const auto use = [&](std::size_t& plane) {
    if (renamed[plane] == kUnused) {
      renamed[plane] = kept.size();
      kept.push_back(program.planes[plane]);
    }
    plane = renamed[plane];
  };
  for (Body& body : program.bodies) {
    use(body.plane);
    for (Region& region : body.regions) {
      if (region.kind == Region::Kind::face) use(region.facePlane);
    }
  }
  program.planes = std::move(kept);
}

}  // namespace cadrecode::search
