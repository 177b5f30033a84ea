// The subcommands of cadrecode-network, as in cli/commands.hpp; each also has a line in cli/network_commands.cpp.
#pragma once

#include <CLI/CLI.hpp>

namespace cadrecode::cli {

void addTrain(CLI::App& program, int& exitCode);
void addInfer(CLI::App& program, int& exitCode);
void addReconstructWithModel(CLI::App& program, int& exitCode);

}  // namespace cadrecode::cli
