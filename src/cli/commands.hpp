// The subcommands of `cadrecode`. Each function adds one to the program; when it is chosen and has run, `exitCode`
// holds what the process returns. Errors leave as cadrecode::Error.
#pragma once

#include <CLI/CLI.hpp>

namespace cadrecode::cli {

void addExec(CLI::App& program, int& exitCode);
void addMeasure(CLI::App& program, int& exitCode);
void addSynth(CLI::App& program, int& exitCode);
void addDoctor(CLI::App& program, int& exitCode);
void addCompare(CLI::App& program, int& exitCode);
void addBench(CLI::App& program, int& exitCode);
void addReport(CLI::App& program, int& exitCode);
void addTokenizer(CLI::App& program, int& exitCode);
void addIndex(CLI::App& program, int& exitCode);
void addCache(CLI::App& program, int& exitCode);
void addBrep(CLI::App& program, int& exitCode);
void addCloud(CLI::App& program, int& exitCode);
void addConvert(CLI::App& program, int& exitCode);
void addStats(CLI::App& program, int& exitCode);
void addMerge(CLI::App& program, int& exitCode);
void addPack(CLI::App& program, int& exitCode);
void addPicture(CLI::App& program, int& exitCode);

}  // namespace cadrecode::cli
