#include "cli/program.hpp"

#include <fmt/format.h>

#include <Standard_Version.hxx>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/version.hpp"

namespace cadrecode::cli {
namespace {

int fail(ErrorCode code, const std::string& message) {
  fmt::print(stderr, "cadrecode: {}\n", message);
  return static_cast<int>(code);
}

}  // namespace

std::string versionText() {
  const std::string torch = torchVersion();
  return fmt::format("cadrecode {} ({}, {})\nOpenCASCADE {}\nlibtorch {}", versionNumber(), gitCommit(), buildType(),
                     OCC_VERSION_COMPLETE, torch.empty() ? "not built in" : torch);
}

std::string commandLine() {
  std::string line = "cadrecode";
  const std::string bytes = readFile("/proc/self/cmdline");
  for (std::size_t start = bytes.find('\0') + 1; start < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\0', start), bytes.size());
    const std::string argument = bytes.substr(start, end - start);
    const bool plain = argument.find_first_of(" \t\n'\"\\$`*?[](){}<>|&;#~!") == std::string::npos;
    std::string quoted;
    for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    line += plain && !argument.empty() ? " " + argument : " '" + quoted + "'";
    start = end + 1;
  }
  return line;
}

int runProgram(CLI::App& program, int argc, char** argv, const int& exitCode) {
  program.set_version_flag("--version", versionText);
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 ok, 1 failure, 2 wrong usage, 3 missing or malformed input, 4 some items failed,\n"
      "5 out of memory, disk or processes, 124 a limit was reached, 130 interrupted.\n"
      "`cadrecode COMMAND --help` shows examples.");
  try {
    program.parse(argc, argv);
    return exitCode;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : static_cast<int>(ErrorCode::usage);
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resources, "out of memory");
  } catch (const std::exception& error) {
    return fail(ErrorCode::failure, error.what());
  }
}

}  // namespace cadrecode::cli
