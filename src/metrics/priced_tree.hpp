// Points with prices in a k-d tree, searched for those of least distance minus price: what an assignment between two
// clouds asks for all the time. Prices of near points are alike, so that most of the tree is never looked at. One
// thread an object; lengths and prices in the points' units.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

class PricedTree {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // All prices 0. Points are known by their places in the tree, 0..size() - 1.
  explicit PricedTree(const std::vector<cloud::Point>& points);

  std::size_t size() const { return x_.size(); }
  std::uint32_t idAt(std::uint32_t place) const { return id_[place]; }  // index in the given points
  cloud::Point pointAt(std::uint32_t place) const { return {x_[place], y_[place], z_[place]}; }
  double priceAt(std::uint32_t place) const { return price_[place]; }
  double distance(const cloud::Point& from, std::uint32_t place) const {
    const double dx = from[0] - x_[place], dy = from[1] - y_[place], dz = from[2] - z_[place];
    return std::sqrt(dx * dx + dy * dy + dz * dz);
  }

  void setPrice(std::uint32_t place, double price);
  void setPrices(std::vector<double> prices);  // by place

  // The least and the second least distance minus price, and where. Places are kNone where there are too few points.
  struct TwoLeast {
    double first = std::numeric_limits<double>::infinity(), second = std::numeric_limits<double>::infinity();
    std::uint32_t at = kNone, atSecond = kNone;
  };
  TwoLeast twoLeast(const cloud::Point& from) const;

  // Calls visit(place, distance - price) for every place where that is below `limit`, which visit may lower, and for
  // some others. Near ones come first.
  template <class Visit>
  void search(const cloud::Point& from, const double& limit, const Visit& visit) const {
    std::array<std::pair<std::uint32_t, double>, 64> open;  // the tree is at most 32 high
    std::size_t count = 0;
    open[count++] = {0, bound(nodes_[0], from)};
    while (count > 0) {
      const auto [index, least] = open[--count];
      if (least >= limit) continue;
      const Node& node = nodes_[index];
      if (node.left == kNone) {
        for (std::uint32_t k = node.first; k < node.first + node.count; ++k) visit(k, distance(from, k) - price_[k]);
        continue;
      }
      std::pair<std::uint32_t, double> near{node.left, bound(nodes_[node.left], from)},
          far{node.left + 1, bound(nodes_[node.left + 1], from)};
      if (far.second < near.second) std::swap(near, far);
      if (far.second < limit) open[count++] = far;
      if (near.second < limit) open[count++] = near;
    }
  }

 private:
  struct Node {
    cloud::Box box;
    double highestPrice = 0;
    std::uint32_t first = 0, count = 0;          // places
    std::uint32_t left = kNone, parent = kNone;  // the right child follows the left one; a leaf has none
  };
  static double bound(const Node& node, const cloud::Point& from) {
    double squares = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double outside = std::max(std::max(node.box.low[axis] - from[axis], from[axis] - node.box.high[axis]), 0.0);
      squares += outside * outside;
    }
    return std::sqrt(squares) - node.highestPrice;
  }
  void build(std::uint32_t index, std::uint32_t begin, std::uint32_t end, const std::vector<cloud::Point>& points);
  double highestOf(const Node& node) const;

  std::vector<Node> nodes_;
  std::vector<double> x_, y_, z_, price_;
  std::vector<std::uint32_t> id_, leafOf_;
};

}  // namespace cadrecode::metrics
