#include "search/stretch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cadrecode::search {

std::optional<Stretch> stretchFor(const cloud::Box& box) {
  constexpr double kRod = 2, kPlate = 4;
  std::array<int, 3> order{0, 1, 2};
  const auto side = [&](int axis) {
    return box.high[static_cast<std::size_t>(axis)] - box.low[static_cast<std::size_t>(axis)];
  };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return side(a) > side(b); });
  const double longest = side(order[0]), middle = side(order[1]), shortest = side(order[2]);
  if (!(shortest > 0)) return std::nullopt;
  if (longest >= kRod * middle) return Stretch{order[0], 1, longest / middle};
  if (longest >= kPlate * shortest) return Stretch{order[2], longest / shortest, 1};
  return std::nullopt;
}

cloud::Point stretched(const cloud::Point& point, const Stretch& stretch) {
  cloud::Point result = point;
  for (int i = 0; i < 3; ++i) result[static_cast<std::size_t>(i)] *= i == stretch.axis ? stretch.along : stretch.across;
  return result;
}

std::optional<Program> stretched(const Program& program, const Stretch& stretch) {
  const bool fits = std::all_of(program.bodies.begin(), program.bodies.end(), [&](const Body& body) {
    return axesOf(program.planes[body.plane].name).normal == stretch.axis;
  });
  if (!fits) return std::nullopt;
  Program result = program;
  const auto rounded = [](double value) { return std::round(value * 1e6) / 1e6; };
  for (Plane& plane : result.planes) {
    plane.origin = stretched(plane.origin, stretch);
    for (double& value : plane.origin) value = rounded(value);
  }
  for (const Parameter& parameter : parametersOf(result)) {
    if (parameter.kind == Parameter::Kind::origin) continue;
    const double factor = parameter.kind == Parameter::Kind::extent ? stretch.along : stretch.across;
    *parameter.value = rounded(*parameter.value * factor);
  }
  return result;
}

}  // namespace cadrecode::search
