#include "cloud/triangulate_polygon.hpp"

#include <cmath>

namespace cadrecode::cloud {
namespace {

using Flat = std::array<double, 2>;

double turn(const Flat& a, const Flat& b, const Flat& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

bool isWithin(const Flat& p, const Flat& a, const Flat& b, const Flat& c) {
  return turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0;
}

// The polygon seen along its normal (Newell's sum), counter-clockwise.
std::vector<Flat> flatten(const std::vector<Point>& vertices, std::span<const std::uint32_t> corners) {
  Point normal{};
  const Point& origin = vertices[corners[0]];
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
    normal = normal + cross(vertices[corners[i]] - origin, vertices[corners[i + 1]] - origin);
  }
  int drop = 0;
  for (int axis = 1; axis < 3; ++axis) {
    if (std::abs(normal[axis]) > std::abs(normal[drop])) drop = axis;
  }
  int first = (drop + 1) % 3;
  int second = (drop + 2) % 3;
  if (normal[drop] < 0) std::swap(first, second);
  std::vector<Flat> flat;
  flat.reserve(corners.size());
  for (std::uint32_t corner : corners) flat.push_back({vertices[corner][first], vertices[corner][second]});
  return flat;
}

bool isConvex(const std::vector<Flat>& flat) {
  std::size_t count = flat.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (turn(flat[i], flat[(i + 1) % count], flat[(i + 2) % count]) < 0) return false;
  }
  return true;
}

// True when the corner at `place` of `ring` can be cut off: it turns inward and its triangle holds no other corner.
bool isEar(const std::vector<Flat>& flat, const std::vector<std::size_t>& ring, std::size_t place) {
  std::size_t count = ring.size();
  const Flat& before = flat[ring[(place + count - 1) % count]];
  const Flat& tip = flat[ring[place]];
  const Flat& after = flat[ring[(place + 1) % count]];
  if (turn(before, tip, after) <= 0) return false;
  for (std::size_t i = 2; i + 1 < count; ++i) {
    const Flat& other = flat[ring[(place + i) % count]];
    if (other != before && other != tip && other != after && isWithin(other, before, tip, after)) return false;
  }
  return true;
}

}  // namespace

bool triangulatePolygon(const std::vector<Point>& vertices, std::span<const std::uint32_t> corners,
                        std::vector<Triangle>& triangles) {
  if (corners.size() == 3) {
    triangles.push_back({corners[0], corners[1], corners[2]});
    return true;
  }
  std::vector<Flat> flat = flatten(vertices, corners);
  if (isConvex(flat)) {
    for (std::size_t i = 1; i + 1 < corners.size(); ++i) triangles.push_back({corners[0], corners[i], corners[i + 1]});
    return true;
  }
  if (corners.size() > largestConcavePolygon) return false;
  std::vector<std::size_t> ring(corners.size());
  for (std::size_t i = 0; i < ring.size(); ++i) ring[i] = i;
  std::size_t place = 0;
  while (ring.size() > 3) {
    std::size_t count = ring.size();
    std::size_t tried = 0;
    while (tried < count && !isEar(flat, ring, place)) {
      place = (place + 1) % count;
      ++tried;
    }
    if (tried == count) break;  // it crosses itself
    triangles.push_back(
        {corners[ring[(place + count - 1) % count]], corners[ring[place]], corners[ring[(place + 1) % count]]});
    ring.erase(ring.begin() + static_cast<std::ptrdiff_t>(place));
    place = place == 0 ? ring.size() - 1 : place - 1;
  }
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    triangles.push_back({corners[ring[0]], corners[ring[i]], corners[ring[i + 1]]});
  }
  return true;
}

}  // namespace cadrecode::cloud
