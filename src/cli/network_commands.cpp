#include "cli/network_commands.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "cli/reconstruct_command.hpp"
#include "core/error.hpp"

namespace cadrecode::cli {
namespace {

struct NetworkCommand {
  const char* name;
  const char* description;
};

// One line a subcommand of src/cli/network/.
constexpr std::array networkCommands = {
    NetworkCommand{"infer", "Write CAD programs for scans, meshes and STEP files"},
    NetworkCommand{"train", "Train a model on programs and their clouds"},
};

}  // namespace

void listNetworkCommands(CLI::App& program) {
  for (const NetworkCommand& command : networkCommands) program.add_subcommand(command.name, command.description);
}

namespace {

std::string networkProgram() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "cadrecode-network").string();
}

[[noreturn]] void failToStart(const char* command, int error) {
  throw Error(ErrorCode::failure, "RuntimeError",
              fmt::format("`{}` needs {}, which cannot be started ({}): is this build without libtorch?", command,
                          networkProgram(), std::strerror(error)));
}

}  // namespace

void becomeNetworkProgram(int argc, char** argv) {
  if (argc < 2) return;
  if (std::string_view(argv[1]) == "reconstruct" && wantsModel(argc, argv)) execv(networkProgram().c_str(), argv);
  for (const NetworkCommand& command : networkCommands) {
    if (std::string_view(argv[1]) != command.name) continue;
    execv(networkProgram().c_str(), argv);
    failToStart(argv[1], errno);
  }
}

int runNetworkProgram(const std::vector<std::string>& line) {
  std::vector<char*> arguments;
  for (const std::string& argument : line) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (const int error = posix_spawn(&child, networkProgram().c_str(), nullptr, nullptr, arguments.data(), environ)) {
    failToStart(line.at(1).c_str(), error);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) ::kill(child, SIGTERM);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace cadrecode::cli
