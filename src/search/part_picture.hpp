// A reconstruction as one picture: the input, the result, and the result coloured by its deviation, with the scale of
// the colours. Stateless, any thread.
#pragma once

#include <string>

#include "picture/image.hpp"
#include "sandbox/part.hpp"
#include "search/deviation.hpp"

namespace cadrecode::search {

// Three panels of `side` pixels. `solid`: the result's mesh, of which `map` is.
picture::Image partPicture(const std::string& name, const sandbox::Part& input, const cloud::Mesh& solid,
                           const DeviationMap& map, std::size_t side = 420);

}  // namespace cadrecode::search
