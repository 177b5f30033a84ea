// Curves over training steps as an SVG picture. Pure function.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cadrecode::train {

struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  // step, value
};

// The values' axis is logarithmic. Points that are no positive numbers are left out.
std::string drawCurves(const std::vector<Curve>& curves);

}  // namespace cadrecode::train
