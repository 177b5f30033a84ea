// Motions between two shapes from what they look like close by: samples are matched by their fast point feature
// histograms (FPFH; Rusu, Blodow and Beetz 2009), and triples of matches that keep their distances each give a motion
// (RANSAC; Fischler and Bolles 1981). They are starts for a refinement, the most agreed with first. Stateless, any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "metrics/alignment.hpp"

namespace cadrecode::metrics {

constexpr std::size_t kFeatureBins = 33;  // 11 of each of three angles; each 11 sum to 1, or to 0 for a lonely point
using Feature = std::array<float, kFeatureBins>;

// Of each point, from the points within `radius`. The cloud needs normals. The same for a turned or shifted cloud.
std::vector<Feature> featuresOf(const cloud::Cloud& cloud, double radius);

// Up to 12 motions of the prediction onto the reference; none when triples agree nowhere, or one of the clouds has no
// normals. Same clouds and seed, same motions.
std::vector<Motion> motionsByFeatures(const cloud::Cloud& reference, const cloud::Cloud& prediction,
                                      std::uint64_t seed);

}  // namespace cadrecode::metrics
