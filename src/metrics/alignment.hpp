// The rigid motion that brings one shape onto another. Searches from the 24 turns of a cube and from the principal
// axes, or from matched features, refines by iterated closest points (Besl and McKay 1992), and keeps what was there
// unless the motion makes the two shapes lie closer. Same input and seed, same motion. Stateless, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

struct Motion {
  std::array<cloud::Point, 3> rows{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // of the rotation
  cloud::Point shift{};                                                 // after it

  cloud::Point turn(const cloud::Point& p) const {
    return {cloud::dot(rows[0], p), cloud::dot(rows[1], p), cloud::dot(rows[2], p)};
  }
  cloud::Point operator()(const cloud::Point& p) const;
  Motion after(const Motion& first) const;  // first `first`, then this
  Motion inverse() const;
};

void apply(const Motion& motion, cloud::Mesh& mesh);
void apply(const Motion& motion, cloud::Cloud& cloud);  // its normals too

// The motion of the given points that brings each closest, in the sum of squares, to its partner (Horn 1987).
Motion bestMotion(const std::vector<cloud::Point>& points, const std::vector<cloud::Point>& partners);

// The 24 rotations that turn a cube into itself, the identity first.
const std::vector<Motion>& cubeRotations();

// A shape for alignment: points on it, and the mesh they lie on or null. Refers to both.
struct Sampled {
  const cloud::Cloud& points;
  const cloud::Mesh* mesh = nullptr;
};

struct Alignment {
  Motion motion;       // of the prediction
  bool taken = false;  // false: nothing lay closer, the motion is the identity
  double before = 0;   // root mean square distance, both ways, without motion
  double after = 0;    // and with it
  std::string method;  // "icp", "cube", "ransac"
};

enum class Search { cube, icp, ransac };

// `cube`: only the 24 turns about the centre of the prediction's box, box centre onto box centre. `icp`: any motion,
// from turns of the shapes' axes. `ransac`: any motion, from features of the points (feature_match.hpp); alone it uses
// the seed.
Alignment align(const Sampled& reference, const Sampled& prediction, Search search, std::uint64_t seed = 0);

}  // namespace cadrecode::metrics
