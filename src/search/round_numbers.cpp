#include "search/round_numbers.hpp"

#include <cmath>

#include "search/rounded_rectangle.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {

Program roundedTo(double step, const Program& program, const cloud::Frame& frame) {
  Program result = program;
  const auto rounded = [&](double local, double origin) {
    return (std::round((local * frame.unit + origin) / step) * step - origin) / frame.unit;
  };
  for (Plane& plane : result.planes) {
    for (std::size_t i = 0; i < 3; ++i) plane.origin[i] = rounded(plane.origin[i], frame.origin[i]);
  }
  for (const Parameter& parameter : parametersOf(result)) {
    if (parameter.kind != Parameter::Kind::origin) *parameter.value = rounded(*parameter.value, 0);
  }
  for (std::size_t i = 0; i < program.bodies.size(); ++i) {
    for (std::size_t k = 0; k < program.bodies[i].regions.size(); ++k) {
      auto corners = roundedRectangleOf(program.bodies[i].regions[k].loop);
      if (!corners) continue;
      for (double* value : {&corners->low.x, &corners->low.y, &corners->high.x, &corners->high.y, &corners->radius}) {
        *value = rounded(*value, 0);
      }
      result.bodies[i].regions[k].loop = outlineOf(*corners);
    }
  }
  return result;
}

std::optional<Program> withRoundNumbers(const Program& program, const cloud::Frame& frame, double side, double loss,
                                        const std::function<double(const Program&)>& fitOf) {
  constexpr double kSteps[] = {5, 2, 1};
  const double greatest = side * frame.unit / 100, fit = fitOf(program);
  const int top = static_cast<int>(std::floor(std::log10(greatest)));
  for (int power = top; power > top - 4; --power) {
    for (const double digit : kSteps) {
      const double step = digit * std::pow(10, power);
      if (step > greatest || step < greatest / 1000) continue;
      Program result = roundedTo(step, program, frame);
      if (isSound(result) && fitOf(result) >= fit - loss) return result;
    }
  }
  return std::nullopt;
}

}  // namespace cadrecode::search
