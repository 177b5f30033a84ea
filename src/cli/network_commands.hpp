// The commands that need the network are another program, cadrecode-network, beside this one: loading libtorch takes
// 0.4 s, which no other command should pay. `cadrecode train ...` becomes it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cadrecode::cli {

// Lists them in the program's help.
void listNetworkCommands(CLI::App& program);

// When the first argument names one of them: becomes cadrecode-network with the same arguments and does not return.
// Otherwise does nothing. Error(failure) when that program is not there. `reconstruct` becomes it when it wants a model
// and the program is there, and is done here otherwise.
void becomeNetworkProgram(int argc, char** argv);

// Runs that program beside this one, `line` being {"cadrecode", command, arguments...}, and waits; its exit code. A
// signal that interrupts the waiting is passed on. Error as above.
int runNetworkProgram(const std::vector<std::string>& line);

}  // namespace cadrecode::cli
