#include "train/loss_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cadrecode::train {
namespace {

constexpr double width = 900, height = 500, left = 70, right = 20, top = 20, bottom = 50;

struct Range {
  double low = INFINITY, high = -INFINITY;
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

bool isDrawn(const std::pair<double, double>& point) { return std::isfinite(point.second) && point.second > 0; }

// 1, 2 or 5 times a power of ten, so that about `count` of them fill the range.
double roundStep(double range, int count) {
  const double raw = std::max(range, 1e-12) / count;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw) return factor * power;
  }
  return 10 * power;
}

}  // namespace

std::string drawCurves(const std::vector<Curve>& curves) {
  Range steps, values;
  for (const Curve& curve : curves) {
    for (const auto& point : curve.points) {
      if (!isDrawn(point)) continue;
      steps.include(point.first);
      values.include(std::log10(point.second));
    }
  }
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      width, height);
  if (!(steps.low <= steps.high)) return svg + "<text x=\"20\" y=\"30\">no values yet</text>\n</svg>\n";
  if (steps.high == steps.low) steps.high += 1;
  const double margin = std::max(0.02, 0.05 * (values.high - values.low));
  values.low -= margin;
  values.high += margin;
  auto x = [&](double step) { return left + (step - steps.low) / (steps.high - steps.low) * (width - left - right); };
  auto y = [&](double exponent) {
    return top + (values.high - exponent) / (values.high - values.low) * (height - top - bottom);
  };
  const double stepDistance = roundStep(steps.high - steps.low, 8);
  for (double step = std::ceil(steps.low / stepDistance) * stepDistance; step <= steps.high; step += stepDistance) {
    svg += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"#e5e5e5\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4:g}</text>\n",
        x(step), top, height - bottom, height - bottom + 18, step);
  }
  const double valueDistance = (values.high - values.low) / 8;
  for (double exponent = values.low; exponent <= values.high + 1e-9; exponent += valueDistance) {
    svg += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"#e5e5e5\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.3g}</text>\n",
        left, width - right, y(exponent), left - 6, y(exponent) + 4, std::pow(10, exponent));
  }
  constexpr const char* colors[] = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd"};
  std::size_t drawn = 0;
  for (const Curve& curve : curves) {
    std::string points;
    for (const auto& point : curve.points) {
      if (isDrawn(point)) points += fmt::format("{:.1f},{:.1f} ", x(point.first), y(std::log10(point.second)));
    }
    if (points.empty()) continue;
    const char* color = colors[drawn % std::size(colors)];
    svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", points, color);
    svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"{}\">{}</text>\n", width - right - 8,
                       top + 18 + 16 * static_cast<double>(drawn), color, curve.name);
    ++drawn;
  }
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">step</text>\n</svg>\n", (left + width - right) / 2,
                     height - 12);
  return svg;
}

}  // namespace cadrecode::train
