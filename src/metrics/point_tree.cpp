#include "metrics/point_tree.hpp"

#include <cmath>
#include <nanoflann.hpp>
#include <utility>

#include "core/error.hpp"

namespace cadrecode::metrics {
namespace {

struct Points {
  const std::vector<cloud::Point>& points;
  std::size_t kdtree_get_point_count() const { return points.size(); }
  double kdtree_get_pt(std::size_t index, std::size_t axis) const { return points[index][axis]; }
  template <class Box>
  bool kdtree_get_bbox(Box&) const {
    return false;
  }
};

using Tree =
    nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Points>, Points, 3, std::uint32_t>;

const std::vector<cloud::Point>& checked(const std::vector<cloud::Point>& points) {
  if (points.empty()) throw Error(ErrorCode::input, "ValueError", "there are no points to compare with");
  return points;
}

}  // namespace

struct PointTree::Index {
  Points points;
  Tree tree;
  explicit Index(const std::vector<cloud::Point>& given)
      : points{checked(given)}, tree(3, points, nanoflann::KDTreeSingleIndexAdaptorParams(12)) {
    tree.buildIndex();
  }
};

PointTree::PointTree(const std::vector<cloud::Point>& points) : index_(std::make_unique<Index>(points)) {}
PointTree::~PointTree() = default;
PointTree::PointTree(PointTree&&) noexcept = default;

Nearest PointTree::nearest(const cloud::Point& query) const {
  std::uint32_t index = 0;
  double square = 0;
  nanoflann::KNNResultSet<double, std::uint32_t> result(1);
  result.init(&index, &square);
  index_->tree.findNeighbors(result, query.data(), nanoflann::SearchParams());
  return {index, std::sqrt(square)};
}

std::vector<Nearest> PointTree::nearest(const cloud::Point& query, std::size_t count) const {
  std::vector<std::uint32_t> indices(count);
  std::vector<double> squares(count);
  const std::size_t found = index_->tree.knnSearch(query.data(), count, indices.data(), squares.data());
  std::vector<Nearest> result;
  result.reserve(found);
  for (std::size_t i = 0; i < found; ++i) result.push_back({indices[i], std::sqrt(squares[i])});
  return result;
}

std::vector<Nearest> PointTree::within(const cloud::Point& query, double distance) const {
  std::vector<std::pair<std::uint32_t, double>> found;
  index_->tree.radiusSearch(query.data(), distance * distance, found, nanoflann::SearchParams(32, 0, false));
  std::vector<Nearest> result;
  result.reserve(found.size());
  for (const auto& [index, square] : found) result.push_back({index, std::sqrt(square)});
  return result;
}

}  // namespace cadrecode::metrics
