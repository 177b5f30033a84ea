#include "metrics/closed_mesh.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "cloud/check.hpp"
#include "metrics/point_tree.hpp"

namespace cadrecode::metrics {
namespace {

using cloud::operator-;
using cloud::operator+;
using cloud::operator*;

constexpr double kWeldDistance = 1e-7;  // of the longest side of the box

struct OpenEdge {
  std::uint32_t from, to;
  int times;  // above 0: how often it is run through more from `from` to `to` than back
};

std::vector<OpenEdge> openEdges(const cloud::Mesh& mesh) {
  struct Use {
    std::uint64_t key;
    int direction;
  };
  std::vector<Use> uses;
  uses.reserve(mesh.triangles.size() * 3);
  for (const cloud::Triangle& t : mesh.triangles) {
    for (int side = 0; side < 3; ++side) {
      const std::uint32_t from = t[side], to = t[(side + 1) % 3];
      if (from == to) continue;
      uses.push_back({std::uint64_t{std::min(from, to)} << 32 | std::max(from, to), from < to ? 1 : -1});
    }
  }
  std::sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) { return a.key < b.key; });
  std::vector<OpenEdge> open;
  for (std::size_t i = 0; i < uses.size();) {
    const std::uint64_t key = uses[i].key;
    int sum = 0;
    for (; i < uses.size() && uses[i].key == key; ++i) sum += uses[i].direction;
    const auto low = static_cast<std::uint32_t>(key >> 32), high = static_cast<std::uint32_t>(key);
    if (sum > 0) open.push_back({low, high, sum});
    if (sum < 0) open.push_back({high, low, -sum});
  }
  return open;
}

std::uint32_t root(std::vector<std::uint32_t>& parents, std::uint32_t vertex) {
  while (parents[vertex] != vertex) vertex = parents[vertex] = parents[parents[vertex]];
  return vertex;
}

// Makes one of the ends of open edges that lie within rounding of each other: meshers compute an edge once for each of
// its faces.
bool weldOpenEdges(cloud::Mesh& mesh, const std::vector<OpenEdge>& open) {
  std::vector<std::uint32_t> ends;
  for (const OpenEdge& edge : open) {
    ends.push_back(edge.from);
    ends.push_back(edge.to);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  std::vector<cloud::Point> places;
  for (const std::uint32_t end : ends) places.push_back(mesh.vertices[end]);
  const double near = kWeldDistance * cloud::boxOf(mesh).longestSide();
  const PointTree tree(places);
  std::vector<std::uint32_t> renamed(mesh.vertices.size());
  std::iota(renamed.begin(), renamed.end(), 0);
  bool any = false;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    for (const Nearest& other : tree.within(places[i], near)) {
      const std::uint32_t a = root(renamed, ends[i]), b = root(renamed, ends[other.index]);
      if (a == b) continue;
      renamed[std::max(a, b)] = std::min(a, b);
      any = true;
    }
  }
  for (cloud::Triangle& triangle : mesh.triangles) {
    for (std::uint32_t& corner : triangle) corner = root(renamed, corner);
  }
  return any;
}

}  // namespace

ClosedMesh closeMesh(const cloud::Mesh& mesh) {
  ClosedMesh result;
  result.mesh.vertices = mesh.vertices;
  result.mesh.triangles = mesh.triangles;
  cloud::mergeEqualVertices(result.mesh);
  std::vector<cloud::Point>& vertices = result.mesh.vertices;

  std::vector<OpenEdge> open = openEdges(result.mesh);
  if (!open.empty() && weldOpenEdges(result.mesh, open)) open = openEdges(result.mesh);
  result.openEdges = open.size();
  result.watertight = open.empty();
  if (!open.empty()) {
    std::vector<std::uint32_t> parents(vertices.size());
    std::iota(parents.begin(), parents.end(), 0);
    for (const OpenEdge& edge : open) parents[root(parents, edge.from)] = root(parents, edge.to);
    struct Hole {
      cloud::Point sum{};
      double edges = 0;
      std::uint32_t apex = 0;
    };
    std::map<std::uint32_t, Hole> holes;
    for (const OpenEdge& edge : open) {
      Hole& hole = holes[root(parents, edge.from)];
      hole.sum = hole.sum + 0.5 * (vertices[edge.from] + vertices[edge.to]);
      hole.edges += 1;
    }
    for (auto& [unused, hole] : holes) {
      hole.apex = static_cast<std::uint32_t>(vertices.size());
      vertices.push_back(1 / hole.edges * hole.sum);
    }
    // The cone over a cycle has that cycle as its edge: turned round, it closes the mesh.
    for (const OpenEdge& edge : open) {
      const std::uint32_t apex = holes[root(parents, edge.from)].apex;
      for (int i = 0; i < edge.times; ++i) result.mesh.triangles.push_back({edge.to, edge.from, apex});
    }
    result.holes = holes.size();
  }
  if (!vertices.empty()) {
    const cloud::Point origin = vertices.front();
    for (const cloud::Triangle& t : result.mesh.triangles) {
      result.signedVolume +=
          cloud::dot(vertices[t[0]] - origin, cloud::cross(vertices[t[1]] - origin, vertices[t[2]] - origin)) / 6;
    }
  }
  return result;
}

}  // namespace cadrecode::metrics
