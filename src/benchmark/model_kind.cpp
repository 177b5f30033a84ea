#include "benchmark/model_kind.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::benchmark {
namespace {

namespace fs = std::filesystem;

bool holdsAny(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code error;
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return fs::exists(folder / name, error); });
}

bool isCheckpoint(const fs::path& folder) {
  return holdsAny(folder, {"config.json"}) &&
         holdsAny(folder, {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"});
}

// A trainer's state lies in the checkpoint; a run's final model lies beside its checkpoints and configuration.
bool wasTrainedHere(const fs::path& folder) {
  if (holdsAny(folder, {"trainer_state.json", "training_args.bin", "optimizer.safetensors", "optimizer.pt",
                        "train_config.yaml"})) {
    return true;
  }
  const fs::path run = fs::absolute(folder).lexically_normal().parent_path();
  if (holdsAny(run, {"trainer_state.json", "train_config.yaml"})) return true;
  std::error_code error;
  for (fs::directory_iterator it(run, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().starts_with("checkpoint-")) return true;
  }
  return false;
}

// A configuration beside or above the adapter that says from what it started.
std::optional<bool> saysFromFull(const fs::path& folder) {
  for (const fs::path& place : {folder, folder.parent_path()}) {
    for (const char* name : {"train_config.yaml", "config.yaml"}) {
      std::ifstream file(place / name);
      for (std::string line; std::getline(file, line);) {
        const std::size_t key = line.find("load_from_full_model:");
        if (key != std::string::npos && line.find_first_not_of(" ") == key) {
          return line.find("true", key) != std::string::npos || line.find("True", key) != std::string::npos;
        }
      }
    }
  }
  return std::nullopt;
}

ModelKind kindOfAdapter(const fs::path& folder) {
  if (const std::optional<bool> said = saysFromFull(folder)) {
    return *said ? ModelKind::loraFromFull : ModelKind::lora;
  }
  const auto config = nlohmann::json::parse(readFile((folder / "adapter_config.json").string()), nullptr, false);
  std::string base;
  if (config.is_object() && config.contains("base_model_name_or_path") &&
      config["base_model_name_or_path"].is_string()) {
    base = config["base_model_name_or_path"];
  }
  for (const fs::path& place : {fs::path(base), folder / base}) {
    std::error_code error;
    if (!base.empty() && fs::is_directory(place, error) && wasTrainedHere(place)) return ModelKind::loraFromFull;
  }
  return ModelKind::lora;
}

}  // namespace

const char* nameOf(ModelKind kind) {
  constexpr std::array names{"official", "sft", "lora", "lora_from_full"};
  return names[static_cast<std::size_t>(kind)];
}

ModelKind kindOfModel(const std::string& path) {
  const fs::path folder = fs::absolute(path).lexically_normal();
  if (holdsAny(folder, {"adapter_config.json"})) return kindOfAdapter(folder);
  // A merged model lies in its adapter's folder.
  const fs::path parent = (folder.has_filename() ? folder : folder.parent_path()).parent_path();
  const std::string name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  if (isCheckpoint(folder)) {
    if (name.starts_with("merged") && holdsAny(parent, {"adapter_config.json"})) return kindOfAdapter(parent);
    return wasTrainedHere(folder) ? ModelKind::sft : ModelKind::official;
  }
  if (isCheckpoint(folder / "merged_model")) return kindOfModel((folder / "merged_model").string());
  throw Error(ErrorCode::input, "FileNotFoundError",
              path +
                  ": holds neither a checkpoint (config.json with model.safetensors) nor an adapter "
                  "(adapter_config.json)");
}

}  // namespace cadrecode::benchmark
