#include "train/run_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/generation_config.hpp"
#include "model/network/adapters.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::train {

namespace fs = std::filesystem;

std::string tokenizerFolder(const TrainingConfig& config) {
  return config.tokenizer.empty() ? config.baseModel : config.tokenizer;
}

std::map<std::string, std::string> companionFiles(const TrainingConfig& config, const text::Tokenizer& tokenizer) {
  std::map<std::string, std::string> files;
  const fs::path folder(tokenizerFolder(config));
  for (const char* name : model::companionNames) {
    std::error_code error;
    if (fs::is_regular_file(folder / name, error)) files[name] = readFile((folder / name).string());
  }
  model::GenerationConfig generation;
  generation.eosTokens = {static_cast<std::int64_t>(tokenizer.require("<|endoftext|>"))};
  generation.padToken = static_cast<std::int64_t>(tokenizer.require("<|im_end|>"));
  generation.maxNewTokens = 768;
  files["generation_config.json"] = model::toGenerationConfigJson(generation);
  if (config.lora.use) files[model::adapter::configName] = model::adapter::toAdapterJson(loraConfigFor(config));
  return files;
}

model::network::CadNetwork initialNetwork(const TrainingConfig& config, const text::Tokenizer& tokenizer) {
  const auto tokens = static_cast<std::int64_t>(tokenizer.size());
  if (config.init == "random") {
    constexpr std::int64_t multiple = 8;
    model::ModelConfig model = modelConfigFor(config.newModel, (tokens + multiple - 1) / multiple * multiple,
                                              std::max<std::int64_t>(config.maxSequenceLength, 2048));
    model.eosToken = static_cast<std::int64_t>(tokenizer.require("<|endoftext|>"));
    model.padToken = static_cast<std::int64_t>(tokenizer.require("<|im_end|>"));
    model.promptPoints = config.points;
    return {model, model::network::randomWeights(model, config.seed)};
  }
  model::network::LoadOptions options;
  options.type = config.lora.use && config.bfloat16 ? at::kBFloat16 : at::kFloat;
  if (!config.lora.fromFullModel) options.pointEncoderSeed = config.seed;
  if (config.lora.pack) options.packing = config.lora.packing;
  auto network = model::network::CadNetwork::load(config.baseModel, options);
  if (network.config().vocabularySize < tokens) {
    throw Error(ErrorCode::input, "ValueError",
                fmt::format("{}: {} embeddings, but the tokenizer in {} has {} tokens", config.baseModel,
                            network.config().vocabularySize, tokenizerFolder(config), tokens));
  }
  if (config.lora.use) {
    // A merged model has its base's configuration.
    if (network.config().promptPoints != config.points) {
      throw Error(ErrorCode::input, "ValueError",
                  fmt::format("{}: its prompts have {} points, so adapters for it have as many: n_points is {}",
                              config.baseModel, network.config().promptPoints, config.points));
    }
    model::network::addAdapters(network.weights(), loraConfigFor(config), config.seed);
    return network;
  }
  model::ModelConfig model = network.config();
  model.promptPoints = config.points;
  return {model, network.weights()};
}

std::unique_ptr<TrainingSet> readSamples(const TrainingConfig& config, const std::string& folder, std::size_t most,
                                         const text::Tokenizer& tokenizer) {
  fs::path path = fs::absolute(folder).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  dataset::SampleList list = dataset::readSamples(path.parent_path().string(), path.filename().string());
  if (list.samples.empty() && list.missing.empty() && list.excluded.empty()) {
    throw Error(ErrorCode::input, "FileNotFoundError", fmt::format("{}: no programs (*.py) in this folder", folder));
  }
  if (most > 0 && list.samples.size() > most) list.samples.resize(most);
  return std::make_unique<TrainingSet>(list, tokenizer,
                                       static_cast<std::size_t>(config.maxSequenceLength - config.points),
                                       std::max(1U, std::thread::hardware_concurrency()));
}

double modelFlops(const model::ModelConfig& config, double positions) {
  double weights = 0;
  for (const model::TensorShape& tensor : model::expectedTensors(config)) {
    if (tensor.shape.size() != 2) continue;
    // An embedding costs nothing, but a tied one is the output layer too.
    if (tensor.name == model::embeddingName && !config.tiedEmbeddings) continue;
    weights += static_cast<double>(tensor.shape[0]) * static_cast<double>(tensor.shape[1]);
  }
  const auto attention = static_cast<double>(config.layers * config.heads * config.headSize);
  return 6 * weights * positions + 6 * attention * positions * positions;
}

}  // namespace cadrecode::train
