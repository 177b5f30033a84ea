#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/network_commands.hpp"
#include "cli/program.hpp"
#include "cli/reconstruct_command.hpp"
#include "core/error.hpp"

int main(int argc, char** argv) {
  try {
    cadrecode::cli::becomeNetworkProgram(argc, argv);
  } catch (const cadrecode::Error& error) {
    fmt::print(stderr, "cadrecode: {}\n", error.what());
    return static_cast<int>(error.code());
  }
  CLI::App program("From 3-D scans to CAD programs: runs CadQuery natively, without Python, in a sandbox.",
                   "cadrecode");
  int exitCode = 0;
  cadrecode::cli::addExec(program, exitCode);
  cadrecode::cli::addMeasure(program, exitCode);
  cadrecode::cli::addSynth(program, exitCode);
  cadrecode::cli::addDoctor(program, exitCode);
  cadrecode::cli::addCompare(program, exitCode);
  cadrecode::cli::addBench(program, exitCode);
  cadrecode::cli::addReport(program, exitCode);
  cadrecode::cli::addReconstruct(program, exitCode, {});
  cadrecode::cli::addTokenizer(program, exitCode);
  cadrecode::cli::addCloud(program, exitCode);
  cadrecode::cli::addConvert(program, exitCode);
  cadrecode::cli::addIndex(program, exitCode);
  cadrecode::cli::addCache(program, exitCode);
  cadrecode::cli::addBrep(program, exitCode);
  cadrecode::cli::addStats(program, exitCode);
  cadrecode::cli::addMerge(program, exitCode);
  cadrecode::cli::addPack(program, exitCode);
  cadrecode::cli::addPicture(program, exitCode);
  cadrecode::cli::listNetworkCommands(program);
  return cadrecode::cli::runProgram(program, argc, argv, exitCode);
}
