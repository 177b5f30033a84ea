#include "sandbox/part.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "cloud/check.hpp"
#include "cloud/input_error.hpp"
#include "cloud/read.hpp"
#include "cloud/text_scanner.hpp"
#include "core/error.hpp"
#include "core/files.hpp"

namespace cadrecode::sandbox {
namespace {

using cadquery::Status;

ErrorCode codeOf(Status status) {
  if (status == Status::timeout) return ErrorCode::limit;
  if (status == Status::outOfMemory) return ErrorCode::resources;
  return ErrorCode::input;
}

bool beginsWith(std::string_view bytes, std::string_view start) {
  std::size_t at = 0;
  while (at < bytes.size() && cloud::isSpace(bytes[at])) ++at;
  return bytes.substr(at, start.size()) == start;
}

}  // namespace

std::optional<Task::Kind> shapeKind(std::string_view bytes, const std::string& name) {
  const std::string extension = cloud::lowerCase(std::filesystem::path(name).extension().string());
  if (beginsWith(bytes, "ISO-10303-21")) return Task::Kind::step;
  if (beginsWith(bytes, "DBRep_DrawableShape") || beginsWith(bytes, "CASCADE Topology")) return Task::Kind::brep;
  if (extension == ".py") return Task::Kind::script;
  if (extension == ".step" || extension == ".stp" || extension == ".p21") return Task::Kind::step;
  if (extension == ".brep" || extension == ".brp") return Task::Kind::brep;
  return std::nullopt;
}

Task partTask(Task::Kind kind, std::string bytes, const PartOptions& options) {
  Task task;
  task.kind = kind;
  task.text = std::move(bytes);
  task.options.variable = options.variable;
  task.options.maxSteps = UINT64_MAX / 2;  // the clock ends it
  task.mesh = false;
  task.meshArrays = options.mesh;
  task.tolerance = options.tolerance;
  task.angular = options.angular;
  task.brep = options.brep;
  task.step = options.step;
  task.graph = options.graph;
  return task;
}

std::string reasonOf(const TaskResult& result) {
  if (!result.run.error) return cadquery::statusName(result.run.status);
  const cadquery::ScriptError& error = *result.run.error;
  const std::string place = error.line > 0 ? fmt::format("line {}: ", error.line) : "";
  return fmt::format("{}: {}{}: {}", cadquery::statusName(result.run.status), place, error.type, error.message);
}

Part partOf(TaskResult result, const std::string& name, const PartOptions& options) {
  if (!succeeded(result)) {
    const std::string type = result.run.error ? result.run.error->type : "RuntimeError";
    throw Error(codeOf(result.run.status), type, fmt::format("{}: {}", name, reasonOf(result)));
  }
  if (!result.run.measures || result.run.measures->nFaces == 0) {
    cloud::failInput(name, "holds neither a solid nor a surface");
  }
  Part part;
  part.measures = std::move(result.run.measures);
  part.brep = std::move(result.brep);
  part.step = std::move(result.step);
  if (options.graph) part.graph = brep::parseGraph(result.graph, name);
  cloud::Mesh mesh{std::move(result.arrays.vertices), std::move(result.arrays.triangles), {}};
  if (options.mesh) {
    if (mesh.triangles.empty()) cloud::failInput(name, "the shape's faces could not be meshed");
    cloud::mergeEqualVertices(mesh);
    cloud::checkMesh(mesh, name, part.notes);
  }
  part.geometry = std::move(mesh);
  return part;
}

Part readPartBytes(ScriptPool& pool, std::string bytes, const std::string& name, const PartOptions& options) {
  if (const std::optional<Task::Kind> kind = shapeKind(bytes, name)) {
    return partOf(pool.run(partTask(*kind, std::move(bytes), options)), name, options);
  }
  cloud::Input input = cloud::readInput(bytes, name);
  Part part;
  part.geometry = std::move(input.geometry);
  part.notes = std::move(input.notes);
  return part;
}

Part readPart(ScriptPool& pool, const std::string& path, const PartOptions& options) {
  return readPartBytes(pool, readFile(path), path, options);
}

}  // namespace cadrecode::sandbox
