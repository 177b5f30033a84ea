// The earth mover's distance between two clouds: the least mean distance at which the points of one can be moved onto
// those of the other, each point of a cloud with the same weight. Exact: the optimum is proven by its dual, or an Error
// is thrown; there is no limit of iterations after which something else would be returned. Stateless, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct EarthMover {
  double distance = 0;                  // mean length of a point's way, in the points' units
  double gap = 0;                       // distance minus the dual's lower bound: rounding only
  std::vector<std::uint32_t> partners;  // of equal numbers of points: which of `b` each of `a` goes to
};

// Equal numbers of points: an assignment, by shortest augmenting paths (Jonker and Volgenant 1987); memory in
// proportion to the points. Unequal numbers: a transport problem, by LEMON's network simplex, in memory of 40 bytes a
// pair of points. Error(input) for an empty cloud.
EarthMover earthMover(const std::vector<cloud::Point>& a, const std::vector<cloud::Point>& b);

// The transport problem for any numbers of points, by the network simplex: slower, for comparison.
EarthMover earthMoverByNetworkSimplex(const std::vector<cloud::Point>& a, const std::vector<cloud::Point>& b);

}  // namespace cadrecode::metrics
