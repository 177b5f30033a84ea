// Distances between two shapes: from each of many points on one to the nearest point, or to the surface, of the other.
// Reference and prediction must be in one frame; lengths are in its units. Stateless, any thread.
//
// Distances to samples have a noise floor: two samplings of one surface lie apart. Distances to the surface have none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cloud/geometry.hpp"

namespace cadrecode::metrics {

// `count` points spread evenly over the mesh, each with the normal of its triangle. Error(input) without area.
cloud::Cloud sampleSurface(const cloud::Mesh& mesh, std::size_t count, std::uint64_t seed);

// Of the distances of one side's points to the other side.
struct OneWay {
  double mean = 0;
  double meanSquare = 0;
  double largest = 0;
  double withinThreshold = 0;             // share of the points at most `threshold` away
  std::optional<double> normalAgreement;  // mean cosine between a point's normal and that of the nearest, -1..1
  std::optional<double> normalAlignment;  // mean of its absolute value, blind to flipped normals
};

struct Distances {
  OneWay forward;                // from points of the reference
  OneWay backward;               // from points of the prediction
  double threshold = 0;          // of the way forward
  double backwardThreshold = 0;  // the same unless told otherwise

  double chamfer() const { return (forward.mean + backward.mean) / 2; }               // mean distance
  double chamferSquared() const { return forward.meanSquare + backward.meanSquare; }  // CAD-Recode's, not yet x1000
  double hausdorff() const;
  double rms() const;  // of both ways, each with half the weight
};

// Between samples by two k-d trees. Normals are compared where both clouds have them. Error(input) for an empty cloud.
Distances pointDistances(const cloud::Cloud& reference, const cloud::Cloud& prediction, double threshold,
                         std::optional<double> backwardThreshold = {});

// From samples of one mesh to the triangles of the other, both ways. Normals as above, with those of the triangles.
Distances surfaceDistances(const cloud::Mesh& reference, const cloud::Mesh& prediction,
                           const cloud::Cloud& referencePoints, const cloud::Cloud& predictionPoints, double threshold,
                           std::optional<double> backwardThreshold = {});

// What pointDistances gives, in the mean, for two independent samplings of one surface of that area (a Poisson process
// in the plane; edges ignored).
struct NoiseFloor {
  double chamfer;          // 0.5 sqrt(A / N)
  double rms;              // sqrt(A / (pi N))
  double withinThreshold;  // 1 - exp(-pi N t^2 / A)
};
NoiseFloor noiseFloor(double area, std::size_t points, double threshold);

}  // namespace cadrecode::metrics
