// A program of the CAD-Recode dialect as a structure: planes, and bodies (box, cylinder, extruded sketch) whose union
// is the part. Value types, owned by whoever holds them; const functions are safe in any thread. Lengths as the text
// has them. What parseProgram accepts, writeProgram gives back with the same meaning and, for text in the dialect's own
// spelling, with the same bytes.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cadrecode::search {

struct Vector2 {
  double x = 0, y = 0;
  bool operator==(const Vector2&) const = default;
};

enum class PlaneName { xy, yz, zx };

struct Plane {
  PlaneName name = PlaneName::xy;
  std::array<double, 3> origin{};
};

// World axes of a plane's local x, local y and normal.
struct PlaneAxes {
  int x, y, normal;
};
PlaneAxes axesOf(PlaneName name);

// A closed outline: from `start` along the edges; a straight edge back to the start is added where `closed` says so.
struct Edge {
  bool arc = false;
  Vector2 middle;  // of an arc: the point it passes
  Vector2 end;
};
struct Loop {
  Vector2 start;
  std::vector<Edge> edges;
  bool closed = true;  // close() is called
};

// One region of a sketch, added to or taken from what stands before it.
struct Region {
  enum class Kind { loop, face, circle, rect };
  enum class Place { keep, reset, push };  // where: as the region before, at the origin, at `at`
  Kind kind = Kind::loop;
  bool subtract = false;
  Place place = Place::keep;
  Vector2 at;
  Loop loop;                     // of a loop and a face
  std::size_t facePlane = 0;     // the plane a face's sketch is named after
  double width = 0, height = 0;  // of a rect; of a circle the radius is `width`
};

struct Body {
  enum class Kind { box, cylinder, sketch };
  Kind kind = Kind::sketch;
  std::size_t plane = 0;
  double extent = 0;             // signed length along the normal, from the plane
  Vector2 at;                    // centre of a box or a cylinder
  double width = 0, height = 0;  // of a box; of a cylinder the radius is `width`
  std::vector<Region> regions;   // of a sketch
};

struct Program {
  std::vector<Plane> planes;
  std::vector<Body> bodies;
};

// Error "NotDialect" with the line for a valid script outside the dialect, "SyntaxError" for what is no script.
Program parseProgram(std::string_view text);
std::string writeProgram(const Program& program);

// Every number of a program, in the order of the text, as a place to change it.
struct Parameter {
  enum class Kind { origin, position, size, extent };
  Kind kind = Kind::position;
  double* value = nullptr;  // into the program it was asked of
  std::size_t body = 0;     // which body it shapes; of an origin the plane
};
std::vector<Parameter> parametersOf(Program& program);

// Drops planes no body uses.
void dropUnusedPlanes(Program& program);

}  // namespace cadrecode::search
