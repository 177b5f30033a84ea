#include "model/adapter/adapter.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::model::adapter {

namespace {

constexpr std::string_view prefix = "base_model.model.";
constexpr std::string_view downEnding = ".lora_A.weight";
constexpr std::string_view upEnding = ".lora_B.weight";

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

}  // namespace

std::string downName(const std::string& module) { return std::string(prefix).append(module).append(downEnding); }
std::string upName(const std::string& module) { return std::string(prefix).append(module).append(upEnding); }
std::string savedName(const std::string& tensor) { return std::string(prefix).append(tensor); }

bool isAdapter(const std::string& folder) { return std::filesystem::exists(folder + "/" + configName); }

LoraConfig Adapter::readConfig(const std::string& folder) {
  const std::string path = folder + "/" + configName;
  const std::string text = readFile(path);
  try {
    return parseLoraConfig(text);
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), path + ": " + error.what());
  }
}

Adapter::Adapter(const std::string& folder)
    : folder_(folder), config_(readConfig(folder)), file_(folder + "/" + weightsName) {
  try {
    readTensors();
    check();
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), folder + "/" + weightsName + ": " + error.what());
  }
}

void Adapter::readTensors() {
  for (const TensorView& tensor : file_.tensors()) {
    const std::string& name = tensor.name;
    if (!name.starts_with(prefix)) fail("tensor " + name + " does not begin with " + std::string(prefix));
    const std::string rest = name.substr(prefix.size());
    const bool down = rest.ends_with(downEnding);
    if (!down && !rest.ends_with(upEnding)) {
      if (rest.find(".lora_") != rest.npos) fail("not supported: tensor " + name);
      saved_.push_back({rest, tensor.type, tensor.shape, tensor.bytes});
      continue;
    }
    const std::string module = rest.substr(0, rest.size() - downEnding.size());
    if (module.starts_with("point_encoder.")) continue;
    if (tensor.shape.size() != 2) fail("tensor " + name + " is no matrix: " + toString(tensor.shape));
    LowRankPair& pair = pairs_[module];
    (down ? pair.down : pair.up) = tensor;
    pair.scale = config_.scaleOf(module);
  }
}

void Adapter::check() const {
  for (const auto& [module, pair] : pairs_) {
    if (pair.down.name.empty()) fail("tensor " + downName(module) + " is missing");
    if (pair.up.name.empty()) fail("tensor " + upName(module) + " is missing");
    const std::int64_t rank = config_.rankOf(module);
    if (pair.down.shape[0] != rank || pair.up.shape[1] != rank) {
      fail("module " + module + ": lora_A " + toString(pair.down.shape) + " and lora_B " + toString(pair.up.shape) +
           " are not of rank " + std::to_string(rank) + ", which " + configName + " says");
    }
  }
  for (const std::string& target : config_.targetModules) {
    if (target.starts_with("point_encoder")) continue;
    const bool found = std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) {
      return pair.first == target || pair.first.ends_with("." + target);
    });
    if (!found) fail("no matrices for the target module " + target + " of " + configName);
  }
}

}  // namespace cadrecode::model::adapter
