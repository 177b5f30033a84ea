#include "model/checkpoint.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/json_fields.hpp"

namespace cadrecode::model {

namespace {

constexpr const char* singleFile = "model.safetensors";
constexpr const char* indexFile = "model.safetensors.index.json";

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::input, "ValueError", what); }

// Tensor to shard.
std::map<std::string, std::string> readIndex(const std::string& path) {
  const std::string text = readFile(path);
  std::map<std::string, std::string> shards;
  try {
    const nlohmann::json document = parseJsonObject(text);
    const auto& map = JsonFields(document).raw("weight_map");
    if (!map.is_object()) fail("weight_map is missing");
    for (const auto& [tensor, shard] : map.items()) {
      if (!shard.is_string()) fail("weight_map: the shard of tensor " + tensor + " is not a text");
      shards[tensor] = shard.get<std::string>();
      // A shard lies beside its index; a path could name any file of the machine.
      if (shards[tensor].empty() || shards[tensor].find_first_of("/\\") != std::string::npos) {
        fail("weight_map: the shard of tensor " + tensor + " is not a plain file name");
      }
    }
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), path + ": " + error.what());
  }
  return shards;
}

}  // namespace

Checkpoint::Checkpoint(const std::string& folder) {
  const std::string index = folder + "/" + indexFile;
  const std::string single = folder + "/" + singleFile;
  if (std::filesystem::exists(single)) {
    openShard(single);
  } else if (std::filesystem::exists(index)) {
    const auto shards = readIndex(index);
    std::set<std::string> names;
    for (const auto& [tensor, shard] : shards) names.insert(shard);
    for (const std::string& name : names) {
      const std::size_t before = tensors_.size();
      openShard(folder + "/" + name);
      for (std::size_t i = before; i < tensors_.size(); ++i) {
        const auto entry = shards.find(tensors_[i].name);
        if (entry == shards.end() || entry->second != name) {
          fail(folder + "/" + name + ": tensor " + tensors_[i].name + " is not listed for this file in " + indexFile);
        }
      }
    }
    if (tensors_.size() != shards.size()) {
      for (const auto& [tensor, shard] : shards) {
        const auto isIt = [&, wanted = tensor](const TensorView& view) { return view.name == wanted; };
        if (std::none_of(tensors_.begin(), tensors_.end(), isIt))
          fail(folder + "/" + shard + ": tensor " + tensor + " is missing");
      }
    }
  } else {
    fail(folder + ": neither " + singleFile + " nor " + indexFile);
  }
  std::sort(tensors_.begin(), tensors_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

void Checkpoint::openShard(const std::string& path) {
  files_.push_back(std::make_unique<SafetensorsFile>(path));
  const auto& read = files_.back()->tensors();
  tensors_.insert(tensors_.end(), read.begin(), read.end());
}

const TensorView* Checkpoint::find(const std::string& name) const {
  const auto found =
      std::lower_bound(tensors_.begin(), tensors_.end(), name,
                       [](const TensorView& tensor, const std::string& wanted) { return tensor.name < wanted; });
  return found != tensors_.end() && found->name == name ? &*found : nullptr;
}

void Checkpoint::requireFinite() const {
  for (const TensorView& tensor : tensors_) {
    if (!isFinite(tensor)) fail("tensor " + tensor.name + " holds a NaN or an infinity");
  }
}

}  // namespace cadrecode::model
