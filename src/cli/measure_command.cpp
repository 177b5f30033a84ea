#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/item_run.hpp"
#include "core/error.hpp"

namespace cadrecode::cli {

void addMeasure(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<RunSettings>();
  CLI::App* command = program.add_subcommand("measure", "Read STEP or BREP files and report, or convert, their shapes");
  command
      ->add_option("files", settings->arguments,
                   "Files ending in .step, .stp or .brep, of one kind; folders of STEP files")
      ->required()
      ->option_text(" ");
  addRunOptions(*command, *settings);
  command->footer(
      "Examples:\n"
      "  cadrecode measure bracket.step\n"
      "  cadrecode measure bracket.step -o bracket.stl --tolerance 0.01\n"
      "\n"
      "Files are read in a worker process, as scripts are run: a malformed file cannot harm the program.");
  command->callback([settings, &exitCode] {
    std::vector<sandbox::Input> inputs = sandbox::listInputs(settings->arguments, {".step", ".stp"});
    auto isBrep = [](const sandbox::Input& input) { return std::filesystem::path(input.path).extension() == ".brep"; };
    const auto breps = std::count_if(inputs.begin(), inputs.end(), isBrep);
    if (breps != 0 && breps != static_cast<std::ptrdiff_t>(inputs.size())) {
      throw Error(ErrorCode::usage, "UsageError", "STEP and BREP files cannot be mixed in one run");
    }
    for (sandbox::Input& input : inputs) input.kind = sandbox::Input::Kind::file;
    sandbox::Task task;
    task.kind = breps > 0 ? sandbox::Task::Kind::brep : sandbox::Task::Kind::step;
    exitCode = runItems(*settings, std::move(inputs), std::move(task));
  });
}

}  // namespace cadrecode::cli
