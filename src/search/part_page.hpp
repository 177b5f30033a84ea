// A reconstruction as one HTML file that needs nothing else: input and result to turn in the browser, the result
// coloured by its deviation, the program, its dimensions and the candidates beside them. Stateless, any thread.
#pragma once

#include <string>

#include "sandbox/part.hpp"
#include "search/deviation.hpp"
#include "search/reconstruct.hpp"

namespace cadrecode::search {

std::string partPage(const Reconstruction& result, const std::string& name, const sandbox::Part& input,
                     const DeviationMap& map);

}  // namespace cadrecode::search
