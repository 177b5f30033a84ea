// A cloud in the cache: a NumPy file that other programs read too, with a line behind the numbers that says of which
// bytes and by which recipe it was made. Stateless, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloud/recipe.hpp"

namespace cadrecode::dataset {

struct CloudOrigin {
  std::string source;  // SHA-256 of the program's or file's bytes
  std::string recipe;  // all that decides the points besides
  bool operator==(const CloudOrigin&) const = default;
};

std::string sha256(std::string_view bytes);

// The bytes of `<id>.npy`.
std::string writeCloudFile(const cloud::ModelCloud& cloud, const CloudOrigin& origin);
// None for a file that does not say.
std::optional<CloudOrigin> originOf(std::string_view bytes);

}  // namespace cadrecode::dataset
