// The graphs of faces of a split's programs and STEP files: brep_cache/<id>.safetensors (brep/graph.hpp), each in the
// frame of the sample's cloud of the same recipe and seed. See cache_run.hpp.
#pragma once

#include <atomic>

#include "dataset/cache_run.hpp"

namespace cadrecode::dataset {

CacheReport makeGraphs(const CacheOptions& options, const CacheProgress& progress, const std::atomic<bool>& stop);

// A cached graph. Error(input) for what is no such file, and for a graph that was made of another version of the
// sample's program.
brep::Graph readGraph(const Sample& sample);

}  // namespace cadrecode::dataset
