#include "metrics/earth_mover.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "core/error.hpp"
#include "metrics/priced_tree.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::Point;

constexpr std::uint32_t kNone = PricedTree::kNone;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Of auctions: the steps, in mean gains of a row's best column over its second best, and how many bids a row can have
// in one; those who have no column then are left to augment().
constexpr double kFirstStep = 50, kLastStep = 0.3, kStepRatio = 4;
constexpr std::size_t kBids = 20;

// Solves one assignment problem. Rows are points of a, columns the places of b's points in a tree. Throughout, a
// matched row's column is one of its least distance minus price, so that a complete matching is optimal.
class Assignment {
 public:
  Assignment(const std::vector<Point>& a, const std::vector<Point>& b)
      : a_(a), count_(a.size()), columns_(b), column_(count_, kNone), row_(count_, kNone) {}

  EarthMover solve() {
    reduceColumns();
    reduceRows();
    if (!freeRows().empty() && count_ > 1) auction();
    distance_.assign(count_, kInfinity);
    reachedFrom_.assign(count_, kNone);
    for (const std::uint32_t row : freeRows()) augment(row);
    return proven();
  }

 private:
  // What a row costs at least, by the prices.
  double potential(std::uint32_t row) const { return columns_.twoLeast(a_[row]).first; }

