#include "cli/network/commands.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  CLI::App program("The commands of cadrecode that need the network; `cadrecode` starts this.", "cadrecode");
  int exitCode = 0;
  cadrecode::cli::addTrain(program, exitCode);
  cadrecode::cli::addInfer(program, exitCode);
  cadrecode::cli::addReconstructWithModel(program, exitCode);
  return cadrecode::cli::runProgram(program, argc, argv, exitCode);
}
