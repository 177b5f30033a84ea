#include "train/checkpoint.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/adapter/adapter.hpp"
#include "model/checkpoint.hpp"
#include "model/checkpoint_writer.hpp"
#include "model/mapped_file.hpp"
#include "model/safetensors.hpp"
#include "model/sha256.hpp"

namespace cadrecode::train {

namespace fs = std::filesystem;
using model::network::NamedTensor;

namespace {

constexpr const char* optimizerName = "optimizer.safetensors";
constexpr const char* stateName = "trainer_state.json";
constexpr const char* partialEnding = ".partial";
constexpr std::string_view prefix = "checkpoint-";

// The number of "checkpoint-12"; nothing for other names.
std::optional<std::int64_t> numberOf(const std::string& name) {
  if (!name.starts_with(prefix) || name.size() == prefix.size() || name.size() > prefix.size() + 15) return {};
  const std::string digits = name.substr(prefix.size());
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
  return std::stoll(digits);
}

// Finished checkpoints by number.
std::map<std::int64_t, fs::path> listCheckpoints(const std::string& folder) {
  std::map<std::int64_t, fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto number = numberOf(entry.path().filename().string());
    if (number && fs::exists(entry.path() / model::manifestName, error)) found[*number] = entry.path();
  }
  return found;
}

nlohmann::ordered_json toJson(const TrainingState& state) {
  nlohmann::ordered_json json;
  json["global_step"] = state.step;
  json["max_steps"] = state.maxSteps;
  json["epoch"] = state.epoch;
  json["batches"] = state.batches;
  json["best_metric"] = nullptr;
  json["best_model_checkpoint"] = nullptr;
  if (state.bestLoss) {
    json["best_metric"] = *state.bestLoss;
    json["best_model_checkpoint"] = state.bestCheckpoint;
  }
  return json;
}

[[noreturn]] void failCheckpoint(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::input, "ValueError", path + ": " + reason);
}

std::string sumOf(const std::string& path) {
  const model::MappedFile file(path);
  model::Sha256 hash;
  hash.add(file.bytes());
  return hash.finish();
}

void readInto(const std::vector<NamedTensor>& tensors, std::span<const model::TensorView> from,
              const std::string& path) {
  const at::NoGradGuard noGradients;
  std::map<std::string, const model::TensorView*> views;
  for (const model::TensorView& view : from) views[view.name] = &view;
  for (const auto& [name, tensor] : tensors) {
    const auto view = views.find(name);
    if (view == views.end()) failCheckpoint(path, "no array " + name);
    if (view->second->type != model::ElementType::f32 || view->second->shape != tensor.sizes().vec()) {
      failCheckpoint(path, fmt::format("{} is of another type or shape than this model's", name));
    }
    std::memcpy(tensor.data_ptr(), view->second->bytes.data(), view->second->bytes.size());
  }
}

}  // namespace

std::string saveCheckpoint(const std::string& folder, TrainingNetwork& network, const TrainingState& state,
                           double nextLearningRate, std::map<std::string, std::string> texts,
                           const std::function<void(const std::string& folder)>& complete) {
  const fs::path finished = fs::path(folder) / fmt::format("{}{}", prefix, state.step);
  const fs::path partial = finished.string() + partialEnding;
  fs::remove_all(partial);
  try {
    makeFolder(partial.string());
    const std::vector<NamedTensor> moments = network.optimizer().state();
    nlohmann::ordered_json json = toJson(state);
    json["optimizer_updates"] = network.optimizer().updates();
    json["optimizer_sha256"] =
        model::writeSafetensors((partial / optimizerName).string(), model::network::viewsOf(moments));
    texts[stateName] = json.dump(2) + "\n";
    const nlohmann::ordered_json scheduler = {{"last_epoch", state.step}, {"_last_lr", {nextLearningRate}}};
    texts["scheduler.json"] = scheduler.dump(2) + "\n";
    network.save(partial.string(), std::move(texts));
    if (complete) complete(partial.string());
    fs::remove_all(finished);
    fs::rename(partial, finished);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::failure, "OSError", error.what());
  } catch (const Error&) {
    std::error_code ignored;
    fs::remove_all(partial, ignored);
    throw;
  }
  return finished.string();
}

TrainingState loadCheckpoint(const std::string& checkpoint, TrainingNetwork& network) {
  const fs::path folder(checkpoint);
  model::verifyCheckpoint(checkpoint);
  const std::string statePath = (folder / stateName).string();
  const auto json = nlohmann::json::parse(readFile(statePath), nullptr, false);
  TrainingState state;
  std::int64_t updates = 0;
  std::string sum;
  try {
    state.step = json.at("global_step").get<std::int64_t>();
    state.maxSteps = json.at("max_steps").get<std::int64_t>();
    state.epoch = json.at("epoch").get<double>();
    state.batches = json.at("batches").get<std::uint64_t>();
    updates = json.at("optimizer_updates").get<std::int64_t>();
    sum = json.at("optimizer_sha256").get<std::string>();
    if (!json.at("best_metric").is_null()) {
      state.bestLoss = json.at("best_metric").get<double>();
      state.bestCheckpoint = json.at("best_model_checkpoint").get<std::string>();
    }
  } catch (const nlohmann::json::exception& error) {
    failCheckpoint(statePath, error.what());
  }
  const std::string optimizerPath = (folder / optimizerName).string();
  if (sumOf(optimizerPath) != sum) failCheckpoint(optimizerPath, "its SHA-256 is not the one saved");
  if (network.adapts()) {
    readInto(network.parameters(), model::SafetensorsFile((folder / model::adapter::weightsName).string()).tensors(),
             checkpoint);
  } else {
    readInto(network.parameters(), model::Checkpoint(checkpoint).tensors(), checkpoint);
  }
  readInto(network.optimizer().state(), model::SafetensorsFile(optimizerPath).tensors(), optimizerPath);
  network.optimizer().setUpdates(updates);
  network.refreshCopy();
  return state;
}

std::optional<std::string> newestCheckpoint(const std::string& folder) {
  const auto found = listCheckpoints(folder);
  if (found.empty()) return {};
  return found.rbegin()->second.string();
}

void dropOldAdapters(const std::string& folder) {
  std::error_code error;
  auto found = listCheckpoints(folder);
  if (!found.empty()) found.erase(std::prev(found.end()));
  for (const auto& [number, path] : found) {
    if (!fs::exists(path / model::adapter::mergedName / model::manifestName, error)) continue;
    for (const char* name : {model::adapter::configName, model::adapter::weightsName, optimizerName}) {
      fs::remove(path / name, error);
    }
  }
}

void deleteOldCheckpoints(const std::string& folder, std::int64_t limit, const std::string& kept) {
  std::error_code error;
  std::vector<fs::path> partial;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(partialEnding)) partial.push_back(entry.path());
  }
  for (const fs::path& path : partial) fs::remove_all(path, error);
  if (limit == 0) return;
  const auto found = listCheckpoints(folder);
  auto left = static_cast<std::int64_t>(found.size());
  for (const auto& [number, path] : found) {
    if (left <= limit) break;
    if (path.filename() == kept || number == found.rbegin()->first) continue;
    fs::remove(path / model::manifestName, error);  // first: half a checkpoint must not look whole
    fs::remove_all(path, error);
    --left;
  }
}

}  // namespace cadrecode::train
