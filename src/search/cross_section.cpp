#include "search/cross_section.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "search/outline.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

struct Bounds {
  int u0, v0, u1, v1;
};

Bounds boundsOf(const std::vector<Corner>& outline) {
  Bounds b{outline[0].u, outline[0].v, outline[0].u, outline[0].v};
  for (const Corner& c : outline) {
    b = {std::min(b.u0, c.u), std::min(b.v0, c.v), std::max(b.u1, c.u), std::max(b.v1, c.v)};
  }
  return b;
}

Region regionOf(const std::vector<Corner>& outline, const Grid& grid) {
  const Bounds b = boundsOf(outline);
  const double width = b.u1 - b.u0, height = b.v1 - b.v0, area = std::abs(areaOf(outline));
  const auto side = [&](double cells) { return std::max(1.0, std::round(cells * grid.cell())); };
  Region region;
  region.place = Region::Place::push;
  // The centre on a half where the side is odd, so that faces fall on whole numbers.
  const auto middle = [&](int low, int high, double length) {
    const double face = std::round(grid.low() + (low + high) / 2.0 * grid.cell() - length / 2);
    return face + length / 2;
  };
  // A circle: as wide as high, and every corner about one radius from the centre.
  const double radius = std::sqrt(area / std::numbers::pi), cu = (b.u0 + b.u1) / 2.0, cv = (b.v0 + b.v1) / 2.0;
  const bool round = radius >= 2 && std::abs(width - height) <= 1.5 && std::abs(width / 2 - radius) <= 0.8 &&
                     std::all_of(outline.begin(), outline.end(), [&](const Corner& c) {
                       return std::abs(std::hypot(c.u - cu, c.v - cv) - radius) <= 1.3;
                     });
  if (round) {
    region.kind = Region::Kind::circle;
    region.width = side(radius);
    region.at = {std::round(grid.low() + cu * grid.cell()), std::round(grid.low() + cv * grid.cell())};
    return region;
  }
  if (area >= 0.985 * width * height) {
    region.kind = Region::Kind::rect;
    region.width = side(width);
    region.height = side(height);
    region.at = {middle(b.u0, b.u1, region.width), middle(b.v0, b.v1, region.height)};
    return region;
  }
  region.kind = Region::Kind::face;
  region.place = Region::Place::reset;
  for (const double tolerance : {1.1, 1.5, 2.1, 3.0}) {
    region.loop = fitLoop(outline, grid, tolerance);
    if (region.loop.edges.size() + (region.loop.closed ? 1 : 0) >= 2 && region.loop.edges.size() <= 40 &&
        isSound(region.loop))
      return region;
  }
  region.kind = Region::Kind::rect;
  region.place = Region::Place::push;
  region.width = side(width);
  region.height = side(height);
  region.at = {middle(b.u0, b.u1, region.width), middle(b.v0, b.v1, region.height)};
  return region;
}

}  // namespace

std::size_t Section::area() const {
  return static_cast<std::size_t>(
      std::count_if(inside.begin(), inside.end(), [](std::uint8_t cell) { return cell != 0; }));
}

std::vector<Region> regionsOf(const Section& section, const Grid& grid, double smallest) {
  std::vector<std::vector<Corner>> outlines = traceOutlines(section);
  std::stable_sort(outlines.begin(), outlines.end(),
                   [](const auto& a, const auto& b) { return std::abs(areaOf(a)) > std::abs(areaOf(b)); });
  std::vector<Region> regions;
  for (const auto& outline : outlines) {
    const double area = areaOf(outline);
    if (std::abs(area) < smallest) break;
    Region region = regionOf(outline, grid);
    region.subtract = area < 0;
    if (regions.empty()) {
      if (region.subtract) continue;
      if (region.kind == Region::Kind::face) {
        region.kind = Region::Kind::loop;
        region.place = Region::Place::keep;
      }
    }
    regions.push_back(std::move(region));
  }
  return regions;
}

void makePrimitive(Body& body) {
  if (body.regions.size() != 1) return;
  const Region& region = body.regions[0];
  if (region.kind != Region::Kind::circle && region.kind != Region::Kind::rect) return;
  body.kind = region.kind == Region::Kind::circle ? Body::Kind::cylinder : Body::Kind::box;
  body.at = region.at;
  body.width = region.width;
  body.height = region.height;
  body.regions.clear();
}

}  // namespace cadrecode::search
