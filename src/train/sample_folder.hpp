// Finds programs and their clouds in a folder as the original lays data out. Stateless, any thread.
#pragma once

#include <string>
#include <vector>

#include "cloud/farthest_points.hpp"

namespace cadrecode::train {

// A program and where its cloud should be; the id is the program's path in the folder without its ending, with '_' for
// '/': batch_0000/part.py is batch_0000_part.
struct ListedSample {
  std::string id, programPath, cloudPath;
};

// All .py files below `folder`, sorted by id. Clouds are point_cloud_cache/<id>.npy in the folder or, where it has
// none, beside it. Error(input) when there is no such folder or no program.
std::vector<ListedSample> listSampleFolder(const std::string& folder);

// The points of a cloud's file. Error(input) naming it, also when their number is another.
std::vector<cloud::PointF> readSampleCloud(const std::string& path, std::size_t points);

}  // namespace cadrecode::train
