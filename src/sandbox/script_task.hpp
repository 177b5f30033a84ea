// What is asked of a script worker and what it answers, and both as bytes. A task is a script to run, or a STEP or BREP
// file to read; the answer holds figures, and the bytes of the files that were asked for. Lengths in the shape's units
// (millimetres), times in milliseconds. Values, no ownership.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "brep/graph.hpp"
#include "cadquery/engine.hpp"
#include "solid/mesh.hpp"

namespace cadrecode::sandbox {

struct Task {
  enum class Kind { script, step, brep };
  Kind kind = Kind::script;
  std::string text;              // the script, or the bytes of the file
  cadquery::RunOptions options;  // of a script
  bool mesh = true;              // tessellate and measure the mesh
  double tolerance = 0.001;      // of the mesh from the shape, a share of an edge's or face's size, as CadQuery has it
  double angular = 0.1;          // radians
  bool step = false, stl = false, brep = false;  // files wanted
  bool meshArrays = false;                       // the mesh itself wanted
  std::optional<brep::GridSizes> graph;          // the graph of faces wanted, on grids of these sizes
};

struct MeshFigures {
  double volume = 0, area = 0;
  std::uint64_t triangles = 0;
};

struct TaskResult {
  cadquery::RunResult run;  // without the shape, which stays in the worker
  std::optional<MeshFigures> mesh;
  double meshMs = 0, writeMs = 0;
  std::string step, stl, brep;  // empty: not asked for, or no result
  solid::Mesh arrays;           // the same; indices are in range and numbers finite, whoever sent it
  std::string graph;            // the same: as brep::toBytes writes it
};

bool succeeded(const TaskResult& result);

// A result of a task that never ran or did not end: its status and an error without a place.
TaskResult failedResult(cadquery::Status status, const std::string& type, const std::string& message);

std::string encode(const Task& task);
Task decodeTask(std::string_view bytes);  // of the parent, trusted

std::string encode(const TaskResult& result);
// Of a worker, not trusted: Error on anything malformed.
TaskResult decodeResult(std::string_view bytes);

}  // namespace cadrecode::sandbox
