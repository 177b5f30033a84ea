// A part from any file: a program or a STEP or BREP file through a worker process, a mesh or a cloud by its reader.
// Lengths in the file's units, of programs and of STEP files millimetres. Values; one thread a pool.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cloud/geometry.hpp"
#include "sandbox/script_pool.hpp"

namespace cadrecode::sandbox {

struct PartOptions {
  bool brep = false;                          // the shape as BREP bytes too
  bool step = false;                          // and as those of a STEP file
  std::optional<brep::GridSizes> graph = {};  // the graph of its faces too
  bool mesh = true;                           // false: a shape's mesh is not made, and its geometry is an empty mesh
  double tolerance = 0.001;   // of the mesh from the shape, a share of an edge's or face's size, as CadQuery has it
  double angular = 0.1;       // largest angle between neighbouring triangles, radians
  std::string variable = {};  // a program's result; empty: as the engine finds it
};

struct Part {
  // Checked; equal vertices of a mesh are one.
  std::variant<cloud::Mesh, cloud::Cloud> geometry;
  std::string brep, step;                   // when asked for; always empty for what is read as mesh or cloud
  std::optional<brep::Graph> graph;         // the same
  std::optional<solid::Measures> measures;  // of a shape
  std::vector<std::string> notes;           // what a person should know: parts left out, an extension that lied
  bool isMesh() const { return std::holds_alternative<cloud::Mesh>(geometry); }
  const cloud::Mesh& mesh() const { return std::get<cloud::Mesh>(geometry); }
  const cloud::Cloud& cloud() const { return std::get<cloud::Cloud>(geometry); }
};

// Reads any readable file. Error naming the file and the reason for what is missing, malformed or holds neither solid
// nor surface: of code limit or resources when the worker had not enough time or memory, else input.
Part readPart(ScriptPool& pool, const std::string& path, const PartOptions& options = {});
// The same of bytes; `name`: the file's, for its extension and for errors.
Part readPartBytes(ScriptPool& pool, std::string bytes, const std::string& name, const PartOptions& options = {});

// The same in two steps, for streams of files. What a worker has to do for it: .py is a program, .step .stp .p21 and
// .brep .brp are shapes, as is what begins like one under another name. None: read as mesh or cloud in this process.
std::optional<Task::Kind> shapeKind(std::string_view bytes, const std::string& name);
Task partTask(Task::Kind kind, std::string bytes, const PartOptions& options);
Part partOf(TaskResult result, const std::string& name, const PartOptions& options);

// A result that is no success in one line, without the file's name: "line 3: ValueError: ...".
std::string reasonOf(const TaskResult& result);

}  // namespace cadrecode::sandbox
