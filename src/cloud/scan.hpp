// Makes of a mesh what a 3-D scanner would: only what a few directions see, with gaps, noise and strays. Stateless, any
// thread; the same seed gives the same scan everywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "cloud/geometry.hpp"
#include "core/random.hpp"

namespace cadrecode::cloud {

// Lengths are shares of the longest side of the part's box.
struct ScanOptions {
  std::size_t points = 8192;
  std::size_t views = 3;            // directions to look from, drawn at random
  std::optional<Point> hiddenSide;  // nothing is seen from there, as from below a part on a table: no view leans to it
  double grazing = 0.15;            // a surface is lost when its normal and the view have a smaller cosine
  double noise = 0.002;             // deviation along the view, normal
  double outliers = 0.002;          // share of points that lie anywhere in the box, enlarged by a fifth
  double unevenness = 0.7;          // 0: every visible place alike, 1: as dense as angle and spots make it
  std::size_t holes = 2;            // round gaps, as from shine or dark paint
  double holeRadius = 0.08;
};

struct Scan {
  Cloud cloud;                  // in the part's units; normals point to the scanner
  std::vector<Point> views;     // unit vectors from the part to the scanner
  std::vector<bool> isOutlier;  // one a point
};

// Error(input) for a mesh without area or options that make no sense, Error(failure) when the views see too little of
// the part to give the points.
Scan simulateScan(const Mesh& mesh, const ScanOptions& options, Random random);

}  // namespace cadrecode::cloud
