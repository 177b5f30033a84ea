#include "model/checkpoint_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "core/error.hpp"
#include "core/files.hpp"
#include "model/mapped_file.hpp"
#include "model/safetensors.hpp"
#include "model/sha256.hpp"

namespace cadrecode::model {

namespace fs = std::filesystem;

namespace {

std::span<const std::byte> bytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

// A file under a temporary name until finish(); hashed while it is written, so that gigabytes pass through memory once.
class HashedFile {
 public:
  explicit HashedFile(std::string path)
      : path_(std::move(path)), temporary_(path_ + ".part" + std::to_string(::getpid())) {
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file_ < 0) fail(errno);
  }
  HashedFile(const HashedFile&) = delete;
  HashedFile& operator=(const HashedFile&) = delete;
  ~HashedFile() {
    if (file_ >= 0) ::close(file_);
    if (!finished_) ::unlink(temporary_.c_str());
  }

  void write(std::span<const std::byte> bytes) {
    hash_.add(bytes);
    constexpr std::size_t most = std::size_t{1} << 30;
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), std::min(bytes.size(), most));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(errno);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  std::string finish() {
    if (::fsync(file_) != 0) fail(errno);
    if (::close(std::exchange(file_, -1)) != 0) fail(errno);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
    finished_ = true;
    return hash_.finish();
  }

 private:
  [[noreturn]] void fail(int reason) const {
    const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    throw Error(full ? ErrorCode::resources : ErrorCode::failure, "OSError", path_ + ": " + std::strerror(reason));
  }

  std::string path_;
  std::string temporary_;
  int file_ = -1;
  bool finished_ = false;
  Sha256 hash_;
};

std::string shardName(const std::string& stem, std::size_t number, std::size_t count) {
  std::ostringstream name;
  name << stem << "-" << std::setw(5) << std::setfill('0') << number << "-of-" << std::setw(5) << count
       << ".safetensors";
  return name.str();
}

using BytesOf = std::function<std::span<const std::byte>(const TensorView&)>;

// Returns the SHA-256.
std::string writeArrays(const std::string& path, std::span<const TensorView> tensors,
                        const std::map<std::string, std::string>& metadata, const BytesOf& bytesOfTensor) {
  HashedFile file(path);
  file.write(bytesOf(safetensorsHeader(tensors, metadata)));
  for (const TensorView& tensor : tensors) file.write(bytesOfTensor ? bytesOfTensor(tensor) : tensor.bytes);
  return file.finish();
}

std::vector<std::span<const TensorView>> cutIntoShards(std::span<const TensorView> tensors, std::uint64_t shardBytes) {
  std::vector<std::span<const TensorView>> shards;
  std::size_t begin = 0;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (i > begin && size + tensors[i].bytes.size() > shardBytes) {
      shards.push_back(tensors.subspan(begin, i - begin));
      begin = i;
      size = 0;
    }
    size += tensors[i].bytes.size();
  }
  shards.push_back(tensors.subspan(begin));
  return shards;
}

std::string writeText(const fs::path& path, const std::string& text) {
  writeFileAtomically(path.string(), text);
  Sha256 hash;
  hash.add(bytesOf(text));
  return hash.finish();
}

using Sums = std::map<std::string, std::string>;

void writeWeights(const fs::path& folder, const CheckpointFiles& files, Sums& sums) {
  const auto shards = cutIntoShards(files.tensors, files.shardBytes);
  const std::map<std::string, std::string> metadata = {{"format", "pt"}};
  const std::string single = files.name + ".safetensors";
  if (shards.size() == 1) {
    sums[single] = writeArrays((folder / single).string(), files.tensors, metadata, files.bytesOf);
    return;
  }
  nlohmann::ordered_json index;
  std::uint64_t total = 0;
  std::map<std::string, std::string> shardOf;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string name = shardName(files.name, i + 1, shards.size());
    sums[name] = writeArrays((folder / name).string(), shards[i], metadata, files.bytesOf);
    for (const TensorView& tensor : shards[i]) {
      shardOf[tensor.name] = name;
      total += tensor.bytes.size();
    }
  }
  index["metadata"]["total_size"] = total;
  index["weight_map"] = shardOf;
  const std::string indexName = single + ".index.json";
  sums[indexName] = writeText(folder / indexName, index.dump(2) + "\n");
}

bool isWeightFile(const std::string& stem, const std::string& name) {
  return name == stem + ".safetensors" || name == stem + ".safetensors.index.json" ||
         (name.starts_with(stem + "-") && name.ends_with(".safetensors"));
}

}  // namespace

std::string writeSafetensors(const std::string& path, std::span<const TensorView> tensors,
                             const std::map<std::string, std::string>& metadata) {
  return writeArrays(path, tensors, metadata, {});
}

void writeCheckpoint(const std::string& folder, const CheckpointFiles& files) {
  const fs::path path(folder);
  makeFolder(folder);
  fs::remove(path / manifestName);
  Sums sums;
  writeWeights(path, files, sums);
  for (const auto& [name, text] : files.texts) sums[name] = writeText(path / name, text);
  // Weights of an earlier, differently sharded checkpoint would be read instead of these.
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (isWeightFile(files.name, name) && !sums.contains(name)) fs::remove(entry.path());
  }
  std::string manifest;
  for (const auto& [name, sum] : sums) manifest += sum + "  " + name + "\n";
  writeFileAtomically((path / manifestName).string(), manifest);
}

void verifyCheckpoint(const std::string& folder) {
  const fs::path path(folder);
  std::istringstream lines(readFile((path / manifestName).string()));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t separator = line.find("  ");
    const std::string name = separator == std::string::npos ? "" : line.substr(separator + 2);
    if (separator != 64 || name.empty() || name.find('/') != std::string::npos) {
      throw Error(ErrorCode::input, "ValueError", (path / manifestName).string() + ": malformed line: " + line);
    }
    const MappedFile file((path / name).string());
    Sha256 hash;
    hash.add(file.bytes());
    if (hash.finish() != line.substr(0, separator)) {
      throw Error(ErrorCode::input, "ValueError",
                  (path / name).string() + ": its SHA-256 is not the one in " + manifestName);
    }
  }
}

}  // namespace cadrecode::model
