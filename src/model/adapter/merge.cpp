#include "model/adapter/merge.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/adapter/low_rank.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/float_types.hpp"
#include "model/model_config.hpp"
#include "model/tensor_names.hpp"

namespace cadrecode::model::adapter {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view weightEnding = ".weight";

std::vector<float> floatsOf(const TensorView& tensor) {
  std::vector<float> values(tensor.bytes.size() / sizeOf(tensor.type));
  readFloats(tensor, 0, values);
  return values;
}

bool nameBefore(const TensorView& tensor, const std::string& name) { return tensor.name < name; }

}  // namespace

MergedWeights::MergedWeights(const Checkpoint& base, const Adapter& adapter)
    : tensors_(base.tensors().begin(), base.tensors().end()) {
  auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::input, "ValueError",
                adapter.folder() + ": the adapter does not fit this base (it was made for `" +
                    adapter.config().baseModel + "`): " + what);
  };
  for (const auto& [module, pair] : adapter.pairs()) {
    const std::string name = std::string(module).append(weightEnding);
    const TensorView* weight = base.find(name);
    if (weight == nullptr) fail("the base has no module " + module);
    const Shape needed = {pair.up.shape[0], pair.down.shape[1]};
    if (weight->shape != needed) {
      fail("module " + module + " has shape " + toString(weight->shape) + " in the base and " + toString(needed) +
           " in the adapter");
    }
    pairs_[name] = &pair;
  }
  for (const TensorView& saved : adapter.saved()) {
    const auto place = std::lower_bound(tensors_.begin(), tensors_.end(), saved.name, nameBefore);
    if (place == tensors_.end() || place->name != saved.name) {
      tensors_.insert(place, saved);  // a base may lack the point encoder
    } else {
      if (place->shape != saved.shape) {
        fail("tensor " + saved.name + " has shape " + toString(place->shape) + " in the base and " +
             toString(saved.shape) + " in the adapter");
      }
      *place = saved;
    }
  }
}

const TensorView* MergedWeights::find(const std::string& name) const {
  const auto place = std::lower_bound(tensors_.begin(), tensors_.end(), name, nameBefore);
  return place != tensors_.end() && place->name == name ? &*place : nullptr;
}

void MergedWeights::merge(const TensorView& tensor, std::span<std::byte> to) const {
  const auto found = pairs_.find(tensor.name);
  if (found == pairs_.end()) {
    std::copy(tensor.bytes.begin(), tensor.bytes.end(), to.begin());
    return;
  }
  const LowRankPair& pair = *found->second;
  const std::vector<float> down = floatsOf(pair.down);
  const std::vector<float> up = floatsOf(pair.up);
  const std::int64_t rank = pair.down.shape[0];
  const auto columns = static_cast<std::size_t>(tensor.shape[1]);
  std::vector<float> row(columns);
  std::vector<float> scratch(columns);
  for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.shape[0]); ++i) {
    readFloats(tensor, i * columns, row);
    addLowRankRow(row.data(), up.data() + i * static_cast<std::size_t>(rank), down.data(), rank, tensor.shape[1],
                  static_cast<float>(pair.scale), scratch.data());
    writeFloats(row, tensor.type, to.data() + i * columns * sizeOf(tensor.type));
  }
}

void writeMergedModel(const std::string& baseFolder, const std::string& adapterFolder, const std::string& folder) {
  std::error_code ignored;
  for (const std::string& source : {baseFolder, adapterFolder}) {
    if (fs::equivalent(source, folder, ignored)) {
      throw Error(ErrorCode::usage, "UsageError", folder + ": the merged model needs a folder of its own");
    }
  }
  const Checkpoint base(baseFolder);
  const Adapter adapter(adapterFolder);
  const MergedWeights merged(base, adapter);
  try {
    checkTensors(merged.tensors(), readModelConfig(baseFolder), PointEncoder::required);
  } catch (const Error& error) {
    throw Error(error.code(), error.type(), baseFolder + " with " + adapterFolder + ": " + error.what());
  }
  CheckpointFiles files;
  files.tensors = merged.tensors();
  std::vector<std::byte> buffer;
  files.bytesOf = [&](const TensorView& tensor) -> std::span<const std::byte> {
    if (!merged.changes(tensor.name)) return tensor.bytes;
    buffer.resize(tensor.bytes.size());
    merged.merge(tensor, buffer);
    return buffer;
  };
  files.texts["config.json"] = readFile(baseFolder + "/config.json");
  for (const char* name : companionNames) {
    for (const std::string& source : {adapterFolder, baseFolder}) {
      const std::string path = source + "/" + name;
      if (files.texts.contains(name) || !fs::is_regular_file(path, ignored)) continue;
      files.texts[name] = readFile(path);
    }
  }
  writeCheckpoint(folder, files);
}

}  // namespace cadrecode::model::adapter
