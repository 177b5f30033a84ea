#include <memory>

#include "cli/commands.hpp"
#include "cli/item_run.hpp"

namespace cadrecode::cli {

void addExec(CLI::App& program, int& exitCode) {
  struct Options {
    RunSettings run;
    std::string variable;
    std::uint64_t maxSteps = 0;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("exec", "Run CadQuery scripts and report, or export, what they make");
  command
      ->add_option("scripts", options->run.arguments,
                   "Scripts; folders (every .py below them); .jsonl files with {\"id\", \"script\"} a line; - for "
                   "standard input, a script or such lines")
      ->required()
      ->option_text(" ");
  command
      ->add_option("--variable", options->variable,
                   "Name of the result in the script; else r, result, the last Workplane, what show_object got")
      ->option_text("NAME");
  command
      ->add_option("--max-steps", options->maxSteps,
                   "Steps a script may take, a limit that does not depend on the machine; 0: only the clock counts")
      ->option_text("N (0)");
  addRunOptions(*command, options->run);
  command->footer(
      "Examples:\n"
      "  cadrecode exec examples/bracket.py -o bracket.step\n"
      "  cadrecode exec examples/bracket.py -o bracket.stl --tolerance 0.01\n"
      "  cadrecode exec examples/*.py --jsonl\n"
      "  cadrecode exec examples --stl-dir meshes --jobs 2\n"
      "  echo 'import cadquery as cq; r = cq.Workplane().box(1, 2, 3)' | cadrecode exec - --json\n"
      "\n"
      "A script runs in a process of its own without files, network or other programs, and is ended when it takes too\n"
      "long or too much memory. Its status is one of ok, syntax_error, unsupported, runtime_error, no_result,\n"
      "invalid_geometry, timeout, out_of_memory, crash.");
  command->callback([options, &exitCode] {
    sandbox::Task task;
    task.options.variable = options->variable;
    task.options.maxSteps = options->maxSteps > 0 ? options->maxSteps : UINT64_MAX / 2;
    exitCode = runItems(options->run, sandbox::listInputs(options->run.arguments, {".py"}), std::move(task));
  });
}

}  // namespace cadrecode::cli
