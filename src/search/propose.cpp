#include "search/propose.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "search/cross_section.hpp"
#include "search/moves.hpp"
#include "search/soundness.hpp"

namespace cadrecode::search {
namespace {

std::vector<Section> sectionsAlong(const BitVolume& volume, PlaneName plane) {
  const PlaneAxes axes = axesOf(plane);
  const int n = volume.grid().cells;
  std::vector<Section> sections(static_cast<std::size_t>(n));
  for (int level = 0; level < n; ++level) {
    Section& section = sections[static_cast<std::size_t>(level)];
    section.cells = n;
    section.inside.resize(static_cast<std::size_t>(n * n));
    std::array<int, 3> at{};
    at[static_cast<std::size_t>(axes.normal)] = level;
    for (int v = 0; v < n; ++v) {
      at[static_cast<std::size_t>(axes.y)] = v;
      for (int u = 0; u < n; ++u) {
        at[static_cast<std::size_t>(axes.x)] = u;
        section.inside[static_cast<std::size_t>(u + v * n)] = volume.cell(at[0], at[1], at[2]) ? 1 : 0;
      }
    }
  }
  return sections;
}

std::size_t differenceOf(const Section& a, const Section& b) {
  std::size_t cells = 0;
  for (std::size_t i = 0; i < a.inside.size(); ++i) cells += a.inside[i] != b.inside[i] ? 1 : 0;
  return cells;
}

struct Slab {
  int first, end;
};

// Runs of levels whose sections differ from the run's middle by at most `tolerance` of the area.
std::vector<Slab> slabsOf(const std::vector<Section>& sections, double tolerance) {
  std::vector<Slab> slabs;
  const int n = static_cast<int>(sections.size());
  for (int level = 0; level < n;) {
    const Section& first = sections[static_cast<std::size_t>(level)];
    const std::size_t area = first.area();
    if (area == 0) {
      ++level;
      continue;
    }
    int end = level + 1;
    while (end < n) {
      const Section& next = sections[static_cast<std::size_t>(end)];
      const std::size_t nextArea = next.area();
      if (nextArea == 0) break;
      const auto allowed = tolerance * static_cast<double>(std::max(area, nextArea));
      if (static_cast<double>(differenceOf(first, next)) > allowed) break;
      ++end;
    }
    slabs.push_back({level, end});
    level = end;
  }
  return slabs;
}

// What most levels of a slab have.
Section majority(const std::vector<Section>& sections, const Slab& slab) {
  Section result = sections[static_cast<std::size_t>(slab.first)];
  std::vector<int> votes(result.inside.size());
  for (int level = slab.first; level < slab.end; ++level) {
    const auto& inside = sections[static_cast<std::size_t>(level)].inside;
    for (std::size_t i = 0; i < votes.size(); ++i) votes[i] += inside[i];
  }
  for (std::size_t i = 0; i < votes.size(); ++i) result.inside[i] = 2 * votes[i] > slab.end - slab.first ? 1 : 0;
  return result;
}

Program programOf(const std::vector<Section>& sections, const std::vector<Slab>& slabs, PlaneName plane,
                  const Grid& grid) {
  Program program;
  const auto axis = static_cast<std::size_t>(axesOf(plane).normal);
  for (const Slab& slab : slabs) {
    Body body;
    const double low = std::round(grid.low() + slab.first * grid.cell());
    const double high = std::max(low + 1, std::round(grid.low() + slab.end * grid.cell()));
    Plane at{plane, {}};
    at.origin[axis] = low;
    program.planes.push_back(at);
    body.plane = program.planes.size() - 1;
    body.extent = high - low;
    body.regions = regionsOf(majority(sections, slab), grid, 6);
    for (Region& region : body.regions) region.facePlane = body.plane;
    makePrimitive(body);
    if (isSound(body)) program.bodies.push_back(std::move(body));
  }
  sharePlanes(program);
  return program;
}

}  // namespace

std::vector<Program> propose(const BitVolume& volume, const ProposeOptions& options) {
  std::vector<Program> programs;
  for (const PlaneName plane : {PlaneName::xy, PlaneName::yz, PlaneName::zx}) {
    const std::vector<Section> sections = sectionsAlong(volume, plane);
    std::size_t before = 0;
    for (const double tolerance : {0.06, 0.15, 0.35, 0.7, 2.0}) {
      const std::vector<Slab> slabs = slabsOf(sections, tolerance);
      if (slabs.empty() || slabs.size() > options.maxSlabs || slabs.size() == before) continue;
      before = slabs.size();
      Program program = programOf(sections, slabs, plane, volume.grid());
      if (isSound(program)) programs.push_back(std::move(program));
    }
  }
  return programs;
}

}  // namespace cadrecode::search
