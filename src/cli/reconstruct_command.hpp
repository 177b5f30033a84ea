// `cadrecode reconstruct`, which two programs share: cadrecode has it without a model, cadrecode-network with one.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sandbox/part.hpp"

namespace cadrecode::cli {

struct ModelChoice {
  std::string folder;
  std::size_t count = 16, clouds = 4;
  double temperature = 0.8;
  std::uint64_t seed = 0;
};

// The scripts a model writes for a part.
using CandidateDecoder = std::function<std::vector<std::string>(const sandbox::Part&, const ModelChoice&)>;

// `decode`: empty where there is no network.
void addReconstruct(CLI::App& program, int& exitCode, const CandidateDecoder& decode);

// The folder of the model that comes with the program: beside it, in its source tree, in the share folder of an
// installation; empty when there is none.
std::string findCompactModel();

// Whether these arguments of `reconstruct` ask for a model, by name or because one comes with the program.
bool wantsModel(int argc, char** argv);

}  // namespace cadrecode::cli
