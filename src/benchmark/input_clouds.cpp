#include "benchmark/input_clouds.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <variant>

#include "cloud/write.hpp"
#include "core/append_log.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "dataset/cloud_file.hpp"
#include "sandbox/item_files.hpp"
#include "sandbox/part.hpp"

namespace cadrecode::benchmark {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

InputClouds writeInputClouds(const References& references, const std::string& tree, const cloud::Recipe& recipe,
                             std::uint64_t seed, const sandbox::Limits& limits, const std::function<void()>& done,
                             const std::atomic<bool>& stop) {
  InputClouds clouds;
  clouds.folder = (fs::path(tree) / "input_clouds").string();
  makeFolder(clouds.folder);
  AppendLog log((fs::path(tree) / "input_clouds.jsonl").string());
  std::map<std::string, Json> known;  // by id
  for (const std::string& line : log.lines()) {
    Json record = Json::parse(line, nullptr, false);
    if (record.is_object() && record.contains("id")) known[record["id"]] = std::move(record);
  }
  sandbox::ScriptPool pool({.workers = 1, .limits = limits}, {});
  for (const PartFile& part : references.parts) {
    if (stop) break;
    Json record{{"id", part.id}};
    try {
      const std::string bytes = part.bytes();
      record["source"] = dataset::sha256(bytes);
      const auto before = known.find(part.id);
      if (before != known.end() && before->second.value("source", "") == record["source"]) {
        record = before->second;
      } else {
        const sandbox::Part read = sandbox::readPartBytes(pool, bytes, part.name());
        const std::uint64_t own = Random(seed).split(part.id).bits();
        const cloud::ModelCloud made =
            read.isMesh() ? makeCloud(read.mesh(), recipe, own) : makeCloud(read.cloud(), recipe, own);
        writeFileAtomically((fs::path(clouds.folder) / (sandbox::safePath(part.id) + ".npy")).string(),
                            cloud::writeNpy(made.points, made.normals));
        record["origin"] = made.programFrame.origin;
        record["unit"] = made.programFrame.unit;
        log.append(record.dump());
      }
    } catch (const Error& error) {
      if (error.code() == ErrorCode::resources) throw;
      record["error"] = error.what();
      log.append(record.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    if (record.contains("error")) {
      clouds.failures[part.id] = record["error"];
    } else {
      clouds.frames[part.id] = {record["origin"].get<cloud::Point>(), record["unit"].get<double>()};
    }
    done();
  }
  return clouds;
}

}  // namespace cadrecode::benchmark
