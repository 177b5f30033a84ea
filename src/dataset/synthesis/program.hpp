// A program of the CAD-Recode dialect as data, on its integer grid, and as text. Millimetres; plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset/synthesis/profile.hpp"

namespace cadrecode::synthesis {

using Integer2 = std::array<int, 2>;

struct LoopEdge {
  bool arc = false;
  Integer2 middle{0, 0};  // of an arc: a point it passes
  Integer2 to{0, 0};
};

// What a sketch adds or cuts. A loop begins at its smallest corner (x, then y) and runs counter-clockwise.
struct Region {
  enum class Kind { loop, rect, circle };
  Kind kind = Kind::loop;
  bool cut = false;
  Integer2 start{0, 0};
  std::vector<LoopEdge> edges;     // of a loop; the last ends at start
  Integer2 low{0, 0}, high{0, 0};  // of a rect
  Integer2 center{0, 0};           // of a circle
  int radius = 0;
};

// The outline in the sketch's plane, counter-clockwise.
PlanarLoop outline(const Region& region);

// Loops in canonical form; a loop that is a rectangle along the axes becomes a rect. False where nothing is left of it.
bool canonicalize(Region& region);

// How a body joins those before it. CAD-Recode's programs only unite.
enum class Combine { unite, cut, intersect };

struct Body {
  int workplane = 0;            // index into Program::workplanes
  std::vector<Region> regions;  // the first is additive; a lone rect or circle is written as box or cylinder
  int height = 0;               // along the plane's normal, negative: against it
  Combine combine = Combine::unite;
  bool revolved = false;  // about the plane's own y axis by a whole turn, instead of extruded
};

enum class Plane { xy, yz, zx };

struct Workplane {
  Plane plane = Plane::xy;
  int offset = 0;  // along the normal
};

struct Program {
  std::vector<Workplane> workplanes;  // one or two
  std::vector<Body> bodies;
};

// The axes (0: x, 1: y, 2: z) of a plane's own x, y and normal.
std::array<std::size_t, 3> axesOf(Plane plane);

// Three or four lines, with an end of line behind each.
std::string toText(const Program& program);

// xmin ymin zmin xmax ymax zmax; of what cuts and intersections leave, what it can reach at most.
std::array<double, 6> boundsOf(const Program& program);
double areaOf(const Region& region);
double areaOf(const Body& body);  // of its sketch
double volumeOf(const Body& body);

}  // namespace cadrecode::synthesis
