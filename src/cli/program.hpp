// What the programs of this project share: parsing, and errors turned into messages and exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace cadrecode::cli {

// The text of --version.
std::string versionText();

// What this process was started with, as a line for a shell that begins with "cadrecode".
std::string commandLine();

// Parses the arguments, which runs the chosen subcommand's callback; the process's exit code. `exitCode` is what the
// callbacks write to.
int runProgram(CLI::App& program, int argc, char** argv, const int& exitCode);

}  // namespace cadrecode::cli
