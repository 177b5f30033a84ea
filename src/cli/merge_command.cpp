#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "model/adapter/merge.hpp"

namespace cadrecode::cli {

void addMerge(CLI::App& program, int& exitCode) {
  struct Options {
    std::string base, adapter, output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("merge", "Merge a LoRA adapter into its base model");
  command->add_option("--base", options->base, "Folder of the base model")
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR (the one adapter_config.json names)");
  command->add_option("--lora", options->adapter, "Folder of the adapter in PEFT's layout")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR");
  command->add_option("-o,--output", options->output, "Folder for the merged model")->required()->option_text("DIR");
  command->footer(
      "Example:\n"
      "  cadrecode merge --base models/Qwen3-1.7B-Base --lora checkpoints_lora/checkpoint-1000 -o models/merged\n"
      "\n"
      "The merged model is a whole checkpoint in Hugging Face's layout, in the types of the base. Weights pass "
      "through\n"
      "memory array by array.");
  command->callback([options, &exitCode] {
    if (options->base.empty()) options->base = model::adapter::Adapter::readConfig(options->adapter).baseModel;
    model::adapter::writeMergedModel(options->base, options->adapter, options->output);
    fmt::print(stderr, "the merged model is in {}\n", options->output);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
