// Writes a folder of weights so that nobody ever reads half of it: every file appears whole, and a list of SHA-256 sums
// comes last. Stateless; one thread a folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "model/tensor_view.hpp"

namespace cadrecode::model {

// The sums in the format of `sha256sum`: a checkpoint without this file was not finished (or is not ours).
inline constexpr const char* manifestName = "SHA256SUMS";

// Writes one safetensors file atomically. Returns its SHA-256. Throws Error(resources) for a full disk.
std::string writeSafetensors(const std::string& path, std::span<const TensorView> tensors,
                             const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

// Files that lie beside a model's weights: tokenizer and settings of decoding.
inline constexpr const char* companionNames[] = {
    "tokenizer.json",          "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json",
    "special_tokens_map.json", "generation_config.json"};

struct CheckpointFiles {
  std::span<const TensorView> tensors = {};
  std::map<std::string, std::string> texts = {};  // file name to content: config.json, tokenizer.json, ...
  std::uint64_t shardBytes = 5'000'000'000;       // more than this is split into shards with an index
  std::string name = "model";                     // of the weight files: "model.safetensors"
  // The bytes of an array when its turn has come, valid until the next call; the view's own by default. So arrays can
  // be computed one at a time.
  std::function<std::span<const std::byte>(const TensorView&)> bytesOf = {};
};

// Makes the folder when needed. An older manifest goes first, the new one is written last.
void writeCheckpoint(const std::string& folder, const CheckpointFiles& files);

// Compares every file of the manifest with its sum. Error(input) naming the file that is missing or differs, or when
// there is no manifest.
void verifyCheckpoint(const std::string& folder);

}  // namespace cadrecode::model
