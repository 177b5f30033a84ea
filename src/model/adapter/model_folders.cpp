#include "model/adapter/model_folders.hpp"

#include <filesystem>

#include "core/error.hpp"
#include "model/adapter/adapter.hpp"
#include "model/checkpoint_writer.hpp"

namespace cadrecode::model::adapter {

namespace fs = std::filesystem;

namespace {

bool isModel(const fs::path& folder) { return fs::exists(folder / "config.json"); }

std::string baseOf(const std::string& folder, const std::string& wanted) {
  const std::string named = wanted.empty() ? Adapter::readConfig(folder).baseModel : wanted;
  for (const fs::path& candidate : {fs::path(named), fs::path(folder) / named}) {
    if (!named.empty() && isModel(candidate)) return candidate.string();
  }
  throw Error(ErrorCode::input, "ValueError",
              folder + ": the adapter's base model `" + named + "` is not here; name its folder with --base-model");
}

}  // namespace

ModelFolders findModel(const std::string& folder, const std::string& baseModel) {
  if (!isAdapter(folder)) {
    if (!baseModel.empty()) {
      throw Error(ErrorCode::usage, "UsageError", folder + " is no adapter: --base-model means nothing to it");
    }
    return {folder, "", folder};
  }
  const std::string merged = folder + "/" + mergedName;
  if (baseModel.empty() && fs::exists(merged + "/" + manifestName)) return {merged, "", merged};
  const std::string base = baseOf(folder, baseModel);
  return {base, folder, fs::exists(folder + "/tokenizer.json") ? folder : base};
}

}  // namespace cadrecode::model::adapter
