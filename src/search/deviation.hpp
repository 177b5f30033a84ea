// How far a solid's surface lies from the input it was made for, place by place. Stateless, any thread. Lengths in the
// units of both.
#pragma once

#include <cstddef>
#include <vector>

#include "cloud/geometry.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::search {

struct DeviationMap {
  cloud::Mesh mesh;               // the solid's, cut into triangles small enough to be coloured by their corners
  std::vector<double> deviation;  // of every vertex from the input; of a mesh below 0 on its inside
  double scale = 0;               // a round number that nearly all of them stay below
};

// `triangles`: about so many, or more where the solid's own are.
DeviationMap mapDeviation(const cloud::Mesh& solid, const sandbox::Part& input, std::size_t triangles = 12000);

}  // namespace cadrecode::search
