#include "sandbox/result_json.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace cadrecode::sandbox {
namespace {

using cadquery::RunResult;
using cadquery::Status;

constexpr Status kStatuses[] = {Status::ok,           Status::syntaxError, Status::unsupported,
                                Status::runtimeError, Status::noResult,    Status::invalidGeometry,
                                Status::timeout,      Status::outOfMemory, Status::crash};

Status statusFromName(const std::string& name) {
  for (Status status : kStatuses) {
    if (name == cadquery::statusName(status)) return status;
  }
  throw Error("ValueError", "no status is called '" + name + "'");
}

Json errorToJson(const cadquery::ScriptError& error) {
  Json json;
  json["type"] = error.type;
  json["bases"] = error.bases;
  json["message"] = error.message;
  json["line"] = error.line > 0 ? Json(error.line) : Json();
  json["column"] = error.column > 0 ? Json(error.column) : Json();
  return json;
}

cadquery::ScriptError errorFromJson(const Json& json) {
  cadquery::ScriptError error;
  error.type = json.at("type");
  error.bases = json.at("bases").get<std::vector<std::string>>();
  error.message = json.at("message");
  if (!json.at("line").is_null()) error.line = json.at("line");
  if (!json.at("column").is_null()) error.column = json.at("column");
  return error;
}

double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

template <std::size_t size>
std::array<double, size> numbers(const Json& json) {
  std::array<double, size> values{};
  if (json.size() != size) throw Error("ValueError", "a list of numbers has the wrong length");
  for (std::size_t i = 0; i < size; ++i) values[i] = number(json[i]);
  return values;
}

void addMeasures(Json& json, const solid::Measures& measures) {
  json["shape_type"] = measures.shapeType;
  json["volume"] = measures.volume;
  json["area"] = measures.area;
  if (measures.center) json["center"] = *measures.center;
  if (measures.bbox) json["bbox"] = *measures.bbox;
  json["n_solids"] = measures.nSolids;
  json["n_faces"] = measures.nFaces;
  json["n_edges"] = measures.nEdges;
  json["n_vertices"] = measures.nVertices;
  json["valid"] = measures.valid;
}

solid::Measures measuresFromJson(const Json& json) {
  solid::Measures measures;
  measures.shapeType = json.at("shape_type");
  measures.volume = number(json.at("volume"));
  measures.area = number(json.at("area"));
  if (json.contains("center")) measures.center = numbers<3>(json["center"]);
  if (json.contains("bbox")) measures.bbox = numbers<6>(json["bbox"]);
  measures.nSolids = json.at("n_solids");
  measures.nFaces = json.at("n_faces");
  measures.nEdges = json.at("n_edges");
  measures.nVertices = json.at("n_vertices");
  measures.valid = json.at("valid");
  return measures;
}

void addWorkplane(Json& json, const RunResult& run) {
  json["stack_size"] = run.stackSize;
  json["stack"] = Json::array();
  for (const auto& item : run.stack) {
    Json row = Json::array({item.type});
    for (double x : item.position) row.push_back(x);
    json["stack"].push_back(std::move(row));
  }
  const auto& plane = *run.plane;
  json["plane"] = {{"origin", plane[0]}, {"xDir", plane[1]}, {"zDir", plane[2]}};
  json["pending"] = *run.pending;
}

void readWorkplane(const Json& json, RunResult& run) {
  run.stackSize = json.at("stack_size");
  for (const Json& row : json.at("stack")) {
    cadquery::StackItem item{row.at(0), {}};
    for (std::size_t i = 1; i < row.size(); ++i) item.position.push_back(number(row[i]));
    run.stack.push_back(std::move(item));
  }
  const Json& plane = json.at("plane");
  run.plane = {numbers<3>(plane.at("origin")), numbers<3>(plane.at("xDir")), numbers<3>(plane.at("zDir"))};
  run.pending = json.at("pending").get<std::array<int, 2>>();
}

}  // namespace

Json toJson(const TaskResult& result, bool withTimes) {
  const RunResult& run = result.run;
  Json json;
  json["status"] = cadquery::statusName(run.status);
  json["error"] = run.error ? errorToJson(*run.error) : Json();
  if (!run.variable.empty()) json["result"] = run.variable;
  if (!run.resultType.empty()) json["result_type"] = run.resultType;
  if (run.measures) addMeasures(json, *run.measures);
  if (!run.resultType.empty()) json["n_objects"] = run.nObjects;
  if (run.plane && run.pending) addWorkplane(json, run);
  if (!run.output.empty()) json["stdout"] = run.output;
  if (result.mesh) {
    json["mesh"] = {
        {"volume", result.mesh->volume}, {"area", result.mesh->area}, {"triangles", result.mesh->triangles}};
  }
  if (withTimes) {
    json["ms"] = {{"parse", run.parseMs},
                  {"build", run.buildMs},
                  {"measure", run.measureMs},
                  {"mesh", result.meshMs},
                  {"write", result.writeMs}};
  }
  return json;
}

TaskResult resultFromJson(const Json& json) {
  try {
    TaskResult result;
    RunResult& run = result.run;
    run.status = statusFromName(json.at("status"));
    if (!json.at("error").is_null()) run.error = errorFromJson(json["error"]);
    run.variable = json.value("result", "");
    run.resultType = json.value("result_type", "");
    if (json.contains("shape_type")) run.measures = measuresFromJson(json);
    run.nObjects = json.value("n_objects", 0);
    if (json.contains("plane")) readWorkplane(json, run);
    run.output = json.value("stdout", "");
    if (json.contains("mesh")) {
      const Json& mesh = json["mesh"];
      result.mesh = MeshFigures{number(mesh.at("volume")), number(mesh.at("area")), mesh.at("triangles")};
    }
    if (json.contains("ms")) {
      const Json& ms = json["ms"];
      run.parseMs = number(ms.at("parse"));
      run.buildMs = number(ms.at("build"));
      run.measureMs = number(ms.at("measure"));
      result.meshMs = number(ms.at("mesh"));
      result.writeMs = number(ms.at("write"));
    }
    return result;
  } catch (const Json::exception& error) {
    throw Error("ValueError", error.what());
  }
}

std::string dumpJson(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace cadrecode::sandbox
