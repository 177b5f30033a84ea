#include "model/quantization/pack_model.hpp"

#include <filesystem>
#include <list>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/checkpoint.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/mapped_file.hpp"
#include "model/model_config.hpp"
#include "model/quantization/packed_files.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::quantization {

namespace fs = std::filesystem;

namespace {

bool isProjection(const std::string& name) {
  return name.starts_with("model.layers.") && name.ends_with("_proj.weight");
}

std::string packedConfig(const std::string& text, const PackingOptions& options) {
  const bool eight = options.type == PackedType::int8;
  auto config = nlohmann::ordered_json::parse(text);
  nlohmann::ordered_json packing = {
      {"quant_method", "bitsandbytes"}, {"load_in_8bit", eight}, {"load_in_4bit", !eight}};
  if (!eight) {
    packing["bnb_4bit_quant_type"] = nameOf(options.type);
    packing["bnb_4bit_use_double_quant"] = options.doubleQuantization;
    packing["bnb_4bit_compute_dtype"] = "bfloat16";
    packing["bnb_4bit_quant_storage"] = "uint8";
  }
  packing["llm_int8_skip_modules"] = {"lm_head", "point_encoder"};
  config["quantization_config"] = packing;
  return config.dump(2) + "\n";
}

}  // namespace

void writePackedModel(const std::string& modelFolder, const PackingOptions& options, const std::string& folder) {
  std::error_code ignored;
  if (fs::equivalent(modelFolder, folder, ignored)) {
    throw Error(ErrorCode::usage, "UsageError", folder + ": the packed model needs a folder of its own");
  }
  const ModelConfig config = readModelConfig(modelFolder);
  const Checkpoint model(modelFolder);
  try {
    checkTensors(model.tensors(), config, PointEncoder::optional);
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), modelFolder + ": " + error.what());
  }
  std::list<PackedWeight> packed;
  std::list<std::vector<std::byte>> storage;
  std::vector<TensorView> views;
  for (const TensorView& tensor : model.tensors()) {
    if (!isProjection(tensor.name)) {
      views.push_back(tensor);
      continue;
    }
    packed.push_back(pack(tensor, options));
    releasePages(tensor.bytes);
    for (TensorView& view : viewsOf(tensor.name, packed.back(), storage)) views.push_back(std::move(view));
  }
  CheckpointFiles files;
  files.tensors = views;
  files.texts["config.json"] = packedConfig(readFile(modelFolder + "/config.json"), options);
  for (const char* name : companionNames) {
    const std::string path = modelFolder + "/" + name;
    if (fs::is_regular_file(path, ignored)) files.texts[name] = readFile(path);
  }
  writeCheckpoint(folder, files);
}

}  // namespace cadrecode::model::quantization
