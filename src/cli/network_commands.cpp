#include "cli/network_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

void becomeNetworkProgram(int argc, char** argv) {
  if (argc < 2) return;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "cadrecode-network";
  if (std::string_view(argv[1]) == "reconstruct" && wantsModel(argc, argv)) execv(path.c_str(), argv);
  for (const NetworkCommand& command : networkCommands) {
    if (std::string_view(argv[1]) != command.name) continue;
    execv(path.c_str(), argv);
    throw Error(ErrorCode::failure, "RuntimeError",
                fmt::format("`{}` needs {}, which cannot be started ({}): is this build without libtorch?", argv[1],
                            path.string(), std::strerror(errno)));
  }
}

}  // namespace cadrecode::cli
