#include "metrics/priced_tree.hpp"

#include <algorithm>
#include <numeric>

namespace cadrecode::metrics {
namespace {

constexpr std::uint32_t kLeaf = 8;

}  // namespace

PricedTree::PricedTree(const std::vector<cloud::Point>& points)
    : x_(points.size()),
      y_(points.size()),
      z_(points.size()),
      price_(points.size(), 0.0),
      id_(points.size()),
      leafOf_(points.size()) {
  std::iota(id_.begin(), id_.end(), 0);
  nodes_.reserve(points.size());
  nodes_.emplace_back();
  build(0, 0, static_cast<std::uint32_t>(points.size()), points);
  for (std::size_t k = 0; k < points.size(); ++k) {
    x_[k] = points[id_[k]][0];
    y_[k] = points[id_[k]][1];
    z_[k] = points[id_[k]][2];
  }
}

void PricedTree::build(std::uint32_t index, std::uint32_t begin, std::uint32_t end,
                       const std::vector<cloud::Point>& points) {
  cloud::Box box{points[id_[begin]], points[id_[begin]]};
  for (std::uint32_t k = begin; k < end; ++k) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      box.low[axis] = std::min(box.low[axis], points[id_[k]][axis]);
      box.high[axis] = std::max(box.high[axis], points[id_[k]][axis]);
    }
  }
  nodes_[index].box = box;
  nodes_[index].first = begin;
  nodes_[index].count = end - begin;
  if (end - begin <= kLeaf) {
    std::fill(leafOf_.begin() + begin, leafOf_.begin() + end, index);
    return;
  }
  std::size_t widest = 0;
  for (std::size_t axis = 1; axis < 3; ++axis) {
    if (box.high[axis] - box.low[axis] > box.high[widest] - box.low[widest]) widest = axis;
  }
  const std::uint32_t middle = begin + (end - begin) / 2;
  // Equal coordinates in the order of the points: the same tree whoever sorts.
  std::sort(id_.begin() + begin, id_.begin() + end, [&](std::uint32_t a, std::uint32_t b) {
    return points[a][widest] != points[b][widest] ? points[a][widest] < points[b][widest] : a < b;
  });
  const auto left = static_cast<std::uint32_t>(nodes_.size());
  nodes_[index].left = left;
  nodes_.resize(left + 2);
  nodes_[left].parent = nodes_[left + 1].parent = index;
  build(left, begin, middle, points);
  build(left + 1, middle, end, points);
}

double PricedTree::highestOf(const Node& node) const {
  if (node.left != kNone) return std::max(nodes_[node.left].highestPrice, nodes_[node.left + 1].highestPrice);
  return *std::max_element(price_.begin() + node.first, price_.begin() + node.first + node.count);
}

void PricedTree::setPrice(std::uint32_t place, double price) {
  price_[place] = price;
  for (std::uint32_t index = leafOf_[place]; index != kNone; index = nodes_[index].parent) {
    const double highest = highestOf(nodes_[index]);
    if (highest == nodes_[index].highestPrice) return;
    nodes_[index].highestPrice = highest;
  }
}

void PricedTree::setPrices(std::vector<double> prices) {
  price_ = std::move(prices);
  for (std::size_t index = nodes_.size(); index-- > 0;) nodes_[index].highestPrice = highestOf(nodes_[index]);
}

PricedTree::TwoLeast PricedTree::twoLeast(const cloud::Point& from) const {
  TwoLeast found;
  search(from, found.second, [&](std::uint32_t place, double value) {
    if (value < found.first) {
      found.second = found.first;
      found.atSecond = found.at;
      found.first = value;
      found.at = place;
    } else if (value < found.second) {
      found.second = value;
      found.atSecond = place;
    }
  });
  return found;
}

}  // namespace cadrecode::metrics