  std::vector<std::uint32_t> freeRows() const {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < count_; ++row) {
      if (column_[row] == kNone) rows.push_back(row);
    }
    return rows;
  }

  void match(std::uint32_t row, std::uint32_t column) {
    column_[row] = column;
    row_[column] = row;
  }

  void release(std::uint32_t row) {
    row_[column_[row]] = kNone;
    column_[row] = kNone;
  }

  // The first prices: each column's distance to the nearest row, which takes the column if it has none yet.
  void reduceColumns() {
    const PricedTree rows(a_);
    std::vector<double> prices(count_);
    for (std::uint32_t column = 0; column < count_; ++column) {
      const PricedTree::TwoLeast nearest = rows.twoLeast(columns_.pointAt(column));
      prices[column] = nearest.first;
      const std::uint32_t row = rows.idAt(nearest.at);
      if (column_[row] == kNone) match(row, column);
    }
    columns_.setPrices(std::move(prices));
  }

  // Better prices by auctions (Bertsekas 1988): rows bid columns down by what they gain over the second best and `step`
  // more, until each has one; then with a smaller step, by the rows that are farther than that from their best. Without
  // this most of the time goes into the long paths of the last free rows. Rows end with their best column or none.
  void auction() {
    double gain = 0;
    for (std::uint32_t row = 0; row < count_; ++row) {
      const PricedTree::TwoLeast least = columns_.twoLeast(a_[row]);
      if (least.atSecond != kNone) gain += (least.second - least.first) / static_cast<double>(count_);
    }
    if (!(gain > 0)) return;
    for (double step = kFirstStep * gain; step > kLastStep * gain; step /= kStepRatio) {
      for (std::uint32_t row = 0; row < count_; ++row) {
        if (column_[row] == kNone) continue;
        const double reduced = columns_.distance(a_[row], column_[row]) - columns_.priceAt(column_[row]);
        if (reduced > potential(row) + step) release(row);
      }
      std::vector<std::uint32_t> free = freeRows();
      for (std::size_t budget = kBids * count_; !free.empty() && budget > 0; --budget) {
        const std::uint32_t row = free.back();
        free.pop_back();
        const PricedTree::TwoLeast least = columns_.twoLeast(a_[row]);
        columns_.setPrice(least.at, columns_.priceAt(least.at) - (least.second - least.first) - step);
        if (const std::uint32_t driven = row_[least.at]; driven != kNone) {
          release(driven);
          free.push_back(driven);
        }
        match(row, least.at);
      }
    }
    column_.assign(count_, kNone);
    row_.assign(count_, kNone);
    for (std::uint32_t row = 0; row < count_; ++row) {
      const std::uint32_t column = columns_.twoLeast(a_[row]).at;
      if (row_[column] == kNone) match(row, column);
    }
    reduceRows();
  }

  // Each free row takes its best column, lowers its price until the second best is as good, and sets the row that had
  // it free (Jonker and Volgenant 1987). Leaves fewer free rows.
  void reduceRows() {
    std::vector<std::uint32_t> free = freeRows();
    std::size_t budget = 4 * count_;  // a row can be driven out often; what is left is for augment()
    for (std::size_t next = 0; next < free.size() && budget > 0; --budget) {
      const std::uint32_t row = free[next++];
      const PricedTree::TwoLeast least = columns_.twoLeast(a_[row]);
      std::uint32_t column = least.at;
      const double lower = columns_.priceAt(column) - (least.second - least.first);
      const bool lowers = least.atSecond != kNone && lower < columns_.priceAt(column);
      if (lowers) {
        columns_.setPrice(column, lower);
      } else if (row_[column] != kNone && least.atSecond != kNone) {  // as good: perhaps it is free
        column = least.atSecond;
        if (row_[column] != kNone) continue;
      }
      const std::uint32_t driven = row_[column];
      if (driven != kNone) column_[driven] = kNone;
      match(row, column);
      if (driven != kNone && lowers) free[--next] = driven;
    }
  }

  // The shortest path, in distance minus price, from a free row to a free column (Dijkstra); then prices and partners
  // along it. What lies beyond the nearest free column known is never looked at.
  void augment(std::uint32_t start) {
    using Reached = std::pair<double, std::uint32_t>;
    std::vector<Reached> open;
    std::vector<std::uint32_t> touched;
    std::vector<std::pair<std::uint32_t, double>> closed;  // columns and their prices; in the tree they have the worst
    std::uint32_t row = start, end = kNone;
    double base = 0;  // what reaches `row`, less its own potential
    double reached = kInfinity;
    while (row != kNone) {
      double limit = reached - base;
      columns_.search(a_[row], limit, [&](std::uint32_t column, double reduced) {
        const double candidate = base + reduced;
        if (candidate >= distance_[column] || candidate >= reached) return;
        if (distance_[column] == kInfinity) touched.push_back(column);
        distance_[column] = candidate;
        reachedFrom_[column] = row;
        if (row_[column] == kNone) {
          reached = candidate;
          limit = reached - base;
          end = column;
        } else {
          open.emplace_back(candidate, column);
          std::push_heap(open.begin(), open.end(), std::greater<>());
        }
      });
      row = kNone;
      while (!open.empty() && open.front().first < reached && row == kNone) {
        const auto [distance, column] = open.front();
        std::pop_heap(open.begin(), open.end(), std::greater<>());
        open.pop_back();
        const double price = columns_.priceAt(column);
        if (price == -kInfinity || distance > distance_[column]) continue;  // it was reached on a shorter way
        closed.emplace_back(column, price);
        columns_.setPrice(column, -kInfinity);
        row = row_[column];
        base = distance - (columns_.distance(a_[row], column) - price);
      }
    }
    for (const auto& [column, price] : closed) columns_.setPrice(column, price + distance_[column] - reached);
    for (std::uint32_t column = end; column != kNone;) {
      const std::uint32_t from = reachedFrom_[column], before = column_[from];
      match(from, column);
      column = from == start ? kNone : before;
    }
    for (const std::uint32_t column : touched) distance_[column] = kInfinity;
  }

  // The dual bound: a row's potential is its least distance minus price over all columns. Whatever went before, no
  // assignment costs less than the sum of potentials and prices.
  EarthMover proven() const {
    EarthMover result;
    result.partners.resize(count_);
    double primal = 0, dual = 0, longest = 0;
    for (std::uint32_t row = 0; row < count_; ++row) {
      const double way = columns_.distance(a_[row], column_[row]);
      primal += way;
      longest = std::max(longest, way);
      dual += potential(row) + columns_.priceAt(column_[row]);
      result.partners[row] = columns_.idAt(column_[row]);
    }
    const auto count = static_cast<double>(count_);
    result.distance = primal / count;
    result.gap = (primal - dual) / count;
    if (!(std::abs(result.gap) <= 1e-9 * (longest + std::abs(result.distance)))) {
      throw Error("RuntimeError", "the earth mover's distance could not be proven optimal");
    }
    return result;
  }

  const std::vector<Point>& a_;
  std::size_t count_;
  PricedTree columns_;
  std::vector<std::uint32_t> column_, row_;  // the partner of each row, of each column
  std::vector<double> distance_;             // of augment(): of each column, infinite between calls
  std::vector<std::uint32_t> reachedFrom_;
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
