#include "dataset/synthesis/grid_check.hpp"

#include <algorithm>
#include <cmath>

namespace cadrecode::synthesis {
namespace {

constexpr double kThin = 0.9;       // of walls, gaps and bridges
constexpr double kCusp = 0.995;     // cosine of the angle at which one edge runs back along another
constexpr double kMaxRadius = 400;  // arcs flatter than this are no feature

double dot(const Point2& a, const Point2& b) { return a[0] * b[0] + a[1] * b[1]; }

// `b` follows `a`: away from their joint they keep apart, and it is no cusp.
bool joinsWell(const PlanarCurve& a, const PlanarCurve& b, bool both) {
  if (dot(a.directionAt(true), b.directionAt(false)) < -kCusp) return false;
  if (both) {
    if (dot(b.directionAt(true), a.directionAt(false)) < -kCusp) return false;
    return solid::distanceTo(a, b.at(0.5)) > kThin && solid::distanceTo(b, a.at(0.5)) > kThin;
  }
  for (double away : {0.25, 0.5, 0.75, 1.0}) {
    const double least = std::min(kThin, 0.2 * away);
    if (solid::distanceTo(b, a.at(1 - away)) < least || solid::distanceTo(a, b.at(away)) < least) return false;
  }
  return true;
}

bool isSoundLoop(const PlanarLoop& loop) {
  const std::size_t n = loop.size();
  if (n == 1) return true;
  for (const PlanarCurve& curve : loop) {
    if (curve.isArc() && (curve.radius > kMaxRadius || curve.sweep == 0)) return false;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t next = (i + 1) % n;
    if (!joinsWell(loop[i], loop[next], n == 2)) return false;
    for (std::size_t j = i + 2; j < n; ++j) {
      if (i == 0 && j + 1 == n) continue;
      if (solid::distanceBetween(loop[i], loop[j]) < kThin) return false;
    }
  }
  solid::PlanarBox box;
  box.add(loop);
  const double area = solid::signedArea(loop);
  return area > 1.2 * std::max(box.high[0] - box.low[0], box.high[1] - box.low[1]) || area > 60;
}

Point2 aPointOf(const PlanarLoop& loop) { return loop[0].at(0.5); }

}  // namespace

bool isSound(const std::vector<Region>& regions) {
  std::vector<PlanarLoop> loops;
  std::size_t additive = 0;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    loops.push_back(outline(regions[i]));
    const PlanarLoop& loop = loops.back();
    if (regions[i].kind == Region::Kind::loop && !isSoundLoop(loop)) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (!solid::keepApart(loops[j], loop, kThin)) return false;
    }
    if (!regions[i].cut) {
      additive = i;
      for (std::size_t j = 0; j < i; ++j) {
        if (regions[j].cut) continue;
        if (solid::contains(loops[j], aPointOf(loop)) || solid::contains(loop, aPointOf(loops[j]))) return false;
      }
      continue;
    }
    if (!solid::contains(loops[additive], aPointOf(loop))) return false;
    for (std::size_t j = additive + 1; j < i; ++j) {
      if (solid::contains(loops[j], aPointOf(loop)) || solid::contains(loop, aPointOf(loops[j]))) return false;
    }
  }
  return true;
}

}  // namespace cadrecode::synthesis
