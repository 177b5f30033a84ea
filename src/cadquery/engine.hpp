// Runs the text of one CadQuery program in this process and finds its result: source text in, shape and facts out.
// No isolation here: that is sandbox/'s work. One engine a process; runs share no state.
#pragma once

#include <TopoDS_Shape.hxx>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solid/measure.hpp"

namespace cadrecode::cadquery {

// The outcome of a script; the last three are only ever set by the sandbox, which sees the process from outside.
enum class Status {
  ok,
  syntaxError,
  unsupported,
  runtimeError,
  noResult,
  invalidGeometry,
  timeout,
  outOfMemory,
  crash
};
const char* statusName(Status status);  // "ok", "syntax_error", ...

struct ScriptError {
  std::string type;                // "ValueError", "StdFail_NotDone", ...
  std::vector<std::string> bases;  // its Python bases, nearest first
  std::string message;
  int line = 0, column = 0;  // 1-based; 0: unknown
};

struct RunOptions {
  std::string variable;  // name of the result; empty: r, result, last Workplane, show_object
  std::uint64_t maxSteps = 50'000'000;
  std::uint64_t maxHeapBytes = 512ull << 20;
  std::uint64_t maxOutputBytes = 1u << 20;
  std::uint64_t maxSourceBytes = 4u << 20;
  int maxRecursion = 1000;
};

struct StackItem {
  std::string type;              // "Vector", "Location", "Face", ...
  std::vector<double> position;  // centre; of a Location translation and Euler angles in degrees
};

struct RunResult {
  Status status = Status::ok;
  std::optional<ScriptError> error;
  std::string variable;    // the name under which the result was found
  std::string resultType;  // "Workplane", "Sketch", "Assembly", "Solid", ...
  TopoDS_Shape shape;      // null where the result holds no shape
  int nObjects = 0;        // shapes on the result's stack
  std::optional<solid::Measures> measures;
  int stackSize = 0;  // of a Workplane; the first 12 items and the plane are below
  std::vector<StackItem> stack;
  std::optional<std::array<std::array<double, 3>, 3>> plane;  // origin, xDir, zDir
  std::optional<std::array<int, 2>> pending;                  // wires, edges
  std::string output;                                         // what the script printed
  double parseMs = 0, buildMs = 0, measureMs = 0;
};

class Engine {
 public:
  Engine();  // registers the cadquery modules; a few milliseconds
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  void warmUp();  // touches what a first run would load (fonts, kernel tables), for a worker before it is locked in
  RunResult run(std::string_view source, const RunOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cadrecode::cadquery
