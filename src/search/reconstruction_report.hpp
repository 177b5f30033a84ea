// A reconstruction in numbers, as JSON. Stateless, any thread.
#pragma once

#include <string>

#include "sandbox/result_json.hpp"
#include "search/reconstruct.hpp"

namespace cadrecode::search {

// All but the times: equal runs give equal bytes.
std::string reportJson(const Reconstruction& result, const std::string& name, const ReconstructOptions& options);

// What became of every candidate, best first.
sandbox::Json candidatesJson(const Reconstruction& result);

// How long what took, as one JSON object.
std::string timingsJson(const Reconstruction& result);

}  // namespace cadrecode::search
