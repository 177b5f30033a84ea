#include "dataset/cloud_file.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "cloud/write.hpp"
#include "model/sha256.hpp"

namespace cadrecode::dataset {
namespace {

constexpr std::string_view kMark = "\n{\"cadrecode\":";

}  // namespace

std::string sha256(std::string_view bytes) {
  model::Sha256 hash;
  hash.add(std::as_bytes(std::span(bytes.data(), bytes.size())));
  return hash.finish();
}

std::string writeCloudFile(const cloud::ModelCloud& cloud, const Origin& origin) {
  std::string bytes = cloud::writeNpy(cloud.points, cloud.normals);
  nlohmann::ordered_json line = {{"cadrecode", 1}, {"source", origin.source}, {"recipe", origin.recipe}};
  return bytes + "\n" + line.dump() + "\n";
}

std::optional<Origin> originOf(std::string_view bytes) {
  const std::size_t mark = bytes.rfind(kMark);
  if (mark == bytes.npos) return std::nullopt;
  const auto line = nlohmann::json::parse(bytes.substr(mark + 1), nullptr, false);
  if (!line.is_object() || !line.contains("source") || !line["source"].is_string() || !line.contains("recipe") ||
      !line["recipe"].is_string()) {
    return std::nullopt;
  }
  return Origin{line["source"], line["recipe"]};
}

}  // namespace cadrecode::dataset
