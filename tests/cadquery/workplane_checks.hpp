// What the tests of Workplane share: measures of the first shape on a stack, and the expectation of an error.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <numbers>
#include <string>

#include "cadquery/workplane.hpp"
#include "core/error.hpp"

namespace cadrecode::cadquery {

inline constexpr double kPi = std::numbers::pi;

inline Shape shapeIn(const Workplane& workplane) { return std::get<Shape>(workplane.val()); }
inline double volumeOf(const Workplane& workplane) { return shapeIn(workplane).volume(); }
inline Vector pointIn(const Workplane& workplane) { return std::get<Vector>(workplane.val()); }

inline void expectPoint(const Vector& point, double x, double y, double z, double tolerance = 1e-9) {
  EXPECT_NEAR(point.x(), x, tolerance);
  EXPECT_NEAR(point.y(), y, tolerance);
  EXPECT_NEAR(point.z(), z, tolerance);
}

inline void expectError(const std::string& type, const std::string& message, const std::function<void()>& call) {
  try {
    call();
    ADD_FAILURE() << "no error, expected " << type << ": " << message;
  } catch (const Error& error) {
    EXPECT_EQ(error.type(), type);
    EXPECT_EQ(error.what(), message);
  }
}

}  // namespace cadrecode::cadquery
