// The clouds that a benchmark's models are asked about, one file a reference. A run that was stopped goes on.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "benchmark/part_set.hpp"
#include "cloud/recipe.hpp"
#include "sandbox/limits.hpp"

namespace cadrecode::benchmark {

struct InputClouds {
  std::string folder;                           // of NAME.npy, NAME the id as a file's name
  std::map<std::string, cloud::Frame> frames;   // from the numbers of the models' programs to the reference, by id
  std::map<std::string, std::string> failures;  // references without a cloud, and why
};

// Writes below TREE/input_clouds. One thread; make it on the main one. `done` is called for every reference.
InputClouds writeInputClouds(const References& references, const std::string& tree, const cloud::Recipe& recipe,
                             std::uint64_t seed, const sandbox::Limits& limits, const std::function<void()>& done,
                             const std::atomic<bool>& stop);

}  // namespace cadrecode::benchmark
