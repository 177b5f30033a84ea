#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "metrics/earth_mover.hpp"

namespace cadrecode::metrics {

using cloud::operator-;

EarthMover earthMoverByNetworkSimplex(const std::vector<cloud::Point>& a, const std::vector<cloud::Point>& b) {
  if (a.empty() || b.empty()) {
    throw Error(ErrorCode::input, "ValueError", "the earth mover's distance needs points on both sides");
  }
  using Graph = lemon::SmartDigraph;
  using Simplex = lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t>;
  // Whole amounts: every point of a gives |b| / g, every point of b takes |a| / g. Whole costs too, so that the simplex
  // compares exactly: rounding each to 2^-40 of the longest moves the optimum by no more than that.
  const auto rows = static_cast<std::int64_t>(a.size()), columns = static_cast<std::int64_t>(b.size());
  const std::int64_t divisor = std::gcd(rows, columns);
  double longest = 0;
  for (const cloud::Point& p : a) {
    for (const cloud::Point& q : b) longest = std::max(longest, cloud::length(p - q));
  }
  const double scale = longest > 0 ? 0x1.0p40 / longest : 1;

  Graph graph;
  graph.reserveNode(static_cast<int>(rows + columns));
  graph.reserveArc(static_cast<int>(rows * columns));
  for (std::int64_t i = 0; i < rows + columns; ++i) graph.addNode();
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) graph.addArc(graph.nodeFromId(i), graph.nodeFromId(static_cast<int>(rows) + j));
  }
  auto wayOf = [&](int arc) { return cloud::length(a[arc / columns] - b[arc % columns]); };
  Graph::ArcMap<std::int64_t> costs(graph);
  Graph::NodeMap<std::int64_t> supplies(graph);
  for (int arc = 0; arc <= graph.maxArcId(); ++arc) costs[graph.arcFromId(arc)] = std::llround(wayOf(arc) * scale);
  for (int node = 0; node < rows + columns; ++node) {
    supplies[graph.nodeFromId(node)] = node < rows ? columns / divisor : -rows / divisor;
  }
  Simplex simplex(graph);
  simplex.costMap(costs).supplyMap(supplies);
  if (simplex.run() != Simplex::OPTIMAL) throw Error("RuntimeError", "the transport problem was not solved");

  EarthMover result;
  const double total = static_cast<double>(rows) * static_cast<double>(columns) / static_cast<double>(divisor);
  for (int arc = 0; arc <= graph.maxArcId(); ++arc) {
    const std::int64_t amount = simplex.flow(graph.arcFromId(arc));
    if (amount > 0) result.distance += static_cast<double>(amount) * wayOf(arc);
  }
  result.distance /= total;
  double dual = 0;  // LEMON's potentials: cost + potential(source) - potential(target) >= 0
  for (int node = 0; node < rows + columns; ++node) {
    const Graph::Node at = graph.nodeFromId(node);
    dual -= static_cast<double>(simplex.potential(at)) / scale * static_cast<double>(supplies[at]);
  }
  result.gap = result.distance - dual / total;
  if (!(std::abs(result.gap) <= 1e-9 * longest)) {
    throw Error("RuntimeError", "the earth mover's distance could not be proven optimal");
  }
  return result;
}

}  // namespace cadrecode::metrics
