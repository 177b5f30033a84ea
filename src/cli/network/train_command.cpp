#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/network/commands.hpp"
#include "cli/process.hpp"
#include "core/error.hpp"
#include "train/trainer.hpp"

namespace cadrecode::cli {
void addTrain(CLI::App& program, int& exitCode) {
  struct Settings {
    std::string config;
    std::vector<std::string> settings;
    std::vector<std::string> resume;
    bool showConfig = false;
  };
  auto settings = std::make_shared<Settings>();
  CLI::App* command = program.add_subcommand("train", "Train a model on programs and their clouds");
  command->add_option("--config", settings->config, "The YAML file with the run's settings")
      ->required()
      ->option_text("FILE");
  command
      ->add_option("--set", settings->settings, "A setting over the file's: max_steps=100, model.num_hidden_layers=8")
      ->option_text("KEY=VALUE ...");
  CLI::Option* resume =
      command
          ->add_option("--resume", settings->resume, "Continue the run: from this checkpoint, or from its newest one")
          ->expected(0, 1)
          ->option_text("[DIR]");
  command->add_flag("--show-config", settings->showConfig, "Print all settings and stop");
  command->footer(
      "Examples:\n"
      "  cadrecode train --config configs/train_config_sft.yaml\n"
      "  cadrecode train --config configs/train_config_compact.yaml --set batch_size=16 learning_rate=5e-4\n"
      "  cadrecode train --config configs/train_config_compact.yaml --resume\n"
      "\n"
      "SIGTERM and Ctrl-C save a checkpoint after the current update and end with exit code 130.");
  command->callback([settings, resume, &exitCode] {
    const train::TrainingConfig config = train::readTrainingConfig(settings->config, settings->settings);
    if (settings->showConfig) {
      fmt::print("{}", train::toYaml(config));
      return;
    }
    train::RunOptions options;
    options.resume = resume->count() > 0;
    for (const std::string& folder : settings->resume) {
      if (!folder.empty() && folder != "true") options.resumeFrom = folder;
    }
    options.stop = &stopOnSignals();
    options.say = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
    const train::RunResult result = train::runTraining(config, options);
    if (result.interrupted) {
      fmt::print(stderr, "stopped after update {}; --resume continues from {}\n", result.step, result.checkpoint);
      exitCode = static_cast<int>(ErrorCode::interrupted);
    }
  });
}

}  // namespace cadrecode::cli
