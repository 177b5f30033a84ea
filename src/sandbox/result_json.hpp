// A task's result as the JSON object that `cadrecode exec` prints. Numbers with all their digits; what is no number
// (NaN, infinity) is null; text that is no UTF-8 is repaired when dumped with `dumpJson`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sandbox/script_task.hpp"

namespace cadrecode::sandbox {

using Json = nlohmann::ordered_json;

// status, error {type, bases, message, line, column}, result, result_type, shape_type, volume, area, center, bbox,
// n_solids, n_faces, n_edges, n_vertices, valid, n_objects, stack_size, stack [[type, x, y, z], ...],
// plane {origin, xDir, zDir}, pending [wires, edges], stdout, mesh {volume, area, triangles},
// ms {parse, build, measure, mesh, write}. What a result does not have is left out: an empty shape has no bbox.
Json toJson(const TaskResult& result, bool withTimes = true);
// The same back, without the bytes of files. Error on what is malformed.
TaskResult resultFromJson(const Json& json);

std::string dumpJson(const Json& json);

}  // namespace cadrecode::sandbox
