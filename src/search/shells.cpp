#include "search/shells.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace cadrecode::search {
namespace {

double volumeUnder(const cloud::Mesh& mesh, const cloud::Triangle& t) {
  const cloud::Point &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
  return (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
          a[2] * (b[0] * c[1] - b[1] * c[0])) /
         6;
}

// Whether every directed edge has its opposite, and none comes twice.
bool isClosed(const cloud::Mesh& mesh) {
  std::vector<std::uint64_t> forth, back;
  for (const cloud::Triangle& t : mesh.triangles) {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint64_t a = t[i], b = t[(i + 1) % 3];
      forth.push_back(a << 32 | b);
      back.push_back(b << 32 | a);
    }
  }
  std::sort(forth.begin(), forth.end());
  std::sort(back.begin(), back.end());
  return forth == back && std::adjacent_find(forth.begin(), forth.end()) == forth.end();
}

}  // namespace

std::vector<Shell> closedShells(const cloud::Mesh& mesh) {
  std::vector<std::size_t> parent(mesh.vertices.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
  };
  for (const cloud::Triangle& t : mesh.triangles) {
    parent[root(t[1])] = root(t[0]);
    parent[root(t[2])] = root(t[0]);
  }
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> shellOf(mesh.vertices.size(), kNone);
  std::vector<Shell> shells;
  double sum = 0;
  for (const cloud::Triangle& t : mesh.triangles) {
    std::size_t& index = shellOf[root(t[0])];
    if (index == kNone) {
      index = shells.size();
      shells.emplace_back();
    }
    shells[index].triangles.push_back(t);
    const double volume = volumeUnder(mesh, t);
    shells[index].volume += volume;
    sum += volume;
  }
  if (shells.size() < 2 || !isClosed(mesh)) return {};
  if (sum < 0) {
    for (Shell& shell : shells) shell.volume = -shell.volume;
  }
  std::stable_sort(shells.begin(), shells.end(),
                   [](const Shell& a, const Shell& b) { return std::abs(a.volume) > std::abs(b.volume); });
  return shells;
}

}  // namespace cadrecode::search
