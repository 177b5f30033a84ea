#include "sandbox/script_task.hpp"

#include <cmath>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "core/error.hpp"
#include "sandbox/result_json.hpp"

namespace cadrecode::sandbox {
namespace {

// A list of byte strings as one: each with its length before it.
std::string pack(std::initializer_list<std::string_view> fields) {
  std::size_t size = 0;
  for (std::string_view field : fields) size += sizeof(std::uint64_t) + field.size();
  std::string bytes;
  bytes.reserve(size);
  for (std::string_view field : fields) {
    std::uint64_t length = field.size();
    bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes.append(field);
  }
  return bytes;
}

std::vector<std::string_view> unpack(std::string_view bytes, std::size_t count) {
  std::vector<std::string_view> fields;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) throw Error("ValueError", "a message ends early");
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes.remove_prefix(sizeof length);
    if (length > bytes.size()) throw Error("ValueError", "a message ends early");
    fields.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (!bytes.empty()) throw Error("ValueError", "a message is longer than its fields");
  return fields;
}

// A mesh as bytes: the number of vertices and of triangles, then both arrays. Of no mesh: nothing.
std::string packMesh(const solid::Mesh& mesh) {
  if (mesh.vertices.empty() && mesh.triangles.empty()) return {};
  const std::uint64_t counts[2] = {mesh.vertices.size(), mesh.triangles.size()};
  const std::size_t vertexBytes = mesh.vertices.size() * sizeof mesh.vertices[0];
  const std::size_t triangleBytes = mesh.triangles.size() * sizeof mesh.triangles[0];
  std::string bytes;
  bytes.reserve(sizeof counts + vertexBytes + triangleBytes);
  bytes.append(reinterpret_cast<const char*>(counts), sizeof counts);
  bytes.append(reinterpret_cast<const char*>(mesh.vertices.data()), vertexBytes);
  bytes.append(reinterpret_cast<const char*>(mesh.triangles.data()), triangleBytes);
  return bytes;
}

solid::Mesh unpackMesh(std::string_view bytes) {
  solid::Mesh mesh;
  if (bytes.empty()) return mesh;
  constexpr std::size_t vertexBytes = sizeof mesh.vertices[0], triangleBytes = sizeof mesh.triangles[0];
  std::uint64_t counts[2];
  if (bytes.size() < sizeof counts) throw Error("ValueError", "a mesh ends early");
  std::memcpy(counts, bytes.data(), sizeof counts);
  bytes.remove_prefix(sizeof counts);
  // Bounded before they are multiplied: what does not fit the bytes is refused without an overflow.
  if (counts[0] > bytes.size() / vertexBytes || counts[1] > bytes.size() / triangleBytes ||
      counts[0] * vertexBytes + counts[1] * triangleBytes != bytes.size()) {
    throw Error("ValueError", "a mesh has another size than it says");
  }
  mesh.vertices.resize(counts[0]);
  mesh.triangles.resize(counts[1]);
  if (counts[0] > 0) std::memcpy(mesh.vertices.data(), bytes.data(), counts[0] * vertexBytes);
  if (counts[1] > 0)
    std::memcpy(mesh.triangles.data(), bytes.data() + counts[0] * vertexBytes, counts[1] * triangleBytes);
  for (const auto& vertex : mesh.vertices) {
    for (double x : vertex) {
      if (!std::isfinite(x)) throw Error("ValueError", "a mesh has a vertex that is not finite");
    }
  }
  for (const auto& triangle : mesh.triangles) {
    for (std::uint32_t index : triangle) {
      if (index >= counts[0]) throw Error("ValueError", "a mesh has a triangle of vertices it does not have");
    }
  }
  return mesh;
}

}  // namespace

bool succeeded(const TaskResult& result) { return result.run.status == cadquery::Status::ok; }

TaskResult failedResult(cadquery::Status status, const std::string& type, const std::string& message) {
  TaskResult result;
  result.run.status = status;
  result.run.error = cadquery::ScriptError{type, {"Exception"}, message, 0, 0};
  return result;
}

std::string encode(const Task& task) {
  const cadquery::RunOptions& options = task.options;
  Json settings = {{"kind", static_cast<int>(task.kind)},
                   {"maxSteps", options.maxSteps},
                   {"maxHeapBytes", options.maxHeapBytes},
                   {"maxOutputBytes", options.maxOutputBytes},
                   {"maxSourceBytes", options.maxSourceBytes},
                   {"maxRecursion", options.maxRecursion},
                   {"mesh", task.mesh},
                   {"tolerance", task.tolerance},
                   {"angular", task.angular},
                   {"step", task.step},
                   {"stl", task.stl},
                   {"brep", task.brep},
                   {"meshArrays", task.meshArrays}};
  if (task.graph) settings["graph"] = {task.graph->face, task.graph->edge};
  return pack({settings.dump(), options.variable, task.text});
}

Task decodeTask(std::string_view bytes) {
  const std::vector<std::string_view> fields = unpack(bytes, 3);
  const Json settings = Json::parse(fields[0]);
  Task task;
  task.kind = static_cast<Task::Kind>(settings["kind"].get<int>());
  task.text = fields[2];
  task.options.variable = fields[1];
  task.options.maxSteps = settings["maxSteps"];
  task.options.maxHeapBytes = settings["maxHeapBytes"];
  task.options.maxOutputBytes = settings["maxOutputBytes"];
  task.options.maxSourceBytes = settings["maxSourceBytes"];
  task.options.maxRecursion = settings["maxRecursion"];
  task.mesh = settings["mesh"];
  task.tolerance = settings["tolerance"];
  task.angular = settings["angular"];
  task.step = settings["step"];
  task.stl = settings["stl"];
  task.brep = settings["brep"];
  task.meshArrays = settings["meshArrays"];
  if (settings.contains("graph")) task.graph = brep::GridSizes{settings["graph"][0], settings["graph"][1]};
  return task;
}

std::string encode(const TaskResult& result) {
  return pack({dumpJson(toJson(result)), result.step, result.stl, result.brep, result.graph, packMesh(result.arrays)});
}

TaskResult decodeResult(std::string_view bytes) {
  const std::vector<std::string_view> fields = unpack(bytes, 6);
  Json json = Json::parse(fields[0], nullptr, false);
  if (json.is_discarded()) throw Error("ValueError", "a reply is no JSON");
  TaskResult result = resultFromJson(json);
  result.step = fields[1];
  result.stl = fields[2];
  result.brep = fields[3];
  result.arrays = unpackMesh(fields[5]);
  result.graph = fields[4];
  return result;
}

}  // namespace cadrecode::sandbox
