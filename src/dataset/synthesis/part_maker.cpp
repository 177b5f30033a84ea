#include "dataset/synthesis/part_maker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "dataset/synthesis/grid_check.hpp"
#include "dataset/synthesis/sketch_maker.hpp"

namespace cadrecode::synthesis {
namespace {

// A body before the grid: its sketch in the plane's own axes, and where the plane stands.
struct Plan {
  Plane plane = Plane::xy;
  int workplane = 0;
  double offset = 0, height = 1;  // along the normal, signed
  Shapes sketch;
  Combine combine = Combine::unite;
};

using Box3 = std::array<double, 6>;  // xmin ymin zmin xmax ymax zmax

double logUniform(Random& random, double low, double high) {
  return std::exp(random.uniform(std::log(low), std::log(high)));
}

Box3 boxOf(const Plan& plan) {
  const solid::PlanarBox flat = extentOf(plan.sketch);
  const auto axes = axesOf(plan.plane);
  Box3 box{};
  for (std::size_t i = 0; i < 2; ++i) {
    box[axes[i]] = flat.low[i];
    box[axes[i] + 3] = flat.high[i];
  }
  box[axes[2]] = std::min(plan.offset, plan.offset + plan.height);
  box[axes[2] + 3] = std::max(plan.offset, plan.offset + plan.height);
  return box;
}

void include(Box3& box, const Box3& other) {
  for (std::size_t i = 0; i < 3; ++i) {
    box[i] = std::min(box[i], other[i]);
    box[i + 3] = std::max(box[i + 3], other[i + 3]);
  }
}

// The box of what stands after one more body.
void extend(Box3& box, const Plan& plan) {
  const Box3 own = boxOf(plan);
  if (plan.combine == Combine::unite) include(box, own);
  if (plan.combine != Combine::intersect) return;
  for (std::size_t i = 0; i < 3; ++i) {
    box[i] = std::max(box[i], own[i]);
    box[i + 3] = std::min(box[i + 3], own[i + 3]);
  }
}

void move(Plan& plan, const std::array<double, 3>& by) {
  const auto axes = axesOf(plan.plane);
  for (Shape& shape : plan.sketch) shape = moved(shape, 1, {by[axes[0]], by[axes[1]]});
  plan.offset += by[axes[2]];
}

std::optional<Plan> makeBody(Random& random, Plane plane, const PartWish::Body& wish, bool alone) {
  Plan plan;
  plan.plane = plane;
  if (wish.kind == PartWish::Body::Kind::box) {
    plan.sketch = {makeRect(random)};
  } else if (wish.kind == PartWish::Body::Kind::cylinder) {
    plan.sketch = {makeCircle()};
  } else {
    auto sketch = makeSketch(random, wish.sketch);
    if (!sketch) return std::nullopt;
    plan.sketch = std::move(*sketch);
  }
  if (!alone && wish.kind != PartWish::Body::Kind::sketch) {
    const double size = logUniform(random, wish.kind == PartWish::Body::Kind::box ? 0.3 : 0.14, 1);
    for (Shape& shape : plan.sketch) shape = moved(shape, size, {0, 0});
  }
  plan.height = random.chance(0.13) ? logUniform(random, 0.06, 0.3) : random.uniform(0.25, alone ? 2.6 : 2.2);
  if (random.chance(0.5)) plan.height = -plan.height;
  return plan;
}

// Where a body goes beside what stands: apart from it (in that share of cases), against it, or into it. `fixed`: an
// axis along which it may not move.
std::array<double, 3> placed(Random& random, const Box3& own, const Box3& all, std::optional<std::size_t> fixed,
                             double apart) {
  std::array<double, 3> by{};
  const double relation = random.uniform();
  const double centred = random.chance(0.2) ? 1 : 0.35;
  std::size_t axis = random.below(3);
  while (fixed && axis == *fixed) axis = random.below(3);
  for (std::size_t i = 0; i < 3; ++i) {
    if (fixed && i == *fixed) continue;
    const double size = own[i + 3] - own[i], room = all[i + 3] - all[i];
    double low = 0;
    if (i == axis && relation < apart + 0.16) {
      const bool before = random.chance(0.5);
      const double gap = relation < apart ? random.uniform(0.03, random.chance(0.7) ? 0.2 : 0.6) * std::max(size, room)
                         : random.chance(0.5) ? 0.0
                                              : -random.uniform(0.05, 0.6) * std::min(size, room);
      low = before ? all[i] - gap - size : all[i + 3] + gap;
    } else if (random.chance(centred)) {
      low = (all[i] + all[i + 3] - size) / 2;
    } else {
      low = random.uniform(all[i] - 0.5 * size, all[i + 3] - 0.5 * size);
    }
    by[i] = low - own[i];
  }
  return by;
}

// Makes a tool of a body: of a size that fits `all`, along the normal from the workplane of the first body or right
// through, its middle within.
void fitTool(Random& random, Plan& tool, const Plan& first, const Box3& all) {
  const bool trim = tool.combine == Combine::intersect;
  const auto axes = axesOf(tool.plane);
  const double room = std::max(all[axes[0] + 3] - all[axes[0]], all[axes[1] + 3] - all[axes[1]]);
  const double size = (trim ? random.uniform(0.75, 1.15) : logUniform(random, 0.15, 0.9)) * room / 2;
  for (Shape& shape : tool.sketch) shape = moved(shape, size, {0, 0});
  const bool shared = tool.workplane == first.workplane;
  const double depth = shared ? first.height : all[axes[2] + 3] - all[axes[2]];
  tool.height = depth * (random.chance(0.5) ? random.uniform(1.05, 1.4) : random.uniform(0.2, 0.95));
  if (!shared && random.chance(0.5)) tool.height = -tool.height;
  const Box3 own = boxOf(tool);
  std::array<double, 3> by{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (shared && i == axes[2]) continue;
    const double place = random.chance(trim ? 0.9 : 0.4) ? 0.5 : random.uniform(0, 1);
    by[i] = all[i] + place * (all[i + 3] - all[i]) - (own[i] + own[i + 3]) / 2;
  }
  move(tool, by);
}

// Nothing where a sketch did not work out.
std::vector<Plan> makePlans(Random& random, const PartWish& wish) {
  std::vector<Plan> plans;
  Box3 all{};
  for (std::size_t i = 0; i < wish.bodies.size(); ++i) {
    const PartWish::Body& body = wish.bodies[i];
    Plan plan;
    if (body.kind == PartWish::Body::Kind::again) {
      plan = plans.back();
    } else {
      auto made = makeBody(random, body.secondPlane ? wish.second : wish.plane, body, wish.bodies.size() == 1);
      if (!made) return {};
      plan = std::move(*made);
      plan.combine = body.combine;
      if (i > 0 && plan.combine == Combine::unite) {
        const double size = logUniform(random, 0.2, 1.25);
        for (Shape& shape : plan.sketch) shape = moved(shape, size, {0, 0});
        plan.height *= random.chance(0.3) ? size : 1;
      }
    }
    if (i > 0 && plan.combine != Combine::unite) {
      plan.workplane = body.secondPlane ? 1 : 0;
      fitTool(random, plan, plans.front(), all);
      extend(all, plan);
    } else if (i > 0) {
      const auto normal = axesOf(wish.plane)[2];
      move(plan, placed(random, boxOf(plan), all, body.secondPlane ? std::nullopt : std::optional(normal),
                        i == 1 ? 0.55 : 0.35));
      if (body.secondPlane) plan.workplane = 1;
      include(all, boxOf(plan));
    } else {
      all = boxOf(plan);
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

// Numbers of a plane onto the grid.
struct Grid {
  double scale = 1;
  std::array<double, 3> low{};  // of the box
  int at(double value, std::size_t axis) const { return static_cast<int>(std::lround((value - low[axis]) * scale)); }
};

void shift(Region& region, const Integer2& by) {
  auto add = [&](Integer2& p) {
    p[0] += by[0];
    p[1] += by[1];
  };
  add(region.start);
  add(region.low);
  add(region.high);
  add(region.center);
  for (LoopEdge& edge : region.edges) {
    add(edge.middle);
    add(edge.to);
  }
}

}  // namespace

PartWish drawPartWish(Random& random) {
  const double number = random.uniform();
  const std::size_t bodies = number < 0.281 ? 1 : number < 0.762 ? 2 : number < 0.960 ? 3 : 4;
  const bool second = bodies == 4 || (bodies == 3 && random.chance(0.57)) || (bodies == 2 && random.chance(0.22));
  PartWish wish;
  wish.plane = wish.second = static_cast<Plane>(random.below(3));
  if (random.chance(0.65)) {
    wish.second = static_cast<Plane>((static_cast<std::uint64_t>(wish.plane) + 1 + random.below(2)) % 3);
  }
  const double boxes = bodies == 1 ? 0.045 : 0.112, cylinders = bodies == 1 ? 0.115 : 0.165;
  for (std::size_t i = 0; i < bodies; ++i) {
    PartWish::Body body;
    body.secondPlane = second && i + 1 == bodies;
    const double kind = random.uniform();
    if (i > 0 && !body.secondPlane && random.chance(0.08)) {
      body.kind = PartWish::Body::Kind::again;
    } else if (kind < boxes) {
      body.kind = PartWish::Body::Kind::box;
    } else if (kind < boxes + cylinders) {
      body.kind = PartWish::Body::Kind::cylinder;
    } else {
      body.sketch = drawSketchWish(random);
    }
    wish.bodies.push_back(std::move(body));
  }
  return wish;
}

std::optional<Program> makePart(Random& random, const PartWish& wish) {
  const std::vector<Plan> plans = makePlans(random, wish);
  if (plans.empty()) return std::nullopt;
  Box3 all = boxOf(plans[0]);
  for (const Plan& plan : plans) extend(all, plan);
  Grid grid;
  double longest = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    grid.low[i] = all[i];
    longest = std::max(longest, all[i + 3] - all[i]);
  }
  if (longest <= 0) return std::nullopt;  // nothing is left of it
  grid.scale = 200 / longest;

  Program program;
  for (const Plan& plan : plans) {
    const auto axes = axesOf(plan.plane);
    if (static_cast<std::size_t>(plan.workplane) == program.workplanes.size()) {
      program.workplanes.push_back({plan.plane, grid.at(plan.offset, axes[2])});
    }
    Body body;
    body.workplane = plan.workplane;
    body.combine = plan.combine;
    body.height = grid.at(plan.offset + plan.height, axes[2]) - grid.at(plan.offset, axes[2]);
    if (body.height == 0) return std::nullopt;
    for (const Shape& shape : plan.sketch) {
      Region region = onGrid(shape, grid.scale, {grid.low[axes[0]], grid.low[axes[1]]});
      if (!canonicalize(region)) return std::nullopt;
      body.regions.push_back(std::move(region));
    }
    sortRegions(body.regions);
    if (!isSound(body.regions)) return std::nullopt;
    program.bodies.push_back(std::move(body));
  }
  if (program.workplanes.size() == 2 && program.workplanes[0].plane == program.workplanes[1].plane &&
      program.workplanes[0].offset == program.workplanes[1].offset) {
    return std::nullopt;
  }

  const std::array<double, 6> bounds = boundsOf(program);
  std::array<int, 3> by{};
  double side = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const int sum = static_cast<int>(std::lround(bounds[i]) + std::lround(bounds[i + 3]));
    const int up = random.chance(0.5) ? 1 : 0;
    by[i] = -(sum - (sum % 2 != 0 ? (up != 0 ? -1 : 1) : 0)) / 2;
    side = std::max(side, bounds[i + 3] - bounds[i]);
  }
  if (std::abs(side - 200) > 0.75) return std::nullopt;
  for (Workplane& workplane : program.workplanes) workplane.offset += by[axesOf(workplane.plane)[2]];
  for (Body& body : program.bodies) {
    const auto axes = axesOf(program.workplanes[static_cast<std::size_t>(body.workplane)].plane);
    for (Region& region : body.regions) shift(region, {by[axes[0]], by[axes[1]]});
  }
  return program;
}

}  // namespace cadrecode::synthesis
