#include "brep/graph.hpp"

#include <algorithm>
#include <numeric>

namespace cadrecode::brep {
namespace {

template <typename Item>
void append(std::vector<Item>& to, const std::vector<Item>& from, std::size_t index, std::size_t count) {
  const auto first = from.begin() + static_cast<std::ptrdiff_t>(index * count);
  to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

bool Graph::operator==(const Graph& other) const {
  return sizes == other.sizes && frame.origin == other.frame.origin && frame.unit == other.frame.unit &&
         facePoints == other.facePoints && faceNormals == other.faceNormals && faceMask == other.faceMask &&
         faceAreas == other.faceAreas && edgePoints == other.edgePoints && edgeTangents == other.edgeTangents &&
         edgeFaces == other.edgeFaces;
}

Graph inFrame(Graph graph, const cloud::Frame& frame) {
  auto move = [&](std::vector<Vector>& points) {
    for (Vector& point : points) {
      const cloud::Point local = frame.toLocal(graph.frame.toPart({point[0], point[1], point[2]}));
      point = {static_cast<float>(local[0]), static_cast<float>(local[1]), static_cast<float>(local[2])};
    }
  };
  move(graph.facePoints);
  move(graph.edgePoints);
  const double scale = graph.frame.unit / frame.unit;
  for (float& area : graph.faceAreas) area = static_cast<float>(area * scale * scale);
  graph.frame = frame;
  return graph;
}

Graph largestFaces(Graph graph, std::size_t most) {
  if (graph.faces() <= most) return graph;
  std::vector<std::size_t> order(graph.faces());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return graph.faceAreas[a] > graph.faceAreas[b]; });
  order.resize(most);
  std::sort(order.begin(), order.end());

  Graph kept;
  kept.sizes = graph.sizes;
  kept.frame = graph.frame;
  std::vector<std::int32_t> number(graph.faces(), -1);
  const std::size_t grid = graph.sizes.face * graph.sizes.face;
  for (const std::size_t face : order) {
    number[face] = static_cast<std::int32_t>(kept.faces());
    append(kept.facePoints, graph.facePoints, face, grid);
    append(kept.faceNormals, graph.faceNormals, face, grid);
    append(kept.faceMask, graph.faceMask, face, grid);
    kept.faceAreas.push_back(graph.faceAreas[face]);
  }
  for (std::size_t edge = 0; edge < graph.edges(); ++edge) {
    const std::array<std::int32_t, 2> faces = {number[static_cast<std::size_t>(graph.edgeFaces[edge][0])],
                                               number[static_cast<std::size_t>(graph.edgeFaces[edge][1])]};
    if (faces[0] < 0 || faces[1] < 0) continue;
    append(kept.edgePoints, graph.edgePoints, edge, graph.sizes.edge);
    append(kept.edgeTangents, graph.edgeTangents, edge, graph.sizes.edge);
    kept.edgeFaces.push_back(faces);
  }
  return kept;
}

}  // namespace cadrecode::brep
