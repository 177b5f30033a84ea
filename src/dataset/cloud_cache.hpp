// The clouds of a split: programs, STEP files, meshes or scans to point_cloud_cache/<id>.npy. See cache_run.hpp.
#pragma once

#include <atomic>

#include "dataset/cache_run.hpp"

namespace cadrecode::dataset {

CacheReport makeClouds(const CacheOptions& options, const CacheProgress& progress, const std::atomic<bool>& stop);

}  // namespace cadrecode::dataset
