// Nearest points of a cloud by a k-d tree. Refers to the points, which must outlive it; searching is const and safe in
// any thread. Lengths in the points' units.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct Nearest {
  std::uint32_t index;
  double distance;
};

class PointTree {
 public:
  // Error(input) for no points.
  explicit PointTree(const std::vector<cloud::Point>& points);
  ~PointTree();
  PointTree(PointTree&&) noexcept;

  Nearest nearest(const cloud::Point& query) const;
  // Up to `count` of them, nearest first.
  std::vector<Nearest> nearest(const cloud::Point& query, std::size_t count) const;
  // All within a distance, in no order.
  std::vector<Nearest> within(const cloud::Point& query, double distance) const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace cadrecode::metrics
