#include "metrics/earth_mover.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

using cloud::Point;

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Solves one assignment problem. Rows are points of a, columns points of b. Costs are computed when needed, a row at a
// time: that takes no longer than to read them from memory, and needs none.
class Assignment {
 public:
  Assignment(const std::vector<Point>& a, const std::vector<Point>& b)
      : rows_(a), count_(a.size()), x_(count_), y_(count_), z_(count_), price_(count_), cost_(count_) {
    for (std::size_t j = 0; j < count_; ++j) {
      x_[j] = b[j][0];
      y_[j] = b[j][1];
      z_[j] = b[j][2];
    }
    column_.assign(count_, kNone);
    row_.assign(count_, kNone);
  }

  EarthMover solve() {
    reduceColumns();
    for (int pass = 0; pass < 3; ++pass) reduceRows();
    for (std::uint32_t row = 0; row < count_; ++row) {
      if (column_[row] == kNone) augment(row);
    }
    return proven();
  }

 private:
  // cost_[j] = distance of row to column j, less the column's price.
  void computeReducedRow(std::uint32_t row) {
    const double px = rows_[row][0], py = rows_[row][1], pz = rows_[row][2];
    const double *x = x_.data(), *y = y_.data(), *z = z_.data(), *price = price_.data();
    double* cost = cost_.data();
    const std::size_t count = count_;
    for (std::size_t j = 0; j < count; ++j) {
      const double dx = px - x[j], dy = py - y[j], dz = pz - z[j];
      cost[j] = std::sqrt(dx * dx + dy * dy + dz * dz) - price[j];
    }
  }

  void match(std::uint32_t row, std::uint32_t column) {
    column_[row] = column;
    row_[column] = row;
  }

  // The first prices: each column's least cost; the row that has it takes the column if it is free.
  void reduceColumns() {
    std::vector<std::uint32_t> best(count_, 0);
    std::vector<double> least(count_, kInfinity);
    for (std::uint32_t i = 0; i < count_; ++i) {
      computeReducedRow(i);
      for (std::size_t j = 0; j < count_; ++j) {
        if (cost_[j] < least[j]) {
          least[j] = cost_[j];
          best[j] = i;
        }
      }
    }
    price_ = least;
    for (std::uint32_t j = static_cast<std::uint32_t>(count_); j-- > 0;) {
      if (column_[best[j]] == kNone) match(best[j], j);
    }
  }

  // Each free row takes its best column, lowers its price until the second best is as good, and sets the row that had
  // it free. Leaves few free rows.
  void reduceRows() {
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (column_[i] == kNone) free.push_back(i);
    }
    const std::size_t end = free.size();
    std::size_t budget = 4 * count_;  // a row can be driven out often; what is left is for augment()
    for (std::size_t next = 0; next < end && budget > 0;) {
      const std::uint32_t row = free[next++];
      --budget;
      computeReducedRow(row);
      double first = kInfinity, second = kInfinity;
      std::uint32_t at = 0, atSecond = 0;
      for (std::uint32_t j = 0; j < count_; ++j) {
        if (cost_[j] >= second) continue;
        if (cost_[j] < first) {
          second = first;
          atSecond = at;
          first = cost_[j];
          at = j;
        } else {
          second = cost_[j];
          atSecond = j;
        }
      }
      std::uint32_t driven = row_[at];
      const bool lowers = second < kInfinity && price_[at] - (second - first) < price_[at];
      if (lowers) {
        price_[at] -= second - first;
      } else if (driven != kNone && second < kInfinity) {  // as good: perhaps it is free
        at = atSecond;
        driven = row_[at];
        if (driven != kNone) continue;
      }
      if (driven != kNone) column_[driven] = kNone;
      match(row, at);
      if (driven != kNone && lowers) free[--next] = driven;
    }
  }

  // The shortest path, in reduced costs, from a free row to a free column (Dijkstra); then prices and partners along
  // it.
  void augment(std::uint32_t start) {
    distance_.assign(count_, kInfinity);
    reachedFrom_.assign(count_, start);
    open_.resize(count_);
    for (std::uint32_t j = 0; j < count_; ++j) open_[j] = j;
    std::size_t openCount = count_;
    std::vector<std::uint32_t> closed;
    std::uint32_t row = start, end = kNone;
    double base = 0;  // what reaches `row`, less its own potential
    double reached = 0;
    while (end == kNone) {
      computeReducedRow(row);
      double least = kInfinity;
      std::size_t atLeast = 0;
      for (std::size_t k = 0; k < openCount; ++k) {
        const std::uint32_t j = open_[k];
        const double candidate = base + cost_[j];
        if (candidate < distance_[j]) {
          distance_[j] = candidate;
          reachedFrom_[j] = row;
        }
        if (distance_[j] < least || (distance_[j] == least && row_[j] == kNone)) {
          least = distance_[j];
          atLeast = k;
        }
      }
      const std::uint32_t column = open_[atLeast];
      open_[atLeast] = open_[--openCount];
      reached = least;
      if (row_[column] == kNone) {
        end = column;
      } else {
        closed.push_back(column);
        row = row_[column];
        const Point way = rows_[row] - Point{x_[column], y_[column], z_[column]};
        base = reached - (cloud::length(way) - price_[column]);
      }
    }
    for (const std::uint32_t column : closed) price_[column] += distance_[column] - reached;
    for (std::uint32_t column = end; column != kNone;) {
      const std::uint32_t from = reachedFrom_[column];
      const std::uint32_t next = column_[from];
      match(from, column);
      column = from == start ? kNone : next;
    }
  }

  // The dual bound: a row's potential is its least reduced cost. Whatever went before, no assignment costs less.
  EarthMover proven() {
    double primal = 0, dual = 0, longest = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      computeReducedRow(i);
      dual += *std::min_element(cost_.begin(), cost_.end()) + price_[i];
      const std::uint32_t j = column_[i];
      const double way = cloud::length(rows_[i] - Point{x_[j], y_[j], z_[j]});
      primal += way;
      longest = std::max(longest, way);
    }
    EarthMover result;
    const auto count = static_cast<double>(count_);
    result.distance = primal / count;
    result.gap = (primal - dual) / count;
    if (!(std::abs(result.gap) <= 1e-9 * (longest + std::abs(result.distance)))) {
      throw Error("RuntimeError", "the earth mover's distance could not be proven optimal");
    }
    result.partners = column_;
    return result;
  }

  const std::vector<Point>& rows_;
  std::size_t count_;
  std::vector<double> x_, y_, z_;
  std::vector<double> price_;
  std::vector<double> cost_;
  std::vector<std::uint32_t> column_, row_;  // the partner of each row, of each column
  std::vector<double> distance_;
  std::vector<std::uint32_t> reachedFrom_, open_;
};

}  // namespace

EarthMover earthMover(const std::vector<Point>& a, const std::vector<Point>& b) {
  if (a.empty() || b.empty()) {
    throw Error(ErrorCode::input, "ValueError", "the earth mover's distance needs points on both sides");
  }
  if (a.size() != b.size()) return earthMoverByNetworkSimplex(a, b);
  return Assignment(a, b).solve();
}

}  // namespace cadrecode::metrics
