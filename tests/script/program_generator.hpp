// Random programs of the language's subset, for comparing with CPython. Deterministic in the seed; the programs end by
// themselves and print what they compute.
#pragma once

#include <cstdint>
#include <string>

namespace cadrecode::script {

std::string randomProgram(std::uint64_t seed);

}  // namespace cadrecode::script
