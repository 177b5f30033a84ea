#include <fmt/format.h>

#include <Standard_Version.hxx>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "cli/commands.hpp"
#include "core/error.hpp"
#include "core/version.hpp"

namespace {

using cadrecode::ErrorCode;

std::string version() {
  const std::string torch = cadrecode::torchVersion();
  return fmt::format("cadrecode {} ({}, {})\nOpenCASCADE {}\nlibtorch {}", cadrecode::versionNumber(),
                     cadrecode::gitCommit(), cadrecode::buildType(), OCC_VERSION_COMPLETE,
                     torch.empty() ? "not built in" : torch + " (headers found, not linked)");
}

int fail(ErrorCode code, const std::string& message) {
  fmt::print(stderr, "cadrecode: {}\n", message);
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Runs CadQuery programs natively, without Python, in a sandbox.", "cadrecode");
  program.set_version_flag("--version", version);
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 ok, 1 failure, 2 wrong usage, 3 missing or malformed input, 4 some items failed,\n"
      "5 out of memory, disk or processes, 124 a limit was reached, 130 interrupted.\n"
      "`cadrecode exec --help` shows examples.");
  int exitCode = 0;
  cadrecode::cli::addExec(program, exitCode);
  cadrecode::cli::addMeasure(program, exitCode);
  cadrecode::cli::addDoctor(program, exitCode);
  try {
    program.parse(argc, argv);
    return exitCode;
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : static_cast<int>(ErrorCode::usage);
  } catch (const cadrecode::Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resources, "out of memory");
  } catch (const std::exception& error) {
    return fail(ErrorCode::failure, error.what());
  }
}
