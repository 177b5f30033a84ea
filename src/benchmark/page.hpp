// The HTML page of a benchmark: one file that needs no other and no network. Tables, plots, failures, and a gallery in
// which pictures of samples can be sorted by any figure and turned in three dimensions. Stateless, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cadrecode::benchmark {

using Json = nlohmann::ordered_json;

struct PageLimits {
  std::size_t pictures = 120;  // samples shown with pictures: three of four the worst, the rest the best
  std::size_t meshes = 40;     // of them, those whose meshes can be turned; the largest part of the page
};

// `folder`: of the tree, whose meshes are drawn. Deterministic.
std::string pageOf(const std::string& folder, const Json& report, const Json& settings, const std::vector<Json>& rows,
                   const PageLimits& limits);

// What the page holds besides its frame: figures, rows by number of sample and model, pictures as PNG, meshes with
// whole numbers for coordinates.
Json pageData(const std::string& folder, const Json& report, const Json& settings, const std::vector<Json>& rows,
              const PageLimits& limits);

}  // namespace cadrecode::benchmark
