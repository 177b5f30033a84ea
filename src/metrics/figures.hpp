// The figures of a pair that reports speak of: their keys in a row, and what is better. Constants, any thread.
#pragma once

#include <array>

namespace cadrecode::metrics {

struct Figure {
  const char* key;    // in a row of `compare` or `bench`
  const char* title;  // for people
  bool higherIsBetter;
  bool share;  // between 0 and 1, and 0 for a part that was not made at all
};

inline constexpr std::array<Figure, 15> kFigures{{
    {"chamfer_distance", "chamfer", false, false},
    {"chamfer_squared_x1000", "chamfer² ×1000", false, false},
    {"chamfer_to_surface", "chamfer to surface", false, false},
    {"hausdorff_distance", "Hausdorff", false, false},
    {"hausdorff_to_surface", "Hausdorff to surface", false, false},
    {"earth_mover_distance", "earth mover", false, false},
    {"rms_error", "RMS", false, false},
    {"iou_brep", "IoU B-rep", true, true},
    {"iou_mesh", "IoU mesh", true, true},
    {"iou_voxel", "IoU voxel", true, true},
    {"iou", "IoU", true, true},
    {"matching_rate", "matching", true, true},
    {"coverage_rate", "coverage", true, true},
    {"normal_consistency", "normals", true, true},
    {"normal_agreement", "normals signed", true, false},
}};

}  // namespace cadrecode::metrics
