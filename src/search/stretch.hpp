// Rods and plates fill only a few cells of a cubic grid across. Stretched along their axis and across it, each by its
// own factor, they fill it whole; programs whose bodies are all extruded along that axis can be stretched with them,
// since circles stay circles. Values; any thread.
#pragma once

#include <optional>

#include "cloud/frame.hpp"
#include "cloud/geometry.hpp"
#include "search/dialect_program.hpp"

namespace cadrecode::search {

struct Stretch {
  int axis = 2;                  // along which bodies are extruded
  double along = 1, across = 1;  // what coordinates along the axis, and across it, are multiplied by
};

// For a part, centred, that is at least twice as long as wide along one axis, or at least four times as wide as thick:
// the stretch that makes its length and its greater width equal.
std::optional<Stretch> stretchFor(const cloud::Box& box);

cloud::Point stretched(const cloud::Point& point, const Stretch& stretch);
// To six places. Nothing when a body is extruded along another axis.
std::optional<Program> stretched(const Program& program, const Stretch& stretch);
// Takes a stretch back.
inline Stretch inverse(const Stretch& stretch) { return {stretch.axis, 1 / stretch.along, 1 / stretch.across}; }

}  // namespace cadrecode::search
