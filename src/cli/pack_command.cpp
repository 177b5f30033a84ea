#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "model/quantization/pack_model.hpp"

namespace cadrecode::cli {

void addPack(CLI::App& program, int& exitCode) {
  struct Options {
    std::string model, output, type = "nf4";
    bool plainScales = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("pack", "Pack a model's matrices in 4 or 8 bits a number");
  command->add_option("--model", options->model, "Folder of the model")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->option_text("DIR");
  command->add_option("--type", options->type, "nf4, fp4 or int8")
      ->check(CLI::IsMember({"nf4", "fp4", "int8"}))
      ->option_text("TYPE (nf4)");
  command->add_flag("--no-double-quant", options->plainScales, "Keep the scales of 4-bit blocks in float32");
  command->add_option("-o,--output", options->output, "Folder for the packed model")->required()->option_text("DIR");
  command->footer(
      "Example:\n"
      "  cadrecode pack --model models/Qwen3-1.7B-Base -o models/Qwen3-1.7B-nf4\n"
      "\n"
      "The result is what bitsandbytes writes, under its names: the decoder's projections are packed, all else stays.\n"
      "`infer` runs it and training takes it as `base_model_name`, with as much memory as the packed file has.");
  command->callback([options, &exitCode] {
    model::quantization::PackingOptions packing;
    packing.type = *model::quantization::packedTypeNamed(options->type);
    packing.doubleQuantization = !options->plainScales;
    model::quantization::writePackedModel(options->model, packing, options->output);
    fmt::print(stderr, "the packed model is in {}\n", options->output);
    exitCode = 0;
  });
}

}  // namespace cadrecode::cli
