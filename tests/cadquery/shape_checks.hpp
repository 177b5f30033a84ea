// What the tests of geometry and shapes share.
#pragma once

#include <gtest/gtest.h>

#include <Standard_Failure.hxx>
#include <Standard_Type.hxx>
#include <numbers>
#include <string>

#include "cadquery/shape.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

inline constexpr double kPi = std::numbers::pi;

inline void expectVector(const Vector& v, double x, double y, double z, double within = 1e-9) {
  EXPECT_NEAR(v.x(), x, within);
  EXPECT_NEAR(v.y(), y, within);
  EXPECT_NEAR(v.z(), z, within);
}

// "ValueError: text" of CadQuery's errors, "StdFail_NotDone" of the kernel's, "none".
template <class Action>
std::string errorOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.type() + ": " + error.what();
  } catch (const Standard_Failure& failure) {
    return failure.DynamicType()->Name();
  }
  return "none";
}

inline Wire squareWire(double size, const Vector& corner = {}) {
  return Wire::makePolygon({corner, corner + Vector(size, 0), corner + Vector(size, size), corner + Vector(0, size)},
                           false, true);
}

}  // namespace cadrecode::cadquery
