// How a mesh or a scan becomes the cloud that a model was trained on. The transforms back to the part's own position
// and units come with the cloud. Stateless, any thread; the same seed gives the same cloud everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cloud/farthest_points.hpp"
#include "cloud/frame.hpp"
#include "cloud/read.hpp"

namespace cadrecode::cloud {

// What goes to the origin and what to size 1 in the cloud.
enum class Normalization {
  box,   // before sampling: the centre of the part's box, half its longest side
  mean,  // after sampling: the mean of the points, their largest coordinate
};

struct Recipe {
  std::size_t points = 256;
  std::size_t candidates = 8192;  // drawn first, for the choice of the farthest; not used without `farthest`
  bool farthest = true;           // farthest points of the candidates, else as they were drawn
  bool sorted = false;            // by z, then y, then x
  bool normals = false;
  Normalization normalization = Normalization::box;
  double programHalf = 100;  // what the model's programs write for 1 in the cloud

  // CAD-Recode's models. v1.5: farthest points, unsorted, programs within +-100. v1: random points sorted by z, with
  // normals, programs within +-50.
  static Recipe v1_5() { return {}; }
  static Recipe v1();
  // v1.5 as OpenCADRecode's benchmark prepares it, otherwise than its models were trained: only to repeat its figures.
  static Recipe benchmark();
  // "v1.5", "v1" or "opencadrecode"; Error(usage) for other names.
  static Recipe named(std::string_view name);
};

struct ModelCloud {
  std::vector<PointF> points;
  std::vector<PointF> normals;  // one a point, or empty
  Frame cloudFrame;             // from the cloud's numbers to the part
  Frame programFrame;           // from the numbers of the model's programs to the part
};

// A mesh is sampled; a scan's points are drawn without repetition. Error(input) for a cloud with fewer points than the
// recipe asks for, without extent, or without the normals that the recipe asks for.
ModelCloud makeCloud(const Mesh& mesh, const Recipe& recipe, std::uint64_t seed);
ModelCloud makeCloud(const Cloud& cloud, const Recipe& recipe, std::uint64_t seed);
ModelCloud makeCloud(const Input& input, const Recipe& recipe, std::uint64_t seed);

// The cloud at the part's own position and in its units.
Cloud toPart(const ModelCloud& cloud);

}  // namespace cadrecode::cloud
