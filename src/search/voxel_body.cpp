#include "search/voxel_body.hpp"

#include <bit>
#include <cmath>

namespace cadrecode::search {

VoxelBody::VoxelBody(const Program& program, const Body& body, const Grid& grid) : image_(grid) {
  const Plane& plane = program.planes[body.plane];
  const PlaneAxes axes = axesOf(plane.name);
  normal_ = axes.normal;
  const auto originAlong = [&](int axis) { return plane.origin[static_cast<std::size_t>(axis)]; };
  const double level = originAlong(axes.normal);
  first_ = grid.firstAbove(std::min(level, level + body.extent));
  end_ = grid.firstAbove(std::max(level, level + body.extent));
  ImageFrame frame;
  frame.swapped = plane.name == PlaneName::zx;  // local x is the world's z there
  frame.offset = {originAlong(axes.x), originAlong(axes.y)};
  switch (body.kind) {
    case Body::Kind::box:
      drawRect(body.at, body.width, body.height, frame, grid, image_);
      break;
    case Body::Kind::cylinder:
      drawCircle(body.at, body.width, frame, grid, image_);
      break;
    case Body::Kind::sketch:
      image_ = drawSketch(body.regions, frame, grid);
      break;
  }
  if (normal_ == 2) {
    firstLayer_ = first_;
    endLayer_ = end_;
    return;
  }
  const auto occupied = [&](int r) {
    std::uint64_t any = 0;
    for (int w = 0; w < image_.wordsPerRow(); ++w) any |= image_.row(r)[w];
    return any != 0;
  };
  if (first_ >= end_) return;
  endLayer_ = grid.cells;
  while (firstLayer_ < endLayer_ && !occupied(firstLayer_)) ++firstLayer_;
  while (endLayer_ > firstLayer_ && !occupied(endLayer_ - 1)) --endLayer_;
}

void VoxelBody::addLayer(int z, std::uint64_t* layer) const {
  if (z < firstLayer_ || z >= endLayer_) return;
  const int words = image_.wordsPerRow();
  if (normal_ == 2) {
    const std::uint64_t* image = image_.words().data();
    const std::size_t all = image_.words().size();
    for (std::size_t i = 0; i < all; ++i) layer[i] |= image[i];
    return;
  }
  const std::uint64_t* row = image_.row(z);
  if (normal_ == 1) {
    for (int y = first_; y < end_; ++y) {
      for (int w = 0; w < words; ++w) layer[y * words + w] |= row[w];
    }
    return;
  }
  for (int w = first_ >> 6; w <= (end_ - 1) >> 6; ++w) {
    const int low = std::max(first_ - w * 64, 0), high = std::min(end_ - w * 64, 64);
    const std::uint64_t mask = (~std::uint64_t{0} << low) & (~std::uint64_t{0} >> (64 - high));
    for (int block = 0; block < words; ++block) {
      for (std::uint64_t bits = row[block]; bits != 0; bits &= bits - 1) {
        layer[(block * 64 + std::countr_zero(bits)) * words + w] |= mask;
      }
    }
  }
}

std::uint64_t VoxelBody::count() const {
  std::uint64_t bits = 0;
  for (const std::uint64_t word : image_.words()) bits += static_cast<std::uint64_t>(std::popcount(word));
  return bits * static_cast<std::uint64_t>(std::max(0, end_ - first_));
}

namespace {

// The largest coordinate of a region's own points, and how far an arc can bulge beyond them.
double reachOf(const Loop& loop, const Vector2& at) {
  double reach = 0;
  const auto see = [&](double x, double y) { reach = std::max({reach, std::abs(x + at.x), std::abs(y + at.y)}); };
  Vector2 from = loop.start;
  see(from.x, from.y);
  for (const Edge& edge : loop.edges) {
    see(edge.end.x, edge.end.y);
    if (edge.arc) {
      see(edge.middle.x, edge.middle.y);
      const double mx = edge.middle.x - from.x, my = edge.middle.y - from.y;
      const double ex = edge.end.x - from.x, ey = edge.end.y - from.y;
      const double turn = mx * ey - my * ex;
      if (std::abs(turn) > 1e-9) {
        const double m2 = mx * mx + my * my, e2 = ex * ex + ey * ey;
        const double dx = (m2 * ey - e2 * my) / (2 * turn), dy = (e2 * mx - m2 * ex) / (2 * turn);
        const double radius = std::hypot(dx, dy);
        // An arc less than half a circle stays within its sagitta of its chord.
        const bool small = mx * (mx - ex) + my * (my - ey) <= 0;
        const double chord = std::hypot(ex, ey);
        const double sagitta = radius - std::sqrt(std::max(0.0, radius * radius - chord * chord / 4));
        if (small) {
          see(from.x + sagitta, from.y + sagitta);
          see(from.x - sagitta, from.y - sagitta);
          see(edge.end.x + sagitta, edge.end.y + sagitta);
          see(edge.end.x - sagitta, edge.end.y - sagitta);
        } else {
          see(from.x + dx + radius, from.y + dy + radius);
          see(from.x + dx - radius, from.y + dy - radius);
        }
      }
    }
    from = edge.end;
  }
  return reach;
}

}  // namespace

double extentOf(const Program& program) {
  double extent = 0;
  for (const Body& body : program.bodies) {
    const Plane& plane = program.planes[body.plane];
    const PlaneAxes axes = axesOf(plane.name);
    const double level = plane.origin[static_cast<std::size_t>(axes.normal)];
    const double offset = std::max(std::abs(plane.origin[static_cast<std::size_t>(axes.x)]),
                                   std::abs(plane.origin[static_cast<std::size_t>(axes.y)]));
    double flat = 0;
    Vector2 at = body.at;
    const auto around = [&](double width, double height) {
      flat = std::max({flat, std::abs(at.x) + width, std::abs(at.y) + height});
    };
    if (body.kind == Body::Kind::box) around(body.width / 2, body.height / 2);
    if (body.kind == Body::Kind::cylinder) around(body.width, body.width);
    at = {};
    for (const Region& region : body.regions) {
      if (region.place == Region::Place::reset) at = {};
      if (region.place == Region::Place::push) at = region.at;
      if (region.subtract) continue;
      if (region.kind == Region::Kind::circle) around(region.width, region.width);
      if (region.kind == Region::Kind::rect) around(region.width / 2, region.height / 2);
      if (region.kind == Region::Kind::loop || region.kind == Region::Kind::face) {
        flat = std::max(flat, reachOf(region.loop, at));
      }
    }
    extent = std::max({extent, std::abs(level), std::abs(level + body.extent), flat + offset});
  }
  return extent;
}

}  // namespace cadrecode::search
