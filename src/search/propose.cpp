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

// A sketch of one circle or rectangle is written as a cylinder or box.
void makePrimitive(Body& body) {
  if (body.regions.size() != 1) return;
  const Region& region = body.regions[0];
  if (region.kind != Region::Kind::circle && region.kind != Region::Kind::rect) return;
  body.kind = region.kind == Region::Kind::circle ? Body::Kind::cylinder : Body::Kind::box;
  body.at = region.at;
  body.width = region.width;
  body.height = region.height;
  body.regions.clear();
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

BitVolume fillBetween(const std::vector<cloud::Point>& points, const Grid& grid) {
  const auto n = static_cast<std::size_t>(grid.cells);
  const auto cellOf = [&](double value) {
    return std::clamp(static_cast<int>(std::floor((value + grid.half) / grid.cell())), 0, grid.cells - 1);
  };
  // The lowest and highest point of every line of cells along each axis; points count for the lines beside theirs too.
  struct Span {
    int low = 1 << 20, high = -1;
  };
  std::array<std::vector<Span>, 3> spans{std::vector<Span>(n * n), std::vector<Span>(n * n), std::vector<Span>(n * n)};
  const auto span = [&](std::size_t axis, int a, int b) -> Span& {
    return spans[axis][static_cast<std::size_t>(a) + static_cast<std::size_t>(b) * n];
  };
  for (const cloud::Point& p : points) {
    const std::array<int, 3> at{cellOf(p[0]), cellOf(p[1]), cellOf(p[2])};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const int a = at[(axis + 1) % 3], b = at[(axis + 2) % 3];
      for (int da = -2; da <= 2; ++da) {
        for (int db = -2; db <= 2; ++db) {
          if (a + da < 0 || b + db < 0 || a + da >= grid.cells || b + db >= grid.cells) continue;
          Span& s = span(axis, a + da, b + db);
          s.low = std::min(s.low, at[axis]);
          s.high = std::max(s.high, at[axis]);
        }
      }
    }
  }
  BitVolume volume(grid);
  for (int z = 0; z < grid.cells; ++z) {
    for (int y = 0; y < grid.cells; ++y) {
      for (int x = 0; x < grid.cells; ++x) {
        const Span &alongX = span(0, y, z), &alongY = span(1, z, x), &alongZ = span(2, x, y);
        if (x >= alongX.low && x <= alongX.high && y >= alongY.low && y <= alongY.high && z >= alongZ.low &&
            z <= alongZ.high) {
          volume.set(x, y, z);
        }
      }
    }
  }
  return volume;
}

}  // namespace cadrecode::search
