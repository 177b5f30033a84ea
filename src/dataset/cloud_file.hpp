// A cloud in the cache: a NumPy file that other programs read too, with a line behind the numbers that says of which
// bytes and by which recipe it was made. Stateless, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloud/recipe.hpp"
#include "dataset/origin.hpp"

namespace cadrecode::dataset {

// The bytes of `<id>.npy`.
std::string writeCloudFile(const cloud::ModelCloud& cloud, const Origin& origin);
// None for a file that does not say.
std::optional<Origin> originOf(std::string_view bytes);

}  // namespace cadrecode::dataset
