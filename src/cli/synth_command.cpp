#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/process.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "dataset/synthesis/program_files.hpp"

namespace cadrecode::cli {
namespace {

struct SynthSettings {
  synthesis::Options options;
  std::string output, format = "folders", dialect = "v1.5";
  int jobs = 0;
};

int synth(const SynthSettings& settings) {
  synthesis::Options options = settings.options;
  if (settings.dialect == "extended") options.dialect = synthesis::Dialect::extended;
  options.jobs = settings.jobs > 0 ? settings.jobs : cores();
  const std::atomic<bool>& interrupted = stopOnSignals();
  const auto start = std::chrono::steady_clock::now();
  Progress progress("programs", options.count);
  auto progressed = [&] { progress.advance(); };
  const synthesis::Counts counts = settings.format == "jsonl"
                                       ? synthesis::writeLines(options, settings.output, progressed, interrupted)
                                       : synthesis::writeFolders(options, settings.output, progressed, interrupted);
  progress.clear();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print(
      stderr,
      "{} programs ({} from before), {} rejected: {} failed or invalid, {} not as planned; {:.1f} s, {:.1f} a second\n",
      counts.accepted, counts.kept, counts.failed + counts.mismatched, counts.failed, counts.mismatched, seconds,
      static_cast<double>(counts.accepted - counts.kept) / std::max(seconds, 1e-3));
  if (counts.accepted < options.count) return static_cast<int>(ErrorCode::interrupted);
  return 0;
}

}  // namespace

void addSynth(CLI::App& program, int& exitCode) {
  auto settings = std::make_shared<SynthSettings>();
  CLI::App* command =
      program.add_subcommand("synth", "Make CAD programs for training: random parts, executed and checked");
  command->add_option("--count", settings->options.count, "How many programs")->required()->option_text("N");
  command->add_option("--seed", settings->options.seed, "The same seed gives the same programs [0]")->option_text("S");
  command->add_option("-o,--output", settings->output, "Folder of a split (data/train), or the JSONL file")
      ->required()
      ->option_text("PATH");
  command
      ->add_option("--format", settings->format, "folders: PATH/batch_0000/0000000.py ...; jsonl: one file [folders]")
      ->check(CLI::IsMember({"folders", "jsonl"}))
      ->option_text("F");
  command
      ->add_option(
          "--dialect", settings->dialect,
          "v1.5: CAD-Recode's; extended: also cut, intersect, revolve, holes, fillets, chamfers, shells [v1.5]")
      ->check(CLI::IsMember({"v1.5", "extended"}))
      ->option_text("NAME");
  command->add_option("--jobs", settings->jobs, "Worker processes [one a core]")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command->add_option("--max-chars", settings->options.maxChars, "Leave out longer programs [800]")->option_text("N");
  command->add_option("--timeout", settings->options.timeoutSeconds, "Seconds a program may run [10]")
      ->check(CLI::PositiveNumber)
      ->option_text("S");
  command->footer(
      "Examples:\n"
      "  cadrecode synth --count 100000 --seed 1 -o data/train\n"
      "  cadrecode synth --count 1000 --seed 2 -o val.jsonl --format jsonl\n"
      "\n"
      "Started again after a stop, the programs that are there are kept.\n"
      "The number of jobs changes nothing but the time.");
  command->callback([settings, &exitCode] { exitCode = synth(*settings); });
}

}  // namespace cadrecode::cli
