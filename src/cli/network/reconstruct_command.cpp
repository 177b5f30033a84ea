#include "cli/reconstruct_command.hpp"

#include "cli/network/commands.hpp"
#include "inference/candidates.hpp"

namespace cadrecode::cli {

void addReconstructWithModel(CLI::App& program, int& exitCode) {
  addReconstruct(program, exitCode, [](const sandbox::Part& part, const ModelChoice& choice) {
    inference::CandidateOptions options;
    options.count = choice.count;
    options.clouds = choice.clouds;
    options.temperature = choice.temperature;
    options.seed = choice.seed;
    return inference::decodeCandidates(inference::CadModel::load(choice.folder, {}), part, options);
  });
}

}  // namespace cadrecode::cli
