// The closed surfaces a mesh consists of. An assembly's may overlap, and then what is inside is no matter of even and
// odd. Stateless, any thread.
#pragma once

#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::search {

struct Shell {
  std::vector<cloud::Triangle> triangles;
  double volume = 0;  // below zero: the surface of a hollow
};

// Triangles that hang together by vertices, greatest volume first, so that what lies within another comes behind it.
// Empty unless there are several and each is closed: every edge run once in each direction. Where all volumes together
// are below zero, the mesh is inside out and every sign is turned.
std::vector<Shell> closedShells(const cloud::Mesh& mesh);

}  // namespace cadrecode::search
